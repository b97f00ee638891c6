//! Test doubles: they receive all kinds of calls, and only valid requests.

use std::sync::{Arc, Mutex, PoisonError};

use datadog_ci_pipelines::models::{
    AggregateResponse, Compute, Event, EventsPage, SendDataSingleOrArray,
};
use datadog_ci_pipelines::operations::{
    AggregatePipelineEvents, CreatePipelineEvent, ListPipelineEvents, SearchPipelineEvents,
};
use datadog_ci_pipelines::{
    ApiError, Client, Error, ErrorBody, JsonObject, Operations, Response, TransportError,
};
use futures_util::TryStreamExt;
use serde_json::json;

use crate::end_to_end::support::{Outcome, api_error, config_problems, job, page};

/// Implements all operations but one, and records its calls.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn record(&self, call: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }

    fn calls(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Operations for Notes {
    async fn create_pipeline_event(
        &self,
        request: CreatePipelineEvent,
    ) -> Result<Response<JsonObject>, Error> {
        let count = match &request.body.data {
            Some(SendDataSingleOrArray::Array(events)) => events.len(),
            other => usize::from(other.is_some()),
        };
        self.record(format!("{count} sent"));
        Ok(Response::new(JsonObject::default()).with_status(202).with_request_id("r-1"))
    }

    async fn search_pipeline_events(
        &self,
        request: SearchPipelineEvents,
    ) -> Result<Response<EventsPage>, Error> {
        let body = request.body.unwrap_or_default();
        let cursor = body.page.and_then(|page| page.cursor);
        self.record(format!("{:?} at {cursor:?}", body.filter.and_then(|filter| filter.query)));
        let (ids, next): (&[&str], _) = match cursor.as_deref() {
            None => (&["a", "b"], Some("c1")),
            Some(_) => (&["c"], None),
        };
        let page = serde_json::from_value(page(ids, next)).map_err(|error| {
            Error::from(ApiError::new("search", 500, ErrorBody::Other(error.to_string())))
        })?;
        Ok(Response::new(page))
    }

    async fn aggregate_pipeline_events(
        &self,
        request: AggregatePipelineEvents,
    ) -> Result<Response<AggregateResponse>, Error> {
        self.record(format!("{} computed", request.body.compute.iter().flatten().count()));
        Ok(Response::new(AggregateResponse::default()))
    }
}

/// Returns a client with this test double.
fn start() -> (Client, Notes) {
    let notes = Notes::default();
    (Client::from_test_double(notes.clone()), notes)
}

#[tokio::test]
async fn all_kinds_of_calls_reach_the_test_double() -> Outcome {
    let (client, notes) = start();
    let sent = client.send(job("j-1")?).await?;
    assert_eq!((sent.status(), sent.request_id(), sent.attempts()), (202, Some("r-1"), 1));

    let jobs: Vec<_> = (0..1500).map(|i| job(&format!("j-{i}"))).collect::<Result<_, _>>()?;
    client.send_all(jobs).await.into_result()?;

    let search = client.search_pipeline_events().query("@ci.status:error");
    let events: Vec<Event> = search.clone().stream().try_collect().await?;
    let ids: Vec<_> = events.iter().filter_map(|event| event.id.as_deref()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    let first = search.pages().try_next().await?.ok_or("a page is missing")?;
    assert_eq!((first.status(), first.data.iter().flatten().count()), (200, 2));

    let aggregate = client.aggregate().compute(Compute::count()).compute(Compute::count());
    assert!(aggregate.send().await?.buckets().is_empty());

    let query = r#"Some("@ci.status:error")"#;
    let expected = [
        "1 sent".to_owned(),
        "1000 sent".to_owned(),
        "500 sent".to_owned(),
        format!("{query} at None"),
        format!("{query} at Some(\"c1\")"),
        format!("{query} at None"),
        "2 computed".to_owned(),
    ];
    assert_eq!(notes.calls(), expected);
    Ok(())
}

#[tokio::test]
async fn the_error_of_an_unimplemented_operation_has_its_name() -> Outcome {
    let (client, _) = start();
    let problem = "`list_pipeline_events` is not implemented by the test double";
    assert_eq!(config_problems(client.list_pipeline_events().send().await)?, [problem]);
    assert_eq!(
        config_problems(client.list_pipeline_events().stream().try_next().await)?,
        [problem]
    );
    Ok(())
}

#[tokio::test]
async fn invalid_requests_do_not_reach_the_test_double() -> Outcome {
    let (client, notes) = start();
    let mut late = job("j-1")?;
    late.end = "2026-07-14T09:00:00Z".parse()?;
    assert!(matches!(client.send(late).await, Err(Error::Validation(_))));
    let too_many = client.search_pipeline_events().limit(1001);
    assert!(matches!(too_many.send().await, Err(Error::Validation(_))));
    assert_eq!(notes.calls(), [""; 0]);
    Ok(())
}

/// Fails with every kind of error.
struct Broken;

impl Operations for Broken {
    async fn search_pipeline_events(
        &self,
        _: SearchPipelineEvents,
    ) -> Result<Response<EventsPage>, Error> {
        Err(Error::Timeout(TransportError::new("search", "it took too long")))
    }

    async fn list_pipeline_events(
        &self,
        request: ListPipelineEvents,
    ) -> Result<Response<EventsPage>, Error> {
        let body = serde_json::from_value(json!({"errors": [request.query]}));
        let mut error = ApiError::new(
            "list",
            429,
            body.map_or(ErrorBody::Other(String::new()), ErrorBody::ApiErrors),
        );
        error.request_id = Some("r-2".to_owned());
        Err(error.into())
    }
}

#[tokio::test]
async fn errors_of_a_test_double_are_not_retried() -> Outcome {
    let client = Client::from_test_double(Broken);
    let error = client.search_pipeline_events().send().await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert_eq!(error.to_string(), "search timed out: it took too long");
    assert_eq!((error.attempts(), error.status()), (Some(1), None));
    let cause = std::error::Error::source(&error).ok_or("it has no cause")?;
    assert_eq!(cause.to_string(), "it took too long");

    let error = api_error(client.list_pipeline_events().query("q").send().await)?;
    assert_eq!((error.status, error.request_id.as_deref()), (429, Some("r-2")));
    let ErrorBody::ApiErrors(body) = &error.body else { return Err(format!("{error}").into()) };
    assert_eq!(body.errors, ["q"]);
    Ok(())
}
