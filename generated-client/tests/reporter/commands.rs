//! How scopes end, and commands that are run as a scope.

use datadog_ci_pipelines::models::{CiError, CiErrorDomain, JobStatus, PipelineStatus};
use datadog_ci_pipelines::reporter::ProblemKind;

use crate::support::{Outcome, attribute, event, start};

#[tokio::test]
async fn every_level_ends_with_its_statuses() -> Outcome {
    let (intake, reporter) = start().await?;
    let run = reporter.pipeline("named", "").start();
    let stage = run.stage("skipped stage").start();
    stage.job("skipped job", "").start().skipped();
    stage.job("canceled job", "").start().canceled();
    let job = stage.job("job", "").start();
    job.step("step").start().finish("error");
    job.step("io").start().failed(std::io::Error::other("disk full"));
    job.step("number").start().failed(7);
    let mut detailed = CiError::from("flaky");
    detailed.domain = Some(CiErrorDomain::User);
    job.step("detailed").start().failed(detailed);
    job.finish(JobStatus::Success);
    stage.skipped();
    assert!(run.finish("blocked".to_owned()).await.is_complete());
    let (result, delivery) =
        reporter.pipeline("result", "").start().outcome(Err::<(), _>("no space left"));
    assert_eq!((result, delivery.await.accepted), (Err("no space left"), 2));
    let (result, delivery) = reporter.pipeline("well", "").start().outcome(Ok::<_, String>(7));
    assert_eq!((result, delivery.await.accepted), (Ok(7), 2));
    assert!(reporter.pipeline("skipped", "").start().skipped().await.is_complete());
    assert!(reporter.pipeline("canceled", "").start().canceled().await.is_complete());
    for (level, name, status, error) in [
        ("pipeline", "named", "blocked", ""),
        ("pipeline", "result", "error", "no space left"),
        ("pipeline", "well", "success", ""),
        ("pipeline", "skipped", "skipped", ""),
        ("pipeline", "canceled", "canceled", ""),
        ("stage", "skipped stage", "skipped", ""),
        ("job", "skipped job", "skipped", ""),
        ("job", "canceled job", "canceled", ""),
        ("job", "job", "success", ""),
        ("step", "step", "error", ""),
        ("step", "io", "error", "disk full"),
        ("step", "number", "error", "7"),
        ("step", "detailed", "error", "flaky"),
    ] {
        let event = event(&intake, level, name);
        assert_eq!(attribute(&event, "ci.status"), status, "{name}");
        assert_eq!(attribute(&event, "error.message"), error, "{name}");
    }
    assert_eq!(attribute(&event(&intake, "step", "detailed"), "error.domain"), "user");
    Ok(())
}

/// The end of a run must arrive, whatever a program calls it.
#[tokio::test]
async fn a_misspelled_status_is_an_error_and_is_reported() -> Outcome {
    let (intake, reporter) = start().await?;
    let run = reporter.pipeline("deploy", "").start();
    let job = run.job("build", "").start();
    job.step("lint").start().finish("skipped"); // steps have no such status
    job.finish("sucess");
    let report = run.finish(PipelineStatus::Success).await;
    assert!(report.is_complete(), "{report}");
    let messages: Vec<_> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`skipped` is not a status of a step (success, error); sent as an error",
            "`sucess` is not a status of a job (success, error, canceled, skipped); sent as an error",
        ]
    );
    assert!(report.problems.iter().all(|problem| problem.kind == ProblemKind::Corrected));
    for (level, name) in [("job", "build"), ("step", "lint")] {
        assert_eq!(attribute(&event(&intake, level, name), "ci.status"), "error");
    }
    Ok(())
}

#[cfg(unix)]
mod unix {
    use std::future::{Future, poll_fn};
    use std::pin::pin;
    use std::process::Command;
    use std::task::Poll;
    use std::time::{Duration, Instant};

    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn a_failed_command_is_a_failed_step() -> Outcome {
        let (intake, reporter) = start().await?;
        let job = reporter.within("1", "deploy").within_job("7", "build");
        let begin = |name: &str| job.step(name).start();
        assert!(begin("status").outcome(sh("exit 3").status()?).code() == Some(3));
        assert!(!begin("in ok").outcome(sh("exit 3").status())?.success());
        assert!(!begin("output").outcome(sh("exit 4").output())?.status.success());
        assert!(!begin("signal").run(&mut sh("kill -9 $$"))?.success());
        assert!(begin("true").run(&mut sh("exit 0"))?.success());
        assert!(begin("absent").run(&mut Command::new("/no/such/program")).is_err());
        assert!(begin("async").run_async(&mut sh("exit 5")).await?.code() == Some(5));
        assert!(begin("async true").run_async(&mut sh("exit 0")).await?.success());
        assert!(begin("async absent").run_async(&mut Command::new("/no/such")).await.is_err());
        assert_eq!(begin("value").outcome(Ok::<_, String>(7))?, 7);
        assert!(reporter.flush().await.is_complete());
        for (name, status, message) in [
            ("status", "error", "exit status: 3"),
            ("in ok", "error", "exit status: 3"),
            ("output", "error", "exit status: 4"),
            ("signal", "error", "signal: 9"),
            ("true", "success", ""),
            ("absent", "error", "cannot run `/no/such/program`: "),
            ("async", "error", "exit status: 5"),
            ("async true", "success", ""),
            ("async absent", "error", "cannot run `/no/such`: "),
            ("value", "success", ""),
        ] {
            let step = event(&intake, "step", name);
            assert_eq!(attribute(&step, "ci.status"), status, "{name}");
            let shown = attribute(&step, "error.message");
            assert!(shown.starts_with(message), "{name}: {shown}: {:?}", step.attributes);
        }
        Ok(())
    }

    #[tokio::test]
    async fn the_end_of_stderr_is_the_error_if_asked_for() -> Outcome {
        let (intake, reporter) = start().await?;
        let job = reporter.within("1", "deploy").within_job("7", "build");
        let begin = |name: &str| job.step(name).start().stderr_as_error();
        begin("blocking").run(&mut sh("echo SECRET; echo 'no such table' >&2; exit 1"))?;
        begin("async").run_async(&mut sh("echo first >&2; echo last >&2; exit 2")).await?;
        begin("success").run(&mut sh("echo warning >&2"))?;
        begin("long").run(&mut sh("yes é | head -n 1500 >&2; echo end >&2; exit 1"))?;
        job.step("unasked").start().run(&mut sh("echo SECRET >&2; exit 1"))?;
        // A process that outlives the command keeps stderr open.
        let began = Instant::now();
        begin("daemon").run(&mut sh("echo started >&2; sleep 9 & exit 1"))?;
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        assert!(reporter.flush().await.is_complete());
        let message = |name: &str| attribute(&event(&intake, "step", name), "error.message");
        assert_eq!(message("blocking"), "exit status: 1\nno such table");
        assert_eq!(message("async"), "exit status: 2\nfirst\nlast");
        assert_eq!(message("success"), "");
        assert_eq!(message("unasked"), "exit status: 1");
        assert_eq!(message("daemon"), "exit status: 1\nstarted");
        let long = message("long");
        assert!(long.starts_with("exit status: 1\n") && long.ends_with("é\nend"));
        assert!((3900..4100).contains(&long.len()) && !long.contains('\u{fffd}'), "{}", long.len());
        Ok(())
    }

    /// Other tasks of the thread run while the command does.
    #[tokio::test]
    async fn an_awaited_command_does_not_block_the_runtime() -> Outcome {
        let (intake, reporter) = start().await?;
        let job = reporter.within("1", "deploy").within_job("7", "build");
        let (mut slow, mut ticks) = (sh("sleep 0.3"), 0);
        let mut run = pin!(job.step("slow").start().run_async(&mut slow));
        let status = loop {
            let polled = poll_fn(|context| Poll::Ready(run.as_mut().poll(context))).await;
            match polled {
                Poll::Ready(status) => break status?,
                Poll::Pending => ticks += 1,
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        assert!(status.success() && ticks > 3, "{ticks}");
        // A dropped future is a dropped scope.
        let mut endless = sh("sleep 5");
        let dropped = job.step("dropped").start().run_async(&mut endless);
        assert!(tokio::time::timeout(Duration::from_millis(100), dropped).await.is_err());
        assert!(reporter.flush().await.is_complete());
        assert_eq!(attribute(&event(&intake, "step", "slow"), "ci.status"), "success");
        assert_eq!(attribute(&event(&intake, "step", "dropped"), "error.type"), "canceled");
        Ok(())
    }
}
