//! Delivery to a service that is unavailable, slow, or rejects events.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use datadog_ci_intake::Fault;
use datadog_ci_pipelines::reporter::{MAX_WAITING, Problem, ProblemKind};
use datadog_ci_pipelines::{Client, Reporter};

use crate::support::{Outcome, event, start, statuses, unreachable_client};

#[tokio::test]
async fn events_arrive_in_order_after_an_outage() -> Outcome {
    let (intake, reporter) = start().await?;
    intake.fail_next(3, 503);
    let run = reporter.pipeline("deploy", "").start();
    run.job("build", "").start().success();
    let report = run.success().await;
    assert!(report.is_complete() && report.problems.is_empty(), "{report}");
    assert_eq!(report.accepted, 4);
    let responses: Vec<_> = intake.requests().iter().filter_map(|request| request.status).collect();
    assert_eq!(responses[..3], [503; 3]);
    let pipeline = event(&intake, "pipeline", "deploy");
    assert_eq!(statuses(&intake, &pipeline), ["running", "success"]);
    Ok(())
}

/// The run ends while the retries of the client are in a long pause.
#[tokio::test]
async fn finishing_a_run_ends_a_pause() -> Outcome {
    let (intake, _) = start().await?;
    let patient = Client::builder().base_url(intake.url()).api_key("k").build()?;
    intake.queue_faults([Fault::Status { status: 503, retry_after: Some(60) }]);
    let run = Reporter::new(patient).pipeline("deploy", "").start();
    while intake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let began = Instant::now();
    let report = run.success().await;
    assert!(report.is_complete() && began.elapsed() < Duration::from_secs(5), "{report}");
    Ok(())
}

#[tokio::test]
async fn an_outage_blocks_for_at_most_the_delivery_timeout() -> Outcome {
    let heard: Arc<Mutex<Vec<Problem>>> = Arc::default();
    let listener = Arc::clone(&heard);
    let reporter = Reporter::new(unreachable_client()?)
        .delivery_timeout(Duration::from_millis(300))
        .on_problem(move |problem| listener.lock().unwrap().push(problem.clone()));
    let began = Instant::now();
    let run = reporter.pipeline("deploy", "").start();
    run.job("build", "").start().success();
    let report = run.success().await;
    assert!((300..3000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    assert!(!report.is_complete());
    assert_eq!((report.accepted, report.rejected, report.unsent), (0, 0, 4), "{report}");
    let [problem] = &report.problems[..] else { panic!("{report}") };
    assert_eq!(
        (problem.kind, problem.about.as_str(), problem.events),
        (ProblemKind::Unsent, "pipeline `deploy`", 4)
    );
    assert!(problem.message.contains("cannot connect to"), "{problem}");
    assert_eq!(*heard.lock().unwrap(), report.problems);
    // The next delivery reports it again, the listener does not hear of it again, and dropping
    // the reporter does not wait for reported events.
    assert_eq!(reporter.flush().timeout(Duration::ZERO).await.problems, report.problems);
    let began = Instant::now();
    drop(reporter);
    assert!(began.elapsed() < Duration::from_millis(200), "{:?}", began.elapsed());
    assert_eq!(heard.lock().unwrap().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_service_that_hangs_blocks_for_at_most_the_delivery_timeout() -> Outcome {
    let (intake, reporter) = start().await?;
    intake.set_latency(Duration::from_secs(60));
    let run = reporter.delivery_timeout(Duration::from_millis(200)).pipeline("deploy", "").start();
    let began = Instant::now();
    let report = run.success().await;
    assert_eq!((report.accepted, report.unsent), (0, 2));
    assert_eq!(report.problems[0].message, "the service has not responded yet");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    Ok(())
}

/// The worker waits for a second before it cancels a request that hangs.
#[tokio::test]
async fn a_cancelled_request_is_the_reason_of_later_reports() -> Outcome {
    let (intake, reporter) = start().await?;
    intake.set_latency(Duration::from_secs(60));
    let run = reporter.delivery_timeout(Duration::from_millis(1500)).pipeline("deploy", "").start();
    let report = run.success().await;
    assert_eq!(report.problems[0].message, "no response within 1s");
    Ok(())
}

/// The connection of the caller's runtime is idle when the reporter starts to send.
#[test]
fn a_blocked_runtime_of_the_caller_does_not_delay_the_reporter() -> Outcome {
    let server = tokio::runtime::Runtime::new()?;
    let intake = server.block_on(datadog_ci_intake::LocalIntake::start())?;
    let client = intake.client();
    let caller = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    caller.block_on(async {
        client.list_pipeline_events().send().await?;
        let reporter = datadog_ci_pipelines::Reporter::new(client);
        let began = Instant::now();
        // Blocks the runtime that drives the connection of the listing.
        let delivery = reporter.pipeline("deploy", "").start().success();
        let report = delivery.timeout(Duration::from_millis(900)).wait();
        assert!(report.is_complete(), "{report} after {:?}", began.elapsed());
        Ok(())
    })
}

/// Each flush cancels a slow request, but the limit grows each time.
#[tokio::test]
async fn frequent_flushes_do_not_starve_a_slow_service() -> Outcome {
    let (intake, reporter) = start().await?;
    intake.set_latency(Duration::from_millis(1300));
    reporter.within("1", "deploy").job("build", "").start().success();
    for _ in 0..100 {
        if reporter.flush().timeout(Duration::from_millis(100)).await.unsent == 0 {
            return Ok(());
        }
    }
    panic!("no event arrived: {:?}", intake.requests());
}

#[tokio::test]
async fn one_rejected_event_does_not_affect_others() -> Outcome {
    let (intake, reporter) = start().await?;
    // All events wait, so that one request sends them.
    intake.fail_next(1, 503);
    let run = reporter.pipeline("deploy", "").start();
    for i in 0..20 {
        let mut job = run.job(format!("job-{i}"), "").start();
        if i == 13 {
            job.tag("note", "x".repeat(400));
        }
        job.success();
    }
    let report = run.success().await;
    assert_eq!((report.accepted, report.rejected, report.unsent), (41, 1, 0), "{report}");
    let [problem] = &report.problems[..] else { panic!("{report}") };
    assert_eq!((problem.kind, problem.about.as_str()), (ProblemKind::Rejected, "job `job-13`"));
    assert!(problem.message.contains("at most 300 characters"), "{problem}");
    assert_eq!(intake.event_count(), 21);
    Ok(())
}

#[tokio::test]
async fn invalid_credentials_are_reported_without_endless_retries() -> Outcome {
    let intake = datadog_ci_intake::LocalIntake::builder().api_key("right").start().await?;
    let client = Client::builder().base_url(intake.url()).api_key("wrong").build()?;
    let report = Reporter::new(client).pipeline("deploy", "").start().success().await;
    assert_eq!((report.rejected, report.unsent), (2, 0), "{report}");
    assert_eq!(report.problems[0].kind, ProblemKind::Rejected);
    assert!(!format!("{report:?} {report}").contains("wrong"));
    Ok(())
}

#[tokio::test]
async fn the_queue_is_bounded_and_keeps_the_latest_events() -> Outcome {
    let (intake, reporter) = start().await?;
    intake.fail_next(100, 503);
    let run = reporter.pipeline("deploy", "").start();
    for i in 0..MAX_WAITING {
        run.job(format!("job-{i}"), "").start().success();
    }
    let ended = run.success();
    intake.reset().await?;
    let report = ended.await;
    assert_eq!((report.accepted, report.unsent), (MAX_WAITING, MAX_WAITING + 2), "{report}");
    let [problem] = &report.problems[..] else { panic!("{report}") };
    assert!(problem.message.ends_with("10000 events wait"), "{problem}");
    assert_eq!(problem.events, MAX_WAITING + 2);
    let pipeline = event(&intake, "pipeline", "deploy");
    assert_eq!(statuses(&intake, &pipeline).last().map(String::as_str), Some("success"));
    // Running events were dropped in favour of final ones, except those in flight.
    assert!(intake.event_count() > 8 * MAX_WAITING / 10, "{}", intake.event_count());
    Ok(())
}
