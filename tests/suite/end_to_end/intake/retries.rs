//! Retries: which failures are retried, how often, and after which time.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use datadog_ci_intake::{Fault, LocalIntake, RateLimit};
use datadog_ci_pipelines::{Client, Error, RetryPolicy};
use futures_util::TryStreamExt;

use super::{client_builder, start, statuses};
use crate::end_to_end::support::{Outcome, api_error, job};

/// Returns a policy with short back-off.
fn quick() -> RetryPolicy {
    RetryPolicy::default().initial_backoff(Duration::from_millis(1))
}

/// Returns a client that retries.
fn retrying(intake: &LocalIntake, policy: RetryPolicy) -> Result<Client, Error> {
    client_builder(intake).retry(policy).api_key("k").app_key("k").build()
}

#[tokio::test]
async fn temporary_failures_are_retried_and_attempts_are_counted() -> Outcome {
    let (intake, _) = start().await?;
    let client = retrying(&intake, quick())?;
    for status in [408, 429, 500, 502, 503, 504] {
        intake.fail_next(2, status);
        assert_eq!(client.send(job("j-1")?).await?.attempts(), 3, "{status}");
    }
    for fault in [Fault::Drop, Fault::Lose, Fault::Truncate] {
        intake.queue_faults([fault.clone()]);
        assert_eq!(client.send(job("j-1")?).await?.attempts(), 2, "{fault:?}");
    }
    // All attempts are the same event.
    assert_eq!(intake.events().len(), 1);
    assert_eq!(client.list_pipeline_events().send().await?.attempts(), 1);
    Ok(())
}

#[tokio::test]
async fn permanent_failures_are_not_retried() -> Outcome {
    let (intake, _) = start().await?;
    let client = retrying(&intake, quick())?;
    for status in [400, 401, 403, 413] {
        intake.fail_next(1, status);
        let error = api_error(client.send(job("j-1")?).await)?;
        assert_eq!((error.status, error.attempts), (status, 1));
    }
    assert_eq!(intake.requests().len(), 4);
    Ok(())
}

#[tokio::test]
async fn the_error_is_that_of_the_last_attempt() -> Outcome {
    let (intake, _) = start().await?;
    let client = retrying(&intake, quick().max_attempts(3))?;
    intake.queue_faults([500, 502, 503].map(|status| Fault::Status { status, retry_after: None }));
    let error = api_error(client.send(job("j-1")?).await)?;
    assert_eq!((error.status, error.attempts), (503, 3));
    assert!(error.to_string().contains("503 after 3 attempts"), "{error}");
    intake.drop_next(3);
    let error = client.send(job("j-1")?).await.err().ok_or("no error")?;
    assert_eq!(error.attempts(), Some(3));
    assert!(error.to_string().contains("failed after 3 attempts"), "{error}");
    assert_eq!(statuses(&intake), [Some(500), Some(502), Some(503), None, None, None]);
    Ok(())
}

#[tokio::test]
async fn timeouts_are_retried() -> Outcome {
    let (intake, _) = start().await?;
    let builder = client_builder(&intake).retry(quick()).timeout(Duration::from_millis(100));
    let client = builder.api_key("k").build()?;
    intake.queue_faults([Fault::Delay(3_600_000)]);
    assert_eq!(client.send(job("j-1")?).await?.attempts(), 2);
    Ok(())
}

#[tokio::test]
async fn retry_after_is_respected() -> Outcome {
    let (intake, _) = start().await?;
    let client = retrying(&intake, quick())?;
    intake.queue_faults([Fault::Status { status: 503, retry_after: Some(1) }]);
    let began = Instant::now();
    assert_eq!(client.send(job("j-1")?).await?.attempts(), 2);
    assert!(began.elapsed() >= Duration::from_secs(1));
    // Longer than the deadline of a call: the error is returned at once.
    intake.queue_faults([Fault::Status { status: 429, retry_after: Some(3600) }]);
    let began = Instant::now();
    let error = api_error(client.send(job("j-1")?).await)?;
    assert_eq!((error.status, error.attempts), (429, 1));
    assert!(began.elapsed() < Duration::from_secs(60));
    Ok(())
}

#[tokio::test]
async fn a_listing_continues_after_the_rate_limit_is_exceeded() -> Outcome {
    let (intake, client) = start().await?;
    let jobs: Vec<_> = (0..40).map(|i| job(&format!("j-{i}"))).collect::<Result<_, _>>()?;
    client.send_all(jobs).await.into_result()?;
    // The third and the fifth of five pages wait for the next second of the limit.
    intake.set_rate_limit(Some(RateLimit { limit: 2, period: 1, retry_after: false }));
    let client = retrying(&intake, quick())?;
    let listing = client.search_pipeline_events().query("*").from("now-1d").limit(10);
    let events: Vec<_> = listing.stream().try_collect().await?;
    let ids: BTreeSet<_> = events.iter().filter_map(|event| event.id.clone()).collect();
    assert_eq!((events.len(), ids.len()), (40, 40));
    assert!(statuses(&intake).contains(&Some(429)));
    Ok(())
}

/// Returns faults for three of ten requests. They are the same in each run.
fn three_of_ten() -> impl Iterator<Item = Fault> {
    let mut random = fastrand::Rng::with_seed(7);
    std::iter::repeat_with(move || match (random.u8(0..10), random.u8(0..6)) {
        (3.., _) => Fault::None,
        (_, 0) => Fault::Status { status: 429, retry_after: Some(0) },
        (_, 1) => Fault::Status { status: 429, retry_after: None },
        (_, 2) => Fault::Status { status: 500, retry_after: None },
        (_, 3) => Fault::Status { status: 503, retry_after: None },
        (_, 4) => Fault::Drop,
        _ => Fault::Truncate,
    })
}

#[tokio::test]
async fn everything_arrives_once_although_three_of_ten_requests_fail() -> Outcome {
    const SENDS: usize = 2000;
    const PAGES: usize = 200;
    let (intake, _) = start().await?;
    let client = retrying(&intake, quick())?;
    intake.queue_faults(three_of_ten().take(3 * (SENDS + PAGES)));
    for number in 0..SENDS {
        client.send(job(&format!("j-{number}"))?).await?;
    }
    assert_eq!(intake.events().len(), SENDS);
    let listing = client.search_pipeline_events().query("*").from("now-1d").limit(10);
    let events: Vec<_> = listing.stream().try_collect().await?;
    let ids: BTreeSet<_> = events.iter().filter_map(|event| event.id.clone()).collect();
    assert_eq!((events.len(), ids.len()), (SENDS, SENDS));
    // The last page is empty.
    let (actual, minimum) = (intake.requests().len(), SENDS + PAGES + 1);
    assert!(actual * 10 < minimum * 18, "{actual} requests, and {minimum} are the minimum");
    Ok(())
}
