//! A reporter that sends through an outbox.

use std::time::{Duration, Instant};
use std::{env, fs, process};

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::outbox::Outbox;
use datadog_ci_pipelines::{Client, Reporter};

use crate::support::{Outcome, event, statuses};

#[tokio::test]
async fn events_are_sent_through_the_outbox() -> Outcome {
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
fn unreachable_client() -> Result<Client, Box<dyn std::error::Error>> {
    Ok(Client::builder().base_url("http://127.0.0.1:9").api_key("k").build()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn events_on_disk_are_not_counted_as_accepted() -> Outcome {
    let directory = env::temp_dir().join(format!("ci-reporter-kept-{}", process::id()));
    let outbox = Outbox::open(&directory, unreachable_client()?).await?;
    let run = Reporter::new(outbox.clone()).pipeline("deploy", "").start();
    let delivery = run.success().timeout(Duration::from_millis(300));
    let report = tokio::task::spawn_blocking(move || delivery.wait()).await?;
    assert_eq!((report.accepted, report.pending, report.unsent), (0, 2, 0), "{report}");
    assert!(!report.is_complete() && report.to_string().contains("2 in the outbox"), "{report}");
    let reason = report.pending_reason.as_deref().unwrap_or_default();
    assert!(reason.contains("cannot connect to 127.0.0.1:9"), "{report}");
    assert!(report.to_string().contains(reason), "{report}");
    outbox.close().await?;
    fs::remove_dir_all(&directory)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_reporter_does_not_wait_for_the_outbox() -> Outcome {
    let directory = env::temp_dir().join(format!("ci-reporter-gone-{}", process::id()));
    let outbox = Outbox::open(&directory, unreachable_client()?).await?;
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
async fn an_oversized_event_does_not_delay_others() -> Outcome {
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
