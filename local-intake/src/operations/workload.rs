//! Listing and aggregating 10,000 events, compared with the reference implementations.

use std::sync::LazyLock;

use datadog_ci_pipelines::models::{AggregateRequest, AggregationFunction};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

#[cfg(feature = "pages")]
use super::FacetRequest;
use super::{Intake, ListRequest};
use crate::aggregate::tests::naive as naive_aggregate;
use crate::common::Work;
use crate::event::testing::{Event, cases};
use crate::query::{Query, naive as naive_query};
use crate::store::Submission;

const COUNT: usize = 10_000;
/// The end of the last event, in seconds since 1970.
const NOW: i64 = 1_752_500_000;
const SECOND: i64 = 1_000_000_000;
/// The number of seconds that the events are spread over.
const SPAN: i64 = 36_000;

/// The intake, and its events for the reference implementations, with timestamps and ids.
struct Workload {
    intake: Intake,
    events: Vec<(i64, String, Event)>,
}

static WORKLOAD: LazyLock<Workload> = LazyLock::new(|| {
    let intake = Intake::default();
    intake.clock.set(Timestamp::from_second(NOW).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let all: Vec<Submission> = (0..COUNT).flat_map(updates).collect();
    for batch in all.chunks(1000) {
        runtime.block_on(intake.insert(batch.to_vec())).unwrap();
    }
    let events = intake.store().all().into_iter().map(|stored| {
        // The reference implementations treat reserved names as tags.
        let value = |path: &str| stored.attributes.get(path).and_then(Value::as_str);
        let reserved = [("env", value("env")), ("service", provider_instance(&stored.attributes))];
        let reserved = reserved.into_iter().filter_map(|(k, v)| Some(format!("{k}:{}", v?)));
        let tags = stored.tags.iter().cloned().chain(reserved).collect();
        let level = stored.level.name();
        let event = Event { attributes: stored.attributes.clone(), tags, level };
        (stored.timestamp, stored.id, event)
    });
    let events: Vec<_> = events.collect();
    assert_eq!(events.len(), COUNT);
    Workload { intake, events }
});

fn provider_instance(attributes: &serde_json::Map<String, Value>) -> Option<&str> {
    attributes.get("ci")?.get("provider")?.get("instance")?.as_str()
}

/// Returns the updates of an event. Every seventh event is first sent as running.
fn updates(number: usize) -> Vec<Submission> {
    let random = number.wrapping_mul(2_654_435_761) >> 9;
    let end = NOW - (random as i64 % SPAN);
    let timestamp = |second| Timestamp::from_second(second).unwrap().to_string();
    let level = ["pipeline", "stage", "job", "job", "step"][number % 5];
    let run = format!("run-{}", number / 25);
    let status = ["success", "error", "success", "success"][random / 7 % 4];
    let mut resource = json!({
        "level": level,
        "name": format!("{} {}", ["Build", "Test all", "deploy"][random % 3], random % 4),
        "start": timestamp(end - (random as i64 >> 3) % 600), "end": timestamp(end),
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
        Submission::new(sent.to_string())
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

/// Queries that match some of the events.
fn query() -> impl Strategy<Value = String> {
    let term = prop::sample::select(vec![
        "@ci.status:error",
        "@ci.status:(error OR running)",
        "@ci.pipeline.name:pipeline-1*",
        "@ci.pipeline.name:pipeline-?",
        "@ci.pipeline.id:run-7-0",
        "@ci.pipeline.id:none",
        "@ci.job.name:\"Test all 2\"",
        "@ci.partial_pipeline:retry",
        "@ci.execution_time:*",
        "@ci.on_critical_path:true",
        "@ci.critical_path.exclusive_time:>10s",
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

/// A time range in milliseconds that overlaps the times of the events.
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
        [
            "@duration",
            "@tests",
            "@ci.queue_time",
            "@ci.status",
            "@ci.execution_time",
            "@ci.critical_path.exclusive_time",
        ]
        .map(Value::from)
        .to_vec(),
    );
    let function = prop::sample::select(AggregationFunction::VALUES);
    let kind = one_of(vec![json!("total"), json!("total"), json!("timeseries")]);
    let compute = (function, metric, kind).prop_map(|(function, metric, kind)| {
        json!({"aggregation": function, "metric": metric, "type": kind, "interval": "20m"})
    });
    let facets = vec![
        "@ci.status",
        "@ci.pipeline.name",
        "team",
        "@ci.node.labels",
        "ci_level",
        "@tests",
        "@ci.on_critical_path",
    ];
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

/// Returns the indexes of the events that match a query according to the reference implementation,
/// oldest first.
fn matching(query: &str, from: i64, to: i64) -> Vec<usize> {
    let query: Query = query.parse().unwrap();
    let mut matching: Vec<(i64, usize)> = WORKLOAD
        .events
        .iter()
        .enumerate()
        .map(|(index, (timestamp, _, event))| (*timestamp, index, event))
        .filter(|(timestamp, _, event)| {
            (from..=to).contains(timestamp) && naive_query::matches(&query, event)
        })
        .map(|(timestamp, index, _)| (timestamp, index))
        .collect();
    matching.sort_unstable();
    matching.into_iter().map(|(_, index)| index).collect()
}

proptest! {
    #![proptest_config(cases(20))]

    #[test]
    fn listings_of_ten_thousand_events_agree_with_the_reference_implementation(
        query in query(), (from, to) in range(), newest_first: bool, limit in 1..=1000_i32,
    ) {
        let mut expected = matching(&query, from * 1_000_000, to * 1_000_000);
        if newest_first {
            expected.reverse();
        }
        // Three pages are enough; further ones are alike.
        expected.truncate(3 * limit as usize);
        let mut list_request = ListRequest {
            query: Some(query.clone()),
            from: Some(from.to_string()),
            to: Some(to.to_string()),
            sort: Some(if newest_first { "-timestamp" } else { "timestamp" }.into()),
            limit: Some(limit),
            ..ListRequest::default()
        };
        let mut listed = Vec::new();
        for _ in 0..3 {
            let (page, _) = WORKLOAD.intake.list(&list_request, "http://intake", &Work::unlimited()).map_err(|problems| {
                TestCaseError::fail(format!("{query}: {problems:?}"))
            })?;
            listed.extend(page.data.into_iter().flatten().filter_map(|event| event.id));
            list_request.cursor = page.meta.and_then(|meta| meta.page).and_then(|page| page.after);
            if list_request.cursor.is_none() {
                break;
            }
        }
        let expected: Vec<&str> =
            expected.into_iter().map(|index| WORKLOAD.events[index].1.as_str()).collect();
        prop_assert_eq!(listed, expected, "{}", query);
    }

    #[test]
    fn aggregations_of_ten_thousand_events_agree_with_the_reference_implementation(
        query in query(), (from, to) in range(), (compute, group_by) in request(),
    ) {
        let events: Vec<naive_aggregate::Input<'_>> = matching(&query, from * 1_000_000, to * 1_000_000)
            .into_iter()
            .map(|index| {
                let (timestamp, _, event) = &WORKLOAD.events[index];
                naive_aggregate::Input { timestamp: *timestamp, order: index as u64, event }
            })
            .collect();
        let request = json!({
            "filter": {"query": query, "from": from.to_string(), "to": to.to_string()},
            "compute": compute, "group_by": group_by,
        });
        let expected = naive_aggregate::aggregate(&events, &request, from * 1_000_000, to * 1_000_000);
        let typed: AggregateRequest = serde_json::from_value(request.clone()).unwrap();
        let (response, _) = WORKLOAD.intake.aggregate(&typed, &Work::unlimited()).map_err(|problems| {
            TestCaseError::fail(format!("{request}: {problems:?}"))
        })?;
        let response = serde_json::to_value(response).unwrap();
        prop_assert_eq!(&response["data"]["buckets"], &expected, "{}", request);
    }
}

#[cfg(feature = "pages")]
proptest! {
    #![proptest_config(cases(20))]

    #[test]
    fn requests_that_share_a_pass_have_the_same_results(
        parts in prop::collection::vec((query(), range(), request()), 1..4), common in query(),
    ) {
        let requests: Vec<AggregateRequest> = parts
            .into_iter()
            .map(|(query, (from, to), (compute, group_by))| {
                let query = format!("({common}) ({query})");
                let filter = json!({"query": query, "from": from.to_string(), "to": to.to_string()});
                let request = json!({"filter": filter, "compute": compute, "group_by": group_by});
                serde_json::from_value(request).unwrap()
            })
            .collect();
        let names = ["@ci.status", "team", "@ci.node.labels", "@none"].map(str::to_owned);
        let filter = requests[0].filter.clone().unwrap_or_default();
        let facets = FacetRequest { filter: &filter, names: &names, limit: 2 };
        let all = |requests: &[AggregateRequest], facets| {
            WORKLOAD.intake.aggregate_all(requests, facets, &Work::unlimited()).map_err(|problems| {
                TestCaseError::fail(format!("{requests:?}: {problems:?}"))
            })
        };
        let together = all(&requests, Some(&facets))?;
        let alone = all(&[], Some(&facets))?;
        prop_assert_eq!(format!("{:?}", together.facets), format!("{:?}", alone.facets));
        prop_assert_eq!(together.events, alone.events);
        for (request, buckets) in requests.iter().zip(together.buckets) {
            let alone = all(std::slice::from_ref(request), None)?.buckets;
            prop_assert_eq!(format!("{:?}", [buckets]), format!("{alone:?}"), "{:?}", request);
        }
    }
}

#[test]
fn the_workload_covers_its_time_range() {
    let seconds = |index: usize| WORKLOAD.events[index].0 / SECOND;
    let (first, last) =
        (matching("*", i64::MIN, i64::MAX)[0], matching("*", i64::MIN, i64::MAX)[COUNT - 1]);
    assert!(seconds(last) - seconds(first) > SPAN / 2);
    assert!(matching("@ci.status:running", i64::MIN, i64::MAX).is_empty());
    assert!(matching("@ci.queue_time:*", i64::MIN, i64::MAX).len() > COUNT / 20);
    assert!(matching("@ci.critical_path.exclusive_time:>10s", i64::MIN, i64::MAX).len() > 100);
}
