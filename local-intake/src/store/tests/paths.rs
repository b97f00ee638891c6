//! Critical paths, compared with a reference implementation that follows the definition: times are
//! cut at every start and end, and the path is found by looking at all jobs again for each of its
//! parts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ALWAYS, SECOND, insert, list, page, sent, submission};
use crate::common::{Work, WorkLimits};
use crate::event::testing::cases;
use crate::query::Query;
use crate::store::limits::Retention;
use crate::store::shared::SharedStore;
use crate::store::stored::{Origin, StoredEvent};

/// A job or stage, as it was sent last.
#[derive(Clone, Debug)]
struct Sent {
    level: &'static str,
    /// `a` to `d`, so that dependencies exist.
    id: char,
    start: i64,
    end: Option<i64>,
    /// Only jobs with the id `d` have none.
    stage: Option<char>,
    dependencies: Vec<char>,
    is_skipped: bool,
}

fn update() -> impl Strategy<Value = Sent> {
    let ids = || prop::sample::select(vec!['a', 'b', 'c', 'd']);
    let with_dependencies = |level: &'static str, weight| {
        let none = 4 - weight;
        prop_oneof![
            none => Just((level, Vec::new())),
            weight => (Just(level), prop::collection::vec(ids(), 1..3)),
        ]
    };
    let level = prop_oneof![2 => with_dependencies("job", 1), 1 => with_dependencies("stage", 3)];
    let end = prop::option::weighted(0.8, 0..8_i64);
    (level, ids(), 0..8_i64, end, ids(), prop::bool::weighted(0.1)).prop_map(
        |((level, dependencies), id, start, length, stage, is_skipped)| Sent {
            level,
            id,
            start,
            end: length.or((level == "stage").then_some(1)).map(|length| start + length),
            stage: Some(stage).filter(|_| level == "job" && id != 'd'),
            dependencies,
            is_skipped,
        },
    )
}

impl Sent {
    fn send(&self, store: &SharedStore) {
        let mut more = json!({"dependencies": self.dependencies});
        if let Some(stage) = self.stage {
            more["stage_id"] = json!(stage);
        }
        if self.is_skipped && self.end.is_some() {
            more["status"] = json!("skipped");
        }
        insert(store, [&sent(self.level, &self.id.to_string(), self.start, self.end, more)], 0);
    }

    fn has_run(&self) -> bool {
        self.level == "job" && self.end.is_some() && !self.is_skipped
    }

    fn end(&self) -> i64 {
        self.end.unwrap()
    }

    fn order(&self) -> (i64, i64, char) {
        (self.end(), self.start, self.id)
    }
}

/// The events of the store, given everything that was sent, oldest first.
fn events(all: &[Sent]) -> Vec<Sent> {
    let mut events: Vec<Sent> = Vec::new();
    for update in all {
        let is_same =
            |it: &&mut Sent| (it.level, it.id, it.start) == (update.level, update.id, update.start);
        let Some(event) = events.iter_mut().find(is_same) else {
            events.push(update.clone());
            continue;
        };
        // A late running update changes nothing.
        if event.end.is_none() || update.end.is_some() {
            *event = update.clone();
        }
    }
    events
}

/// Returns the exclusive times of the jobs on the critical path, by id and start.
fn reference(events: &[Sent]) -> BTreeMap<(char, i64), i64> {
    let jobs: Vec<&Sent> = events.iter().filter(|event| event.has_run()).collect();
    let mut path = BTreeMap::new();
    let mut current = jobs.iter().max_by_key(|job| job.order()).copied();
    let mut left = Vec::new();
    while let Some(job) = current {
        let is_alone = |second: &i64| {
            let runs = |job: &&&Sent| job.start <= *second && *second < job.end();
            jobs.iter().filter(runs).count() == 1
        };
        let alone = (job.start..job.end()).filter(is_alone).count() as i64;
        path.insert((job.id, job.start), alone);
        let last = |is_allowed: &dyn Fn(&Sent) -> bool| {
            let allowed = || jobs.iter().copied().filter(|other| is_allowed(other));
            let ended = |it: &&Sent| it.end() <= job.start && it.order() < job.order();
            let ended = allowed().filter(ended).max_by_key(|it| it.order());
            (ended, allowed().filter(|it| it.start < job.start).max_by_key(|it| it.order()))
        };
        let stages = || events.iter().filter(|it| it.level == "stage" && Some(it.id) == job.stage);
        let before: Vec<char> = stages().flat_map(|stage| stage.dependencies.clone()).collect();
        current = if !job.dependencies.is_empty() {
            let (ended, started) = last(&|other| job.dependencies.contains(&other.id));
            ended.or(started)
        } else if before.is_empty() {
            last(&|_| true).0
        } else if let (Some(own), _) = last(&|other| other.stage == job.stage) {
            Some(own)
        } else if left.contains(&job.stage) {
            None
        } else {
            left.push(job.stage);
            let (ended, started) = last(&|it| it.stage.is_some_and(|id| before.contains(&id)));
            ended.or(started)
        };
    }
    path
}

/// Returns the jobs that were stored, and what they must be.
fn check(store: &SharedStore, expected: &[Sent]) -> Result<(), TestCaseError> {
    let path = reference(expected);
    let jobs = || expected.iter().filter(|event| event.level == "job");
    let found = list(store, "ci_level:job");
    prop_assert_eq!(found.len(), jobs().count());
    for job in jobs() {
        let query = format!("ci_level:job @ci.job.id:{} @start:{}", job.id, job.start * SECOND);
        let event = list(store, &query).remove(0);
        let exclusive = path.get(&(job.id, job.start)).map(|time| time * SECOND);
        let critical = job.end.map(|_| exclusive.is_some());
        let ci = &event.attributes["ci"];
        let actual = (ci.get("on_critical_path").and_then(Value::as_bool), exclusive_time(&event));
        prop_assert_eq!(actual, (critical, exclusive), "{:?} in {:?}", job, expected);
        // What is returned is searchable, and nothing else.
        let searched = match (critical, exclusive) {
            (None, _) => "-@ci.on_critical_path:*".to_owned(),
            (Some(_), Some(time)) => {
                format!("@ci.on_critical_path:true @ci.critical_path.exclusive_time:{time}")
            }
            (Some(_), None) => {
                "@ci.on_critical_path:false -@ci.critical_path.exclusive_time:*".to_owned()
            }
        };
        prop_assert_eq!(list(store, &format!("{query} {searched}")), [event], "{}", searched);
    }
    Ok(())
}

fn exclusive_time(event: &StoredEvent) -> Option<i64> {
    event.attributes["ci"].get("critical_path")?["exclusive_time"].as_i64()
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn critical_paths_agree_with_the_reference_implementation(
        updates in prop::collection::vec((update(), prop::bool::weighted(0.3)), 0..24),
        kept in 0..12_u64,
    ) {
        let retention = Retention { max_events: Some(1 + kept), ..Retention::default() };
        let store = SharedStore::new(Retention::default());
        let limited = SharedStore::new(retention);
        let mut all = Vec::new();
        for (update, is_read) in updates {
            update.send(&store);
            update.send(&limited);
            all.push(update);
            if is_read {
                check(&store, &events(&all))?;
            }
        }
        let mut expected = events(&all);
        check(&store, &expected)?;
        // The oldest events are removed at last.
        check(&limited, &expected)?;
        limited.trim(0);
        expected.drain(..expected.len() - limited.len());
        check(&limited, &expected)?;
    }

    #[test]
    fn critical_paths_do_not_depend_on_the_order_of_events(
        events in prop::collection::vec(update(), 0..16).prop_shuffle(),
    ) {
        let mut seen = Vec::new();
        let is_new = |event: &Sent| {
            let identity = (event.level, event.id, event.start);
            let is_new = !seen.contains(&identity);
            seen.push(identity);
            is_new
        };
        let events: Vec<Sent> = events.into_iter().filter(is_new).collect();
        let store = SharedStore::default();
        events.iter().rev().for_each(|event| event.send(&store));
        check(&store, &events)?;
    }
}

fn job(id: &str, start: i64, end: Option<i64>) -> serde_json::Map<String, Value> {
    sent("job", id, start, end, json!({}))
}

#[test]
fn many_jobs_of_a_run_are_read_once() {
    let store = SharedStore::default();
    let read = || store.paths.jobs.swap(0, Ordering::Relaxed);
    for number in 0..5000 {
        insert(&store, [&job(&number.to_string(), number, Some(number + 1))], 0);
    }
    assert_eq!(read(), 0);
    assert_eq!(count(&store, "@ci.on_critical_path:true"), 5000);
    assert_eq!(read(), 5000);
    // Nothing has changed.
    assert_eq!(count(&store, "@ci.critical_path.exclusive_time:1s"), 5000);
    assert_eq!(read(), 0);
    // Only the run that has changed is read.
    let other = |id| sent("job", id, 0, Some(1), json!({"pipeline_unique_id": "q"}));
    insert(&store, [&other("a"), &other("b"), &sent("pipeline", "p", 0, Some(1), json!({}))], 0);
    assert_eq!(count(&store, "@ci.on_critical_path:true"), 5001);
    assert_eq!(read(), 2);
}

fn count(store: &SharedStore, query: &str) -> usize {
    super::count(store, &query.parse().unwrap(), ALWAYS)
}

#[test]
fn a_listing_keeps_the_states_of_its_start() {
    let store = SharedStore::default();
    let critical = |event: &StoredEvent| event.attributes["ci"].get("on_critical_path").cloned();
    insert(&store, [&job("a", 1, None), &job("b", 2, Some(5))], 0);
    let start = store.start_listing();
    insert(&store, [&job("a", 1, Some(9))], 0);
    let (events, _) = page(&store, &Query::All, ALWAYS, false, start, 10);
    assert_eq!(events.iter().map(critical).collect::<Vec<_>>(), [None, Some(json!(false))]);
    let events = list(&store, "*");
    assert_eq!(
        events.iter().map(critical).collect::<Vec<_>>(),
        [true, false].map(|it| Some(json!(it)))
    );
}

#[test]
fn a_stopped_query_leaves_paths_to_the_next_one() {
    let store = SharedStore::default();
    for number in 0..3 {
        let more = json!({"pipeline_unique_id": format!("p{number}")});
        insert(&store, [&sent("job", "j", 0, Some(1), more)], 0);
    }
    let limits = WorkLimits { timeout: Duration::ZERO, turns: Arc::default() };
    let work = Work::new(limits, Instant::now(), Arc::default());
    while !work.is_due() {
        std::thread::yield_now();
    }
    assert!(store.rows(vec![(Query::All, ALWAYS)], &work, |_| |_, _| ()).is_err());
    assert!(store.paths.jobs.swap(0, Ordering::Relaxed) < 3);
    assert_eq!(count(&store, "@ci.on_critical_path:true"), 3);
    assert_eq!(store.paths.jobs.load(Ordering::Relaxed), 3);
}

#[test]
fn events_are_inserted_while_paths_are_computed() {
    let store = Arc::new(SharedStore::default());
    let jobs: Vec<_> = (0..5000).map(|id| submission(&id.to_string(), Some(id + 2))).collect();
    store.insert(&jobs, Origin::default());
    let inserted = Arc::new(AtomicUsize::new(0));
    let mut work = Work::unlimited();
    work.between = Some(Box::new({
        let (store, inserted) = (Arc::clone(&store), Arc::clone(&inserted));
        // Would fail if the store was still locked.
        move || {
            let number = inserted.fetch_add(1, Ordering::SeqCst);
            let event = submission(&format!("new {number}"), Some(1));
            assert_eq!(store.insert_now(&[event], Origin::default()), 1);
        }
    }));
    let query: Query = "@ci.on_critical_path:*".parse().unwrap();
    let mut seen = 0;
    store.rows(vec![(query, ALWAYS)], &work, |_| |_, _| seen += 1).unwrap();
    let inserted = inserted.load(Ordering::SeqCst);
    assert!(inserted > 0);
    // The events that existed before.
    assert_eq!(seen, 5000);
    assert_eq!(count(&store, "@ci.on_critical_path:*"), 5000 + inserted);
}

#[test]
fn tags_and_metrics_do_not_replace_derived_attributes() {
    let store = SharedStore::default();
    let more = json!({
        "tags": ["ci.on_critical_path:false", "ci.critical_path.exclusive_time:a"],
        "metrics": ["ci.critical_path.exclusive_time:7"],
    });
    insert(&store, [&sent("job", "a", 0, None, more.clone())], 0);
    let none = "-@ci.on_critical_path:* -@ci.critical_path.exclusive_time:*";
    assert_eq!(count(&store, none), 1);
    insert(&store, [&sent("job", "a", 0, Some(3), more)], 0);
    let found = list(&store, "@ci.on_critical_path:true @ci.critical_path.exclusive_time:3s");
    assert_eq!(found[0].attributes["ci"]["on_critical_path"], true);
    assert_eq!(exclusive_time(&found[0]), Some(3 * SECOND));
    assert_eq!(count(&store, "@ci.on_critical_path:false"), 0);
    assert_eq!(count(&store, "ci.on_critical_path:false"), 1);
    assert!(!found[0].attributes.contains_key("ci.on_critical_path"));
}
