//! Credentials: correct, wrong and missing.

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::models::AggregateRequest;
use datadog_ci_pipelines::{Client, Error, ErrorBody};

use super::{NOW, client_builder, statuses};
use crate::end_to_end::support::server::{API_KEY, APP_KEY, TOKEN};
use crate::end_to_end::support::{Outcome, api_error, config_problems, job};

/// Starts an intake that accepts only these keys.
async fn with_keys() -> Result<LocalIntake, Box<dyn std::error::Error>> {
    let intake = LocalIntake::builder().api_key(API_KEY).app_key(APP_KEY).start().await?;
    intake.clock().set(NOW.parse()?);
    Ok(intake)
}

/// Calls each operation that reads.
async fn read_everything(client: &Client) -> [Result<(), Error>; 3] {
    let aggregate = client.aggregate_pipeline_events(AggregateRequest::default());
    [
        client.list_pipeline_events().send().await.map(drop),
        client.search_pipeline_events().send().await.map(drop),
        aggregate.send().await.map(drop),
    ]
}

#[tokio::test]
async fn correct_keys_are_accepted() -> Outcome {
    let intake = with_keys().await?;
    // Sending only needs the API key.
    client_builder(&intake).api_key(API_KEY).build()?.send(job("j-1")?).await?;
    let client = client_builder(&intake).api_key(API_KEY).app_key(APP_KEY).build()?;
    for result in read_everything(&client).await {
        result?;
    }
    assert_eq!(statuses(&intake), [Some(202), Some(200), Some(200), Some(200)]);
    Ok(())
}

#[tokio::test]
async fn wrong_keys_are_rejected_and_nothing_is_stored() -> Outcome {
    let intake = with_keys().await?;
    let client = client_builder(&intake).api_key("another").app_key(APP_KEY).build()?;
    let error = api_error(client.send(job("j-1")?).await)?;
    assert_eq!(error.status, 403);
    assert!(matches!(error.body, ErrorBody::HttpErrors(_)), "{error:?}");
    assert!(error.to_string().contains("DD-API-KEY"), "{error}");
    let several = client.send_all([job("j-2")?, job("j-3")?]).await.into_result().err();
    let several = several.ok_or("they were accepted")?.to_string();
    assert!(several.contains("2 not sent: ") && several.contains("DD_SITE"), "{several}");
    assert_eq!(intake.events().len(), 0);

    let client = client_builder(&intake).api_key(API_KEY).app_key("another").build()?;
    for result in read_everything(&client).await {
        let error = api_error(result)?;
        assert_eq!(error.status, 403);
        assert!(matches!(error.body, ErrorBody::ApiErrors(_)), "{error:?}");
        assert!(error.to_string().contains("DD-APPLICATION-KEY"), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn without_keys_nothing_is_sent_and_the_error_names_the_variable() -> Outcome {
    let intake = with_keys().await?;
    let client = client_builder(&intake).app_key(APP_KEY).build()?;
    let problems = config_problems(client.send(job("j-1")?).await)?;
    assert!(problems[0].contains("DD_API_KEY"), "{problems:?}");
    assert!(!problems[0].contains("DD_APP_KEY"), "{problems:?}");

    let client = client_builder(&intake).api_key(API_KEY).build()?;
    for result in read_everything(&client).await {
        let problems = config_problems(result)?;
        assert!(problems[0].contains("DD_APP_KEY"), "{problems:?}");
        assert!(!problems[0].contains("DD_API_KEY"), "{problems:?}");
    }
    assert_eq!(intake.requests().len(), 0);
    Ok(())
}

#[tokio::test]
async fn an_access_token_is_accepted_unless_keys_are_configured() -> Outcome {
    let (intake, _) = super::start().await?;
    let client = client_builder(&intake).access_token(TOKEN).build()?;
    for result in read_everything(&client).await {
        result?;
    }
    let intake = with_keys().await?;
    let client = client_builder(&intake).access_token(TOKEN).build()?;
    for result in read_everything(&client).await {
        assert_eq!(api_error(result)?.status, 403);
    }
    Ok(())
}
