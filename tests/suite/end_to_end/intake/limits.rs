//! Calls that wait so that the API need not refuse them.

use std::time::{Duration, Instant};

use datadog_ci_intake::{LocalIntake, RateLimit};
use datadog_ci_pipelines::{Client, Error, RateLimiter, RetryPolicy};
use futures_util::future::try_join_all;

use super::super::{Outcome, job};
use super::{client_builder, start, statuses};

fn limited(intake: &LocalIntake, limiter: RateLimiter) -> Result<Client, Error> {
    let policy = RetryPolicy::default();
    client_builder(intake).retry(policy).rate_limiter(limiter).api_key("k").app_key("k").build()
}

/// Sends so many jobs at once.
async fn send(client: &Client, count: usize) -> Outcome {
    let jobs: Vec<_> = (0..count).map(|i| job(&format!("j-{i}"))).collect::<Result<_, _>>()?;
    try_join_all(jobs.into_iter().map(|job| client.send(job))).await?;
    Ok(())
}

#[tokio::test]
async fn hardly_a_request_is_refused_once_the_limit_is_known() -> Outcome {
    let (intake, _) = start().await?;
    intake.set_rate_limit(Some(RateLimit { limit: 8, period: 3, retry_after: false }));
    let client = limited(&intake, RateLimiter::new())?;
    // The first answer tells of the limit. Clones know of it.
    client.send(job("first")?).await?;
    send(&client.clone(), 9).await?;
    // A machine that is slow at the wrong moment is told no once.
    let refused = statuses(&intake).iter().filter(|status| **status == Some(429)).count();
    assert!(refused <= 1, "{:?}", statuses(&intake));
    // Without it, most are refused.
    let unlimited = client_builder(&intake).api_key("k").build()?;
    assert!(send(&unlimited, 9).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_rate_holds_where_the_api_says_nothing() -> Outcome {
    let (intake, _) = start().await?;
    let client = limited(&intake, RateLimiter::new().at_most(4, Duration::from_millis(200)))?;
    let began = Instant::now();
    send(&client, 10).await?;
    assert!(began.elapsed() >= Duration::from_millis(400), "{:?}", began.elapsed());
    Ok(())
}
