//! Tests of the store: updates, and listings while events arrive.

mod limits;
mod paths;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::listing::{Progress, Range};
use super::shared::SharedStore;
use super::stored::{Origin, Selected, StoredEvent, Submission};
use crate::common::Work;
use crate::event::testing::cases;
use crate::query::Query;

const SECOND: i64 = 1_000_000_000;
const ALWAYS: Range = Range { from: i64::MIN, to: i64::MAX, now: 0 };

/// The attributes of a request with a resource that starts and ends at these seconds of 1970.
fn sent(level: &str, id: &str, start: i64, end: Option<i64>, more: Value) -> Map<String, Value> {
    let timestamp = |second: i64| jiff::Timestamp::from_second(second).unwrap().to_string();
    let id_name = if level == "pipeline" { "unique_id" } else { "id" };
    let mut resource = json!({
        "level": level, id_name: id, "name": "n", "start": timestamp(start),
        "status": if end.is_some() { "success" } else { "running" },
    });
    let fields = resource.as_object_mut().unwrap();
    if level != "pipeline" {
        fields.insert("pipeline_unique_id".to_owned(), json!("p"));
    }
    if let Some(end) = end {
        fields.insert("end".to_owned(), json!(timestamp(end)));
    }
    fields.extend(more.as_object().cloned().unwrap_or_default());
    json!({ "resource": resource }).as_object().unwrap().clone()
}

/// A job that starts at second 1, for tests of the journal.
pub(crate) fn submission(id: &str, end: Option<i64>) -> Submission {
    Submission::new(Value::Object(sent("job", id, 1, end, json!({}))).to_string())
}

fn insert<const N: usize>(store: &SharedStore, events: [&Map<String, Value>; N], received: i64) {
    let events: Vec<_> =
        events.into_iter().map(|event| json!(event).to_string()).map(Submission::new).collect();
    store.insert(&events, Origin::received(received));
}

/// Returns a page of all events, and the progress after it.
fn page(
    store: &SharedStore,
    query: &Query,
    range: Range,
    newest_first: bool,
    progress: Progress,
    limit: usize,
) -> (Vec<StoredEvent>, Progress) {
    let page = store.list(query, range, newest_first, progress, limit, &Work::unlimited());
    let page = page.unwrap();
    (page.events.iter().map(Selected::to_event).collect(), page.progress)
}

fn list(store: &SharedStore, query: &str) -> Vec<StoredEvent> {
    page(store, &query.parse().unwrap(), ALWAYS, true, store.start_listing(), 1000).0
}

/// Returns the number of events that an aggregation sees.
fn count(store: &SharedStore, query: &Query, range: Range) -> usize {
    let mut count = 0;
    store.rows(vec![(query.clone(), range)], &Work::unlimited(), |_| |_, _| count += 1).unwrap();
    count
}

fn statuses(store: &SharedStore) -> Vec<String> {
    let status =
        |event: &StoredEvent| event.attributes["ci"]["status"].as_str().unwrap().to_owned();
    list(store, "*").iter().map(status).collect()
}

#[test]
fn updates_of_a_run_become_one_event_with_a_history() {
    let store = SharedStore::default();
    insert(&store, [&sent("pipeline", "p", 10, None, json!({"name": "first"}))], 11);
    insert(&store, [&sent("pipeline", "p", 10, None, json!({"queue_time": 5}))], 12);
    let running = list(&store, "@ci.status:running");
    assert_eq!(running.len(), 1);
    assert_eq!(running[0].timestamp, 10 * SECOND);
    insert(&store, [&sent("pipeline", "p", 10, Some(70), json!({}))], 71);
    let finished = list(&store, "@ci.status:success @ci.queue_time:5ms @duration:60s");
    assert_eq!(finished.len(), 1);
    assert_eq!(finished[0].id, running[0].id);
    assert_eq!(finished[0].timestamp, 70 * SECOND);
    assert!(list(&store, "@ci.status:running").is_empty());
    let history = store.history(&finished[0].id).unwrap();
    assert_eq!(history.iter().map(|update| update.received).collect::<Vec<_>>(), [11, 12, 71]);
    assert!(history[1].sent.contains("queue_time"));
}

#[test]
fn a_final_update_wins_over_a_late_running_one() {
    let store = SharedStore::default();
    insert(&store, [&sent("job", "j", 10, Some(70), json!({}))], 71);
    insert(&store, [&sent("job", "j", 10, None, json!({"stage_name": "late"}))], 72);
    assert_eq!(statuses(&store), ["success"]);
    assert_eq!(list(&store, "@ci.stage.name:late")[0].timestamp, 70 * SECOND);
}

#[test]
fn the_last_received_of_identical_runs_is_kept() {
    let store = SharedStore::default();
    insert(&store, [&sent("step", "s", 1, Some(2), json!({"url": "a"}))], 3);
    insert(&store, [&sent("step", "s", 1, Some(2), json!({"status": "error"}))], 4);
    assert_eq!(statuses(&store), ["error"]);
    assert!(list(&store, "@ci.step.url:a").is_empty());
}

#[test]
fn runs_are_identified_by_level_pipeline_id_and_start() {
    let store = SharedStore::default();
    for level in ["pipeline", "stage", "job", "step"] {
        insert(&store, [&sent(level, "same", 1, Some(2), json!({}))], 3);
    }
    insert(&store, [&sent("pipeline", "same", 5, Some(6), json!({}))], 7);
    insert(&store, [&sent("job", "same", 1, Some(2), json!({"pipeline_unique_id": "q"}))], 7);
    assert_eq!(store.len(), 6);
    let ids: BTreeSet<String> = store.all().into_iter().map(|event| event.id).collect();
    assert_eq!(ids.len(), 6);
}

#[test]
fn the_execution_time_is_the_union_of_the_jobs_intervals() {
    let store = SharedStore::default();
    let time = |store: &SharedStore| {
        let event = list(store, "ci_level:pipeline").remove(0);
        event.attributes["ci"].get("execution_time").and_then(Value::as_i64)
    };
    insert(&store, [&sent("job", "a", 10, Some(20), json!({}))], 0);
    insert(&store, [&sent("pipeline", "p", 0, None, json!({}))], 0);
    assert_eq!(time(&store), Some(10 * SECOND));
    let more = [
        sent("job", "b", 15, Some(30), json!({})),
        sent("job", "c", 50, Some(60), json!({})),
        sent("job", "d", 70, None, json!({})),
        sent("stage", "e", 0, Some(90), json!({})),
        sent("job", "f", 0, Some(90), json!({"pipeline_unique_id": "other"})),
    ];
    insert(&store, more.each_ref(), 0);
    assert_eq!(time(&store), Some(30 * SECOND));
    // It is searchable, survives later updates, and changes when a job is sent again.
    insert(&store, [&sent("pipeline", "p", 0, Some(100), json!({}))], 0);
    assert_eq!(list(&store, "@ci.execution_time:30s").len(), 1);
    insert(&store, [&sent("job", "c", 50, Some(55), json!({}))], 0);
    assert_eq!(time(&store), Some(25 * SECOND));
    assert_eq!(list(&store, "@ci.execution_time:25s").len(), 1);
    assert!(list(&store, "@ci.execution_time:30s").is_empty());
}

#[test]
fn running_events_are_listed_for_three_days() {
    let store = SharedStore::default();
    insert(&store, [&sent("pipeline", "p", 0, None, json!({}))], 0);
    let day = 86_400 * SECOND;
    for (now, listed) in [(3 * day, 1), (3 * day + 1, 0)] {
        let range = Range { now, ..ALWAYS };
        assert_eq!(count(&store, &Query::All, range), listed);
        let (events, _) = page(&store, &Query::All, range, true, store.start_listing(), 10);
        assert_eq!(events.len(), listed);
    }
}

#[test]
fn env_service_level_and_tags_are_searched_without_at() {
    let store = SharedStore::default();
    let mut job = sent("job", "j", 1, Some(2), json!({"tags": ["team:a", "bare"]}));
    job.insert("env".to_owned(), json!("test"));
    job.insert("service".to_owned(), json!("ci-1"));
    insert(&store, [&job], 3);
    for query in ["env:test", "@env:test", "service:ci-1", "ci_level:job", "team:a", "@team:a"] {
        assert_eq!(list(&store, query).len(), 1, "{query}");
    }
    assert_eq!(list(&store, "*")[0].tags, ["team:a", "bare"]);
}

/// An update of a run that arrives during a listing. The number of the run is its start.
#[derive(Clone, Debug)]
struct Step {
    run: i64,
    length: Option<i64>,
}

fn step() -> impl Strategy<Value = Step> {
    (0..12_i64, prop::option::of(0..12_i64)).prop_map(|(run, length)| Step { run, length })
}

fn apply(store: &SharedStore, steps: &[Step]) {
    for Step { run, length } in steps {
        let end = length.map(|length| run + length);
        insert(store, [&sent("job", &run.to_string(), *run, end, json!({}))], 0);
    }
}

/// Returns the events on the second page of a listing, given updates after the first page.
fn second_page(newest_first: bool, steps: &[Map<String, Value>]) -> Vec<String> {
    let store = SharedStore::default();
    for second in [20, 40, 60] {
        insert(&store, [&sent("step", &second.to_string(), 1, Some(second), json!({}))], 0);
    }
    let start = store.start_listing();
    let (_, progress) = page(&store, &Query::All, ALWAYS, newest_first, start, 1);
    for step in steps {
        insert(&store, [step], 0);
    }
    let (events, _) = page(&store, &Query::All, ALWAYS, newest_first, progress, 10);
    let formatted = |event: &StoredEvent| {
        let ci = &event.attributes["ci"];
        let id = ci["step"]["id"].as_str().or(ci["job"]["id"].as_str()).unwrap();
        format!("{id} {}", ci["status"].as_str().unwrap())
    };
    events.iter().map(formatted).collect()
}

#[test]
fn events_that_arrive_during_a_listing_are_listed_in_their_current_state() {
    let job = |id: &str, start, end| sent("job", id, start, end, json!({}));
    // Before the cursor while running, after it once finished.
    let steps =
        [job("r", 10, None), job("r", 10, Some(50)), job("s", 45, None), job("s", 45, Some(55))];
    assert_eq!(second_page(false, &steps), ["40 success", "r success", "s success", "60 success"]);
    assert_eq!(second_page(true, &steps), ["s success", "r success", "40 success", "20 success"]);
}

#[test]
fn events_that_change_during_a_listing_are_listed_in_their_original_state() {
    let step =
        |id: &str, status: &str| sent("step", id, 1, Some(40), json!({"id": id, "status": status}));
    assert_eq!(second_page(false, &[step("40", "error")]), ["40 success", "60 success"]);
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_listing_contains_every_event_in_range_in_chronological_order(
        steps in prop::collection::vec(step(), 0..40),
        newest_first: bool, from in 0..20_i64, length in 0..20_i64, limit in 1..20_usize,
    ) {
        let store = SharedStore::default();
        apply(&store, &steps);
        let range = Range { from: from * SECOND, to: (from + length) * SECOND, now: 0 };
        let mut expected: Vec<(i64, usize)> = store
            .all()
            .into_iter()
            .enumerate()
            .map(|(number, event)| (event.timestamp, number))
            .filter(|(timestamp, _)| (range.from..=range.to).contains(timestamp))
            .collect();
        expected.sort_unstable();
        if newest_first {
            expected.reverse();
        }
        expected.truncate(limit);
        let ids: Vec<String> = store.all().into_iter().map(|event| event.id).collect();
        let expected: Vec<&str> = expected.iter().map(|(_, n)| ids[*n].as_str()).collect();
        let start = store.start_listing();
        let (events, _) = page(&store, &Query::All, range, newest_first, start, limit);
        let actual: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
        prop_assert_eq!(actual, expected);
    }

    #[test]
    fn listings_stay_consistent_while_events_arrive(
        before in prop::collection::vec(step(), 0..30),
        between in prop::collection::vec(prop::collection::vec(step(), 0..6), 12),
        newest_first: bool, limit in 1..5_usize,
    ) {
        let store = SharedStore::default();
        apply(&store, &before);
        let initial: BTreeSet<String> = store.all().into_iter().map(|event| event.id).collect();
        let (mut seen, mut progress) = (Vec::new(), store.start_listing());
        for steps in between.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..])) {
            let (events, next) =
                page(&store, &Query::All, ALWAYS, newest_first, progress, limit);
            if events.is_empty() {
                break;
            }
            progress = next;
            seen.extend(events.into_iter().map(|event| event.id));
            apply(&store, steps);
        }
        let distinct: BTreeSet<String> = seen.iter().cloned().collect();
        prop_assert_eq!(distinct.len(), seen.len(), "an event is listed twice");
        prop_assert!(distinct.is_superset(&initial), "an event is missing");
    }
}
