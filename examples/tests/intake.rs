//! A test of code that reports, with the API inside the test process.

use std::error::Error;

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::{Client, Reporter};

/// The code under test.
async fn deploy(client: Client) -> bool {
    let reporter = Reporter::new(client).provider_name("my-ci").env("ci");
    let run = reporter.pipeline("deploy", "https://ci.example/run/1").start();
    run.job("build", "https://ci.example/job/1").start().success();
    run.success().await.is_complete()
}

#[tokio::test]
async fn a_run_with_one_job_is_reported() -> Result<(), Box<dyn Error>> {
    let intake = LocalIntake::start().await?;
    assert!(deploy(intake.client()).await);
    let events = intake.events();
    let levels: Vec<_> = events.iter().map(|event| event.level.name()).collect();
    assert_eq!(levels.len(), 2);
    assert!(levels.contains(&"pipeline") && levels.contains(&"job"), "{levels:?}");
    for event in &events {
        assert_eq!(event.attributes["ci"]["status"], "success");
    }
    Ok(())
}

#[tokio::test]
async fn a_service_that_is_down_for_one_request_loses_nothing() -> Result<(), Box<dyn Error>> {
    let intake = LocalIntake::start().await?;
    intake.fail_next(1, 503);
    // The reporter retries, although the client of the intake does not.
    assert!(deploy(intake.client()).await);
    assert_eq!(intake.event_count(), 2);
    Ok(())
}
