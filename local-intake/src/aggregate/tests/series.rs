//! Tests of time series.

use datadog_ci_pipelines::models::{AggregateRequest, QueryOptions};
use serde_json::{Value, json};

use super::super::series::starts;
use super::super::{Plan, Window};
use super::{SECOND, START, buckets, computed, run};
use crate::time::{Zone, parse_timestamp};

fn over_time(function: &str, interval: &str) -> Value {
    let metric = if function == "count" { "*" } else { "@x" };
    json!([{"aggregation": function, "metric": metric, "type": "timeseries", "interval": interval}])
}

#[test]
fn points_have_the_format_of_the_service() {
    let events: Vec<Value> = (0..154).map(|_| json!({"at": 599})).collect();
    let window = Window { from: START * SECOND, to: (START + 599) * SECOND };
    let request = json!({"compute": over_time("count", "10m")});
    let request: AggregateRequest = serde_json::from_value(request).unwrap();
    let plan = Plan::new(&request, window, &Zone::default())
        .unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(
        run(&plan, &Value::from(events)),
        r#"[{"by":{},"computes":{"c0":[{"time":"2023-06-29T09:40:00.000Z","value":154}]}}]"#
    );
}

#[test]
fn empty_intervals_have_a_count_of_zero_and_no_other_result() {
    let events = json!([{"at": 3600, "x": 2}, {"at": 1500, "x": "text"}, {"at": 7200, "x": 5}]);
    assert_eq!(
        computed(over_time("count", "30min"), &events),
        concat!(
            r#"{"c0":[{"time":"2023-06-29T09:30:00.000Z","value":0},"#,
            r#"{"time":"2023-06-29T10:00:00.000Z","value":1},"#,
            r#"{"time":"2023-06-29T10:30:00.000Z","value":1}]}"#
        )
    );
    let sum = r#"{"c0":[{"time":"2023-06-29T10:30:00.000Z","value":2.0}]}"#;
    assert_eq!(computed(over_time("sum", "30m"), &events), sum);
    let none = r#"{"c0":[]}"#;
    assert_eq!(computed(over_time("max", "1m"), &json!([{}])), none);
    let zeros = computed(over_time("cardinality", "1h"), &json!([{}]));
    assert_eq!(zeros.matches(r#""value":0}"#).count(), 2, "{zeros}");
}

#[test]
fn strings_are_left_out_of_series() {
    let events = json!([{"x": "a"}, {"at": 1200, "x": 1}]);
    let expected = r#"{"c0":[{"time":"2023-06-29T10:00:00.000Z","value":1.0}]}"#;
    for function in ["most_frequent", "latest", "earliest"] {
        assert_eq!(computed(over_time(function, "10m"), &events), expected, "{function}");
    }
}

#[test]
fn totals_ignore_the_interval_and_may_be_combined_with_series() {
    let compute = json!([
        {"aggregation": "count", "type": "total", "interval": "nonsense"},
        {"aggregation": "max", "metric": "@x", "type": "timeseries", "interval": "1d"},
    ]);
    let expected = r#"{"c0":1,"c1":[{"time":"2023-06-29T00:00:00.000Z","value":4.0}]}"#;
    assert_eq!(computed(compute, &json!([{"x": 4}])), expected);
}

#[test]
fn every_group_has_its_series() {
    let request = json!({"compute": over_time("sum", "1h"), "group_by": [{"facet": "@x"}]});
    assert_eq!(
        buckets(request, &json!([{"x": 1}, {"x": 2, "at": 3000}])),
        concat!(
            r#"[{"by":{"@x":1},"computes":{"c0":[{"time":"2023-06-29T09:00:00.000Z","value":1.0}]}},"#,
            r#"{"by":{"@x":2},"computes":{"c0":[{"time":"2023-06-29T10:00:00.000Z","value":2.0}]}}]"#
        )
    );
}

/// Returns the starts of the intervals, as date-times.
fn date_times(options: Value, hours: i64, from: &str, to: &str) -> Vec<String> {
    let options: QueryOptions = serde_json::from_value(options).unwrap();
    let zone = Zone::from_options(Some(&options)).unwrap();
    let at = |input| parse_timestamp(input, 0, &Zone::default()).unwrap();
    let window = Window { from: at(from), to: at(to) };
    let starts = starts(&zone, hours * 3600 * SECOND, window, 10_000).unwrap();
    let date_time = |start: &i64| {
        jiff::Timestamp::from_nanosecond(i128::from(*start))
            .unwrap()
            .to_string()
            .replace(":00Z", "")
    };
    starts.iter().map(date_time).collect()
}

#[test]
fn intervals_are_multiples_since_1970() {
    let utc = || json!({});
    let day = date_times(utc(), 24, "2023-06-29T05:00Z", "2023-06-30T00:00Z");
    assert_eq!(day, ["2023-06-29T00:00", "2023-06-30T00:00"]);
    // 1970 began on a Thursday.
    let week = date_times(utc(), 168, "2023-06-28T05:00Z", "2023-06-29T05:00Z");
    assert_eq!(week, ["2023-06-22T00:00", "2023-06-29T00:00"]);
    let before = date_times(utc(), 10, "1969-12-31T23:00Z", "1970-01-01T00:00Z");
    assert_eq!(before, ["1969-12-31T14:00", "1970-01-01T00:00"]);
}

#[test]
fn days_start_at_midnight_in_the_time_zone_across_clock_changes() {
    let autumn = ("2023-10-28T12:00Z", "2023-10-30T12:00Z");
    for (zone, expected) in [
        ("UTC", ["2023-10-28T00:00", "2023-10-29T00:00", "2023-10-30T00:00"]),
        ("GMT", ["2023-10-28T00:00", "2023-10-29T00:00", "2023-10-30T00:00"]),
        ("Europe/Paris", ["2023-10-27T22:00", "2023-10-28T22:00", "2023-10-29T23:00"]),
        ("europe/paris", ["2023-10-27T22:00", "2023-10-28T22:00", "2023-10-29T23:00"]),
        ("UTC+1", ["2023-10-27T23:00", "2023-10-28T23:00", "2023-10-29T23:00"]),
        ("GMT-03:30", ["2023-10-28T03:30", "2023-10-29T03:30", "2023-10-30T03:30"]),
        ("UTC-0330", ["2023-10-28T03:30", "2023-10-29T03:30", "2023-10-30T03:30"]),
    ] {
        assert_eq!(
            date_times(json!({"timezone": zone}), 24, autumn.0, autumn.1),
            expected,
            "{zone}"
        );
    }
    let weeks = date_times(json!({"timezone": "Europe/Paris"}), 168, autumn.0, "2023-11-02T12:00Z");
    assert_eq!(weeks, ["2023-10-25T22:00", "2023-11-01T23:00"]);
    // Samoa had no 30th of December.
    let gap = ("2011-12-29T12:00Z", "2011-12-31T12:00Z");
    let samoa = date_times(json!({"timezone": "Pacific/Apia"}), 24, gap.0, gap.1);
    assert_eq!(samoa, ["2011-12-29T10:00", "2011-12-30T10:00", "2011-12-31T10:00"]);
}

#[test]
fn intervals_shorter_than_a_day_do_not_depend_on_the_time_zone() {
    let hours = date_times(
        json!({"timezone": "Asia/Kolkata"}),
        1,
        "2023-10-28T12:15Z",
        "2023-10-28T13:45Z",
    );
    assert_eq!(hours, ["2023-10-28T12:00", "2023-10-28T13:00"]);
}

#[test]
fn an_offset_shifts_every_interval() {
    let (from, to) = ("2023-10-28T12:15Z", "2023-10-28T12:45Z");
    let shifted = |offset: i64, hours| date_times(json!({"time_offset": offset}), hours, from, to);
    assert_eq!(shifted(1800, 1), ["2023-10-28T11:30", "2023-10-28T12:30"]);
    assert_eq!(shifted(-3600, 24), ["2023-10-28T01:00"]);
    assert_eq!(shifted(3600, 12), ["2023-10-28T11:00"]);
}

#[test]
fn time_ranges_of_any_length_are_supported() {
    let all = Window { from: i64::MIN, to: i64::MAX };
    let ends = [all, Window { to: i64::MIN, ..all }, Window { from: i64::MAX, ..all }];
    let day = 24 * 3600 * SECOND;
    let intervals = [1, SECOND, day, 7 * day, 106_751 * day, i64::MAX];
    for options in [
        json!({}),
        json!({"time_offset": i64::MAX}),
        json!({"time_offset": i64::MIN}),
        json!({"timezone": "Europe/Paris"}),
        json!({"timezone": "UTC-14"}),
    ] {
        let zone = Zone::from_options(Some(&serde_json::from_value(options).unwrap())).unwrap();
        for (window, interval) in ends.iter().flat_map(|end| intervals.map(|it| (*end, it))) {
            let starts = starts(&zone, interval, window, 10_000);
            let count = starts.map_or(10_001, |starts| {
                assert!(starts.first().is_some_and(|first| *first <= window.from));
                assert!(starts.iter().all(|start| *start <= window.to));
                starts.len()
            });
            assert_eq!(
                count > 10_000,
                window == all && interval <= 7 * day,
                "{window:?} {interval}"
            );
        }
    }
    let backwards = Window { from: 5, to: 4 };
    assert_eq!(starts(&Zone::default(), 1, backwards, 1), Some(Vec::new()));
}
