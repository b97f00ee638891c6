//! A reporter that sends by an outbox: what is reported is on disk, whatever becomes of the process.

use std::time::{Duration, Instant};
use std::{env, fs, process};

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::outbox::Outbox;
use datadog_ci_pipelines::{Client, Reporter};

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

/// A client of a service that is down.
fn nobody() -> Result<Client, Box<dyn std::error::Error>> {
    Ok(Client::builder().base_url("http://127.0.0.1:9").api_key("k").build()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_on_disk_is_not_called_accepted() -> Outcome {
    let directory = env::temp_dir().join(format!("ci-reporter-kept-{}", process::id()));
    let outbox = Outbox::open(&directory, nobody()?).await?;
    let run = Reporter::new(outbox.clone()).pipeline("deploy", "").start();
    let delivery = run.success().timeout(Duration::from_millis(300));
    let report = tokio::task::spawn_blocking(move || delivery.wait()).await?;
    assert_eq!((report.accepted, report.pending, report.unsent), (0, 2, 0), "{report}");
    assert!(!report.is_complete() && report.to_string().contains("2 on disk"), "{report}");
    outbox.close().await?;
    fs::remove_dir_all(&directory)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_disk_is_not_waited_for_by_whoever_goes() -> Outcome {
    let directory = env::temp_dir().join(format!("ci-reporter-gone-{}", process::id()));
    let outbox = Outbox::open(&directory, nobody()?).await?;
    let began = Instant::now();
    let reporter = Reporter::new(outbox.clone()).delivery_timeout(Duration::from_secs(60));
    drop(reporter.pipeline("deploy", "").start());
    drop(reporter);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_eq!(outbox.flush(Duration::ZERO).await.left, 2);
    outbox.close().await?;
    fs::remove_dir_all(&directory)?;
    Ok(())
}

#[tokio::test]
async fn an_event_that_is_too_large_for_the_outbox_holds_up_no_other() -> Outcome {
    let directory = env::temp_dir().join(format!("ci-reporter-large-{}", process::id()));
    let intake = LocalIntake::start().await?;
    let outbox = Outbox::builder(intake.client()).max_bytes(8000).open(&directory).await?;
    let run = Reporter::new(outbox.clone()).pipeline("deploy", "").start();
    run.job("x".repeat(9000), "").start().success();
    run.job("small", "").start().success();
    let report = run.success().await;
    assert_eq!((report.accepted, report.rejected, report.unsent), (4, 2, 0), "{report}");
    assert_eq!(statuses(&intake, &event(&intake, "job", "small")), ["running", "success"]);
    outbox.close().await?;
    fs::remove_dir_all(&directory)?;
    Ok(())
}
