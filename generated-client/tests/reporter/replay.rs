//! Runs that are reported later, with explicit times.

use datadog_ci_pipelines::jiff::Timestamp;

use crate::support::{Outcome, attribute, event, start};

#[tokio::test]
async fn explicit_times_are_sent() -> Outcome {
    let (intake, reporter) = start().await?;
    intake.clock().set("2026-07-14T12:00:00Z".parse()?);
    let at = |time: &str| -> Result<Timestamp, Box<dyn std::error::Error>> {
        Ok(format!("2026-07-14T{time}Z").parse()?)
    };
    let mut run = reporter.pipeline("deploy", "").start_at(at("10:00:00")?).start();
    let mut job = run.job("build", "").start_at(at("10:01:00")?).start();
    job.end_at(at("10:03:30")?);
    job.success();
    run.end_at(at("10:04:00")?);
    let report = run.success().await;
    assert!(report.is_complete() && report.problems.is_empty(), "{report}");
    let job = event(&intake, "job", "build");
    assert_eq!(attribute(&job, "start"), at("10:01:00")?.as_nanosecond().to_string());
    assert_eq!(attribute(&job, "duration"), "150000000000");
    assert_eq!(attribute(&event(&intake, "pipeline", "deploy"), "duration"), "240000000000");
    Ok(())
}

#[tokio::test]
async fn the_end_is_not_before_an_explicit_start() -> Outcome {
    let (intake, reporter) = start().await?;
    let later = Timestamp::now() + datadog_ci_pipelines::jiff::SignedDuration::from_mins(5);
    let run = reporter.pipeline("deploy", "").start_at(later).start();
    let report = run.success().await;
    assert!(report.is_complete() && report.problems.is_empty(), "{report}");
    assert_eq!(attribute(&event(&intake, "pipeline", "deploy"), "duration"), "0");
    Ok(())
}
