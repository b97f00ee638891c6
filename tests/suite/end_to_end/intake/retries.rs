//! Calls that are tried again: what gets through in the end, what does not, and how often each
//! is asked for.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use datadog_ci_intake::{Fault, LocalIntake, RateLimit};
use datadog_ci_pipelines::{Client, Error, RetryPolicy};
use futures_util::TryStreamExt;

use super::super::{Outcome, api_error, job};
use super::{client_builder, start, statuses};

/// A policy that waits so little that no test is slow.
fn quick() -> RetryPolicy {
    RetryPolicy::default().first_wait(Duration::from_millis(1))
}

/// A client of an intake that tries again.
fn trying(intake: &LocalIntake, policy: RetryPolicy) -> Result<Client, Error> {
    client_builder(intake).retry(policy).api_key("k").app_key("k").build()
}

#[tokio::test]
async fn what_passes_is_tried_again_and_the_tries_are_counted() -> Outcome {
    let (intake, _) = start().await?;
    let client = trying(&intake, quick())?;
    for status in [408, 429, 500, 502, 503, 504] {
        intake.fail_next(2, status);
        assert_eq!(client.send(job("j-1")?).await?.attempts(), 3, "{status}");
    }
    for fault in [Fault::Drop, Fault::Lose, Fault::Truncate] {
        intake.queue_faults([fault.clone()]);
        assert_eq!(client.send(job("j-1")?).await?.attempts(), 2, "{fault:?}");
    }
    // Sent ever again, it is one event.
    assert_eq!(intake.events().len(), 1);
    assert_eq!(client.list_pipeline_events().send().await?.attempts(), 1);
    Ok(())
}

#[tokio::test]
async fn what_does_not_pass_is_not_tried_again() -> Outcome {
    let (intake, _) = start().await?;
    let client = trying(&intake, quick())?;
    for status in [400, 401, 403, 413] {
        intake.fail_next(1, status);
        let error = api_error(client.send(job("j-1")?).await)?;
        assert_eq!((error.status, error.attempts), (status, 1));
    }
    assert_eq!(intake.requests().len(), 4);
    Ok(())
}

#[tokio::test]
async fn tries_end_with_what_the_last_one_met() -> Outcome {
    let (intake, _) = start().await?;
    let client = trying(&intake, quick().attempts(3))?;
    intake.queue_faults([500, 502, 503].map(|status| Fault::Status { status, retry_after: None }));
    let error = api_error(client.send(job("j-1")?).await)?;
    assert_eq!((error.status, error.attempts), (503, 3));
    assert!(error.to_string().contains("503 after 3 attempts"), "{error}");
    intake.drop_next(3);
    let error = client.send(job("j-1")?).await.err().ok_or("no error")?;
    assert_eq!(error.attempts(), Some(3));
    assert!(error.to_string().contains("did not get through after 3 attempts"), "{error}");
    assert_eq!(statuses(&intake), [Some(500), Some(502), Some(503), None, None, None]);
    Ok(())
}

#[tokio::test]
async fn no_answer_in_time_is_tried_again() -> Outcome {
    let (intake, _) = start().await?;
    let builder = client_builder(&intake).retry(quick()).timeout(Duration::from_millis(100));
    let client = builder.api_key("k").build()?;
    intake.queue_faults([Fault::Delay(3_600_000)]);
    assert_eq!(client.send(job("j-1")?).await?.attempts(), 2);
    Ok(())
}

#[tokio::test]
async fn a_server_is_waited_for_as_long_as_it_says() -> Outcome {
    let (intake, _) = start().await?;
    let client = trying(&intake, quick())?;
    intake.queue_faults([Fault::Status { status: 503, retry_after: Some(1) }]);
    let began = Instant::now();
    assert_eq!(client.send(job("j-1")?).await?.attempts(), 2);
    assert!(began.elapsed() >= Duration::from_secs(1));
    // Longer than a call may take: said at once, without a wait.
    intake.queue_faults([Fault::Status { status: 429, retry_after: Some(3600) }]);
    let began = Instant::now();
    let error = api_error(client.send(job("j-1")?).await)?;
    assert_eq!((error.status, error.attempts), (429, 1));
    assert!(began.elapsed() < Duration::from_secs(60));
    Ok(())
}

#[tokio::test]
async fn a_listing_goes_on_behind_a_full_rate_limit() -> Outcome {
    let (intake, client) = start().await?;
    let jobs: Vec<_> = (0..40).map(|i| job(&format!("j-{i}"))).collect::<Result<_, _>>()?;
    client.send_all(jobs).await.into_result()?;
    // Of five pages, the third and the fifth have to wait for the limit's next second.
    intake.set_rate_limit(Some(RateLimit { limit: 2, period: 1, retry_after: false }));
    let client = trying(&intake, quick())?;
    let listing = client.search_pipeline_events().query("*").from("now-1d").limit(10);
    let events: Vec<_> = listing.stream().try_collect().await?;
    let ids: BTreeSet<_> = events.iter().filter_map(|event| event.id.clone()).collect();
    assert_eq!((events.len(), ids.len()), (40, 40));
    assert!(statuses(&intake).contains(&Some(429)));
    Ok(())
}

/// Faults that hit three of ten requests, the same at each run.
fn three_of_ten() -> impl Iterator<Item = Fault> {
    let mut state = 7_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let number = state >> 33;
        match (number % 10, number / 10 % 6) {
            (3.., _) => Fault::None,
            (_, 0) => Fault::Status { status: 429, retry_after: Some(0) },
            (_, 1) => Fault::Status { status: 429, retry_after: None },
            (_, 2) => Fault::Status { status: 500, retry_after: None },
            (_, 3) => Fault::Status { status: 503, retry_after: None },
            (_, 4) => Fault::Drop,
            _ => Fault::Truncate,
        }
    })
}

#[tokio::test]
async fn everything_arrives_once_though_three_of_ten_requests_fail() -> Outcome {
    const SENDS: usize = 2000;
    const PAGES: usize = 200;
    let (intake, _) = start().await?;
    let client = trying(&intake, quick())?;
    intake.queue_faults(three_of_ten().take(3 * (SENDS + PAGES)));
    for number in 0..SENDS {
        client.send(job(&format!("j-{number}"))?).await?;
    }
    assert_eq!(intake.events().len(), SENDS);
    let listing = client.search_pipeline_events().query("*").from("now-1d").limit(10);
    let events: Vec<_> = listing.stream().try_collect().await?;
    let ids: BTreeSet<_> = events.iter().filter_map(|event| event.id.clone()).collect();
    assert_eq!((events.len(), ids.len()), (SENDS, SENDS));
    // Behind the last page there is one that is empty.
    let (asked, least) = (intake.requests().len(), SENDS + PAGES + 1);
    assert!(asked * 10 < least * 18, "{asked} requests, where {least} are the least possible");
    Ok(())
}
