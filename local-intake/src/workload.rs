//! A workload of 10,000 events, and everything that is answered about it held against plain
//! readings of what was asked: `query/naive` and `aggregate/naive`.

use std::sync::LazyLock;

use datadog_ci_pipelines::models::{AggregateRequest, AggregationFunction};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::aggregate::naive as aggregated;
use crate::intake::{Ask, Intake};
use crate::query::{Query, naive};
use crate::store::Submission;
use crate::testing::{Event, cases};

const COUNT: usize = 10_000;
/// When the last event has ended, in seconds since 1970.
const NOW: i64 = 1_752_500_000;
const SECOND: i64 = 1_000_000_000;
/// Over so many seconds the events are spread.
const SPAN: i64 = 36_000;

/// The intake, and its events as plain readings take them: with their timestamps and ids.
struct Workload {
    intake: Intake,
    events: Vec<(i64, String, Event)>,
}

static WORKLOAD: LazyLock<Workload> = LazyLock::new(|| {
    let intake = Intake::default();
    intake.clock.set(Timestamp::from_second(NOW).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let all: Vec<Submission> = (0..COUNT).flat_map(sent).collect();
    for batch in all.chunks(1000) {
        runtime.block_on(intake.accept(batch.to_vec())).unwrap();
    }
    let store = intake.store();
    let events = store.iter().map(|found| {
        // What is searched without `@` are tags to plain readings.
        let value = |path: &str| found.attributes.get(path).and_then(Value::as_str);
        let reserved = [("env", value("env")), ("service", provider_instance(&found.attributes))];
        let reserved = reserved.into_iter().filter_map(|(k, v)| Some(format!("{k}:{}", v?)));
        let tags = found.tags.iter().cloned().chain(reserved).collect();
        let level = found.level.name();
        let event = Event { attributes: found.attributes.clone(), tags, level };
        (found.timestamp, found.id, event)
    });
    let events: Vec<_> = events.collect();
    assert_eq!(events.len(), COUNT);
    drop(store);
    Workload { intake, events }
});

fn provider_instance(attributes: &serde_json::Map<String, Value>) -> Option<&str> {
    attributes.get("ci")?.get("provider")?.get("instance")?.as_str()
}

/// What is sent of the event of a number: every seventh was running first.
fn sent(number: usize) -> Vec<Submission> {
    let random = number.wrapping_mul(2_654_435_761) >> 9;
    let end = NOW - (random as i64 % SPAN);
    let moment = |second| Timestamp::from_second(second).unwrap().to_string();
    let level = ["pipeline", "stage", "job", "job", "step"][number % 5];
    let run = format!("run-{}", number / 25);
    let status = ["success", "error", "success", "success"][random / 7 % 4];
    let mut resource = json!({
        "level": level,
        "name": format!("{} {}", ["Build", "Test all", "deploy"][random % 3], random % 4),
        "start": moment(end - (random as i64 >> 3) % 600), "end": moment(end),
        "status": status,
        "url": format!("https://ci.example/{number}"),
        "tags": [format!("team:{}", ["a", "b", "c"][random % 3]), format!("shard:{}", random % 5)],
    });
    if number.is_multiple_of(2) {
        resource["metrics"] = json!([format!("tests:{}", random % 40)]);
        let size = ["large", "small"][random % 2];
        resource["node"] = json!({"labels": ["linux", size]});
    }
    if level == "pipeline" {
        resource["unique_id"] = json!(format!("{run}-{}", number % 25));
        resource["partial_retry"] = json!(random.is_multiple_of(11));
    } else {
        resource["id"] = json!(format!("{level}-{number}"));
        resource["pipeline_unique_id"] = json!(format!("{run}-0"));
        resource["pipeline_name"] = json!(format!("pipeline-{}", number / 25 % 12));
    }
    let attributes = |resource: &Value| {
        let env = ["ci", "staging"][random % 2];
        let sent =
            json!({"env": env, "service": format!("ci-{}", random % 3), "resource": resource});
        Submission::of(sent.to_string())
    };
    let mut all = Vec::new();
    if number.is_multiple_of(7) && ["pipeline", "job"].contains(&level) {
        let mut running = resource.clone();
        running["status"] = json!("running");
        running.as_object_mut().unwrap().remove("end");
        running["queue_time"] = json!(random % 5000);
        all.push(attributes(&running));
    }
    all.push(attributes(&resource));
    all
}

/// Queries that find some of it.
fn query() -> impl Strategy<Value = String> {
    let term = prop::sample::select(vec![
        "@ci.status:error",
        "@ci.status:(error OR running)",
        "@ci.pipeline.name:pipeline-1*",
        "@ci.pipeline.name:pipeline-?",
        "@ci.job.name:\"Test all 2\"",
        "@ci.partial_pipeline:retry",
        "@ci.execution_time:*",
        "@ci.node.labels:large",
        "@duration:>5m",
        "@duration:[30s TO 2min]",
        "@tests:{10 TO 20]",
        "@tests:7",
        "-@tests:*",
        "_missing_:@ci.job.id",
        "ci_level:(job OR step)",
        "env:ci",
        "service:ci-2",
        "team:a",
        "shard:[1 TO 3]",
        "deploy",
        "\"test ALL\"",
        "small",
        "*",
    ])
    .prop_map(str::to_owned);
    term.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            inner.prop_map(|a| format!("-({a})")),
        ]
    })
}

/// Times in milliseconds, within and around that of the events.
fn range() -> impl Strategy<Value = (i64, i64)> {
    (0..SPAN + 100, 0..SPAN).prop_map(|(before, length)| {
        let from = NOW - before;
        (from * 1000, (from + length) * 1000)
    })
}

fn one_of(values: Vec<Value>) -> impl Strategy<Value = Value> + Clone {
    prop::sample::select(values)
}

fn request() -> impl Strategy<Value = (Vec<Value>, Vec<Value>)> {
    let metric = one_of(
        ["@duration", "@tests", "@ci.queue_time", "@ci.status", "@ci.execution_time"]
            .map(Value::from)
            .to_vec(),
    );
    let function = prop::sample::select(AggregationFunction::VALUES);
    let kind = one_of(vec![json!("total"), json!("total"), json!("timeseries")]);
    let compute = (function, metric, kind).prop_map(|(function, metric, kind)| {
        json!({"aggregation": function, "metric": metric, "type": kind, "interval": "20m"})
    });
    let facets =
        vec!["@ci.status", "@ci.pipeline.name", "team", "@ci.node.labels", "ci_level", "@tests"];
    let group = |facet: &'static str| {
        let sort = one_of(vec![
            json!(null),
            json!({"order": "desc"}),
            json!({"type": "measure", "aggregation": "count", "order": "asc"}),
            json!({"type": "measure", "aggregation": "pc90", "metric": "@duration"}),
        ]);
        let missing = one_of(vec![json!(null), json!("none")]);
        let total = one_of(vec![json!(null), json!(true), json!("all of them")]);
        let parts = (1..6_i64, sort, missing, total);
        parts.prop_map(move |(limit, sort, missing, total)| {
            json!({"facet": facet, "limit": limit, "sort": sort, "missing": missing, "total": total})
        })
    };
    let groups = prop::sample::subsequence(facets, 0..=2)
        .prop_shuffle()
        .prop_flat_map(move |facets| facets.into_iter().map(group).collect::<Vec<_>>());
    (prop::collection::vec(compute, 1..3), groups)
}

/// The events that a query asks for by its plain reading, by their places, oldest first.
fn found(query: &str, from: i64, to: i64) -> Vec<usize> {
    let query: Query = query.parse().unwrap();
    let mut found: Vec<(i64, usize)> = WORKLOAD
        .events
        .iter()
        .enumerate()
        .map(|(place, (timestamp, _, event))| (*timestamp, place, event))
        .filter(|(timestamp, _, event)| {
            (from..=to).contains(timestamp) && naive::asks_for(&query, event)
        })
        .map(|(timestamp, place, _)| (timestamp, place))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, place)| place).collect()
}

proptest! {
    #![proptest_config(cases(20))]

    #[test]
    fn ten_thousand_events_are_searched_as_plainly_read(
        query in query(), (from, to) in range(), newest_first: bool, limit in 1..=1000_i32,
    ) {
        let mut expected = found(&query, from * 1_000_000, to * 1_000_000);
        if newest_first {
            expected.reverse();
        }
        // Three pages at most: they are alike.
        expected.truncate(3 * limit as usize);
        let mut ask = Ask {
            query: Some(query.clone()),
            from: Some(from.to_string()),
            to: Some(to.to_string()),
            sort: Some(if newest_first { "-timestamp" } else { "timestamp" }.into()),
            limit: Some(limit),
            ..Ask::default()
        };
        let mut listed = Vec::new();
        for _ in 0..3 {
            let page = WORKLOAD.intake.list(&ask, "http://intake").map_err(|problems| {
                TestCaseError::fail(format!("{query}: {problems:?}"))
            })?;
            listed.extend(page.data.into_iter().flatten().filter_map(|event| event.id));
            ask.cursor = page.meta.and_then(|meta| meta.page).and_then(|page| page.after);
            if ask.cursor.is_none() {
                break;
            }
        }
        let expected: Vec<&str> =
            expected.into_iter().map(|place| WORKLOAD.events[place].1.as_str()).collect();
        prop_assert_eq!(listed, expected, "{}", query);
    }

    #[test]
    fn ten_thousand_events_are_aggregated_as_plainly_read(
        query in query(), (from, to) in range(), (compute, group_by) in request(),
    ) {
        let events: Vec<aggregated::Placed<'_>> = found(&query, from * 1_000_000, to * 1_000_000)
            .into_iter()
            .map(|place| {
                let (timestamp, _, event) = &WORKLOAD.events[place];
                aggregated::Placed { timestamp: *timestamp, order: place as u64, event }
            })
            .collect();
        let request = json!({
            "filter": {"query": query, "from": from.to_string(), "to": to.to_string()},
            "compute": compute, "group_by": group_by,
        });
        let expected = aggregated::aggregate(&events, &request, from * 1_000_000, to * 1_000_000);
        let typed: AggregateRequest = serde_json::from_value(request.clone()).unwrap();
        let answer = WORKLOAD.intake.aggregate(&typed).map_err(|problems| {
            TestCaseError::fail(format!("{request}: {problems:?}"))
        })?;
        let answer = serde_json::to_value(answer).unwrap();
        prop_assert_eq!(&answer["data"]["buckets"], &expected, "{}", request);
    }
}

#[test]
fn the_workload_is_spread_over_its_time() {
    let seconds = |place: usize| WORKLOAD.events[place].0 / SECOND;
    let (first, last) =
        (found("*", i64::MIN, i64::MAX)[0], found("*", i64::MIN, i64::MAX)[COUNT - 1]);
    assert!(seconds(last) - seconds(first) > SPAN / 2);
    assert!(found("@ci.status:running", i64::MIN, i64::MAX).is_empty());
    assert!(found("@ci.queue_time:*", i64::MIN, i64::MAX).len() > COUNT / 20);
}
