//! Faults that the intake injects: error responses, rate limits, closed connections, and delayed
//! responses.

use std::time::Duration;

use datadog_ci_intake::{Fault, RateLimit};
use datadog_ci_pipelines::models::AggregateRequest;
use datadog_ci_pipelines::{Error, ErrorBody};

use super::{client_builder, start, statuses};
use crate::end_to_end::support::{Outcome, api_error, job, one_job};

/// Long enough for a busy machine, and short enough for a test.
const SHORT: Duration = Duration::from_millis(60);
/// Longer than any test.
const FOREVER: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn errors_of_sending_are_decoded() -> Outcome {
    let (intake, client) = start().await?;
    // All documented statuses of sending.
    for status in [400, 401, 403, 408, 413, 429, 500, 503] {
        intake.fail_next(1, status);
        let error = api_error(client.send(job("j-1")?).await)?;
        assert_eq!((error.status, error.operation), (status, "CreateCIAppPipelineEvent"));
        let ErrorBody::HttpErrors(errors) = &error.body else {
            panic!("{status}: {error:?}");
        };
        let problem = &errors.errors.as_deref().unwrap_or_default()[0];
        let detail = problem.detail.as_deref().ok_or("no detail")?;
        assert_eq!(problem.status.as_deref(), Some(&*status.to_string()));
        // The message contains the reason.
        let message = error.to_string();
        for part in [&*status.to_string(), detail] {
            assert!(message.contains(part), "{message}");
        }
    }
    // Each was sent once, because this client does not retry.
    assert_eq!(intake.requests().len(), 8);
    assert_eq!(intake.events().len(), 0);
    Ok(())
}

#[tokio::test]
async fn errors_of_reading_are_decoded() -> Outcome {
    let (intake, client) = start().await?;
    for status in [400, 403, 429] {
        intake.fail_next(3, status);
        let errors = [
            api_error(client.list_pipeline_events().send().await)?,
            api_error(client.search_pipeline_events().send().await)?,
            api_error({
                let aggregate = AggregateRequest::default();
                client.aggregate_pipeline_events(aggregate).send().await
            })?,
        ];
        for error in errors {
            assert_eq!(error.status, status);
            let ErrorBody::ApiErrors(body) = &error.body else {
                panic!("{status}: {error:?}");
            };
            assert!(!body.errors[0].is_empty(), "{error:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn rate_limits_are_decoded_from_responses_and_errors() -> Outcome {
    let (intake, client) = start().await?;
    let unlimited = client.list_pipeline_events().send().await?;
    assert_eq!(*unlimited.rate_limit(), datadog_ci_pipelines::RateLimitHeaders::default());

    intake.set_rate_limit(Some(RateLimit { limit: 2, period: 3600, retry_after: true }));
    let hour = Duration::from_secs(3600);
    for remaining in [1, 0] {
        let response = client.send(job("j-1")?).await?;
        let limit = response.rate_limit();
        assert_eq!((limit.limit, limit.remaining), (Some(2), Some(remaining)));
        assert_eq!(limit.period, Some(hour));
        assert_eq!(limit.name.as_deref(), Some("local_intake"));
        assert_eq!(limit.retry_after, None);
    }
    // The limit applies to reading as well.
    for error in [
        api_error(client.send(job("j-2")?).await)?,
        api_error(client.list_pipeline_events().send().await)?,
    ] {
        assert_eq!(error.status, 429);
        let limit = &error.rate_limit;
        assert_eq!((limit.limit, limit.remaining), (Some(2), Some(0)));
        let reset = limit.reset.ok_or("no time")?;
        assert!(reset > hour / 2 && reset <= hour, "{reset:?}");
        assert_eq!(limit.retry_after, Some(reset));
    }
    assert_eq!(intake.events().len(), 1);

    intake.set_rate_limit(None);
    client.send(job("j-2")?).await?;
    assert_eq!(intake.events().len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_connection_closed_without_a_response_is_a_transport_error() -> Outcome {
    let (intake, client) = start().await?;
    // On a new connection, and on a reused one that may be stale.
    for before in 0..2 {
        intake.drop_next(1);
        let result = client.send(job("j-1")?).await;
        let Err(Error::Transport(error)) = result else {
            return Err(format!("{result:?}").into());
        };
        // The request has arrived, so this is not a connection error.
        assert!(!error.is_connect());
        assert_eq!(error.operation(), "CreateCIAppPipelineEvent");
        let message = error.to_string();
        assert!(message.contains("CreateCIAppPipelineEvent"), "{message}");
        assert_eq!(intake.events().len(), before);
        client.send(job(&format!("j-{before}"))?).await?;
    }
    // Each was sent once: there were no hidden retries.
    assert_eq!(statuses(&intake), [None, Some(202), None, Some(202)]);
    Ok(())
}

#[tokio::test]
async fn a_lost_or_truncated_response_is_a_transport_error_although_the_event_is_stored() -> Outcome
{
    let (intake, client) = start().await?;
    for fault in [Fault::Lose, Fault::Truncate] {
        intake.queue_faults([fault]);
        let result = client.send(job("j-1")?).await;
        assert!(matches!(result, Err(Error::Transport(_))), "{result:?}");
        // The client cannot know this. Sending the event again replaces it.
        assert_eq!(intake.events().len(), 1);
    }
    client.send(job("j-1")?).await?;
    assert_eq!(intake.events().len(), 1);
    assert_eq!(intake.history(&intake.events()[0].id).len(), 3);

    intake.queue_faults([Fault::Truncate]);
    let result = client.search_pipeline_events().from("now-1h").send().await;
    assert!(matches!(result, Err(Error::Transport(_))), "{result:?}");
    Ok(())
}

#[tokio::test]
async fn a_late_response_is_a_timeout_of_the_client() -> Outcome {
    let (intake, _) = start().await?;
    intake.set_latency(FOREVER);
    let client = client_builder(&intake).api_key("k").timeout(SHORT).build()?;
    let result = client.send(job("j-1")?).await;
    let Err(Error::Timeout(error)) = &result else {
        return Err(format!("{result:?}").into());
    };
    assert_eq!(error.operation(), "CreateCIAppPipelineEvent");
    assert!(!error.is_connect());
    Ok(())
}

#[tokio::test]
async fn a_late_response_is_a_timeout_of_the_request() -> Outcome {
    let (intake, client) = start().await?;
    intake.set_latency(FOREVER);
    let aggregate = client.aggregate_pipeline_events(AggregateRequest::default());
    let results = [
        client.create_pipeline_event(one_job()?).timeout(SHORT).send().await.err(),
        client.list_pipeline_events().timeout(SHORT).send().await.err(),
        client.search_pipeline_events().timeout(SHORT).send().await.err(),
        aggregate.timeout(SHORT).send().await.err(),
    ];
    for result in results {
        assert!(matches!(result, Some(Error::Timeout(_))), "{result:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_timeout_of_a_request_overrides_that_of_the_client() -> Outcome {
    let (intake, _) = start().await?;
    let client = client_builder(&intake).api_key("k").app_key("k").timeout(SHORT).build()?;
    intake.queue_faults([Fault::Delay(2 * SHORT.as_millis() as u64)]);
    client.list_pipeline_events().timeout(Duration::from_secs(30)).send().await?;
    intake.set_latency(FOREVER);
    let result = client.list_pipeline_events().send().await;
    assert!(matches!(result, Err(Error::Timeout(_))), "{result:?}");
    Ok(())
}
