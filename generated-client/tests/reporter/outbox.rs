//! A reporter that sends by an outbox: what is reported is on disk, whatever becomes of the process.

use std::{env, fs, process};

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::Reporter;
use datadog_ci_pipelines::outbox::Outbox;

use crate::support::{Outcome, event, statuses};

#[tokio::test]
async fn what_is_reported_goes_by_the_outbox() -> Outcome {
    let directory = env::temp_dir().join(format!("ci-reporter-outbox-{}", process::id()));
    let intake = LocalIntake::start().await?;
    let outbox = Outbox::open(&directory, intake.client()).await?;
    intake.fail_next(1, 503);
    let run = Reporter::new(outbox.clone()).pipeline("deploy", "").start();
    run.job("build", "").start().success();
    let report = run.success().await;
    assert!(report.is_complete() && report.accepted == 4, "{report}");
    let pipeline = event(&intake, "pipeline", "deploy");
    assert_eq!(statuses(&intake, &pipeline), ["running", "success"]);
    outbox.close().await?;
    fs::remove_dir_all(&directory)?;
    Ok(())
}
