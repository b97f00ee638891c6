//! Calls that the rate limiter delays.

use std::time::{Duration, Instant};

use datadog_ci_intake::{LocalIntake, RateLimit};
use datadog_ci_pipelines::{Client, Error, RateLimiter, RetryPolicy};
use futures_util::future::try_join_all;

use super::{client_builder, start, statuses};
use crate::end_to_end::support::{Outcome, job};

fn limited(intake: &LocalIntake, limiter: RateLimiter) -> Result<Client, Error> {
    let policy = RetryPolicy::default();
    client_builder(intake).retry(policy).rate_limiter(limiter).api_key("k").app_key("k").build()
}

/// Sends jobs concurrently.
async fn send(client: &Client, count: usize) -> Outcome {
    let jobs: Vec<_> = (0..count).map(|i| job(&format!("j-{i}"))).collect::<Result<_, _>>()?;
    try_join_all(jobs.into_iter().map(|job| client.send(job))).await?;
    Ok(())
}

#[tokio::test]
async fn requests_are_delayed_once_the_limit_is_known() -> Outcome {
    let (intake, _) = start().await?;
    intake.set_rate_limit(Some(RateLimit { limit: 8, period: 3, retry_after: false }));
    let client = limited(&intake, RateLimiter::new())?;
    // The first response has the limit. Clones share it.
    client.send(job("first")?).await?;
    send(&client.clone(), 9).await?;
    // On a slow machine one request may be rejected.
    let rejected = statuses(&intake).iter().filter(|status| **status == Some(429)).count();
    assert!(rejected <= 1, "{:?}", statuses(&intake));
    // Without a limiter, most are rejected.
    let unlimited = client_builder(&intake).api_key("k").build()?;
    assert!(send(&unlimited, 9).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_configured_rate_applies_without_rate_limit_headers() -> Outcome {
    let (intake, _) = start().await?;
    let client = limited(&intake, RateLimiter::new().at_most(4, Duration::from_millis(200)))?;
    let began = Instant::now();
    send(&client, 10).await?;
    assert!(began.elapsed() >= Duration::from_millis(400), "{:?}", began.elapsed());
    Ok(())
}
