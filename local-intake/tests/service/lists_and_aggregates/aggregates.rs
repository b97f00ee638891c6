//! Buckets: time series, facets and their order, what is missing, totals, ranges.

use serde_json::{Value, json};

use super::ended;
use crate::support::{AGGREGATE, Server, job};

/// What stands behind `data` in an answer, to the byte.
async fn data(server: &Server, body: &Value) -> String {
    let answer = server.post(AGGREGATE, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let meta = &answer.json()["meta"];
    let meta = format!(
        r#","meta":{{"elapsed":{},"request_id":{},"status":"done"}}}}"#,
        meta["elapsed"].as_u64().unwrap(),
        meta["request_id"],
    );
    let data = answer.text.strip_prefix(r#"{"data":"#).unwrap();
    data.strip_suffix(&meta).unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

#[tokio::test]
async fn without_a_group_by_is_empty() {
    let server = Server::start().await;
    server.accept(&json!([ended("09:50:00"), ended("09:51:00")])).await;
    assert_eq!(data(&server, &json!({})).await, r#"{"buckets":[{"by":{},"computes":{"c0":2}}]}"#);
}

#[tokio::test]
async fn computes_are_named_in_the_order_of_the_request() {
    let server = Server::start().await;
    server.accept(&json!([ended("00:00:01"), ended("00:00:02")])).await;
    let compute = |aggregation| json!({ "aggregation": aggregation, "metric": "@duration" });
    let computes = ["max", "count", "min", "cardinality"].map(compute);
    let body = json!({ "filter": { "from": "now-1d" }, "compute": computes });
    let expected =
        r#"{"buckets":[{"by":{},"computes":{"c0":2000000000.0,"c1":2,"c2":1000000000.0,"c3":2}}]}"#;
    assert_eq!(data(&server, &body).await, expected);
    // Ten of them are in order of their numbers, or at least each is there.
    let body = json!({ "filter": { "from": "now-1d" }, "compute": vec![compute("count"); 11] });
    let buckets: Value = serde_json::from_str(&data(&server, &body).await).unwrap();
    let computes = buckets["buckets"][0]["computes"].as_object().unwrap();
    assert!((0..11).all(|i| computes[&format!("c{i}")] == 2), "{computes:?}");
}

#[tokio::test]
async fn where_nothing_matched_there_are_no_buckets() {
    let server = Server::start().await;
    server.accept(&ended("09:50:00")).await;
    for body in [
        json!({ "filter": { "query": "ci_level:none" } }),
        json!({
            "filter": { "query": "ci_level:none" },
            "compute": [{ "aggregation": "count", "type": "timeseries", "interval": "5m" }],
            "group_by": [{ "facet": "@ci.status", "total": true, "missing": "none" }],
        }),
    ] {
        assert_eq!(data(&server, &body).await, r#"{"buckets":[]}"#);
    }
}

#[tokio::test]
async fn a_time_series_is_one_bucket_of_points_aligned_to_the_interval() {
    let server = Server::start().await;
    server.accept(&json!([ended("09:41:00"), ended("09:44:59.999"), ended("09:45:00")])).await;
    let body = json!({
        "filter": { "from": "2026-07-14T09:42:00Z", "to": "2026-07-14T09:54:00Z" },
        "compute": [
            { "aggregation": "count", "type": "timeseries", "interval": "5m" },
            { "aggregation": "sum", "metric": "@duration", "type": "timeseries", "interval": "10m" },
            { "aggregation": "count" },
        ],
    });
    assert_eq!(
        data(&server, &body).await,
        concat!(
            r#"{"buckets":[{"by":{},"computes":{"c0":["#,
            r#"{"time":"2026-07-14T09:40:00.000Z","value":1},"#,
            r#"{"time":"2026-07-14T09:45:00.000Z","value":1},"#,
            r#"{"time":"2026-07-14T09:50:00.000Z","value":0}],"#,
            r#""c1":[{"time":"2026-07-14T09:40:00.000Z","value":70199999000000.0}],"c2":2}}]}"#,
        )
    );
}

#[tokio::test]
async fn one_time_series_for_each_group() {
    let server = Server::start().await;
    let failed = json!({ "status": "error", "end": "2026-07-14T09:59:30Z" });
    server.accept(&json!([job("1", json!({})), job("2", failed)])).await;
    let body = json!({
        "filter": { "from": "now-1m" },
        "compute": [{ "aggregation": "max", "metric": "@duration", "type": "timeseries", "interval": "1m" }],
        "group_by": [{ "facet": "@ci.status" }],
    });
    assert_eq!(
        data(&server, &body).await,
        concat!(
            r#"{"buckets":[{"by":{"@ci.status":"error"},"computes":{"c0":[{"time":"2026-07-14T09:59:00.000Z","value":90000000000.0}]}},"#,
            r#"{"by":{"@ci.status":"success"},"computes":{"c0":[{"time":"2026-07-14T09:59:00.000Z","value":60000000000.0}]}}]}"#,
        )
    );
}

#[tokio::test]
async fn a_time_range_is_divided_into_150_points_unless_asked_otherwise() {
    let server = Server::start().await;
    server.accept(&ended("09:50:00")).await;
    let compute = json!([{ "aggregation": "count", "type": "timeseries" }]);
    for (from, seconds) in [("now-150m", 60), ("now-15m", 6), ("now-5d", 2880)] {
        let body = json!({ "filter": { "from": from, "to": "now-1ms" }, "compute": compute });
        let buckets = server.buckets(body).await;
        let points = buckets[0]["computes"]["c0"].as_array().unwrap();
        let time = |point: &Value| -> datadog_ci_pipelines::jiff::Timestamp {
            point["time"].as_str().unwrap().parse().unwrap()
        };
        assert_eq!((time(&points[1]) - time(&points[0])).get_seconds(), seconds, "{from}");
        // Points start at multiples, so the first and the last may be cut.
        assert!((150..=151).contains(&points.len()), "{from}: {}", points.len());
    }
}

/// Jobs of pipelines, branches and labels.
async fn grouped() -> Server {
    let server = Server::start().await;
    let of = |id: &str, pipeline: &str, status: &str, more: Value| {
        let own = json!({ "pipeline_name": pipeline, "status": status });
        job(id, crate::support::with(own, more))
    };
    server
        .accept(&json!([
            of("1", "b", "success", json!({ "queue_time": 5 })),
            of("2", "b", "error", json!({ "queue_time": 20 })),
            of("3", "b", "canceled", json!({})),
            of("4", "a", "success", json!({ "tags": ["team:x"] })),
            of("5", "a", "skipped", json!({ "tags": ["team:x"] })),
            of("6", "B", "success", json!({ "queue_time": 10 })),
            of("7", "ä", "success", json!({})),
        ]))
        .await;
    server
}

/// The values of these facets in each bucket, and what was computed.
async fn rows(server: &Server, body: Value) -> Vec<Value> {
    let names: Vec<String> = body["group_by"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["facet"].as_str().unwrap().to_owned())
        .collect();
    let buckets = server.buckets(body).await;
    let row = |bucket: &Value| {
        let by = names.iter().map(|name| bucket["by"][name].clone());
        by.chain([bucket["computes"]["c0"].clone()]).collect()
    };
    buckets.as_array().unwrap().iter().map(row).collect()
}

#[tokio::test]
async fn values_are_in_byte_order_unless_asked_otherwise() {
    let server = grouped().await;
    let alphabetical = [json!(["B", 1]), json!(["a", 2]), json!(["b", 3]), json!(["ä", 1])];
    let mut reverse = alphabetical.clone();
    reverse.reverse();
    for (sort, expected) in [
        (Value::Null, &alphabetical),
        (json!({ "type": "alphabetical" }), &alphabetical),
        (json!({ "order": "asc" }), &alphabetical),
        (json!({ "order": "desc" }), &reverse),
    ] {
        let facet =
            crate::support::with(json!({ "facet": "@ci.pipeline.name" }), json!({ "sort": sort }));
        assert_eq!(rows(&server, json!({ "group_by": [facet] })).await, expected);
    }
    let sort = json!({ "type": "measure", "aggregation": "count", "order": "desc" });
    let facet = json!({ "facet": "@ci.pipeline.name", "sort": sort, "limit": 2 });
    assert_eq!(
        rows(&server, json!({ "group_by": [facet] })).await,
        [json!(["b", 3]), json!(["a", 2])]
    );
}

#[tokio::test]
async fn several_facets_are_flat_rows_and_the_inner_limit_is_per_parent() {
    let server = grouped().await;
    let outer = |limit| json!({ "facet": "@ci.pipeline.name", "limit": limit });
    let inner = |limit| json!({ "facet": "@ci.status", "limit": limit });
    assert_eq!(
        rows(&server, json!({ "group_by": [outer(3), inner(2)] })).await,
        [
            json!(["B", "success", 1]),
            json!(["a", "skipped", 1]),
            json!(["a", "success", 1]),
            json!(["b", "canceled", 1]),
            json!(["b", "error", 1]),
        ]
    );
    // The outer facet decides the order, whichever it is.
    assert_eq!(
        rows(&server, json!({ "group_by": [inner(2), outer(1)] })).await,
        [json!(["canceled", "b", 1]), json!(["error", "b", 1])]
    );
}

#[tokio::test]
async fn what_is_missing_has_a_bucket_where_it_is_named() {
    let server = grouped().await;
    let facet = |missing: Value| {
        let facet = json!({ "facet": "team" });
        json!({ "group_by": [crate::support::with(facet, json!({ "missing": missing }))] })
    };
    assert_eq!(rows(&server, facet(Value::Null)).await, [json!(["x", 2])]);
    assert_eq!(rows(&server, facet(json!("none"))).await, [json!(["none", 5]), json!(["x", 2])]);
    assert_eq!(rows(&server, facet(json!(0))).await, [json!([0, 5]), json!(["x", 2])]);
    // With those that have that very value.
    assert_eq!(rows(&server, facet(json!("x"))).await, [json!(["x", 7])]);
}

#[tokio::test]
async fn a_total_is_a_bucket_that_has_a_name() {
    let server = grouped().await;
    let facet =
        |total: Value| json!({ "group_by": [{ "facet": "team", "total": total, "missing": "-" }] });
    let groups = [json!(["-", 5]), json!(["x", 2])];
    assert_eq!(rows(&server, facet(json!(false))).await, groups);
    for (total, name) in
        [(json!(true), json!("$facet_total")), (json!("all"), json!("all")), (json!(7), json!(7))]
    {
        let expected = [groups[0].clone(), groups[1].clone(), json!([name, 7])];
        assert_eq!(rows(&server, facet(total)).await, expected);
    }
}

#[tokio::test]
async fn a_histogram_has_ranges_from_min_to_max_and_a_hundred_at_most() {
    let server = grouped().await;
    let facet = |interval: f64, max: f64| {
        let histogram = json!({ "interval": interval, "min": 0, "max": max });
        json!({ "group_by": [{ "facet": "@ci.queue_time", "histogram": histogram, "limit": 200 }] })
    };
    let (ten, twenty) = (10e6, 20e6);
    let expected = [json!([0, 1]), json!([10_000_000, 2])];
    assert_eq!(rows(&server, facet(ten, twenty)).await, expected);
    // What is beyond is left out.
    assert_eq!(rows(&server, facet(ten, 19e6)).await, [json!([0, 1]), json!([10_000_000, 1])]);
    assert_eq!(rows(&server, facet(1e6, 100e6)).await.len(), 3);
    let answer = server.post(AGGREGATE, &facet(1e6, 100_000_001.0)).await;
    let error = "input_validation_error(Field 'group_by[0].histogram.interval' is invalid: More than 100 buckets: take a longer interval)";
    assert_eq!((answer.status, answer.errors()), (400, vec![error.to_owned()]));
}

#[tokio::test]
async fn a_timezone_or_a_time_offset_but_not_both() {
    let server = Server::start().await;
    server.accept(&ended("09:50:00")).await;
    let body = |options: Value| {
        json!({
            "filter": { "from": "now-15m" }, "options": options,
            "compute": [{ "aggregation": "count", "type": "timeseries", "interval": "1d" }],
        })
    };
    for (options, midnight) in [
        (json!({}), "2026-07-14T00:00:00.000Z"),
        (json!({ "timezone": "UTC" }), "2026-07-14T00:00:00.000Z"),
        (json!({ "timezone": "GMT" }), "2026-07-14T00:00:00.000Z"),
        (json!({ "timezone": "UTC+1" }), "2026-07-13T23:00:00.000Z"),
        (json!({ "timezone": "Europe/Paris" }), "2026-07-13T22:00:00.000Z"),
        (json!({ "time_offset": 3600 }), "2026-07-13T23:00:00.000Z"),
    ] {
        let buckets = server.buckets(body(options.clone())).await;
        let expected = json!([{ "time": midnight, "value": 1 }]);
        assert_eq!(buckets[0]["computes"]["c0"], expected, "{options}");
    }
    for (options, error) in [
        (
            json!({ "timezone": "UTC", "time_offset": 0 }),
            "input_validation_error(Field 'options' is invalid: `timezone` and `time_offset` exclude each other: give one of them)",
        ),
        (
            json!({ "timezone": "Mars/Base" }),
            "input_validation_error(Field 'options.timezone' is invalid: Unknown time zone: Mars/Base)",
        ),
    ] {
        for (path, body) in [
            (AGGREGATE, body(options.clone())),
            (crate::support::SEARCH, json!({ "options": options })),
        ] {
            let answer = server.post(path, &body).await;
            assert_eq!((answer.status, answer.errors()), (400, vec![error.to_owned()]), "{path}");
        }
    }
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_request_is_told_at_once() {
    let server = Server::start().await;
    let body = json!({
        "filter": { "query": "(a", "to": "soon" }, "options": { "timezone": "Mars/Base" },
        "compute": [{ "aggregation": "mean" }], "group_by": [{ "facet": "" }],
    });
    let answer = server.post(AGGREGATE, &body).await;
    let errors = answer.errors();
    let fields = [
        "options.timezone",
        "filter.query",
        "filter.to",
        "compute[0].aggregation",
        "group_by[0].facet",
    ];
    assert_eq!((answer.status, errors.len()), (400, fields.len()), "{errors:?}");
    for (error, field) in errors.iter().zip(fields) {
        let start = format!("input_validation_error(Field '{field}' is invalid: ");
        assert!(error.starts_with(&start), "{error}");
    }
}
