//! Files that import from each other, directly or through others.

use std::collections::{BTreeMap, BTreeSet};

use super::edges::Edge;
use crate::tidy::report::Finding;

const RULE: &str = "imports";

/// Reports each group of files that reach each other.
pub(super) fn check(edges: &[Edge]) -> Vec<Finding> {
    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in edges {
        graph.entry(&edge.from).or_default().insert(&edge.to);
        graph.entry(&edge.to).or_default();
    }
    let groups = Search::run(&graph);
    groups.iter().filter(|group| group.len() > 1).map(|group| finding(group, edges)).collect()
}

fn finding(group: &BTreeSet<&str>, edges: &[Edge]) -> Finding {
    let is_inside =
        |edge: &&Edge| group.contains(edge.from.as_str()) && group.contains(edge.to.as_str());
    let mut inside: Vec<&Edge> = edges.iter().filter(is_inside).collect();
    inside.sort_by_key(|edge| (&edge.from, &edge.to, edge.line));
    inside.dedup_by_key(|edge| (&edge.from, &edge.to));
    let lines: Vec<String> = inside
        .iter()
        .map(|Edge { from, line, to, path, .. }| format!("\n    {from}:{line} -> {to} ({path})"))
        .collect();
    let first = inside.first();
    Finding::new(
        RULE,
        first.map_or("", |edge| &edge.from),
        first.map_or(0, |edge| edge.line),
        format!(
            "{} files import from each other; move what they share into a file below them{}",
            group.len(),
            lines.concat()
        ),
    )
}

/// Tarjan's search for strongly connected components.
#[derive(Default)]
struct Search<'a> {
    order: BTreeMap<&'a str, usize>,
    lowest: BTreeMap<&'a str, usize>,
    stack: Vec<&'a str>,
    groups: Vec<BTreeSet<&'a str>>,
}

impl<'a> Search<'a> {
    fn run(graph: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<BTreeSet<&'a str>> {
        let mut search = Self::default();
        for node in graph.keys() {
            if !search.order.contains_key(node) {
                search.visit(node, graph);
            }
        }
        search.groups
    }

    fn visit(&mut self, node: &'a str, graph: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> usize {
        let index = self.order.len();
        self.order.insert(node, index);
        self.stack.push(node);
        let mut lowest = index;
        for next in graph.get(node).into_iter().flatten() {
            match self.order.get(next) {
                None => lowest = lowest.min(self.visit(next, graph)),
                Some(seen) if self.stack.contains(next) => lowest = lowest.min(*seen),
                Some(_) => {}
            }
        }
        self.lowest.insert(node, lowest);
        if lowest == index {
            let start = self.stack.iter().position(|other| *other == node).unwrap_or_default();
            self.groups.push(self.stack.split_off(start).into_iter().collect());
        }
        lowest
    }
}
