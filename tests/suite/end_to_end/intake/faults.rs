//! What goes wrong on the way, as the intake lets it go wrong: error answers, rate limits,
//! lost connections, answers that do not come in time.

use std::time::Duration;

use datadog_ci_intake::{Fault, RateLimit};
use datadog_ci_pipelines::models::AggregateRequest;
use datadog_ci_pipelines::{Error, ErrorBody};

use super::super::{Outcome, api_error, job, one_job};
use super::{client_builder, start, statuses};

/// Long enough for a machine that is busy, short enough not to be waited for.
const SHORT: Duration = Duration::from_millis(60);
/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_refusal_to_take_events_is_decoded() -> Outcome {
    let (intake, client) = start().await?;
    // Every status that the description has for sending.
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
        // Whoever reads only the message learns the reason too.
        let message = error.to_string();
        for part in [&*status.to_string(), detail] {
            assert!(message.contains(part), "{message}");
        }
    }
    // Each was sent once: this client tries nothing again.
    assert_eq!(intake.requests().len(), 8);
    assert_eq!(intake.events().len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_refusal_to_read_is_decoded() -> Outcome {
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
async fn a_rate_limit_is_read_from_answers_and_from_the_error() -> Outcome {
    let (intake, client) = start().await?;
    let bare = client.list_pipeline_events().send().await?;
    assert_eq!(*bare.rate_limit(), datadog_ci_pipelines::RateLimit::default());

    intake.set_rate_limit(Some(RateLimit { limit: 2, period: 3600, retry_after: true }));
    let hour = Duration::from_secs(3600);
    for remaining in [1, 0] {
        let answer = client.send(job("j-1")?).await?;
        let limit = answer.rate_limit();
        assert_eq!((limit.limit, limit.remaining), (Some(2), Some(remaining)));
        assert_eq!(limit.period, Some(hour));
        assert_eq!(limit.name.as_deref(), Some("local_intake"));
        assert_eq!(limit.retry_after, None);
    }
    // It is full for those who read, too.
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
async fn a_connection_that_is_closed_without_an_answer_is_a_transport_error() -> Outcome {
    let (intake, client) = start().await?;
    // On a connection of its own, and on one that has been used and may be stale.
    for before in 0..2 {
        intake.drop_next(1);
        let result = client.send(job("j-1")?).await;
        let Err(Error::Transport(error)) = result else {
            return Err(format!("{result:?}").into());
        };
        // The request has arrived, so this is no failure to connect.
        assert!(!error.is_connect());
        assert_eq!(error.operation(), "CreateCIAppPipelineEvent");
        let message = error.to_string();
        assert!(message.contains("CreateCIAppPipelineEvent"), "{message}");
        assert_eq!(intake.events().len(), before);
        client.send(job(&format!("j-{before}"))?).await?;
    }
    // Sent at most once: nothing was tried again in secret.
    assert_eq!(statuses(&intake), [None, Some(202), None, Some(202)]);
    Ok(())
}

#[tokio::test]
async fn an_answer_that_is_lost_or_cut_off_is_a_transport_error_after_the_fact() -> Outcome {
    let (intake, client) = start().await?;
    for fault in [Fault::Lose, Fault::Truncate] {
        intake.queue_faults([fault]);
        let result = client.send(job("j-1")?).await;
        assert!(matches!(result, Err(Error::Transport(_))), "{result:?}");
        // Nobody could tell, so whoever is not sure sends again: it is the same event.
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
async fn no_answer_in_time_is_a_timeout_by_the_limit_of_the_client() -> Outcome {
    let (intake, _) = start().await?;
    intake.set_latency(FOR_EVER);
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
async fn no_answer_in_time_is_a_timeout_by_the_limit_of_the_request() -> Outcome {
    let (intake, client) = start().await?;
    intake.set_latency(FOR_EVER);
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
async fn the_limit_of_a_request_replaces_that_of_the_client() -> Outcome {
    let (intake, _) = start().await?;
    let client = client_builder(&intake).api_key("k").app_key("k").timeout(SHORT).build()?;
    intake.queue_faults([Fault::Delay(2 * SHORT.as_millis() as u64)]);
    client.list_pipeline_events().timeout(Duration::from_secs(30)).send().await?;
    intake.set_latency(FOR_EVER);
    let result = client.list_pipeline_events().send().await;
    assert!(matches!(result, Err(Error::Timeout(_))), "{result:?}");
    Ok(())
}
