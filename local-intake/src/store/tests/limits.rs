//! Queries while events are inserted and removed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::{ALWAYS, insert, list, page, sent, submission};
use crate::common::{Stopped, Work, WorkLimits};
use crate::event::Level;
use crate::event::facts::Row;
use crate::query::Query;
use crate::store::events::Store;
use crate::store::limits::Retention;
use crate::store::shared::SharedStore;
use crate::store::stored::{Origin, Submission};

#[test]
fn events_are_inserted_while_a_query_is_evaluated() {
    let store = Arc::new(SharedStore::default());
    let jobs: Vec<Submission> = (0..2000).map(|id| submission(&id.to_string(), Some(5))).collect();
    store.insert(&jobs, Origin::received(0));
    let inserted = Arc::new(AtomicUsize::new(0));
    let mut work = Work::unlimited();
    work.between = Some(Box::new({
        let (store, inserted) = (Arc::clone(&store), Arc::clone(&inserted));
        // Would fail if the query still held a lock.
        move || {
            let number = inserted.fetch_add(1, Ordering::SeqCst);
            let event = submission(&format!("new {number}"), Some(5));
            assert_eq!(store.insert_now(&[event], Origin::received(0)), 1);
        }
    }));
    let words: Vec<String> = (0..900).map(|number| format!("w{number}")).collect();
    let query: Query = format!("-({})", words.join(" OR ")).parse().unwrap();
    let mut seen = 0;
    let slow = |_: usize, _: Row<'_>| {
        seen += 1;
        if seen % 100 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    };
    store.rows(vec![(query, ALWAYS)], &work, |_| slow).unwrap();
    // What was inserted meanwhile is not seen.
    assert_eq!(seen, 2000);
    let inserted = inserted.load(Ordering::SeqCst);
    assert!(inserted >= 10, "{inserted}");
    assert_eq!(store.len(), 2000 + inserted);
    // A page is a view of one time, too.
    let start = store.start_listing();
    let page = store.list(&Query::All, ALWAYS, false, start, 10_000, &work).unwrap();
    assert_eq!(page.events.len(), 2000 + inserted);
}

#[test]
fn a_query_ends_when_all_events_are_deleted() {
    let store = Arc::new(SharedStore::default());
    let jobs: Vec<Submission> = (0..200).map(|id| submission(&id.to_string(), Some(5))).collect();
    store.insert(&jobs, Origin::received(0));
    let mut work = Work::unlimited();
    let cleared = Arc::clone(&store);
    work.between = Some(Box::new(move || cleared.clear(0)));
    let slow = |_: usize, _: Row<'_>| std::thread::sleep(Duration::from_millis(1));
    let result = store.rows(vec![(Query::All, ALWAYS)], &work, |_| slow);
    assert_eq!(result.unwrap_err(), Stopped::Cleared);
}

#[test]
fn a_query_ends_when_its_work_is_stopped() {
    let store = SharedStore::default();
    let jobs: Vec<Submission> = (0..200).map(|id| submission(&id.to_string(), Some(5))).collect();
    store.insert(&jobs, Origin::received(0));
    let limits = WorkLimits { timeout: Duration::from_millis(20), turns: Arc::default() };
    let work = Work::new(limits, Instant::now(), Arc::default());
    let mut seen = 0;
    let slow = |_: usize, _: Row<'_>| {
        seen += 1;
        std::thread::sleep(Duration::from_millis(1));
    };
    let stopped = store.rows(vec![(Query::All, ALWAYS)], &work, |_| slow).unwrap_err();
    assert_eq!(stopped, Stopped::TimeLimit(Duration::from_millis(20)));
    assert!(seen < 200, "{seen}");
}

#[test]
fn the_history_of_an_event_is_limited() {
    let retention = Retention { max_history: 10, ..Retention::default() };
    let store = SharedStore::new(retention);
    let update = |number: usize| sent("pipeline", "p", 10, None, json!({"queue_time": number}));
    insert(&store, [&update(0)], 0);
    let start = store.start_listing();
    let strings = || store.with(|store| store.vocabulary().strings.len());
    for number in 1..500 {
        insert(&store, [&update(number)], number as i64);
    }
    let id = &list(&store, "@ci.queue_time:499ms")[0].id;
    let history = store.history(id).unwrap();
    assert_eq!(history.iter().map(|it| it.received).collect::<Vec<_>>(), Vec::from_iter(490..500));
    assert!(strings() < 50, "{}", strings());
    assert_eq!(store.with(|store| store.order.len()), (10, 1));
    let bytes = store.statistics().bytes.load(Ordering::SeqCst);
    assert!(bytes < 10 * 2 * 500, "{bytes}");
    // A listing that has started before still contains the event.
    assert_eq!(page(&store, &Query::All, ALWAYS, true, start, 10).0.len(), 1);
}

#[test]
fn the_oldest_events_are_removed() {
    for retention in [
        Retention { max_events: Some(160), ..Retention::default() },
        Retention { max_bytes: Some(160 * 400), ..Retention::default() },
        Retention { max_age: Some(Duration::from_nanos(160)), ..Retention::default() },
    ] {
        let store = SharedStore::new(retention.clone());
        let counts = || {
            let vocabulary =
                |store: &Store| (store.vocabulary().strings.len(), store.vocabulary().names.len());
            let (strings, names) = store.with(vocabulary);
            (strings, names, store.with(|store| store.versions.len()))
        };
        for number in 0..2000 {
            let run = format!("run-{}", number / 10);
            let tags = json!({"tags": [format!("k{number}:v{number}")], "pipeline_unique_id": run});
            let id = format!("job-{number}");
            insert(&store, [&sent("job", &id, 1, Some(number + 2), tags)], number);
            insert(&store, [&sent("pipeline", &run, 1, None, json!({}))], number);
            store.trim(number);
        }
        let (events, kept) = (store.all(), store.len());
        assert!((80..=200).contains(&kept), "{kept}: {retention:?}");
        assert_eq!(events.len(), kept);
        let (_, runs) = store.with(|store| store.order.len());
        assert!(runs <= kept / 5, "{runs}");
        assert!((kept..2 * kept).contains(&counts().2), "{:?}: {retention:?}", counts());
        let newest = events.iter().rfind(|event| event.level == Level::Job).unwrap();
        assert_eq!(newest.attributes["ci"]["job"]["id"], "job-1999");
        assert_eq!(list(&store, "@k0:v0").len() + list(&store, "@ci.job.id:job-0").len(), 0);
        assert_eq!(list(&store, "@k1999:v1999").len(), 1);
        assert!(counts().0 < 1500 && counts().1 < 800, "{:?}", counts());
        // A removed event that is sent again is new.
        insert(&store, [&sent("job", "job-0", 1, Some(2), json!({}))], 2000);
        assert_eq!(store.len(), kept + 1);
        let removed = store.statistics().removed_events.load(Ordering::SeqCst);
        assert_eq!(removed + kept as u64, 2200);
    }
}

#[test]
fn the_execution_time_is_that_of_the_jobs_that_are_kept() {
    let store = SharedStore::new(Retention { max_events: Some(2), ..Retention::default() });
    insert(&store, [&sent("job", "a", 10, Some(20), json!({}))], 0);
    insert(&store, [&sent("pipeline", "p", 0, Some(90), json!({}))], 0);
    assert_eq!(list(&store, "@ci.execution_time:10s").len(), 1);
    insert(&store, [&sent("job", "b", 15, Some(40), json!({}))], 0);
    assert_eq!(list(&store, "@ci.execution_time:30s").len(), 1);
    store.trim(0);
    assert_eq!(list(&store, "@ci.execution_time:25s").len(), 1);
    assert_eq!(store.all().len(), 2);
}
