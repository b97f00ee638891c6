//! Events that cannot be sent: what is reported, and what ends at once.

use std::time::{Duration, Instant};

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::reporter::{ProblemKind, Sink};
use datadog_ci_pipelines::{Client, Operations, Reporter};

use crate::support::{Outcome, responding};

#[tokio::test]
async fn a_reporter_without_a_valid_client_fails_nothing() -> Outcome {
    let variables = |key: &'static str, site: &'static str| {
        move |name: &str| match name {
            "DD_API_KEY" => Some(key.to_owned()),
            "DD_SITE" => Some(site.to_owned()),
            _ => None,
        }
    };
    for (reporter, why) in [
        (Reporter::from_env_with(variables("", "datadoghq.eu")), "DD_API_KEY"),
        (Reporter::from_env_with(variables(" ", "datadoghq.eu")), "DD_API_KEY"),
        (Reporter::from_env_with(variables("k", "datadog.example")), "unknown site"),
        (Reporter::from_env_with(variables("k\n", "datadoghq.eu")), "line break"),
        (Reporter::new(Client::builder().base_url("nowhere").build()), "base URL"),
        (Reporter::new(Sink::Disabled("it is Sunday".to_owned())), "it is Sunday"),
    ] {
        let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let listener = std::sync::Arc::clone(&heard);
        let reporter = reporter.on_problem(move |problem| {
            listener.lock().unwrap().push(problem.clone());
        });
        let began = Instant::now();
        let run = reporter.pipeline("deploy", "").start();
        run.job("build", "").start().success();
        let report = run.success().await;
        assert!(began.elapsed() < Duration::from_secs(1));
        assert_eq!((report.accepted, report.rejected, report.unsent), (0, 0, 4), "{report}");
        let [problem] = &report.problems[..] else { panic!("{report}") };
        assert_eq!((problem.kind, problem.events), (ProblemKind::Unsent, 4));
        assert!(problem.message.contains(why), "{problem}");
        assert_eq!(heard.lock().unwrap().len(), 1);
    }
    Ok(())
}

/// Reports a run, and returns its report and how long it took.
async fn report(client: Client) -> (datadog_ci_pipelines::reporter::Report, Duration) {
    let began = Instant::now();
    let run = Reporter::new(client).pipeline("deploy", "").start();
    run.job("build", "").start().success();
    (run.success().await, began.elapsed())
}

#[tokio::test]
async fn what_cannot_succeed_ends_at_once() -> Outcome {
    struct Nothing;
    impl Operations for Nothing {}

    let at = |url: String| Client::builder().base_url(url).api_key("k").build();
    let intake = LocalIntake::start().await?;
    let page =
        |status: u16| responding(format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n\r\nno"));
    let mut cases = vec![
        (Client::from_test_double(Nothing), "is not implemented by the test double".to_owned()),
        (
            Client::builder().base_url(intake.url()).app_key("only").build()?,
            "no credentials configured".to_owned(),
        ),
        (at(format!("{}/wrong", intake.url()))?, "DD_URL".to_owned()),
    ];
    for (status, why) in [(200, "invalid response"), (302, "DD_URL"), (404, "DD_URL"), (501, "501")]
    {
        cases.push((at(page(status)?)?, why.to_owned()));
    }
    for (client, why) in cases {
        let (report, time) = report(client).await;
        assert_eq!((report.rejected, report.unsent), (4, 0), "{report}");
        let [problem] = &report.problems[..] else { panic!("{report}") };
        assert!(problem.message.contains(&why), "{why}: {report}");
        assert_eq!((problem.kind, problem.events), (ProblemKind::Rejected, 4));
        assert!(time < Duration::from_secs(3), "{why}: {time:?}");
    }
    // What may succeed later is not given up.
    for status in [408, 429, 500, 503] {
        let client = at(page(status)?)?;
        let run = Reporter::new(client).pipeline("deploy", "").start();
        let report = run.success().timeout(Duration::from_millis(300)).await;
        assert_eq!((report.rejected, report.unsent), (0, 2), "{status}: {report}");
    }
    Ok(())
}

#[tokio::test]
async fn rejections_with_one_cause_are_one_problem() -> Outcome {
    let (intake, reporter) = crate::support::start().await?;
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let listener = std::sync::Arc::clone(&heard);
    let reporter = reporter.on_problem(move |problem| {
        listener.lock().unwrap().push(problem.to_string());
    });
    // All events wait, so that one request sends them.
    intake.fail_next(1, 503);
    let run = reporter.pipeline("deploy", "").start();
    for i in 0..20 {
        let mut job = run.job(format!("job-{i}"), "").start();
        match i % 4 {
            0 => drop(job.tag("note", "x".repeat(400))),
            1 => drop(job.metric("m".repeat(400), 1)),
            _ => {}
        }
        job.success();
    }
    let report = run.success().await;
    assert_eq!((report.accepted, report.rejected), (32, 10), "{report}");
    let shown: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    let [tags, metrics] = &shown[..] else { panic!("{report}") };
    assert!(tags.starts_with("job `job-0` and 4 more: rejected: "), "{tags}");
    assert!(metrics.starts_with("job `job-1` and 4 more: rejected: "), "{metrics}");
    assert_eq!(*heard.lock().unwrap(), shown);
    Ok(())
}
