//! Tests of the functions.

use serde_json::{Value, json};

use super::computed;

/// Returns the result of a function over events that each have one of these values as `@x`.
fn result(function: &str, values: &[Value]) -> String {
    let events: Vec<Value> = values.iter().map(|value| json!({"x": value})).collect();
    let compute = json!([{"aggregation": function, "metric": "@x"}]);
    let computes = computed(compute, &Value::from(events));
    computes.replace(r#"{"c0":"#, "").replace('}', "")
}

#[test]
fn counts_are_integers_and_other_results_are_floats() {
    let values = [json!(2), json!(2)];
    assert_eq!(result("count", &values), "2");
    assert_eq!(result("cardinality", &values), "1");
    for function in ["sum", "min", "max", "avg", "median", "pc95", "latest", "most_frequent"] {
        let expected = if function == "sum" { "4.0" } else { "2.0" };
        assert_eq!(result(function, &values), expected, "{function}");
    }
    assert_eq!(result("delta", &values), "0.0");
}

#[test]
fn count_with_a_metric_counts_the_events_that_have_it() {
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
fn cardinality_counts_distinct_strings_numbers_and_booleans() {
    let values = [json!("a"), json!(1), json!(1.0), json!("1"), json!(true), json!(["a", false])];
    assert_eq!(result("cardinality", &values), "5");
    // A boolean equals the string that represents it.
    assert_eq!(result("cardinality", &[json!(true), json!("true")]), "1");
}

#[test]
fn percentiles_are_interpolated_between_the_closest_ranks() {
    let ten: Vec<Value> = (1..=10).rev().map(Value::from).collect();
    for (function, expected) in [
        ("median", "5.5"),
        ("pc75", "7.75"),
        ("pc90", "9.1"),
        ("pc95", "9.55"),
        ("pc98", "9.82"),
        ("pc99", "9.91"),
    ] {
        assert_eq!(result(function, &ten), expected, "{function}");
        assert_eq!(result(function, &[json!(3)]), "3.0", "{function}");
    }
    assert_eq!(result("median", &[json!(9), json!(1), json!(2)]), "2.0");
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
        assert_eq!(result("sum", &values), "9007199254740994.0");
        assert_eq!(result("avg", &values), "3002399751580331.5");
    }
}

#[test]
fn latest_and_earliest_use_the_newest_and_oldest_event_with_a_value() {
    let events = json!([
        {"at": 20, "x": 2}, {"at": 40}, {"at": 30, "x": 3}, {"at": 30, "x": [4, 5]},
        {"at": 10, "x": ["a", 7]}, {"at": 5},
    ]);
    let compute = |function| json!([{"aggregation": function, "metric": "@x"}]);
    assert_eq!(computed(compute("latest"), &events), r#"{"c0":5.0}"#);
    assert_eq!(computed(compute("earliest"), &events), r#"{"c0":"a"}"#);
}

#[test]
fn delta_is_the_last_number_minus_the_first() {
    let events = json!([
        {"at": 30, "x": 3}, {"at": 20, "x": 10}, {"at": 40, "x": "text"}, {"at": 50},
    ]);
    let compute = json!([{"aggregation": "delta", "metric": "@x"}]);
    assert_eq!(computed(compute, &events), r#"{"c0":-7.0}"#);
}

#[test]
fn most_frequent_prefers_the_smaller_of_equally_frequent_values() {
    let most_frequent = |values: &[Value]| result("most_frequent", values);
    assert_eq!(most_frequent(&[json!("b"), json!("a"), json!("b")]), r#""b""#);
    assert_eq!(most_frequent(&[json!("b"), json!("a"), json!("é"), json!("B")]), r#""B""#);
    assert_eq!(most_frequent(&[json!(10), json!(9), json!("a")]), "9.0");
    assert_eq!(most_frequent(&[json!(true), json!([true, false])]), r#""true""#);
}

#[test]
fn there_is_no_result_without_a_value() {
    for function in ["sum", "min", "max", "avg", "median", "pc99", "delta"] {
        assert_eq!(result(function, &[json!("text"), json!(true), json!(null)]), "{", "{function}");
    }
    for function in ["latest", "earliest", "most_frequent"] {
        assert_eq!(result(function, &[json!(null)]), "{", "{function}");
    }
    assert_eq!(result("cardinality", &[json!(null)]), "0");
}

#[test]
fn there_is_no_result_if_it_overflows() {
    let (max, min) = (json!(f64::MAX), json!(f64::MIN));
    assert_eq!(result("sum", &[max.clone(), max.clone()]), "{");
    assert_eq!(result("avg", &[max.clone(), max.clone()]), "{");
    assert_eq!(result("delta", &[max.clone(), min.clone()]), "{");
    assert_eq!(result("median", &[max.clone(), min]), "{");
    assert_eq!(result("max", &[max.clone(), max]), "1.7976931348623157e+308");
}

#[test]
fn run_times_exclude_partial_retries() {
    let events = json!([
        {"duration": 10, "x": 10},
        {"duration": 90, "x": 90, "ci": {"partial_pipeline": "retry", "execution_time": 5}},
        {"duration": 80, "x": 80, "ci": {"partial_pipeline": ["paused", "retry"]}},
        {"duration": 30, "x": 30, "ci": {"partial_pipeline": "paused", "execution_time": 7}},
    ]);
    let result =
        |function, metric| computed(json!([{"aggregation": function, "metric": metric}]), &events);
    assert_eq!(result("max", "@duration"), r#"{"c0":30.0}"#);
    assert_eq!(result("cardinality", "@duration"), r#"{"c0":2}"#);
    assert_eq!(result("sum", "@ci.execution_time"), r#"{"c0":7.0}"#);
    assert_eq!(result("max", "@x"), r#"{"c0":90.0}"#);
    assert_eq!(result("count", "@duration"), r#"{"c0":4}"#);
    assert_eq!(result("count", "*"), r#"{"c0":4}"#);
}
