//! The functions, over the same events.

use serde_json::{Value, json};

use crate::support::{AGGREGATE, Server, job};

/// Starts an intake with eleven jobs that end one second after the other. The `size` of each is ten
/// times its number.
async fn jobs() -> Server {
    let server = Server::start().await;
    // They are not sent in chronological order.
    let order = [5, 0, 10, 3, 8, 1, 6, 2, 9, 4, 7];
    let jobs: Value = order
        .into_iter()
        .map(|i| {
            let team = if i < 6 { "web" } else { "docs" };
            job(
                &i.to_string(),
                json!({
                    "metrics": [format!("size:{}", 10 * i)], "tags": [format!("team:{team}")],
                    "end": format!("2026-07-14T09:59:{i:02}Z"),
                }),
            )
        })
        .collect();
    server.accept(&jobs).await;
    server
}

/// Returns the encoded result of a function.
async fn result(server: &Server, compute: Value) -> String {
    let response = server.post(AGGREGATE, &json!({ "compute": [compute] })).await;
    let rest =
        response.body.split_once(r#""c0":"#).unwrap_or_else(|| panic!("{}", response.body)).1;
    rest.split_once('}').unwrap().0.to_owned()
}

#[tokio::test]
async fn counts_are_integers_and_other_results_are_floats() {
    let server = jobs().await;
    for (function, expected) in [
        ("count", "11"),
        ("cardinality", "11"),
        ("pc75", "75.0"),
        ("pc90", "90.0"),
        ("pc95", "95.0"),
        ("pc98", "98.0"),
        ("pc99", "99.0"),
        ("sum", "550.0"),
        ("min", "0.0"),
        ("max", "100.0"),
        ("avg", "50.0"),
        ("median", "50.0"),
        ("latest", "100.0"),
        ("earliest", "0.0"),
        ("most_frequent", "0.0"),
        ("delta", "100.0"),
    ] {
        let compute = json!({ "aggregation": function, "metric": "@size" });
        assert_eq!(result(&server, compute).await, expected, "{function}");
    }
}

#[tokio::test]
async fn some_functions_support_strings() {
    let server = jobs().await;
    for (function, expected) in [
        ("count", "11"),
        ("cardinality", "2"),
        ("most_frequent", r#""web""#),
        ("latest", r#""docs""#),
        ("earliest", r#""web""#),
    ] {
        let compute = json!({ "aggregation": function, "metric": "@team" });
        assert_eq!(result(&server, compute).await, expected, "{function}");
    }
}

#[tokio::test]
async fn all_functions_except_count_require_a_metric() {
    let server = jobs().await;
    for metric in [Value::Null, json!("*")] {
        let compute =
            crate::support::with(json!({ "aggregation": "count" }), json!({ "metric": metric }));
        assert_eq!(result(&server, compute).await, "11");
    }
    let response = server.post(AGGREGATE, &json!({ "compute": [{ "aggregation": "sum" }] })).await;
    let error = "input_validation_error(Field 'compute[0].metric' is invalid: Aggregation function sum requires a metric)";
    assert_eq!((response.status, response.errors()), (400, vec![error.to_owned()]));
}

#[tokio::test]
async fn functions_only_use_the_events_that_match_the_query() {
    let server = jobs().await;
    let body = json!({
        "filter": { "query": "team:docs" },
        "compute": [{ "aggregation": "avg", "metric": "@size" }, { "aggregation": "count" }],
    });
    let buckets = server.buckets(body).await;
    assert_eq!(buckets, json!([{ "by": {}, "computes": { "c0": 80.0, "c1": 5 } }]));
}
