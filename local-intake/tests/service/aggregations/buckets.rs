//! Buckets: time series, facets and their order, missing values, totals and ranges.

use serde_json::{Value, json};

use crate::support::{AGGREGATE, SEARCH, Server, ended, job, with};

/// Returns the exact value of `data` in a response.
async fn data(server: &Server, body: &Value) -> String {
    let response = server.post(AGGREGATE, body).await;
    assert_eq!(response.status, 200, "{}", response.body);
    let meta = &response.json()["meta"];
    let meta = format!(
        r#","meta":{{"elapsed":{},"request_id":{},"status":"done"}}}}"#,
        meta["elapsed"].as_u64().unwrap(),
        meta["request_id"],
    );
    let data = response.body.strip_prefix(r#"{"data":"#).unwrap();
    data.strip_suffix(&meta).unwrap_or_else(|| panic!("{}", response.body)).to_owned()
}

#[tokio::test]
async fn without_a_group_the_value_of_by_is_empty() {
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
    // With more than ten, the order of the names is not specified.
    let body = json!({ "filter": { "from": "now-1d" }, "compute": vec![compute("count"); 11] });
    let buckets: Value = serde_json::from_str(&data(&server, &body).await).unwrap();
    let computes = buckets["buckets"][0]["computes"].as_object().unwrap();
    assert!((0..11).all(|i| computes[&format!("c{i}")] == 2), "{computes:?}");
}

#[tokio::test]
async fn there_are_no_buckets_without_matching_events() {
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
async fn the_default_interval_gives_150_points() {
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
        // Intervals start at multiples, so the first and the last may be partial.
        assert!((150..=151).contains(&points.len()), "{from}: {}", points.len());
    }
}

/// Starts an intake with jobs to group.
async fn jobs() -> Server {
    let server = Server::start().await;
    let of = |id: &str, pipeline: &str, status: &str, more: Value| {
        let own = json!({ "pipeline_name": pipeline, "status": status });
        job(id, with(own, more))
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

/// Returns the values of the facets and the result of each bucket.
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
async fn the_default_order_is_by_bytes() {
    let server = jobs().await;
    let alphabetical = [json!(["B", 1]), json!(["a", 2]), json!(["b", 3]), json!(["ä", 1])];
    let mut reverse = alphabetical.clone();
    reverse.reverse();
    for (sort, expected) in [
        (Value::Null, &alphabetical),
        (json!({ "type": "alphabetical" }), &alphabetical),
        (json!({ "order": "asc" }), &alphabetical),
        (json!({ "order": "desc" }), &reverse),
    ] {
        let facet = with(json!({ "facet": "@ci.pipeline.name" }), json!({ "sort": sort }));
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
    let server = jobs().await;
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
    // The outer facet determines the order.
    assert_eq!(
        rows(&server, json!({ "group_by": [inner(2), outer(1)] })).await,
        [json!(["canceled", "b", 1]), json!(["error", "b", 1])]
    );
}

#[tokio::test]
async fn missing_names_the_bucket_of_events_without_the_facet() {
    let server = jobs().await;
    let facet = |missing: Value| {
        let facet = json!({ "facet": "team" });
        json!({ "group_by": [with(facet, json!({ "missing": missing }))] })
    };
    assert_eq!(rows(&server, facet(Value::Null)).await, [json!(["x", 2])]);
    assert_eq!(rows(&server, facet(json!("none"))).await, [json!(["none", 5]), json!(["x", 2])]);
    assert_eq!(rows(&server, facet(json!(0))).await, [json!([0, 5]), json!(["x", 2])]);
    // Together with the events that have this value.
    assert_eq!(rows(&server, facet(json!("x"))).await, [json!(["x", 7])]);
}

#[tokio::test]
async fn a_total_is_a_named_bucket() {
    let server = jobs().await;
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
async fn a_histogram_has_at_most_a_hundred_ranges_from_min_to_max() {
    let server = jobs().await;
    let facet = |interval: f64, max: f64| {
        let histogram = json!({ "interval": interval, "min": 0, "max": max });
        json!({ "group_by": [{ "facet": "@ci.queue_time", "histogram": histogram, "limit": 200 }] })
    };
    let (ten, twenty) = (10e6, 20e6);
    let expected = [json!([0, 1]), json!([10_000_000, 2])];
    assert_eq!(rows(&server, facet(ten, twenty)).await, expected);
    // Values beyond the bounds are left out.
    assert_eq!(rows(&server, facet(ten, 19e6)).await, [json!([0, 1]), json!([10_000_000, 1])]);
    assert_eq!(rows(&server, facet(1e6, 100e6)).await.len(), 3);
    let response = server.post(AGGREGATE, &facet(1e6, 100_000_001.0)).await;
    let error = "input_validation_error(Field 'group_by[0].histogram.interval' is invalid: More than 100 buckets: use a longer interval)";
    assert_eq!((response.status, response.errors()), (400, vec![error.to_owned()]));
}

#[tokio::test]
async fn timezone_and_time_offset_are_mutually_exclusive() {
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
            "input_validation_error(Field 'options' is invalid: `timezone` and `time_offset` are mutually exclusive; specify only one)",
        ),
        (
            json!({ "timezone": "Mars/Base" }),
            "input_validation_error(Field 'options.timezone' is invalid: Unknown time zone: Mars/Base)",
        ),
    ] {
        for (path, body) in
            [(AGGREGATE, body(options.clone())), (SEARCH, json!({ "options": options }))]
        {
            let response = server.post(path, &body).await;
            assert_eq!(
                (response.status, response.errors()),
                (400, vec![error.to_owned()]),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn all_problems_of_a_request_are_reported_at_once() {
    let server = Server::start().await;
    let body = json!({
        "filter": { "query": "(a", "to": "soon" }, "options": { "timezone": "Mars/Base" },
        "compute": [{ "aggregation": "mean" }], "group_by": [{ "facet": "" }],
    });
    let response = server.post(AGGREGATE, &body).await;
    let errors = response.errors();
    let fields = [
        "options.timezone",
        "filter.query",
        "filter.to",
        "compute[0].aggregation",
        "group_by[0].facet",
    ];
    assert_eq!((response.status, errors.len()), (400, fields.len()), "{errors:?}");
    for (error, field) in errors.iter().zip(fields) {
        let start = format!("input_validation_error(Field '{field}' is invalid: ");
        assert!(error.starts_with(&start), "{error}");
    }
}
