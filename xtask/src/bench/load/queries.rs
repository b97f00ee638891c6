//! The queries that are processed meanwhile: ordinary ones, and the worst that are accepted.

use serde_json::{Value, json};

const SEARCH: &str = "/api/v2/ci/pipelines/events/search";
const AGGREGATE: &str = "/api/v2/ci/pipelines/analytics/aggregate";

pub(super) struct Query {
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    /// `None` to process no query.
    pub(super) body: Option<String>,
}

pub(super) fn all() -> Vec<Query> {
    let filter = |query: &str| json!({ "query": query, "from": "2026-07-14", "to": "2026-07-15" });
    let search = |name, query: String| Query {
        name,
        path: SEARCH,
        body: Some(json!({ "filter": filter(&query) }).to_string()),
    };
    let aggregate = |name, compute: Value, group_by: Value| {
        let body = json!({ "filter": filter("*"), "compute": compute, "group_by": group_by });
        Query { name, path: AGGREGATE, body: Some(body.to_string()) }
    };
    let many = |count: usize, part: fn(usize) -> String| {
        (0..count).map(part).collect::<Vec<_>>().join(" OR ")
    };
    let facets = [
        "@ci.job.name",
        "@ci.pipeline.name",
        "@ci.status",
        "@ci.stage.name",
        "@ci.node.name",
        "@ci.node.labels",
        "shard",
        "@tests",
    ];
    let sort = json!({ "type": "measure", "aggregation": "pc99", "metric": "@duration" });
    let worst_groups: Vec<Value> = facets
        .iter()
        .map(|facet| json!({ "facet": facet, "limit": 1000, "total": true, "sort": sort }))
        .collect();
    let worst_computes: Vec<Value> = (0..100)
        .map(|number| {
            let aggregation = ["pc99", "cardinality", "median", "sum", "most_frequent"][number % 5];
            let metric = ["@duration", "@ci.job.id", "@tests", "@ci.queue_time"][number % 4];
            json!({ "aggregation": aggregation, "metric": metric })
        })
        .collect();
    vec![
        Query { name: "nothing", path: SEARCH, body: None },
        aggregate(
            "pc95 by pipeline",
            json!([{ "aggregation": "count" }, { "aggregation": "pc95", "metric": "@duration" }]),
            json!([{ "facet": "@ci.pipeline.name", "limit": 50 }]),
        ),
        aggregate(
            "count over time",
            json!([{ "aggregation": "count", "type": "timeseries" }]),
            json!([]),
        ),
        search("900 words joined by `OR`", many(900, |i| format!("w{:x}", 1000 + i))),
        search("500 wildcards joined by `OR`", many(500, |i| format!("*w{:x}*x?y*", 1000 + i))),
        search(
            "500 wildcards of one field",
            format!("@ci.pipeline.name:({})", many(500, |i| format!("*w{:x}*", 1000 + i))),
        ),
        search("330 pairs of words", many(330, |i| format!("(build w{:x})", 1000 + i))),
        aggregate(
            "100 computations, 8 facets with totals",
            Value::from(worst_computes),
            Value::from(worst_groups),
        ),
    ]
}
