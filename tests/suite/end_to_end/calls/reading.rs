//! Operations that read: their requests, credentials and response metadata.

use datadog_ci_pipelines::models::{
    AggregateRequest, AggregationFunction, Compute, GroupBy, QueryFilter, Sort,
};
use datadog_ci_pipelines::{Client, Error};
use serde_json::json;

use crate::end_to_end::support::server::{API_KEY, APP_KEY, ScriptedResponse, Server, TOKEN};
use crate::end_to_end::support::{Outcome, page, pointers};

/// Calls each operation that reads.
async fn read_everything(client: &Client) -> Vec<Option<Error>> {
    let list = client.list_pipeline_events().send().await;
    let search = client.search_pipeline_events().send().await;
    let aggregate = client.aggregate_pipeline_events(AggregateRequest::default());
    let aggregate = aggregate.send().await;
    vec![list.err(), search.err(), aggregate.err()]
}

#[tokio::test]
async fn reading_sends_both_keys() -> Outcome {
    let server = Server::responding([(); 6].map(|()| ScriptedResponse::json(200, "{}"))).await?;
    let keys = server.client_builder().api_key(API_KEY).app_key(APP_KEY);
    let failed = read_everything(&keys.clone().build()?).await;
    assert!(failed.iter().all(Option::is_none), "{failed:?}");
    // An access token is not sent in addition.
    let failed = read_everything(&keys.access_token(TOKEN).build()?).await;
    assert!(failed.iter().all(Option::is_none), "{failed:?}");

    let requests = server.requests();
    assert_eq!(requests.len(), 6);
    for request in requests.iter() {
        assert_eq!(request.header("dd-api-key"), Some(API_KEY));
        assert_eq!(request.header("dd-application-key"), Some(APP_KEY));
        assert!(!request.headers.contains_key("authorization"));
    }
    Ok(())
}

#[tokio::test]
async fn an_access_token_is_sent_as_bearer() -> Outcome {
    let server = Server::responding([(); 3].map(|()| ScriptedResponse::json(200, "{}"))).await?;
    let client = server.client_builder().access_token(TOKEN).build()?;
    let failed = read_everything(&client).await;
    assert!(failed.iter().all(Option::is_none), "{failed:?}");

    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    let bearer = format!("Bearer {TOKEN}");
    for request in requests.iter() {
        assert_eq!(request.header("authorization"), Some(bearer.as_str()));
        assert!(!request.headers.contains_key("dd-api-key"));
        assert!(!request.headers.contains_key("dd-application-key"));
    }
    Ok(())
}

#[tokio::test]
async fn a_listing_has_all_parameters_in_the_query() -> Outcome {
    let server = Server::responding([ScriptedResponse::json(200, page(&["a"], None))]).await?;
    let query = "@ci.status:error AND \"a+b & c=d\" -é #1";
    let found = server
        .client()?
        .list_pipeline_events()
        .query(query)
        .from("2024-08-22T11:36:29-07:00".parse()?)
        .to("2024-08-22T23:00:00Z".parse()?)
        .sort(Sort::TimestampDescending)
        .cursor("c+/=")
        .limit(1000)
        .send()
        .await?;
    let events = found.data.as_deref().unwrap_or_default();
    assert_eq!(events[0].id.as_deref(), Some("a"));

    let requests = server.requests();
    let request = requests.first().ok_or("nothing was sent")?;
    assert_eq!(request.method, "GET");
    assert_eq!(request.path, "/api/v2/ci/pipelines/events");
    assert_eq!(request.parameter("filter[query]"), Some(query));
    let from = request.parameter("filter[from]");
    assert_eq!(from, Some("2024-08-22T11:36:29-07:00"));
    let to = request.parameter("filter[to]");
    assert_eq!(to, Some("2024-08-22T23:00:00Z"));
    assert_eq!(request.parameter("sort"), Some("-timestamp"));
    assert_eq!(request.parameter("page[cursor]"), Some("c+/="));
    assert_eq!(request.parameter("page[limit]"), Some("1000"));
    assert_eq!(request.query.len(), 6);
    assert_eq!(request.body.len(), 0);
    assert_eq!(request.header("content-type"), None);
    Ok(())
}

#[tokio::test]
async fn a_search_has_all_parameters_in_the_body() -> Outcome {
    let server = Server::responding([ScriptedResponse::json(200, page(&[], None))]).await?;
    let search = server
        .client()?
        .search_pipeline_events()
        .query("@ci.status:error")
        .from("now-1d")
        .to("now")
        .sort("timestamp")
        .limit(5)
        .cursor("c1");
    search.send().await?;

    let requests = server.requests();
    let request = requests.first().ok_or("nothing was sent")?;
    assert_eq!(request.method, "POST");
    assert_eq!(request.path, "/api/v2/ci/pipelines/events/search");
    assert_eq!(request.query, []);
    assert_eq!(request.header("content-type"), Some("application/json"));
    let expected = json!({
        "filter": {"query": "@ci.status:error", "from": "now-1d", "to": "now"},
        "sort": "timestamp",
        "page": {"limit": 5, "cursor": "c1"},
    });
    assert_eq!(request.json()?, expected);
    Ok(())
}

#[tokio::test]
async fn a_search_without_parameters_has_no_body() -> Outcome {
    let server = Server::responding([ScriptedResponse::json(200, page(&[], None))]).await?;
    server.client()?.search_pipeline_events().send().await?;
    let requests = server.requests();
    let request = requests.first().ok_or("nothing was sent")?;
    assert_eq!(request.body.len(), 0);
    assert_eq!(request.header("content-type"), None);
    Ok(())
}

#[tokio::test]
async fn an_aggregation_is_requested_and_decoded() -> Outcome {
    let response = json!({"data": {"buckets": [
        {"by": {"@ci.status": "error"}, "computes": {"c0": 3, "c1": 2.5}},
    ]}});
    let server = Server::responding([
        ScriptedResponse::json(200, response),
        ScriptedResponse::json(200, "{}"),
    ])
    .await?;
    let count = Compute::builder().aggregation(AggregationFunction::Count);
    let mean = Compute::builder().aggregation(AggregationFunction::Avg).metric("@duration");
    let request = AggregateRequest::builder()
        .compute(vec![count.build()?, mean.build()?])
        .filter(QueryFilter::builder().query("ci_level:job").build()?)
        .group_by(vec![GroupBy::builder().facet("@ci.status").build()?])
        .build()?;
    let client = server.client()?;
    let response = client.aggregate_pipeline_events(request).send().await?;

    let [bucket] = response.buckets() else {
        return Err(format!("{response:?}").into());
    };
    assert_eq!(bucket.by("@ci.status").as_deref(), Some("error"));
    assert_eq!((bucket.number("c0"), bucket.number("c1")), (Some(3.0), Some(2.5)));

    // The shorthand sends the same request.
    let aggregate = client
        .aggregate()
        .query("ci_level:job")
        .compute(Compute::count())
        .compute(Compute::new(AggregationFunction::Avg, "@duration"))
        .group_by("@ci.status");
    aggregate.send().await?;

    let requests = server.requests();
    let request = requests.first().ok_or("nothing was sent")?;
    assert_eq!(request.method, "POST");
    assert_eq!(request.path, "/api/v2/ci/pipelines/analytics/aggregate");
    let expected = json!({
        "compute": [{"aggregation": "count"}, {"aggregation": "avg", "metric": "@duration"}],
        "filter": {"query": "ci_level:job"},
        "group_by": [{"facet": "@ci.status"}],
    });
    assert_eq!(request.json()?, expected);
    assert_eq!(requests[1].body, request.body);
    Ok(())
}

#[tokio::test]
async fn a_response_has_its_request_id() -> Outcome {
    let response = ScriptedResponse::json(200, page(&["a"], None)).header("x-request-id", "r-7");
    let server = Server::responding([response, ScriptedResponse::json(200, "{}")]).await?;
    let client = server.client()?;
    let response = client.list_pipeline_events().send().await?;
    assert_eq!((response.status(), response.request_id()), (200, Some("r-7")));
    let bare = client.list_pipeline_events().send().await?;
    assert_eq!(bare.request_id(), None);
    Ok(())
}

#[tokio::test]
async fn a_too_large_page_is_not_requested() -> Outcome {
    let server = Server::responding([]).await?;
    let client = server.client()?;
    let list = client.list_pipeline_events().limit(1001).send().await;
    let search = client.search_pipeline_events().limit(1001).send().await;
    for (result, pointer) in [(list, "/page[limit]"), (search, "/page/limit")] {
        let Err(Error::Validation(error)) = result else {
            return Err(format!("{result:?}").into());
        };
        assert_eq!(pointers(&error), [pointer]);
    }
    assert_eq!(server.requests().len(), 0);
    Ok(())
}
