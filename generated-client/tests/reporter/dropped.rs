//! Scopes that are dropped without being finished.

use std::panic::{AssertUnwindSafe, catch_unwind};

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::Reporter;
use datadog_ci_pipelines::reporter::OnDrop;

use crate::support::{Outcome, attribute, event, start, statuses};

/// Opens one scope of each level, and returns early with an error.
fn early(reporter: &Reporter) -> Result<(), std::num::ParseIntError> {
    let run = reporter.pipeline("deploy", "").start();
    let stage = run.stage("test").start();
    let job = stage.job("cargo test", "").start();
    let step = job.step("unit tests").start();
    "no number".parse::<u8>()?;
    step.success();
    Ok(())
}

/// The statuses of everything that `early` opens, each with its error type after a slash.
fn final_statuses(intake: &LocalIntake) -> Vec<String> {
    let all =
        [("pipeline", "deploy"), ("stage", "test"), ("job", "cargo test"), ("step", "unit tests")];
    let status = |(level, name)| {
        let event = event(intake, level, name);
        format!("{}/{}", attribute(&event, "ci.status"), attribute(&event, "error.type"))
    };
    all.into_iter().map(status).collect()
}

#[tokio::test]
async fn an_early_return_is_reported_as_canceled() -> Outcome {
    let (intake, reporter) = start().await?;
    assert!(early(&reporter).is_err());
    let report = reporter.flush().await;
    assert!(report.is_complete() && report.accepted == 6, "{report}");
    let canceled = "canceled/canceled";
    assert_eq!(final_statuses(&intake), [canceled, canceled, canceled, "error/canceled"]);
    let pipeline = event(&intake, "pipeline", "deploy");
    assert_eq!(statuses(&intake, &pipeline), ["running", "canceled"]);
    Ok(())
}

#[tokio::test]
async fn a_panic_is_reported_as_an_error() -> Outcome {
    let (intake, reporter) = start().await?;
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let run = reporter.pipeline("deploy", "").start();
        let job = run.stage("test").start().job("cargo test", "").start();
        let mut step = job.step("unit tests").start();
        step.error("index out of bounds");
        panic!("deliberate panic");
    }));
    assert!(panicked.is_err());
    reporter.flush().await;
    // The stage was dropped earlier, because it was not bound to a variable.
    let canceled = "canceled/canceled";
    assert_eq!(final_statuses(&intake), ["error/panic", canceled, "error/panic", "error/"]);
    let step = event(&intake, "step", "unit tests");
    assert_eq!(
        attribute(&step, "error.message"),
        "index out of bounds",
        "an explicit error is kept"
    );
    Ok(())
}

#[tokio::test]
async fn the_status_of_dropped_scopes_is_configurable() -> Outcome {
    let (intake, reporter) = start().await?;
    let reporter = reporter.on_drop(OnDrop::Error);
    assert!(early(&reporter).is_err());
    reporter.flush().await;
    assert_eq!(final_statuses(&intake), ["error/canceled"; 4]);
    intake.reset().await?;
    let canceling = reporter.on_drop(OnDrop::Canceled);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _run = canceling.pipeline("deploy", "").start();
        panic!("deliberate panic");
    }));
    assert!(panicked.is_err());
    canceling.flush().await;
    assert_eq!(attribute(&event(&intake, "pipeline", "deploy"), "ci.status"), "canceled");
    Ok(())
}

#[tokio::test]
async fn an_aborted_task_leaves_nothing_running() -> Outcome {
    let (intake, reporter) = start().await?;
    let run = reporter.pipeline("deploy", "").start();
    let job = run.job("cargo test", "").start();
    let task = tokio::spawn(async move {
        let _step = job.step("unit tests").start();
        std::future::pending::<()>().await;
    });
    reporter.flush().await;
    task.abort();
    assert!(task.await.is_err());
    assert!(run.success().await.is_complete());
    assert_eq!(attribute(&event(&intake, "job", "cargo test"), "ci.status"), "canceled");
    assert_eq!(attribute(&event(&intake, "step", "unit tests"), "ci.status"), "error");
    Ok(())
}

#[tokio::test]
async fn child_scopes_can_outlive_the_run() -> Outcome {
    let (intake, reporter) = start().await?;
    let run = reporter.pipeline("deploy", "").start();
    let job = run.job("notify", "").start();
    assert_eq!(run.success().await.accepted, 3);
    job.success();
    assert!(reporter.flush().await.is_complete());
    assert_eq!(statuses(&intake, &event(&intake, "job", "notify")), ["running", "success"]);
    Ok(())
}
