//! Listings of several pages: how they continue and end.

use datadog_ci_pipelines::models::{Event, Sort};
use futures_util::TryStreamExt;
use serde_json::json;

use crate::end_to_end::support::server::{ScriptedResponse, Server};
use crate::end_to_end::support::{Outcome, page};

/// Returns a response with a page.
fn response(ids: &[&str], after: Option<&str>) -> ScriptedResponse {
    ScriptedResponse::json(200, page(ids, after))
}

fn ids(events: &[Event]) -> Vec<&str> {
    let ids = events.iter().map(|event| event.id.as_deref());
    ids.map(Option::unwrap_or_default).collect()
}

#[tokio::test]
async fn a_listing_passes_the_cursor_and_keeps_all_other_parameters() -> Outcome {
    let pages = [response(&["a", "b"], Some("c+1/=")), response(&["c"], None)];
    let server = Server::responding(pages).await?;
    let list = server
        .client()?
        .list_pipeline_events()
        .query("@ci.status:error")
        .sort(Sort::TimestampAscending)
        .limit(2);
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a", "b", "c"]);

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let cursors: Vec<_> = requests.iter().map(|r| r.parameter("page[cursor]")).collect();
    assert_eq!(cursors, [None, Some("c+1/=")]);
    for request in requests.iter() {
        assert_eq!(request.method, "GET");
        assert_eq!(request.parameter("filter[query]"), Some("@ci.status:error"));
        assert_eq!(request.parameter("sort"), Some("timestamp"));
        assert_eq!(request.parameter("page[limit]"), Some("2"));
    }
    Ok(())
}

#[tokio::test]
async fn a_search_passes_the_cursor_in_its_body() -> Outcome {
    let pages = [response(&["a", "b"], Some("c1")), response(&["c"], None)];
    let server = Server::responding(pages).await?;
    let search = server.client()?.search_pipeline_events();
    let mut stream = search.query("@ci.status:error").limit(2).stream();
    let mut found = Vec::new();
    while let Some(event) = stream.try_next().await? {
        found.push(event);
    }
    assert_eq!(ids(&found), ["a", "b", "c"]);
    assert!(stream.next().await.is_none());

    let requests = server.requests();
    let bodies: Vec<_> = requests.iter().map(|r| r.json()).collect::<Result<_, _>>()?;
    let filter = json!({"query": "@ci.status:error"});
    let expected = [
        json!({"filter": filter, "page": {"limit": 2}}),
        json!({"filter": filter, "page": {"limit": 2, "cursor": "c1"}}),
    ];
    assert_eq!(bodies, expected);
    Ok(())
}

#[tokio::test]
async fn a_search_without_a_body_has_several_pages() -> Outcome {
    let pages = [response(&["a"], Some("c1")), response(&["b"], None)];
    let server = Server::responding(pages).await?;
    let search = server.client()?.search_pipeline_events();
    let events: Vec<Event> = search.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a", "b"]);
    let requests = server.requests();
    assert_eq!(requests[0].body.len(), 0);
    assert_eq!(requests[1].json()?, json!({"page": {"cursor": "c1"}}));
    Ok(())
}

#[tokio::test]
async fn a_listing_ends_at_an_empty_page_with_a_cursor() -> Outcome {
    let pages = [response(&["a"], Some("c1")), response(&[], Some("c2")), response(&["b"], None)];
    let server = Server::responding(pages).await?;
    let list = server.client()?.list_pipeline_events();
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a"]);
    assert_eq!(server.requests().len(), 2);
    Ok(())
}

#[tokio::test]
async fn an_empty_cursor_ends_the_listing() -> Outcome {
    let server = Server::responding([response(&["a"], Some(""))]).await?;
    let list = server.client()?.list_pipeline_events();
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a"]);
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_listing_ends_at_a_repeated_cursor() -> Outcome {
    // A page whose cursor is its own.
    let server = Server::responding([
        response(&["a"], Some("c1")),
        response(&["b"], Some("c1")),
        response(&["again"], Some("c1")),
    ])
    .await?;
    let list = server.client()?.list_pipeline_events();
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a", "b"]);

    // Two pages with the cursor of each other.
    let server = Server::responding([
        response(&["a"], Some("c1")),
        response(&["b"], Some("c2")),
        response(&["c"], Some("c1")),
        response(&["again"], Some("c2")),
    ])
    .await?;
    let search = server.client()?.search_pipeline_events();
    let events: Vec<Event> = search.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a", "b", "c"]);
    Ok(())
}

#[tokio::test]
async fn a_listing_from_a_cursor_does_not_read_that_page_twice() -> Outcome {
    let pages = [response(&["a"], Some("c1")), response(&["a"], Some("c1"))];
    let server = Server::responding(pages).await?;
    let list = server.client()?.list_pipeline_events().cursor("c1");
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a"]);
    Ok(())
}
