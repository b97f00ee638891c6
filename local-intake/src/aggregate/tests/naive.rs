//! A reference implementation of aggregations, as simple as possible, to test the engine against.
//! It works on JSON and shares no code with the engine.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Map, Value, json};

use crate::event::testing::Event;

const HOUR: i64 = 3_600_000_000_000;
const DAY: i64 = 24 * HOUR;

/// An event, its timestamp, and its order among events with the same timestamp.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'a> {
    pub(crate) timestamp: i64,
    pub(crate) order: u64,
    pub(crate) event: &'a Event,
}

/// An event as a list of names and values.
struct Flat {
    timestamp: i64,
    order: u64,
    values: Vec<(String, Value)>,
}

/// Returns the buckets of a valid request over the events that match its filter.
pub(crate) fn aggregate(events: &[Input<'_>], request: &Value, from: i64, to: i64) -> Value {
    let groups = request["group_by"].as_array().cloned().unwrap_or_default();
    let events: Vec<Flat> = events.iter().map(flatten).collect();
    let in_all = |event: &&Flat| groups.iter().all(|group| !groups_of(event, group).is_empty());
    let events: Vec<&Flat> = events.iter().filter(in_all).collect();
    let mut buckets = Vec::new();
    if !events.is_empty() {
        let computes = |events: &[&Flat]| computes(events, request, from, to);
        descend(&events, &groups, &Map::new(), &computes, &mut buckets);
    }
    Value::from(buckets)
}

fn descend(
    events: &[&Flat],
    groups: &[Value],
    by: &Map<String, Value>,
    computes: &impl Fn(&[&Flat]) -> Value,
    buckets: &mut Vec<Value>,
) {
    let Some((group, inner)) = groups.split_first() else {
        buckets.push(json!({"by": by, "computes": computes(events)}));
        return;
    };
    let facet = group["facet"].as_str().unwrap();
    let with = |value: Value| {
        let mut by = by.clone();
        by.insert(facet.to_owned(), value);
        by
    };
    let mut pairs: Vec<(Value, &Flat)> = Vec::new();
    for event in events {
        pairs.extend(groups_of(event, group).into_iter().map(|value| (value, *event)));
    }
    pairs.sort_by(|(a, _), (b, _)| order(a, b));
    let mut parts: Vec<(Value, Vec<&Flat>)> = pairs
        .chunk_by(|(a, _), (b, _)| a == b)
        .map(|part| (part[0].0.clone(), part.iter().map(|(_, event)| *event).collect()))
        .collect();

    let sort = &group["sort"];
    let is_measure = sort["type"] == "measure";
    let is_descending = sort["order"].as_str().map_or(is_measure, |order| order == "desc");
    if is_measure {
        let mut measured = Vec::new();
        let mut without = Vec::new();
        for part in parts {
            match function(sort, &part.1) {
                Some(result) => measured.push((result, part)),
                None => without.push(part),
            }
        }
        measured.sort_by(|(a, _), (b, _)| if is_descending { order(b, a) } else { order(a, b) });
        parts = measured.into_iter().map(|(_, part)| part).chain(without).collect();
    } else if is_descending {
        parts.reverse();
    }
    for (value, events) in parts.iter().take(group["limit"].as_u64().unwrap_or(10) as usize) {
        descend(events, inner, &with(facet_value(value)), computes, buckets);
    }
    let total = match &group["total"] {
        Value::Null | Value::Bool(false) => return,
        Value::Bool(true) => json!("$facet_total"),
        name => name.clone(),
    };
    descend(events, inner, &with(total), computes, buckets);
}

/// Numbers sort before strings.
fn order(a: &Value, b: &Value) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.partial_cmp(&b).unwrap(),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.as_str().unwrap().as_bytes().cmp(b.as_str().unwrap().as_bytes()),
    }
}

/// Removes the fraction of a whole number.
fn facet_value(value: &Value) -> Value {
    match value.as_f64() {
        Some(n) if n == n.trunc() && n.abs() <= 2_f64.powi(53) => json!(n as i64),
        _ => value.clone(),
    }
}

/// Returns all attributes and tags of an event. Every value is a float or a string.
fn flatten(input: &Input<'_>) -> Flat {
    let Input { timestamp, order, event } = *input;
    let mut values = vec![("ci_level".to_owned(), json!(event.level))];
    let tags = event.tags.iter().filter_map(|tag| tag.split_once(':'));
    values.extend(tags.map(|(name, value)| (name.to_owned(), json!(value))));
    leaves("@", &Value::Object(event.attributes.clone()), &mut values);
    for (_, value) in &mut values {
        *value = match &*value {
            Value::Bool(value) => json!(value.to_string()),
            Value::Number(n) if n.as_f64() == Some(0.0) => json!(0.0),
            Value::Number(n) => json!(n.as_f64().unwrap()),
            string => string.clone(),
        };
    }
    Flat { timestamp, order, values }
}

fn values<'k>(event: &'k Flat, name: &str) -> Vec<&'k Value> {
    event.values.iter().filter(|(other, _)| other == name).map(|(_, value)| value).collect()
}

fn leaves(path: &str, value: &Value, all: &mut Vec<(String, Value)>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| leaves(path, item, all)),
        Value::Object(entries) => entries.iter().for_each(|(name, value)| {
            let dot = if path == "@" { "" } else { "." };
            leaves(&format!("{path}{dot}{name}"), value, all);
        }),
        leaf => all.push((path.to_owned(), leaf.clone())),
    }
}

/// Returns the distinct groups that an event belongs to.
fn groups_of(event: &Flat, group: &Value) -> Vec<Value> {
    let mut groups = all_groups_of(event, group);
    groups.sort_by(order);
    groups.dedup();
    groups
}

fn all_groups_of(event: &Flat, group: &Value) -> Vec<Value> {
    let own = values(event, group["facet"].as_str().unwrap());
    if own.is_empty() {
        return match &group["missing"] {
            Value::Null => Vec::new(),
            Value::Number(n) => vec![json!(n.as_f64().unwrap() + 0.0)],
            string => vec![string.clone()],
        };
    }
    let Value::Object(histogram) = &group["histogram"] else {
        return own.into_iter().cloned().collect();
    };
    let [interval, min, max] =
        ["interval", "min", "max"].map(|name| histogram[name].as_f64().unwrap());
    // In hundredths, which are whole numbers.
    let lower =
        |i: i32| ((min * 100.0).round() + f64::from(i) * (interval * 100.0).round()) / 100.0;
    let mut ranges = Vec::new();
    for number in own.into_iter().filter_map(Value::as_f64) {
        for i in (0..=100).filter(|i| lower(*i) < max) {
            let is_last = lower(i + 1) >= max;
            let is_below = if is_last { number <= max } else { number < lower(i + 1) };
            if lower(i) <= number && is_below {
                ranges.push(json!(lower(i) + 0.0));
            }
        }
    }
    ranges
}

fn computes(events: &[&Flat], request: &Value, from: i64, to: i64) -> Value {
    let computes = request["compute"].as_array().filter(|computes| !computes.is_empty());
    let computes = computes.cloned().unwrap_or_else(|| vec![json!({"aggregation": "count"})]);
    let mut named = Map::new();
    for (i, compute) in computes.iter().enumerate() {
        let value = match compute["type"].as_str() {
            Some("timeseries") => Some(series(compute, &request["options"], events, from, to)),
            _ => function(compute, events),
        };
        if let Some(value) = value {
            named.insert(format!("c{i}"), value);
        }
    }
    Value::Object(named)
}

fn series(compute: &Value, options: &Value, events: &[&Flat], from: i64, to: i64) -> Value {
    let interval = match compute["interval"].as_str() {
        Some(interval) => length(interval),
        None => ((to - from).max(1) as f64 / 150e6).ceil() as i64 * 1_000_000,
    };
    let start = |time: i64| start_of(time, interval, options);
    let mut starts = BTreeSet::from([start(from), start(to)]);
    let mut time = from;
    while time < to {
        starts.insert(start(time));
        time += interval.min(HOUR);
    }
    let assigned: Vec<(i64, &Flat)> = events
        .iter()
        .filter(|event| event.timestamp >= from && event.timestamp <= to)
        .map(|event| (start(event.timestamp), *event))
        .collect();
    let point = |start: i64| {
        let within: Vec<&Flat> =
            assigned.iter().filter(|(other, _)| *other == start).map(|(_, event)| *event).collect();
        let is_count = ["count", "cardinality"].contains(&compute["aggregation"].as_str()?);
        let value = if within.is_empty() && !is_count { None } else { function(compute, &within) };
        let time = Timestamp::from_nanosecond(i128::from(start)).unwrap();
        let time = time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        value.filter(Value::is_number).map(|value| json!({"time": time, "value": value}))
    };
    starts.into_iter().filter_map(point).collect()
}

fn length(input: &str) -> i64 {
    let digits: String = input.chars().take_while(char::is_ascii_digit).collect();
    let unit = match &input[digits.len()..] {
        "ms" => 1_000_000,
        unit if unit.starts_with('s') => 1_000_000_000,
        unit if unit.starts_with('m') => HOUR / 60,
        unit if unit.starts_with('h') => HOUR,
        unit if unit.starts_with('d') => DAY,
        unit if unit.starts_with('w') => 7 * DAY,
        unit => panic!("{unit}"),
    };
    digits.parse::<i64>().unwrap() * unit
}

/// Returns the start of the interval that contains a time.
fn start_of(time: i64, interval: i64, options: &Value) -> i64 {
    match options["timezone"].as_str() {
        Some(zone) if interval % DAY == 0 => {
            let zone = time_zone(zone);
            let local =
                Timestamp::from_nanosecond(i128::from(time)).unwrap().to_zoned(zone.clone());
            let epoch = date(1970, 1, 1);
            let days = i64::from((local.date() - epoch).get_days());
            let first = days - days.rem_euclid(interval / DAY);
            let midnight = epoch + jiff::Span::new().days(first);
            midnight.to_zoned(zone).unwrap().timestamp().as_nanosecond() as i64
        }
        _ => {
            let shift = options["time_offset"].as_i64().unwrap_or(0) * 1_000_000_000;
            time - (time + shift).rem_euclid(interval)
        }
    }
}

fn time_zone(name: &str) -> TimeZone {
    let Some(offset) = name.strip_prefix("UTC").or_else(|| name.strip_prefix("GMT")) else {
        return TimeZone::get(name).unwrap();
    };
    let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "0"));
    let hours: i32 = hours.parse().unwrap_or(0);
    let minutes: i32 = minutes.parse().unwrap();
    let direction = if offset.starts_with('-') { -1 } else { 1 };
    TimeZone::fixed(Offset::from_seconds(hours * 3600 + direction * minutes * 60).unwrap())
}

/// Returns the result of a function, given as an object with `aggregation` and `metric`.
fn function(compute: &Value, events: &[&Flat]) -> Option<Value> {
    let function = compute["aggregation"].as_str().unwrap();
    let metric = compute["metric"].as_str().filter(|metric| !["", "*", "@*"].contains(metric));
    let is_run_time = ["@duration", "@ci.execution_time"].contains(&metric.unwrap_or_default());
    let mut events = events.to_vec();
    if function != "count" && is_run_time {
        let is_retry = |event: &Flat| {
            values(event, "@ci.partial_pipeline").into_iter().any(|part| part == "retry")
        };
        events.retain(|event| !is_retry(event));
    }
    let Some(metric) = metric else { return Some(json!(events.len())) };
    events.sort_by_key(|event| (event.timestamp, event.order));
    // Oldest first.
    let all: Vec<&Value> = events.iter().flat_map(|event| values(event, metric)).collect();
    let over_time: Vec<f64> = all.iter().filter_map(|value| value.as_f64()).collect();
    let mut numbers = over_time.clone();
    numbers.sort_by(f64::total_cmp);
    let sum = || -> f64 { numbers.iter().fold(0.0, |sum, number| sum + number) };
    let percentile = |percent: usize| {
        let rank = (numbers.len() - 1) * percent;
        let (low, part) = (numbers[rank / 100], rank % 100);
        if part == 0 {
            return low;
        }
        low + (numbers[rank / 100 + 1] - low) * (part as f64 / 100.0)
    };
    let mut sorted = all.clone();
    sorted.sort_by(|a, b| order(a, b));
    let distinct: Vec<&[&Value]> = sorted.chunk_by(|a, b| a == b).collect();
    match function {
        "count" => {
            let has_one = |event: &&&Flat| !values(event, metric).is_empty();
            return Some(json!(events.iter().filter(has_one).count()));
        }
        "cardinality" => return Some(json!(distinct.len())),
        "latest" => return all.last().map(|value| (*value).clone()),
        "earliest" => return all.first().map(|value| (*value).clone()),
        "most_frequent" => {
            let max = distinct.iter().map(|equal| equal.len()).max()?;
            return distinct.iter().find(|equal| equal.len() == max).map(|it| it[0].clone());
        }
        _ if numbers.is_empty() => return None,
        _ => {}
    }
    let number = match function {
        "sum" => sum(),
        "avg" => sum() / numbers.len() as f64,
        "min" => numbers[0],
        "max" => numbers[numbers.len() - 1],
        "median" => percentile(50),
        "delta" => over_time[over_time.len() - 1] - over_time[0],
        other => percentile(other.strip_prefix("pc").unwrap().parse().unwrap()),
    };
    number.is_finite().then(|| json!(number))
}
