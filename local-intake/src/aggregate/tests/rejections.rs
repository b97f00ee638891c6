//! Tests of requests that are rejected.

use serde_json::{Value, json};

use super::plan;

fn problems(request: Value) -> Vec<String> {
    plan(request.clone()).err().unwrap_or_else(|| panic!("{request} is accepted"))
}

#[test]
fn errors_have_the_format_of_the_service() {
    let request = json!({"compute": [{"aggregation": "mean"}]});
    assert_eq!(
        problems(request),
        [
            "input_validation_error(Field 'compute[0].aggregation' is invalid: Unknown aggregation function: mean)"
        ]
    );
}

#[test]
fn errors_name_the_invalid_field() {
    let compute = |compute: Value| json!({"compute": [compute]});
    let series = |interval: &str| json!({"compute": [{"aggregation": "count", "type": "timeseries", "interval": interval}]});
    let group = |name: &str, value: Value| json!({"group_by": [{"facet": "@x", name: value}]});
    let histogram = |interval: Value, min: Value, max: Value| {
        group("histogram", json!({"interval": interval, "min": min, "max": max}))
    };
    let measure = |mut sort: Value| {
        sort["type"] = json!("measure");
        group("sort", sort)
    };
    for (request, field, reason) in [
        (compute(json!({"aggregation": "sum"})), "compute[0].metric", "sum requires a metric"),
        (
            compute(json!({"aggregation": "cardinality", "metric": "*"})),
            "compute[0].metric",
            "cardinality requires a metric",
        ),
        (
            compute(json!({"aggregation": "count", "type": "list"})),
            "compute[0].type",
            "Unknown compute type: list",
        ),
        (series("5"), "compute[0].interval", "`5` is not a number with a unit"),
        (series("0m"), "compute[0].interval", "`0m` is not a number with a unit"),
        (series("1mo"), "compute[0].interval", "`1mo` is not a number with a unit"),
        (series("100ms"), "compute[0].interval", "More than 10000 points"),
        (json!({"compute": vec![json!({"aggregation": "count"}); 101]}), "compute", "At most 100"),
        (json!({"group_by": [{"facet": ""}]}), "group_by[0].facet", "Specify a facet"),
        (json!({"group_by": [{"facet": "@*"}]}), "group_by[0].facet", "Specify a facet"),
        (
            json!({"group_by": [{"facet": "@x"}, {"facet": "@x"}]}),
            "group_by[1].facet",
            "Duplicate facet @x",
        ),
        (
            json!({"group_by": (0..9).map(|i| json!({"facet": i.to_string()})).collect::<Vec<_>>()}),
            "group_by",
            "At most 8",
        ),
        (group("limit", json!(0)), "group_by[0].limit", "at least 1"),
        (group("limit", json!(i64::MIN)), "group_by[0].limit", "at least 1"),
        (group("missing", json!(true)), "group_by[0].missing", "a string or a number"),
        (group("total", json!([])), "group_by[0].total", "a boolean, a string or a number"),
        (
            histogram(json!(0), json!(0), json!(1)),
            "group_by[0].histogram.interval",
            "greater than 0",
        ),
        (
            histogram(json!(-1), json!(0), json!(1)),
            "group_by[0].histogram.interval",
            "greater than 0",
        ),
        (histogram(json!(1), json!(1), json!(1)), "group_by[0].histogram.max", "than `min`"),
        (histogram(json!(1), json!(0), json!(100.5)), "group_by[0].histogram.interval", "than 100"),
        (
            histogram(json!(1), json!(1e300), json!(2e300)),
            "group_by[0].histogram.interval",
            "than 100",
        ),
        (
            group("sort", json!({"type": "size"})),
            "group_by[0].sort.type",
            "Unknown sort type: size",
        ),
        (group("sort", json!({"order": "up"})), "group_by[0].sort.order", "Unknown order: up"),
        (
            group("sort", json!({"aggregation": "mean"})),
            "group_by[0].sort.aggregation",
            "Unknown aggregation function: mean",
        ),
        (measure(json!({})), "group_by[0].sort.aggregation", "Required"),
        (
            measure(json!({"aggregation": "max"})),
            "group_by[0].sort.metric",
            "max requires a metric",
        ),
        (
            json!({"options": {"timezone": "Mars/Base"}}),
            "options.timezone",
            "Unknown time zone: Mars/Base",
        ),
        (
            json!({"options": {"timezone": "UTC+99"}}),
            "options.timezone",
            "Unknown time zone: UTC+99",
        ),
        (json!({"options": {"timezone": "UTC+1:99"}}), "options.timezone", "Unknown time zone"),
        (
            json!({"options": {"timezone": "UTC", "time_offset": 0}}),
            "options",
            "mutually exclusive",
        ),
    ] {
        let problems = problems(request.clone());
        let [problem] = problems.as_slice() else { panic!("{request}: {problems:?}") };
        let start = format!("input_validation_error(Field '{field}' is invalid: ");
        assert!(problem.starts_with(&start) && problem.ends_with(')'), "{request}: {problem}");
        assert!(problem.contains(reason), "{request}: {problem}");
    }
}

#[test]
fn all_errors_are_reported_at_once() {
    let request = json!({
        "compute": [
            {"aggregation": "mean", "type": "list"},
            {"aggregation": "max", "type": "timeseries", "interval": "5"},
        ],
        "group_by": [{"facet": "", "limit": 0, "sort": {"type": "measure", "order": "up"}}],
    });
    assert_eq!(problems(request).len(), 8);
}
