//! What functions give.

use serde_json::{Value, json};

use super::computed;

/// The results of a function over a metric `@x` of these values, one event each.
fn of(function: &str, values: &[Value]) -> String {
    let events: Vec<Value> = values.iter().map(|value| json!({"x": value})).collect();
    let compute = json!([{"aggregation": function, "metric": "@x"}]);
    let computes = computed(compute, &Value::from(events));
    computes.replace(r#"{"c0":"#, "").replace('}', "")
}

#[test]
fn counts_are_integers_and_other_numbers_floats() {
    let values = [json!(2), json!(2)];
    assert_eq!(of("count", &values), "2");
    assert_eq!(of("cardinality", &values), "1");
    for function in ["sum", "min", "max", "avg", "median", "pc95", "latest", "most_frequent"] {
        let expected = if function == "sum" { "4.0" } else { "2.0" };
        assert_eq!(of(function, &values), expected, "{function}");
    }
    assert_eq!(of("delta", &values), "0.0");
}

#[test]
fn a_count_is_of_events_and_with_a_metric_of_those_that_have_it() {
    let events = json!([{"x": "a"}, {"x": ["b", "c"]}, {"x": null}, {"y": 1}, {"x": true}]);
    for (metric, expected) in [
        (json!(null), 5),
        (json!(""), 5),
        (json!("*"), 5),
        (json!("@*"), 5),
        (json!("@x"), 3),
        (json!("@none"), 0),
        (json!("ci_level"), 5),
    ] {
        let compute = json!([{"aggregation": "count", "metric": metric}]);
        assert_eq!(computed(compute, &events), format!(r#"{{"c0":{expected}}}"#), "{metric}");
    }
}

#[test]
fn cardinality_is_of_texts_numbers_and_booleans() {
    let values = [json!("a"), json!(1), json!(1.0), json!("1"), json!(true), json!(["a", false])];
    assert_eq!(of("cardinality", &values), "5");
    // A boolean is the text that spells it.
    assert_eq!(of("cardinality", &[json!(true), json!("true")]), "1");
}

#[test]
fn percentiles_lie_between_the_closest_ranks() {
    let ten: Vec<Value> = (1..=10).rev().map(Value::from).collect();
    for (function, expected) in [
        ("median", "5.5"),
        ("pc75", "7.75"),
        ("pc90", "9.1"),
        ("pc95", "9.55"),
        ("pc98", "9.82"),
        ("pc99", "9.91"),
    ] {
        assert_eq!(of(function, &ten), expected, "{function}");
        assert_eq!(of(function, &[json!(3)]), "3.0", "{function}");
    }
    assert_eq!(of("median", &[json!(9), json!(1), json!(2)]), "2.0");
}

#[test]
fn a_sum_does_not_depend_on_the_order_of_events() {
    let big = json!(9_007_199_254_740_992_i64);
    let sums = [
        [big.clone(), json!(1), json!(1)],
        [json!(1), big.clone(), json!(1)],
        [json!(1), json!(1), big],
    ];
    for values in sums {
        assert_eq!(of("sum", &values), "9007199254740994.0");
        assert_eq!(of("avg", &values), "3002399751580331.5");
    }
}

#[test]
fn latest_and_earliest_are_of_the_newest_and_oldest_event_with_a_value() {
    let events = json!([
        {"at": 20, "x": 2}, {"at": 40}, {"at": 30, "x": 3}, {"at": 30, "x": [4, 5]},
        {"at": 10, "x": ["a", 7]}, {"at": 5},
    ]);
    let compute = |function| json!([{"aggregation": function, "metric": "@x"}]);
    assert_eq!(computed(compute("latest"), &events), r#"{"c0":5.0}"#);
    assert_eq!(computed(compute("earliest"), &events), r#"{"c0":"a"}"#);
}

#[test]
fn delta_is_the_last_number_less_the_first() {
    let events = json!([
        {"at": 30, "x": 3}, {"at": 20, "x": 10}, {"at": 40, "x": "text"}, {"at": 50},
    ]);
    let compute = json!([{"aggregation": "delta", "metric": "@x"}]);
    assert_eq!(computed(compute, &events), r#"{"c0":-7.0}"#);
}

#[test]
fn the_most_frequent_value_is_the_smaller_of_two() {
    let of = |values: &[Value]| of("most_frequent", values);
    assert_eq!(of(&[json!("b"), json!("a"), json!("b")]), r#""b""#);
    assert_eq!(of(&[json!("b"), json!("a"), json!("é"), json!("B")]), r#""B""#);
    assert_eq!(of(&[json!(10), json!(9), json!("a")]), "9.0");
    assert_eq!(of(&[json!(true), json!([true, false])]), r#""true""#);
}

#[test]
fn without_a_value_there_is_no_result() {
    for function in ["sum", "min", "max", "avg", "median", "pc99", "delta"] {
        assert_eq!(of(function, &[json!("text"), json!(true), json!(null)]), "{", "{function}");
    }
    for function in ["latest", "earliest", "most_frequent"] {
        assert_eq!(of(function, &[json!(null)]), "{", "{function}");
    }
    assert_eq!(of("cardinality", &[json!(null)]), "0");
}

#[test]
fn what_is_too_great_for_a_number_is_no_result() {
    let (most, least) = (json!(f64::MAX), json!(f64::MIN));
    assert_eq!(of("sum", &[most.clone(), most.clone()]), "{");
    assert_eq!(of("avg", &[most.clone(), most.clone()]), "{");
    assert_eq!(of("delta", &[most.clone(), least.clone()]), "{");
    assert_eq!(of("median", &[most.clone(), least]), "{");
    assert_eq!(of("max", &[most.clone(), most]), "1.7976931348623157e+308");
}

#[test]
fn partial_retries_are_no_part_of_run_times() {
    let events = json!([
        {"duration": 10, "x": 10},
        {"duration": 90, "x": 90, "ci": {"partial_pipeline": "retry", "execution_time": 5}},
        {"duration": 80, "x": 80, "ci": {"partial_pipeline": ["paused", "retry"]}},
        {"duration": 30, "x": 30, "ci": {"partial_pipeline": "paused", "execution_time": 7}},
    ]);
    let of =
        |function, metric| computed(json!([{"aggregation": function, "metric": metric}]), &events);
    assert_eq!(of("max", "@duration"), r#"{"c0":30.0}"#);
    assert_eq!(of("cardinality", "@duration"), r#"{"c0":2}"#);
    assert_eq!(of("sum", "@ci.execution_time"), r#"{"c0":7.0}"#);
    assert_eq!(of("max", "@x"), r#"{"c0":90.0}"#);
    assert_eq!(of("count", "@duration"), r#"{"c0":4}"#);
    assert_eq!(of("count", "*"), r#"{"c0":4}"#);
}
