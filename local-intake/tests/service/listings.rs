//! Listings: pages of events.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use datadog_ci_pipelines::jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{
    LIST, NOW, Response, SEARCH, Server, at, ended, execute, job, pipeline, running,
};

/// Returns the ids of the jobs on a page.
fn ids(page: &Response) -> Vec<String> {
    assert_eq!(page.status, 200, "{}", page.body);
    let page = page.json();
    let id = |event: &Value| at(event, "ci.job.id").as_str().unwrap().to_owned();
    page["data"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn the_default_order_is_newest_first() {
    let server = Server::start().await;
    server.accept(&json!([ended("09:52:00"), ended("09:51:00"), ended("09:53:00")])).await;
    let descending = ["09:53:00", "09:52:00", "09:51:00"];
    let ascending = ["09:51:00", "09:52:00", "09:53:00"];
    for (sort, expected) in
        [(None, descending), (Some("-timestamp"), descending), (Some("timestamp"), ascending)]
    {
        let parameter = sort.map(|sort| ("sort", sort));
        assert_eq!(ids(&server.get(LIST, parameter.as_slice()).await), expected);
        let body = sort.map_or(json!({}), |sort| json!({ "sort": sort }));
        assert_eq!(ids(&server.post(SEARCH, &body).await), expected);
    }
    let rejected = server.get(LIST, &[("sort", "duration")]).await;
    let error = "input_validation_error(Field 'sort' is invalid: must be timestamp or -timestamp, is duration)";
    assert_eq!((rejected.status, rejected.errors()), (400, vec![error.to_owned()]));
}

#[tokio::test]
async fn formats_of_from_and_to() {
    let server = Server::start().await;
    server.accept(&json!([ended("09:59:40"), ended("09:50:00"), ended("06:00:00")])).await;
    let all = ["09:59:40", "09:50:00", "06:00:00"];
    for (from, to, expected) in [
        ("now-30s", "now", &all[..1]),
        ("now-15m", "now", &all[..2]),
        ("now-4h", "now", &all[..]),
        ("now-1d", "now-30s", &all[1..]),
        ("now-7d", "now", &all[..]),
        ("now-600s", "now-10m", &all[1..2]),
        ("1784022600000", "1784022600000", &all[1..2]),
        ("1784022600001", "now", &all[..1]),
        ("2026-07-14T09:50:00Z", "now", &all[..2]),
        ("2026-07-14T02:50:00-07:00", "2026-07-14T02:50:00-07:00", &all[1..2]),
        ("2026-07-14T11:50:00.001+02:00", "now", &all[..1]),
    ] {
        let page = server.get(LIST, &[("filter[from]", from), ("filter[to]", to)]).await;
        assert_eq!(ids(&page), expected, "{from} to {to}");
        let body = json!({ "filter": { "from": from, "to": to } });
        assert_eq!(ids(&server.post(SEARCH, &body).await), expected, "{from} to {to}");
    }
    for (name, field) in [("filter[from]", "filter.from"), ("filter[to]", "filter.to")] {
        let rejected = server.get(LIST, &[(name, "yesterday")]).await;
        let error = format!(
            "input_validation_error(Field '{field}' is invalid: invalid timestamp `yesterday`: expected `now-15m` (s, m, h, d, w), milliseconds since 1970, or a date-time such as `2024-08-22T11:36:29-07:00`)"
        );
        assert_eq!((rejected.status, rejected.errors()), (400, vec![error]));
    }
}

#[tokio::test]
async fn the_default_time_range_is_the_last_fifteen_minutes() {
    let server = Server::start().await;
    let events = ["10:00:00", "09:45:00", "09:44:59.999"].map(ended);
    server.accept(&json!(events)).await;
    let future = job("future", json!({ "end": "2026-07-14T10:00:00.001Z" }));
    server.accept(&future).await;
    assert_eq!(ids(&server.get(LIST, &[]).await), ["10:00:00", "09:45:00"]);
    assert_eq!(ids(&server.post(SEARCH, &json!({})).await), ["10:00:00", "09:45:00"]);
    let buckets = server.buckets(json!({ "filter": {} })).await;
    assert_eq!(buckets, json!([{ "by": {}, "computes": { "c0": 2 } }]));
}

#[tokio::test]
async fn a_cursor_is_base64url_of_the_last_event_without_padding() {
    let server = Server::start().await;
    server.accept(&json!([ended("09:52:00"), ended("09:51:00"), ended("09:53:00")])).await;
    let first = server.get(LIST, &[("page[limit]", "2")]).await;
    let page = first.json();
    let last = page["data"][1]["id"].as_str().unwrap();
    let cursor = page["meta"]["page"]["after"].as_str().unwrap();
    assert_eq!(cursor, URL_SAFE_NO_PAD.encode(format!(r#"{{"after":"{last}"}}"#)));
    let next = server.get(LIST, &[("page[limit]", "2"), ("page[cursor]", cursor)]).await;
    assert_eq!(ids(&next), ["09:51:00"]);
    let body = json!({ "page": { "cursor": cursor } });
    assert_eq!(ids(&server.post(SEARCH, &body).await), ["09:51:00"]);
}

#[tokio::test]
async fn the_next_link_has_unresolved_times_and_parameters_in_alphabetical_order() {
    let server = Server::start().await;
    server.accept(&json!([ended("09:52:00"), ended("09:51:00")])).await;
    let base = format!("{}{LIST}?", server.intake.url());
    let parameters = [
        ("sort", "timestamp"),
        ("page[limit]", "1"),
        ("filter[to]", "now"),
        ("filter[query]", "ci_level:job -\"é & ü\""),
        ("filter[from]", "now-1d"),
    ];
    let get = server.get(LIST, &parameters).await.json();
    let body = json!({
        "filter": { "query": "ci_level:job -\"é & ü\"", "from": "now-1d", "to": "now" },
        "sort": "timestamp", "page": { "limit": 1 },
    });
    let post = server.post(SEARCH, &body).await.json();
    for page in [get, post] {
        let cursor = page["meta"]["page"]["after"].as_str().unwrap();
        let expected = format!(
            "{base}filter%5Bfrom%5D=now-1d&filter%5Bquery%5D=ci_level%3Ajob+-%22%C3%A9+%26+%C3%BC%22&filter%5Bto%5D=now&page%5Bcursor%5D={cursor}&page%5Blimit%5D=1&sort=timestamp"
        );
        assert_eq!(page["links"], json!({ "next": expected }));
    }
    // Parameters that are absent from the request are absent from the link.
    let page = server.post(SEARCH, &json!({})).await.json();
    let cursor = page["meta"]["page"]["after"].as_str().unwrap();
    assert_eq!(page["links"]["next"], format!("{base}page%5Bcursor%5D={cursor}"));
}

#[tokio::test]
async fn links_lead_through_every_page() {
    let server = Server::start().await;
    let events: Value = (0..7).map(|i| ended(&format!("09:5{i}:00"))).collect();
    server.accept(&events).await;
    let mut response = server.post(SEARCH, &json!({ "page": { "limit": 3 } })).await;
    let mut listed = Vec::new();
    // The page after the last event is empty, and has a link, too.
    while !ids(&response).is_empty() {
        listed.extend(ids(&response));
        let page = response.json();
        let next = page["links"]["next"].as_str().unwrap();
        let path = next.strip_prefix(server.intake.url()).unwrap();
        response = execute(server.request(reqwest::Method::GET, path)).await;
    }
    let expected: Vec<String> = (0..7).rev().map(|i| format!("09:5{i}:00")).collect();
    assert_eq!(listed, expected);
    assert_eq!(ids(&response), [""; 0]);
}

#[tokio::test]
async fn an_empty_result_has_no_page_and_no_links() {
    let server = Server::start().await;
    let none = json!({ "filter": { "query": "ci_level:none" } });
    for response in [server.get(LIST, &[]).await, server.post(SEARCH, &none).await] {
        let meta = &response.json()["meta"];
        let expected = format!(
            r#"{{"data":[],"meta":{{"elapsed":{},"request_id":{},"status":"done"}}}}"#,
            meta["elapsed"].as_u64().unwrap(),
            meta["request_id"],
        );
        assert_eq!((response.status, response.body), (200, expected));
    }
}

#[tokio::test]
async fn request_ids_are_unique() {
    let server = Server::start().await;
    let mut ids = BTreeSet::new();
    for _ in 0..5 {
        ids.insert(server.get(LIST, &[]).await.json()["meta"]["request_id"].to_string());
    }
    assert_eq!(ids.len(), 5);
}

#[tokio::test]
async fn a_listing_contains_the_events_at_its_start() {
    let server = Server::start().await;
    let later = json!({ "start": "2026-07-14T09:50:00Z" });
    server
        .accept(&json!([
            ended("09:46:00"),
            running("job", "runs", json!({ "start": "2026-07-14T09:50:00Z" })),
            ended("09:52:00"),
        ]))
        .await;
    let parameters = [("page[limit]", "1"), ("filter[from]", "now-15m")];
    let first = server.get(LIST, &parameters).await;
    assert_eq!(ids(&first), ["09:52:00"]);
    // The run ends, which moves its event to a position that the listing has passed. The clock
    // advances, and with it the start of a relative range.
    server.accept(&job("runs", later)).await;
    server.intake.clock().advance(SignedDuration::from_mins(10));
    let mut response = first;
    let mut listed = Vec::new();
    while !ids(&response).is_empty() {
        let page = response.json();
        let cursor = page["meta"]["page"]["after"].as_str().unwrap();
        response =
            server.get(LIST, &[parameters[0], parameters[1], ("page[cursor]", cursor)]).await;
        listed.extend(ids(&response));
    }
    assert_eq!(listed, ["runs", "09:46:00"]);
    // A new listing contains the event in its current state.
    assert_eq!(ids(&server.get(LIST, &[("filter[from]", "now-12m")]).await), ["runs"]);
}

#[tokio::test]
async fn links_work_for_times_in_a_time_zone() {
    let server = Server::start().await;
    let events: Value = (0..5).map(|i| ended(&format!("09:5{i}:00"))).collect();
    server.accept(&events).await;
    for (options, from, to) in [
        (json!({ "timezone": "America/New_York" }), "2026-07-14T05:49:00", "2026-07-14T05:59:00"),
        (json!({ "time_offset": -3600 }), "2026-07-14T08:49:00", "2026-07-14T08:59:00"),
    ] {
        let filter = json!({ "from": from, "to": to });
        let page = json!({ "limit": 2 });
        let body =
            json!({ "filter": filter, "options": options, "page": page, "sort": "timestamp" });
        let mut response = server.post(SEARCH, &body).await;
        let mut listed = ids(&response);
        while !ids(&response).is_empty() {
            let page = response.json();
            let link = page["links"]["next"].as_str().unwrap();
            let path = link.strip_prefix(server.intake.url()).unwrap();
            response = execute(server.request(reqwest::Method::GET, path)).await;
            listed.extend(ids(&response));
        }
        assert_eq!(listed, ["09:50:00", "09:51:00", "09:52:00", "09:53:00", "09:54:00"]);
    }
}

#[tokio::test]
async fn a_listing_continues_after_its_relative_start_would_have_passed_its_end() {
    let server = Server::start().await;
    server.accept(&json!([ended("09:50:00"), ended("09:51:00")])).await;
    let parameters = [("page[limit]", "1"), ("filter[from]", "now-15m"), ("filter[to]", NOW)];
    let first = server.get(LIST, &parameters).await;
    let cursor = first.json()["meta"]["page"]["after"].as_str().unwrap().to_owned();
    server.intake.clock().advance(SignedDuration::from_mins(20));
    let [limit, from, to] = parameters;
    let next = server.get(LIST, &[limit, from, to, ("page[cursor]", &cursor)]).await;
    assert_eq!((ids(&first), ids(&next)), (vec!["09:51:00".into()], vec!["09:50:00".into()]));
}

#[tokio::test]
async fn the_page_size_may_change_between_pages() {
    let server = Server::start().await;
    let events: Value = (0..6).map(|i| ended(&format!("09:5{i}:00"))).collect();
    server.accept(&events).await;
    let first = server.get(LIST, &[("page[limit]", "1")]).await;
    let cursor = first.json()["meta"]["page"]["after"].as_str().unwrap().to_owned();
    let next = server.get(LIST, &[("page[limit]", "3"), ("page[cursor]", &cursor)]).await;
    assert_eq!(ids(&next), ["09:54:00", "09:53:00", "09:52:00"]);
}

#[tokio::test]
async fn events_with_the_same_timestamp_are_in_the_order_they_were_received() {
    let server = Server::start().await;
    let events: Value = (0..4).map(|i| job(&i.to_string(), json!({}))).collect();
    server.accept(&events).await;
    assert_eq!(ids(&server.get(LIST, &[("sort", "timestamp")]).await), ["0", "1", "2", "3"]);
    assert_eq!(ids(&server.get(LIST, &[]).await), ["3", "2", "1", "0"]);
}

#[tokio::test]
async fn an_empty_cursor_is_treated_as_absent() {
    let server = Server::start().await;
    server.accept(&job("1", json!({}))).await;
    assert_eq!(ids(&server.get(LIST, &[("page[cursor]", "")]).await), ["1"]);
}

#[tokio::test]
async fn the_client_reads_all_pages() {
    let server = Server::start().await;
    let client = server.intake.client();
    let events: Value = (0..25).map(|i| pipeline(&i.to_string(), json!({}))).collect();
    server.accept(&events).await;
    let mut listed = BTreeSet::new();
    let mut events = client.search_pipeline_events().query("ci_level:pipeline").limit(10).stream();
    while let Some(event) = events.try_next().await.unwrap() {
        listed.insert(event.get("ci.pipeline.id").unwrap().as_str().unwrap().into_owned());
    }
    assert_eq!(listed.len(), 25);
}

#[tokio::test]
async fn times_may_be_out_of_range_and_have_many_digits() {
    let server = Server::start().await;
    let precise = json!({ "start": "2026-07-14T09:58:00.00000000012345Z", "pipeline_id": "42" });
    server.accept(&crate::support::pipeline("precise", precise)).await;
    for (from, to) in [
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        ("1500-01-01", "9223372036854775807"),
        ("now-9999999999w", "2026-07-14T09:59:00.00000000000001Z"),
    ] {
        let parameters = [("filter[from]", from), ("filter[to]", to)];
        let query = ("filter[query]", "@ci.pipeline.number:42 @ci.pipeline.number:>41");
        let page = server.get(LIST, &[parameters[0], parameters[1], query]).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let events = page.json()["data"].clone();
        let attributes = &events[0]["attributes"]["attributes"];
        assert_eq!(attributes["ci"]["pipeline"]["number"], 42, "{events}");
        assert_eq!(attributes["duration"], 60_000_000_000_i64);
        let aggregate = json!({ "filter": { "from": from, "to": to } });
        assert_eq!(server.buckets(aggregate).await[0]["computes"]["c0"], 1);
    }
}

#[tokio::test]
async fn an_empty_page_after_a_cursor_has_a_new_cursor_and_a_link() {
    let server = Server::start().await;
    // Without a cursor, an empty page has neither.
    let empty = server.post(SEARCH, &json!({})).await.json();
    assert_eq!((&empty["data"], &empty["links"]), (&json!([]), &Value::Null));
    assert_eq!(empty["meta"].get("page"), None);

    server.accept(&json!([ended("09:51:00"), ended("09:52:00")])).await;
    let page = async |cursor: &str| {
        let body = json!({ "sort": "timestamp", "page": { "cursor": cursor, "limit": 5 } });
        let response = server.post(SEARCH, &body).await;
        let page = response.json();
        let cursor = page["meta"]["page"]["after"].as_str().unwrap().to_owned();
        let link = page["links"]["next"].as_str().unwrap();
        assert!(link.contains(&format!("page%5Bcursor%5D={cursor}&")), "{link}");
        (ids(&response), cursor)
    };
    let (listed, first) = page("").await;
    assert_eq!(listed, ["09:51:00", "09:52:00"]);
    let (listed, second) = page(&first).await;
    let (again, third) = page(&second).await;
    assert_eq!((listed, again), (vec![], vec![]));
    assert!(first != second && second != third);
    // It continues with what has arrived meanwhile.
    server.accept(&json!([ended("09:50:00"), ended("09:53:00")])).await;
    assert_eq!(page(&third).await.0, ["09:53:00"]);
    // Also after a restart, as far as it is known from the cursor.
    let other = server.get(LIST, &[("page[cursor]", &second), ("sort", "timestamp")]).await;
    assert_eq!(ids(&other), ["09:53:00"]);
}
