//! Which stage has which jobs, and which job has which steps.

use std::collections::HashMap;

use super::run::name;
use crate::event::Level;
use crate::http::pages::source::Event;

/// An event in the order in which rows are shown: each one before its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// The position among the events.
    pub(super) event: usize,
    pub(super) depth: usize,
    /// The number of direct children, which follow.
    pub(super) children: usize,
    /// How many lists of children end with it.
    pub(super) closes: usize,
}

/// Returns stages, jobs and steps as a tree. An event whose parent is missing is on the level above.
/// There are at most three levels, whatever the ids are.
pub(super) fn tree(events: &[Event]) -> Vec<Node> {
    let stages = ids(events, Level::Stage, "ci.stage.id");
    let jobs = ids(events, Level::Job, "ci.job.id");
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); events.len()];
    let mut roots = Vec::new();
    for (i, event) in events.iter().enumerate() {
        let of = |ids: &HashMap<&str, usize>, path: &str| {
            event.string(path).and_then(|id| ids.get(id)).copied()
        };
        let parent = match event.level() {
            Level::Pipeline => continue,
            Level::Stage => None,
            Level::Job => of(&stages, "ci.stage.id"),
            Level::Step => of(&jobs, "ci.job.id").or_else(|| of(&stages, "ci.stage.id")),
        };
        match parent.and_then(|parent| children.get_mut(parent)) {
            Some(siblings) => siblings.push(i),
            None => roots.push(i),
        }
    }
    let order = |i: &usize| events.get(*i).map(|it| (it.integer("start"), name(it).to_owned()));
    roots.sort_by_cached_key(order);
    children.iter_mut().for_each(|siblings| siblings.sort_by_cached_key(order));
    let mut nodes = Vec::with_capacity(events.len());
    add(&roots, &children, 0, &mut nodes);
    nodes
}

/// Returns the events of a level by id. The first one with an id has it.
fn ids<'a>(events: &'a [Event], level: Level, path: &str) -> HashMap<&'a str, usize> {
    let mut ids = HashMap::new();
    for (i, event) in events.iter().enumerate().filter(|(_, event)| event.level() == level) {
        if let Some(id) = event.string(path) {
            ids.entry(id).or_insert(i);
        }
    }
    ids
}

fn add(siblings: &[usize], children: &[Vec<usize>], depth: usize, nodes: &mut Vec<Node>) {
    for event in siblings {
        let below = children.get(*event).map(Vec::as_slice).unwrap_or_default();
        nodes.push(Node { event: *event, depth, children: below.len(), closes: 0 });
        add(below, children, depth + 1, nodes);
        if let (false, Some(last)) = (below.is_empty(), nodes.last_mut()) {
            last.closes += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{name, tree};
    use crate::event::Level;
    use crate::http::pages::source::Event;
    use crate::store::StoredEvent;

    /// Returns an event: level, id, id of its stage, id of its job, start.
    fn event((level, id, stage, job, start): (Level, &str, &str, &str, i64)) -> Event {
        let mut ci = json!({ "stage": { "id": stage }, "job": { "id": job } });
        ci[level.name()] = json!({ "id": id, "name": format!("{level} {id}") });
        let attributes = json!({ "start": start, "ci": ci });
        Event(StoredEvent {
            id: String::new(),
            level,
            timestamp: start,
            tags: Vec::new(),
            attributes: attributes.as_object().cloned().unwrap_or_default(),
        })
    }

    /// Returns the rows as indented names, with the lists that end after them.
    fn drawn(events: &[Event]) -> Vec<String> {
        let row = |node: super::Node| {
            let name = events.get(node.event).map(name).unwrap_or_default();
            format!("{}{name}{}", "  ".repeat(node.depth), "]".repeat(node.closes))
        };
        tree(events).into_iter().map(row).collect()
    }

    #[test]
    fn events_are_nested_by_ids_and_ordered_by_start() {
        let events = [
            (Level::Step, "s2", "", "j1", 9),
            (Level::Job, "j2", "b", "", 7),
            (Level::Stage, "b", "", "", 6),
            (Level::Step, "s1", "a", "j1", 8),
            (Level::Job, "j3", "a", "", 5),
            (Level::Job, "j1", "a", "", 2),
            (Level::Stage, "a", "", "", 1),
            (Level::Pipeline, "p", "", "", 0),
        ];
        assert_eq!(
            drawn(&events.map(event)),
            [
                "stage a",
                "  job j1",
                "    step s1",
                "    step s2]",
                "  job j3]",
                "stage b",
                "  job j2]"
            ]
        );
    }

    #[test]
    fn events_without_parents_are_on_the_level_above() {
        let events = [
            (Level::Job, "j1", "missing", "", 1),
            (Level::Step, "s1", "", "missing", 2),
            (Level::Stage, "a", "", "", 3),
            (Level::Step, "s2", "a", "missing", 4),
            // Equal ids of other levels, and equal ids of one level.
            (Level::Job, "a", "a", "", 5),
            (Level::Job, "j1", "a", "", 6),
            (Level::Step, "s3", "", "j1", 7),
        ];
        assert_eq!(
            drawn(&events.map(event)),
            ["job j1", "  step s3]", "step s1", "stage a", "  step s2", "  job a", "  job j1]"]
        );
        assert!(tree(&[]).is_empty());
    }
}
