//! Tests of every rule of aggregations.

mod functions;
mod groups;
pub(crate) mod naive;
mod property;
mod rejections;
mod series;

use datadog_ci_pipelines::models::{AggregateBucket, AggregateRequest};
use serde_json::{Map, Value, json};

use super::run::max_buckets;
use super::{KeyMap, Plan, Window};
use crate::common::Work;
use crate::event::facts::{Facts, Row, Vocabulary};
use crate::event::testing::Event;
use crate::time::Zone;

const SECOND: i64 = 1_000_000_000;
/// 2023-06-29T09:40:00Z, in seconds.
const START: i64 = 1_688_031_600;

/// Validates a request over an hour.
fn plan(request: Value) -> Result<Plan, Vec<String>> {
    let request: AggregateRequest = serde_json::from_value(request).unwrap();
    let zone = Zone::from_options(request.options.as_ref()).map_err(|problem| vec![problem])?;
    Plan::new(&request, Window { from: START * SECOND, to: (START + 3600) * SECOND }, &zone)
}

/// Returns the encoded buckets over events. An event has its attributes, `at` (seconds after the
/// start) and `tags`.
fn buckets(request: Value, events: &Value) -> String {
    run(&plan(request).unwrap_or_else(|problems| panic!("{problems:?}")), events)
}

fn run(plan: &Plan, events: &Value) -> String {
    let mut vocabulary = Vocabulary::default();
    let events: Vec<(i64, Facts)> = (events.as_array().unwrap().iter())
        .map(|event| {
            let mut attributes: Map<String, Value> = event.as_object().unwrap().clone();
            let at = attributes.remove("at").map_or(0, |at| at.as_i64().unwrap());
            let tags = attributes.remove("tags").unwrap_or(json!([]));
            let tags = serde_json::from_value(tags).unwrap();
            let event = Event { attributes, tags, level: "job" };
            ((START + at) * SECOND, event.facts(&mut vocabulary))
        })
        .collect();
    let rows = (0..).zip(&events);
    let rows = rows.map(|(order, (timestamp, facts))| Row { timestamp: *timestamp, order, facts });
    serde_json::to_string(&run_over(plan, rows, &vocabulary)).unwrap()
}

fn run_over<'f>(
    plan: &Plan,
    rows: impl Iterator<Item = Row<'f>>,
    vocabulary: &Vocabulary,
) -> Vec<AggregateBucket> {
    let mut table = plan.table(vocabulary);
    rows.for_each(|row| table.add(row));
    let mut keys = KeyMap::default();
    for symbol in plan.strings(&table) {
        keys.insert(symbol, vocabulary.strings.shared(symbol));
    }
    let buckets = plan.run(&table, &keys, &Work::unlimited()).unwrap();
    let buckets: Vec<AggregateBucket> = buckets.iter().map(|it| plan.to_model(it)).collect();
    let size = serde_json::to_string(&buckets).unwrap().len();
    assert!(size <= 2 + plan.memory(&table, &keys), "{size}");
    buckets
}

/// Returns the computes of the only bucket.
fn computed(compute: Value, events: &Value) -> String {
    let buckets = buckets(json!({"compute": compute}), events);
    let computes = buckets.strip_prefix(r#"[{"by":{},"computes":"#);
    let computes = computes.and_then(|rest| rest.strip_suffix("}]"));
    computes.unwrap_or_else(|| panic!("{buckets}")).to_owned()
}

/// Returns the facet values and the result `c0` of each bucket, in order.
fn grouped(group_by: Value, events: &Value) -> Vec<String> {
    let buckets: Value =
        serde_json::from_str(&buckets(json!({"group_by": group_by}), events)).unwrap();
    let row = |bucket: &Value| {
        let values = group_by.as_array().unwrap().iter();
        let values = values.map(|group| bucket["by"][group["facet"].as_str().unwrap()].to_string());
        format!("{}: {}", values.collect::<Vec<_>>().join(" "), bucket["computes"]["c0"])
    };
    buckets.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn results_are_named_in_the_order_of_the_request() {
    let compute = json!([
        {"aggregation": "max", "metric": "@x"},
        {"aggregation": "count"},
        {"aggregation": "min", "metric": "@x"},
    ]);
    assert_eq!(computed(compute, &json!([{"x": 2}, {"x": 1}])), r#"{"c0":2.0,"c1":2,"c2":1.0}"#);
}

#[test]
fn events_are_counted_by_default() {
    for request in [json!({}), json!({"compute": []})] {
        assert_eq!(buckets(request, &json!([{}, {}])), r#"[{"by":{},"computes":{"c0":2}}]"#);
    }
}

#[test]
fn there_are_no_buckets_without_events() {
    let grouped = json!({"group_by": [{"facet": "@x", "total": true, "missing": "none"}]});
    let over_time = json!({"compute": [{"aggregation": "count", "type": "timeseries"}]});
    for request in [json!({}), grouped, over_time] {
        assert_eq!(buckets(request, &json!([])), "[]");
    }
    let no_facet = json!({"group_by": [{"facet": "@x", "total": true}]});
    assert_eq!(buckets(no_facet, &json!([{"y": 1}])), "[]");
}

#[test]
fn a_response_has_at_most_ten_thousand_buckets() {
    let events: Vec<Value> = (0..10_010).map(|i| json!({"x": i})).collect();
    let request = json!({"group_by": [{"facet": "@x", "limit": i64::MAX}]});
    let buckets: Value = serde_json::from_str(&buckets(request, &Value::from(events))).unwrap();
    assert_eq!(buckets.as_array().unwrap().len(), 10_000);
    assert_eq!(buckets[9_999]["by"]["@x"], 9_999);
}

#[test]
fn a_response_has_at_most_a_million_points() {
    for (points, max) in [(0, 10_000), (1, 10_000), (150, 6_666), (10_000, 100), (usize::MAX, 1)] {
        assert_eq!(max_buckets(points), max, "{points}");
    }
}
