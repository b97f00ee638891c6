use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Found, Range, Store, Submission};
use crate::query::Query;
use crate::testing::cases;

const SECOND: i64 = 1_000_000_000;
const ALWAYS: Range = Range { from: i64::MIN, to: i64::MAX, now: 0 };

/// A resource that begins and ends at seconds of 1970.
fn sent(level: &str, id: &str, start: i64, end: Option<i64>, more: Value) -> Map<String, Value> {
    let moment = |second: i64| jiff::Timestamp::from_second(second).unwrap().to_string();
    let id_name = if level == "pipeline" { "unique_id" } else { "id" };
    let mut resource = json!({
        "level": level, id_name: id, "name": "n", "start": moment(start),
        "status": if end.is_some() { "success" } else { "running" },
    });
    let fields = resource.as_object_mut().unwrap();
    if level != "pipeline" {
        fields.insert("pipeline_unique_id".to_owned(), json!("p"));
    }
    if let Some(end) = end {
        fields.insert("end".to_owned(), json!(moment(end)));
    }
    fields.extend(more.as_object().cloned().unwrap_or_default());
    json!({ "resource": resource }).as_object().unwrap().clone()
}

/// A job of a second that is its id, for tests of what keeps events.
pub(crate) fn submission(id: &str, end: Option<i64>) -> Submission {
    Submission::of(Value::Object(sent("job", id, 1, end, json!({}))).to_string())
}

fn insert<const N: usize>(store: &mut Store, events: [&Map<String, Value>; N], received: i64) {
    let events: Vec<_> =
        events.into_iter().map(|event| json!(event).to_string()).map(Submission::of).collect();
    store.insert(&events, received);
}

fn list(store: &Store, query: &str) -> Vec<Found> {
    let query: Query = query.parse().unwrap();
    store.list(&query, ALWAYS, true, store.beginning(), 1000).events
}

fn statuses(store: &Store) -> Vec<String> {
    let status = |found: &Found| found.attributes["ci"]["status"].as_str().unwrap().to_owned();
    list(store, "*").iter().map(status).collect()
}

#[test]
fn updates_of_one_run_are_one_event_with_its_history() {
    let mut store = Store::default();
    insert(&mut store, [&sent("pipeline", "p", 10, None, json!({"name": "first"}))], 11);
    insert(&mut store, [&sent("pipeline", "p", 10, None, json!({"queue_time": 5}))], 12);
    let running = list(&store, "@ci.status:running");
    assert_eq!(running.len(), 1);
    assert_eq!(running[0].timestamp, 10 * SECOND);
    insert(&mut store, [&sent("pipeline", "p", 10, Some(70), json!({}))], 71);
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
fn the_final_event_wins_over_a_late_running_one() {
    let mut store = Store::default();
    insert(&mut store, [&sent("job", "j", 10, Some(70), json!({}))], 71);
    insert(&mut store, [&sent("job", "j", 10, None, json!({"stage_name": "late"}))], 72);
    assert_eq!(statuses(&store), ["success"]);
    assert_eq!(list(&store, "@ci.stage.name:late")[0].timestamp, 70 * SECOND);
}

#[test]
fn of_the_same_id_and_times_the_last_received_is_kept() {
    let mut store = Store::default();
    insert(&mut store, [&sent("step", "s", 1, Some(2), json!({"url": "a"}))], 3);
    insert(&mut store, [&sent("step", "s", 1, Some(2), json!({"status": "error"}))], 4);
    assert_eq!(statuses(&store), ["error"]);
    assert!(list(&store, "@ci.step.url:a").is_empty());
}

#[test]
fn ids_are_unique_per_level_and_convergence_needs_the_same_start() {
    let mut store = Store::default();
    for level in ["pipeline", "stage", "job", "step"] {
        insert(&mut store, [&sent(level, "same", 1, Some(2), json!({}))], 3);
    }
    insert(&mut store, [&sent("pipeline", "same", 5, Some(6), json!({}))], 7);
    insert(&mut store, [&sent("job", "same", 1, Some(2), json!({"pipeline_unique_id": "q"}))], 7);
    assert_eq!(store.len(), 6);
    let ids: BTreeSet<String> = store.iter().map(|found| found.id).collect();
    assert_eq!(ids.len(), 6);
}

#[test]
fn execution_time_of_a_pipeline_is_the_union_of_its_jobs_intervals() {
    let mut store = Store::default();
    let time = |store: &Store| {
        let found = list(store, "ci_level:pipeline").remove(0);
        found.attributes["ci"].get("execution_time").and_then(Value::as_i64)
    };
    insert(&mut store, [&sent("job", "a", 10, Some(20), json!({}))], 0);
    insert(&mut store, [&sent("pipeline", "p", 0, None, json!({}))], 0);
    assert_eq!(time(&store), Some(10 * SECOND));
    let more = [
        sent("job", "b", 15, Some(30), json!({})),
        sent("job", "c", 50, Some(60), json!({})),
        sent("job", "d", 70, None, json!({})),
        sent("stage", "e", 0, Some(90), json!({})),
        sent("job", "f", 0, Some(90), json!({"pipeline_unique_id": "other"})),
    ];
    insert(&mut store, more.each_ref(), 0);
    assert_eq!(time(&store), Some(30 * SECOND));
    // It is there whatever comes, in searches too, and follows a job that is sent again.
    insert(&mut store, [&sent("pipeline", "p", 0, Some(100), json!({}))], 0);
    assert_eq!(list(&store, "@ci.execution_time:30s").len(), 1);
    insert(&mut store, [&sent("job", "c", 50, Some(55), json!({}))], 0);
    assert_eq!(time(&store), Some(25 * SECOND));
    assert_eq!(list(&store, "@ci.execution_time:25s").len(), 1);
    assert!(list(&store, "@ci.execution_time:30s").is_empty());
}

#[test]
fn running_is_shown_for_three_days() {
    let mut store = Store::default();
    insert(&mut store, [&sent("pipeline", "p", 0, None, json!({}))], 0);
    let day = 86_400 * SECOND;
    for (now, shown) in [(3 * day, 1), (3 * day + 1, 0)] {
        let range = Range { now, ..ALWAYS };
        assert_eq!(store.rows(&Query::All, range).count(), shown);
        let page = store.list(&Query::All, range, true, store.beginning(), 10);
        assert_eq!(page.events.len(), shown);
    }
}

#[test]
fn env_service_level_and_tags_are_searched_without_at() {
    let mut store = Store::default();
    let mut job = sent("job", "j", 1, Some(2), json!({"tags": ["team:a", "bare"]}));
    job.insert("env".to_owned(), json!("test"));
    job.insert("service".to_owned(), json!("ci-1"));
    insert(&mut store, [&job], 3);
    for query in ["env:test", "@env:test", "service:ci-1", "ci_level:job", "team:a", "@team:a"] {
        assert_eq!(list(&store, query).len(), 1, "{query}");
    }
    assert_eq!(list(&store, "*")[0].tags, ["team:a", "bare"]);
}

/// What may happen to a run while somebody pages: its start is its number.
#[derive(Clone, Debug)]
struct Step {
    run: i64,
    length: Option<i64>,
}

fn step() -> impl Strategy<Value = Step> {
    (0..12_i64, prop::option::of(0..12_i64)).prop_map(|(run, length)| Step { run, length })
}

fn apply(store: &mut Store, steps: &[Step]) {
    for Step { run, length } in steps {
        let end = length.map(|length| run + length);
        insert(store, [&sent("job", &run.to_string(), *run, end, json!({}))], 0);
    }
}

/// The statuses on a second page of one event each, behind which something has happened.
fn second_page(newest_first: bool, steps: &[Map<String, Value>]) -> Vec<String> {
    let mut store = Store::default();
    for second in [20, 40, 60] {
        insert(&mut store, [&sent("step", &second.to_string(), 1, Some(second), json!({}))], 0);
    }
    let page = store.list(&Query::All, ALWAYS, newest_first, store.beginning(), 1);
    for step in steps {
        insert(&mut store, [step], 0);
    }
    let page = store.list(&Query::All, ALWAYS, newest_first, page.progress, 10);
    let words = |found: &Found| {
        let ci = &found.attributes["ci"];
        let id = ci["step"]["id"].as_str().or(ci["job"]["id"].as_str()).unwrap();
        format!("{id} {}", ci["status"].as_str().unwrap())
    };
    page.events.iter().map(words).collect()
}

#[test]
fn events_that_come_while_one_pages_are_seen_as_they_are() {
    let job = |id: &str, start, end| sent("job", id, start, end, json!({}));
    // Behind the cursor while they ran, before it when they are over.
    let steps =
        [job("r", 10, None), job("r", 10, Some(50)), job("s", 45, None), job("s", 45, Some(55))];
    assert_eq!(second_page(false, &steps), ["40 success", "r success", "s success", "60 success"]);
    assert_eq!(second_page(true, &steps), ["s success", "r success", "40 success", "20 success"]);
}

#[test]
fn events_that_are_sent_again_while_one_pages_are_seen_as_they_were() {
    let step =
        |id: &str, status: &str| sent("step", id, 1, Some(40), json!({"id": id, "status": status}));
    assert_eq!(second_page(false, &[step("40", "error")]), ["40 success", "60 success"]);
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_listing_is_every_event_in_range_by_time(
        steps in prop::collection::vec(step(), 0..40),
        newest_first: bool, from in 0..20_i64, length in 0..20_i64, limit in 1..20_usize,
    ) {
        let mut store = Store::default();
        apply(&mut store, &steps);
        let range = Range { from: from * SECOND, to: (from + length) * SECOND, now: 0 };
        let mut expected: Vec<(i64, usize)> = store
            .iter()
            .enumerate()
            .map(|(number, found)| (found.timestamp, number))
            .filter(|(timestamp, _)| (range.from..=range.to).contains(timestamp))
            .collect();
        expected.sort_unstable();
        if newest_first {
            expected.reverse();
        }
        expected.truncate(limit);
        let ids: Vec<String> = store.iter().map(|found| found.id).collect();
        let expected: Vec<&str> = expected.iter().map(|(_, n)| ids[*n].as_str()).collect();
        let page = store.list(&Query::All, range, newest_first, store.beginning(), limit);
        let found: Vec<&str> = page.events.iter().map(|found| found.id.as_str()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn cursors_stay_correct_while_events_arrive(
        before in prop::collection::vec(step(), 0..30),
        between in prop::collection::vec(prop::collection::vec(step(), 0..6), 12),
        newest_first: bool, limit in 1..5_usize,
    ) {
        let mut store = Store::default();
        apply(&mut store, &before);
        let at_first: BTreeSet<String> = store.iter().map(|found| found.id).collect();
        let (mut seen, mut progress) = (Vec::new(), store.beginning());
        for steps in between.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..])) {
            let page = store.list(&Query::All, ALWAYS, newest_first, progress, limit);
            if page.events.is_empty() {
                break;
            }
            progress = page.progress;
            seen.extend(page.events.into_iter().map(|found| found.id));
            apply(&mut store, steps);
        }
        let distinct: BTreeSet<String> = seen.iter().cloned().collect();
        prop_assert_eq!(distinct.len(), seen.len(), "an event was found twice");
        prop_assert!(distinct.is_superset(&at_first), "an event was skipped");
    }
}
