//! Concurrent scopes, and scopes without a runtime.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::TryRecvError;

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::Reporter;

use crate::support::{Outcome, attribute, event, start, statuses};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_scopes_are_all_delivered() -> Outcome {
    let (intake, reporter) = start().await?;
    let runs = (0..10).map(|i| {
        let reporter = reporter.clone();
        tokio::spawn(async move {
            let run = reporter.pipeline(format!("pipeline-{i}"), "").start();
            let jobs = (0..10).map(|j| {
                let handle = run.handle();
                tokio::spawn(async move {
                    let job = handle.job(format!("job-{j}"), "").start();
                    tokio::task::yield_now().await;
                    for k in 0..10 {
                        job.step(format!("step-{k}")).start().success();
                    }
                    job.success();
                })
            });
            for job in jobs.collect::<Vec<_>>() {
                job.await.unwrap();
            }
            run.success().await
        })
    });
    for run in runs.collect::<Vec<_>>() {
        let report = run.await?;
        assert!(report.is_complete() && report.accepted == 2 + 10 * (2 + 10), "{report}");
    }
    assert_eq!(reporter.flush().await.accepted, 10 * (2 + 10 * (2 + 10)));
    let events = intake.events();
    assert_eq!(events.len(), 10 * (1 + 10 * (1 + 10)));
    let ids = |level: &str, path: &str| -> HashSet<String> {
        let of_level = events.iter().filter(|event| event.level.name() == level);
        of_level.map(|event| attribute(event, path)).collect()
    };
    assert_eq!(ids("pipeline", "ci.pipeline.id").len(), 10);
    assert_eq!(ids("job", "ci.job.id").len(), 100);
    assert_eq!(ids("step", "ci.step.id").len(), 1000);
    for event in events.iter().filter(|event| event.level.name() != "step") {
        assert_eq!(statuses(&intake, event), ["running", "success"]);
    }
    // Events are sent in batches.
    assert!(intake.requests().len() < 200, "{}", intake.requests().len());
    Ok(())
}

/// Starts an intake on another thread, for tests without a runtime.
fn intake_on_thread() -> (Arc<LocalIntake>, std::sync::mpsc::Sender<()>) {
    let (started, intake) = std::sync::mpsc::channel();
    let (stop, stopped) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(1).enable_all().build().unwrap();
        let intake = Arc::new(runtime.block_on(LocalIntake::start()).unwrap());
        started.send(intake).unwrap();
        let _ = stopped.recv();
    });
    (intake.recv().unwrap(), stop)
}

#[test]
fn no_runtime_is_needed() {
    let (intake, _stop) = intake_on_thread();
    let run = Reporter::new(intake.client()).pipeline("deploy", "").start();
    let job = run.job("cargo test", "").start();
    std::thread::spawn(move || job.success()).join().unwrap();
    let report = run.success().wait();
    assert!(report.is_complete() && report.accepted == 4, "{report}");
}

/// Other threads report during the flush.
#[test]
fn a_flush_waits_for_earlier_events() {
    let (intake, _stop) = intake_on_thread();
    intake.set_latency(std::time::Duration::from_millis(20));
    let reporter = Reporter::new(intake.client());
    let job = reporter.within("1", "deploy").within_job("2", "build");
    let (is_over, over) = std::sync::mpsc::channel::<()>();
    let (begun, began) = std::sync::mpsc::channel();
    let busy = std::thread::spawn(move || {
        while over.try_recv().is_err_and(|error| error == TryRecvError::Empty) {
            job.step("compile").start().success();
            let _ = begun.send(());
            // Enough to arrive during one request, and fewer than the queue holds.
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    });
    began.recv().unwrap();
    let report = reporter.flush().wait();
    assert!(report.is_complete() && report.accepted > 0, "{report}");
    drop(is_over);
    busy.join().unwrap();
    assert!(reporter.flush().wait().is_complete());
}

#[test]
fn dropping_the_last_scope_waits_for_delivery() {
    let (intake, _stop) = intake_on_thread();
    intake.set_latency(std::time::Duration::from_millis(50));
    drop(Reporter::new(intake.client()).pipeline("deploy", "").start());
    let pipeline = event(&intake, "pipeline", "deploy");
    assert_eq!(statuses(&intake, &pipeline), ["running", "canceled"]);
}

#[test]
fn events_outlive_the_runtime() {
    let (intake, _stop) = intake_on_thread();
    intake.set_latency(std::time::Duration::from_millis(50));
    let reporter = Reporter::new(intake.client());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        reporter.pipeline("deploy", "").start().job("build", "").start().success();
    });
    drop(runtime);
    assert!(reporter.flush().wait().is_complete());
    assert_eq!(intake.event_count(), 2);
}

#[cfg(feature = "blocking")]
#[test]
fn a_blocking_client_sends() -> crate::support::Outcome {
    let (intake, _stop) = intake_on_thread();
    let client = datadog_ci_pipelines::blocking::Client::new(intake.client())?;
    let run = Reporter::new(client.clone()).pipeline("deploy", "").start();
    run.job("build", "").start().success();
    let report = run.success().wait();
    assert!(report.is_complete() && report.accepted == 4, "{report}");
    // Both at once: neither is blocked by the other.
    assert_eq!(client.list_pipeline_events().send()?.data.iter().flatten().count(), 2);
    Ok(())
}
