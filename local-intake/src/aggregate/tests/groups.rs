//! Tests of grouping.

use serde_json::{Value, json};

use super::{buckets, grouped};

#[test]
fn facets_are_attributes_or_tags() {
    let events =
        json!([{"a": {"b": "x"}, "tags": ["team:one"]}, {"a.b": "y", "tags": ["team:one"]}]);
    assert_eq!(grouped(json!([{"facet": "@a.b"}]), &events), [r#""x": 1"#, r#""y": 1"#]);
    assert_eq!(grouped(json!([{"facet": "team"}]), &events), [r#""one": 2"#]);
    assert_eq!(grouped(json!([{"facet": "ci_level"}]), &events), [r#""job": 2"#]);
    assert!(grouped(json!([{"facet": "@team"}]), &events).is_empty());
}

#[test]
fn numbers_sort_before_strings_and_strings_by_bytes() {
    let events = json!([
        {"x": "b"}, {"x": "B"}, {"x": "é"}, {"x": "a"}, {"x": "z"}, {"x": 10}, {"x": 9}, {"x": "10"},
    ]);
    let mut expected = [
        "9: 1",
        "10: 1",
        r#""10": 1"#,
        r#""B": 1"#,
        r#""a": 1"#,
        r#""b": 1"#,
        r#""z": 1"#,
        r#""é": 1"#,
    ];
    for sort in [json!(null), json!({}), json!({"order": "asc"}), json!({"type": "alphabetical"})] {
        assert_eq!(grouped(json!([{"facet": "@x", "sort": sort}]), &events), expected, "{sort}");
    }
    expected.reverse();
    let sort = json!({"order": "desc"});
    assert_eq!(grouped(json!([{"facet": "@x", "sort": sort}]), &events), expected);
}

#[test]
fn values_keep_their_type_except_booleans() {
    let events = json!([{"x": 5}, {"x": 5.0}, {"x": 0.5}, {"x": -0.0}, {"x": true}, {"x": 1e300}]);
    let expected = ["0: 1", "0.5: 1", "5: 2", "1e+300: 1", r#""true": 1"#];
    assert_eq!(grouped(json!([{"facet": "@x"}]), &events), expected);
    let events = json!([{"x": true}, {"x": "true"}]);
    let missing = json!([{"facet": "@x", "missing": "true"}]);
    assert_eq!(grouped(missing.clone(), &events), [r#""true": 2"#]);
    assert_eq!(grouped(missing, &json!([{"x": true}, {}])), [r#""true": 2"#]);
}

#[test]
fn sort_and_limit_decide_which_groups_are_kept() {
    let events = json!([
        {"x": "a", "n": 1}, {"x": "b", "n": 9}, {"x": "b", "n": 0}, {"x": "c", "n": 5},
        {"x": "d"}, {"x": "d"}, {"x": "d"},
    ]);
    let kept = |limit: i64, sort: Value| {
        let rows = grouped(json!([{"facet": "@x", "limit": limit, "sort": sort}]), &events);
        rows.iter().map(|row| row.split('"').nth(1).unwrap()).collect::<String>()
    };
    let measure = |aggregation, metric, order| json!({"type": "measure", "aggregation": aggregation, "metric": metric, "order": order});
    assert_eq!(kept(2, json!(null)), "ab");
    assert_eq!(kept(2, json!({"order": "desc"})), "dc");
    // Descending by default. Ties are in ascending byte order.
    assert_eq!(kept(9, measure("count", json!(null), json!(null))), "dbac");
    assert_eq!(kept(9, measure("count", json!(null), json!("asc"))), "acbd");
    assert_eq!(kept(2, measure("max", json!("@n"), json!(null))), "bc");
    // Groups without a result come last.
    assert_eq!(kept(9, measure("max", json!("@n"), json!("desc"))), "bcad");
    assert_eq!(kept(9, measure("max", json!("@n"), json!("asc"))), "acbd");
    assert_eq!(kept(9, measure("latest", json!("@x"), json!("desc"))), "dcba");
}

#[test]
fn run_times_in_sort_exclude_partial_retries() {
    let events = json!([
        {"x": "a", "duration": 5},
        {"x": "b", "duration": 9, "ci": {"partial_pipeline": "retry"}},
    ]);
    let sort = json!({"type": "measure", "aggregation": "max", "metric": "@duration"});
    let expected = [r#""a": 1"#, r#""b": 1"#];
    assert_eq!(grouped(json!([{"facet": "@x", "sort": sort}]), &events), expected);
}

#[test]
fn the_default_limit_is_ten_groups() {
    let events: Vec<Value> = (0..12).map(|i| json!({"x": i})).collect();
    let events = Value::from(events);
    assert_eq!(grouped(json!([{"facet": "@x"}]), &events).len(), 10);
    assert_eq!(grouped(json!([{"facet": "@x", "limit": 11}]), &events).len(), 11);
    assert_eq!(grouped(json!([{"facet": "@x", "limit": i64::MAX}]), &events).len(), 12);
}

#[test]
fn rows_are_flat_and_the_inner_limit_is_per_parent() {
    let events = json!([
        {"x": "b", "y": 1}, {"x": "b", "y": 2}, {"x": "b", "y": 3}, {"x": "a", "y": 3},
        {"x": "a", "y": 2}, {"x": "c", "y": 1}, {"x": "a"}, {"y": 1},
    ]);
    let group_by = json!([{"facet": "@x", "limit": 2}, {"facet": "@y", "limit": 2}]);
    let expected = [r#""a" 2: 1"#, r#""a" 3: 1"#, r#""b" 1: 1"#, r#""b" 2: 1"#];
    assert_eq!(grouped(group_by.clone(), &events), expected);
    let request = json!({"group_by": group_by});
    let first = r#"[{"by":{"@x":"a","@y":2},"computes":{"c0":1}},"#;
    assert!(buckets(request, &events).starts_with(first));
}

#[test]
fn events_without_one_of_the_facets_do_not_count_towards_limits() {
    let events = json!([{"x": "a"}, {"x": "b", "y": 1}]);
    let group_by = json!([{"facet": "@x", "limit": 1}, {"facet": "@y"}]);
    assert_eq!(grouped(group_by, &events), [r#""b" 1: 1"#]);
}

#[test]
fn missing_names_the_group_of_events_without_the_facet() {
    let events = json!([{"x": "b"}, {}, {"x": null}, {"x": []}]);
    let groups = |missing: Value| grouped(json!([{"facet": "@x", "missing": missing}]), &events);
    assert_eq!(groups(json!(null)), [r#""b": 1"#]);
    assert_eq!(groups(json!("a")), [r#""a": 3"#, r#""b": 1"#]);
    assert_eq!(groups(json!("b")), [r#""b": 4"#]);
    assert_eq!(groups(json!(-1)), ["-1: 3", r#""b": 1"#]);
    let absent = json!([{"facet": "@none", "missing": "none"}]);
    assert_eq!(grouped(absent, &events), [r#""none": 4"#]);
}

#[test]
fn a_total_covers_all_groups_and_follows_them() {
    let events = json!([{"x": ["a", "b"]}, {"x": "b"}, {"x": "c"}, {}]);
    let groups = |total: Value| {
        let rows = grouped(json!([{"facet": "@x", "limit": 2, "total": total}]), &events);
        assert_eq!(rows[..2], [r#""a": 1"#, r#""b": 2"#]);
        rows[2..].to_vec()
    };
    assert_eq!(groups(json!(true)), [r#""$facet_total": 3"#]);
    assert_eq!(groups(json!("all")), [r#""all": 3"#]);
    assert_eq!(groups(json!(7)), ["7: 3"]);
    assert_eq!(groups(json!(7.0)), ["7.0: 3"]);
    assert!(groups(json!(false)).is_empty());
    assert!(groups(json!(null)).is_empty());
}

#[test]
fn totals_of_inner_facets_are_per_parent() {
    let events = json!([{"x": "a", "y": 1}, {"x": "a", "y": 2}, {"x": "b", "y": 1}]);
    let group_by = json!([{"facet": "@x", "total": "T"}, {"facet": "@y", "total": true}]);
    let expected = [
        r#""a" 1: 1"#,
        r#""a" 2: 1"#,
        r#""a" "$facet_total": 2"#,
        r#""b" 1: 1"#,
        r#""b" "$facet_total": 1"#,
        r#""T" 1: 2"#,
        r#""T" 2: 1"#,
        r#""T" "$facet_total": 3"#,
    ];
    assert_eq!(grouped(group_by, &events), expected);
}

#[test]
fn an_event_belongs_once_to_the_group_of_each_element() {
    let events = json!([{"x": ["a", "b", "a"]}, {"x": ["b", ["c"]]}]);
    let expected = [r#""a": 1"#, r#""b": 2"#, r#""c": 1"#];
    assert_eq!(grouped(json!([{"facet": "@x"}]), &events), expected);
    let tags = json!([{"tags": ["team:a", "team:b", "team:a"]}]);
    assert_eq!(grouped(json!([{"facet": "team"}]), &tags), [r#""a": 1"#, r#""b": 1"#]);
}

#[test]
fn histogram_ranges_are_identified_by_their_lower_bounds() {
    let values = [0.0, 0.5, 4.9, 5.0, 9.0, 10.0, 12.0, 12.1, -0.1];
    let mut events: Vec<Value> = values.iter().map(|x| json!({"x": x})).collect();
    events.extend([json!({"x": "text"}), json!({}), json!({"x": [1, 2, 6]})]);
    let events = Value::from(events);
    // Values below `min` and above `max` are left out; `max` is in the last range.
    let histogram = json!({"interval": 5, "min": 0, "max": 12});
    let groups = |missing: Value| {
        grouped(json!([{"facet": "@x", "histogram": histogram, "missing": missing}]), &events)
    };
    assert_eq!(groups(json!(null)), ["0: 4", "5: 3", "10: 2"]);
    // A value outside the ranges does not count as missing.
    assert_eq!(groups(json!("none")), ["0: 4", "5: 3", "10: 2", r#""none": 1"#]);
    let even = json!([{"facet": "@x", "histogram": {"interval": 6, "min": 0, "max": 12}}]);
    assert_eq!(grouped(even, &events), ["0: 5", "6: 4"]);
}

#[test]
fn histogram_bounds_are_decimal() {
    let events: Value = [0.1, 0.2, 0.3, 0.6, 0.7].into_iter().map(|x| json!({"x": x})).collect();
    let groups =
        |histogram: Value| grouped(json!([{"facet": "@x", "histogram": histogram}]), &events);
    let expected = ["0.1: 1", "0.2: 1", "0.3: 1", "0.6: 1", "0.7: 1"];
    assert_eq!(groups(json!({"interval": 0.1, "min": 0, "max": 1})), expected);
    assert_eq!(groups(json!({"interval": 0.1, "min": -0.3, "max": 1})), expected);
    // `1.0` and `1` are the same bound.
    assert_eq!(groups(json!({"interval": 1.0, "min": 0.0, "max": 2.0})), ["0: 5"]);
}

#[test]
fn a_histogram_has_at_most_a_hundred_ranges() {
    let events: Vec<Value> = (0..=100).map(|i| json!({"x": i})).collect();
    let histogram = json!({"interval": 1, "min": 0, "max": 100});
    let group_by = json!([{"facet": "@x", "histogram": histogram, "limit": 200}]);
    assert_eq!(grouped(group_by, &Value::from(events)).len(), 100);
}
