//! Listings of several pages: how they go on, and where they end.

use datadog_ci_pipelines::models::{Event, Sort};
use futures_util::TryStreamExt;
use serde_json::json;

use super::server::{Answer, Server};
use super::{Outcome, page};

/// An answer that is a page.
fn answer(ids: &[&str], after: Option<&str>) -> Answer {
    Answer::json(200, page(ids, after))
}

fn ids(events: &[Event]) -> Vec<&str> {
    let ids = events.iter().map(|event| event.id.as_deref());
    ids.map(Option::unwrap_or_default).collect()
}

#[tokio::test]
async fn a_listing_of_two_pages_passes_the_cursor_on_and_changes_nothing_else() -> Outcome {
    let pages = [answer(&["a", "b"], Some("c+1/=")), answer(&["c"], None)];
    let server = Server::answers(pages).await?;
    let list = server
        .client()?
        .list_pipeline_events()
        .query("@ci.status:error")
        .sort(Sort::TimestampAscending)
        .limit(2);
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a", "b", "c"]);

    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    let cursors: Vec<_> = asked.iter().map(|r| r.parameter("page[cursor]")).collect();
    assert_eq!(cursors, [None, Some("c+1/=")]);
    for request in asked.iter() {
        assert_eq!(request.method, "GET");
        assert_eq!(request.parameter("filter[query]"), Some("@ci.status:error"));
        assert_eq!(request.parameter("sort"), Some("timestamp"));
        assert_eq!(request.parameter("page[limit]"), Some("2"));
    }
    Ok(())
}

#[tokio::test]
async fn a_search_of_two_pages_passes_the_cursor_on_in_its_body() -> Outcome {
    let pages = [answer(&["a", "b"], Some("c1")), answer(&["c"], None)];
    let server = Server::answers(pages).await?;
    let search = server.client()?.search_pipeline_events();
    let mut stream = search.query("@ci.status:error").limit(2).stream();
    let mut found = Vec::new();
    while let Some(event) = stream.try_next().await? {
        found.push(event);
    }
    assert_eq!(ids(&found), ["a", "b", "c"]);
    assert!(stream.next().await.is_none());

    let asked = server.asked();
    let bodies: Vec<_> = asked.iter().map(|r| r.json()).collect::<Result<_, _>>()?;
    let filter = json!({"query": "@ci.status:error"});
    let expected = [
        json!({"filter": filter, "page": {"limit": 2}}),
        json!({"filter": filter, "page": {"limit": 2, "cursor": "c1"}}),
    ];
    assert_eq!(bodies, expected);
    Ok(())
}

#[tokio::test]
async fn a_search_without_a_body_pages_too() -> Outcome {
    let pages = [answer(&["a"], Some("c1")), answer(&["b"], None)];
    let server = Server::answers(pages).await?;
    let search = server.client()?.search_pipeline_events();
    let events: Vec<Event> = search.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a", "b"]);
    let asked = server.asked();
    assert_eq!(asked[0].body.len(), 0);
    assert_eq!(asked[1].json()?, json!({"page": {"cursor": "c1"}}));
    Ok(())
}

#[tokio::test]
async fn an_empty_page_with_a_cursor_is_not_the_last() -> Outcome {
    let pages = [answer(&["a"], Some("c1")), answer(&[], Some("c2")), answer(&["b"], None)];
    let server = Server::answers(pages).await?;
    let list = server.client()?.list_pipeline_events();
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a", "b"]);
    Ok(())
}

#[tokio::test]
async fn a_cursor_that_is_empty_is_none() -> Outcome {
    let server = Server::answers([answer(&["a"], Some(""))]).await?;
    let list = server.client()?.list_pipeline_events();
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a"]);
    assert_eq!(server.asked().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_listing_that_goes_in_circles_ends_where_a_cursor_comes_again() -> Outcome {
    // A page that names itself as the next one.
    let server = Server::answers([
        answer(&["a"], Some("c1")),
        answer(&["b"], Some("c1")),
        answer(&["again"], Some("c1")),
    ])
    .await?;
    let list = server.client()?.list_pipeline_events();
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a", "b"]);

    // Two pages that name each other.
    let server = Server::answers([
        answer(&["a"], Some("c1")),
        answer(&["b"], Some("c2")),
        answer(&["c"], Some("c1")),
        answer(&["again"], Some("c2")),
    ])
    .await?;
    let search = server.client()?.search_pipeline_events();
    let events: Vec<Event> = search.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a", "b", "c"]);
    Ok(())
}

#[tokio::test]
async fn a_listing_that_begins_at_a_cursor_does_not_read_that_page_twice() -> Outcome {
    let pages = [answer(&["a"], Some("c1")), answer(&["a"], Some("c1"))];
    let server = Server::answers(pages).await?;
    let list = server.client()?.list_pipeline_events().cursor("c1");
    let events: Vec<Event> = list.stream().try_collect().await?;
    assert_eq!(ids(&events), ["a"]);
    Ok(())
}
