//! Tests of the engine against the reference implementation.

use datadog_ci_pipelines::models::{AggregateRequest, AggregationFunction};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::super::{Plan, Window};
use super::naive;
use crate::event::facts::{Facts, Row, Vocabulary};
use crate::event::testing::{Event, cases};
use crate::time::Zone;

/// The evening before daylight saving time ended in Europe, in seconds.
const BASE: i64 = 1_698_525_000;
const SECOND: i64 = 1_000_000_000;

fn scalar() -> BoxedStrategy<Value> {
    let alphabet = [
        json!("a"),
        json!("b"),
        json!("B"),
        json!("é"),
        json!("true"),
        json!("1"),
        json!(""),
        json!(true),
        json!(false),
        json!(null),
        json!({"y": 3}),
        json!(-1),
        json!(0),
        json!(-0.0),
        json!(0.3),
        json!(1),
        json!(2.5),
        json!(7),
        json!(10),
        json!(9_007_199_254_740_993_i64),
        json!(1.7e308),
        json!(-1.7e308),
    ];
    prop::sample::select(alphabet.to_vec()).boxed()
}

fn number() -> BoxedStrategy<Value> {
    prop_oneof![4 => (-2..12_i32).prop_map(|n| json!(f64::from(n) / 2.0)), 1 => scalar()].boxed()
}

fn one_or_many(value: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    let many = prop::collection::vec(value.clone(), 0..4).prop_map(Value::from);
    prop_oneof![3 => value, 1 => many]
}

/// An event and its timestamp.
fn event() -> impl Strategy<Value = (i64, Event)> {
    let attributes = (
        prop::option::of(one_or_many(scalar())),
        prop::option::of(one_or_many(number())),
        prop::option::of(number()),
        prop::sample::select(vec![
            json!(null),
            json!("retry"),
            json!("paused"),
            json!(["paused", "retry"]),
        ]),
    );
    let attributes = attributes.prop_map(|(x, n, duration, partial)| {
        let mut all = Map::new();
        let named = [("x", x), ("n", n), ("duration", duration)];
        all.extend(named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        all.insert("ci".to_owned(), json!({"partial_pipeline": partial}));
        all
    });
    (
        0..40_i64,
        prop_oneof![3 => Just(1800_i64), 1 => Just(17 * 3600)],
        attributes,
        prop::collection::vec("(team:[abB]|bare)", 0..3),
        prop::sample::select(vec!["job", "step", "pipeline"]),
    )
        .prop_map(|(step, width, attributes, tags, level)| {
            ((BASE + step * width) * SECOND, Event { attributes, tags, level })
        })
}

fn metric() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["@x", "@n", "@n", "@duration", "@duration", "@x.y", "team", "@none"])
}

/// An aggregation function and its metric.
fn measure() -> impl Strategy<Value = Value> {
    let with = (prop::sample::select(AggregationFunction::VALUES), metric())
        .prop_map(|(function, metric)| json!({"aggregation": function, "metric": metric}));
    let count = prop::sample::select(vec![json!(null), json!("*")])
        .prop_map(|metric| json!({"aggregation": "count", "metric": metric}));
    prop_oneof![8 => with, 1 => count]
}

fn extended(mut object: Value, more: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    for (name, value) in more {
        object[name] = value;
    }
    object
}

fn compute() -> impl Strategy<Value = Value> {
    let intervals = ["1h", "90min", "12h", "1d", "24h", "2d", "1w"].map(|it| json!(it));
    let kind = prop_oneof![
        Just(vec![]),
        Just(vec![("type", json!("total")), ("interval", json!("none"))]),
        prop::option::of(prop::sample::select(intervals.to_vec()))
            .prop_map(|it| vec![("type", json!("timeseries")), ("interval", json!(it))]),
    ];
    (measure(), kind).prop_map(|(measure, kind)| extended(measure, kind))
}

fn group(facet: &'static str) -> impl Strategy<Value = Value> {
    let one_of = |values: &[Value]| prop::sample::select(values.to_vec());
    let sort = (prop::option::of(measure()), one_of(&[json!(null), json!("asc"), json!("desc")]))
        .prop_map(|(measure, order)| match measure {
            Some(measure) => extended(measure, [("type", json!("measure")), ("order", order)]),
            None => json!({"order": order}),
        });
    let histogram = one_of(&[
        json!(null),
        json!(null),
        json!(null),
        json!({"interval": 1, "min": 0, "max": 5}),
        json!({"interval": 0.1, "min": 0, "max": 0.3}),
        json!({"interval": 0.1, "min": 0.1, "max": 0.75}),
        json!({"interval": 1.1, "min": -1, "max": 3.2}),
        json!({"interval": 3, "min": -2, "max": 5}),
    ]);
    (
        one_of(&[json!(null), json!(1), json!(2), json!(3)]),
        one_of(&[json!(null), json!("a"), json!("zz"), json!("true"), json!(0), json!(2.5)]),
        one_of(&[json!(null), json!(false), json!(true), json!("all"), json!(5), json!(0.5)]),
        prop::option::of(sort),
        histogram,
    )
        .prop_map(move |(limit, missing, total, sort, histogram)| {
            json!({
                "facet": facet, "limit": limit, "missing": missing, "total": total,
                "sort": sort, "histogram": histogram,
            })
        })
}

fn request() -> impl Strategy<Value = Value> {
    let facets =
        prop::sample::subsequence(vec!["@x", "@n", "team", "ci_level", "@duration"], 0..=3);
    let groups = facets
        .prop_shuffle()
        .prop_flat_map(|facets| facets.into_iter().map(group).collect::<Vec<_>>());
    let options = prop::sample::select(vec![
        json!(null),
        json!({"timezone": "Europe/Paris"}),
        json!({"timezone": "UTC+1"}),
        json!({"timezone": "GMT-03:30"}),
        json!({"time_offset": -5400}),
    ]);
    (prop::collection::vec(compute(), 0..4), groups, options).prop_map(
        |(compute, group_by, options)| {
            json!({"compute": compute, "group_by": group_by, "options": options})
        },
    )
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn the_engine_agrees_with_the_reference_implementation(
        events in prop::collection::vec(event(), 0..12),
        request in request(),
        before in 0..4_i64,
        hours in 1..300_i64,
    ) {
        let from = (BASE - before * 1234) * SECOND;
        let to = from + hours * 3600 * SECOND;
        let mut vocabulary = Vocabulary::default();
        let facts: Vec<Facts> =
            events.iter().map(|(_, event)| event.facts(&mut vocabulary)).collect();
        let rows = (0..).zip(events.iter().zip(&facts)).map(|(order, ((timestamp, _), facts))| Row {
            timestamp: *timestamp,
            order,
            facts,
        });
        let typed: AggregateRequest = serde_json::from_value(request.clone()).unwrap();
        let zone = Zone::from_options(typed.options.as_ref()).map_err(TestCaseError::fail)?;
        let plan = Plan::new(&typed, Window { from, to }, &zone)
            .map_err(|problems| TestCaseError::fail(format!("{problems:?} in {request}")))?;
        let inputs: Vec<naive::Input<'_>> = (0..)
            .zip(&events)
            .map(|(order, (timestamp, event))| naive::Input { timestamp: *timestamp, order, event })
            .collect();
        prop_assert_eq!(
            serde_json::to_string(&super::run_over(&plan, rows, &vocabulary)).unwrap(),
            serde_json::to_string(&naive::aggregate(&inputs, &request, from, to)).unwrap(),
            "{}", request
        );
    }
}
