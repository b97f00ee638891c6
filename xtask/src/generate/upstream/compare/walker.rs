//! The comparison in progress: the parts that are still to be compared, and what was found.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::generate::upstream::difference::Difference;
use crate::generate::upstream::document::{At, Node};
use crate::generate::upstream::objects::Kind;

/// What was found.
#[derive(Debug, Default)]
pub(in crate::generate::upstream) struct Comparison {
    pub(in crate::generate::upstream) differences: Vec<Difference>,
    /// The components of the upstream document, each with that of the spec that is used instead.
    pub(in crate::generate::upstream) counterparts: BTreeMap<At, At>,
    /// The parts of the upstream document that were compared, each with its counterpart and kind.
    pub(in crate::generate::upstream) compared: Vec<(At, At, Kind)>,
    /// The number of operations in both documents.
    pub(in crate::generate::upstream) operations: usize,
}

/// Two parts that are compared later.
pub(super) struct Item<'d> {
    pub(super) kind: Kind,
    pub(super) label: String,
    pub(super) spec: Node<'d>,
    pub(super) upstream: Node<'d>,
}

/// Compares all parts that are queued.
type Run = for<'d> fn(&mut Walker<'d>) -> Result<(), String>;

/// The comparison in progress.
pub(super) struct Walker<'d> {
    pub(super) found: Comparison,
    pub(super) seen: BTreeSet<(At, At)>,
    /// The OAuth scopes that the compared operations need, in the upstream document.
    pub(super) scopes: BTreeSet<String>,
    pub(super) queue: VecDeque<Item<'d>>,
    run: Run,
}

/// The parts of both documents.
pub(super) type Pair<'n, 'd> = (&'n Node<'d>, &'n Node<'d>);

impl<'d> Walker<'d> {
    pub(super) fn new(run: Run) -> Self {
        let (found, seen, scopes) = Default::default();
        Self { found, seen, scopes, queue: VecDeque::new(), run }
    }

    /// Adds two objects, or references to them, which are compared later.
    pub(super) fn compare(&mut self, kind: Kind, label: &str, (a, b): Pair<'_, 'd>) {
        let (label, spec, upstream) = (label.to_owned(), a.clone(), b.clone());
        self.queue.push_back(Item { kind, label, spec, upstream });
    }

    /// Counts the differences of two parts, apart from what is compared already.
    ///
    /// # Errors
    /// Returns an error if a reference is not resolved.
    pub(super) fn differences(&self, kind: Kind, pair: Pair<'_, 'd>) -> Result<usize, String> {
        let mut other = Self::new(self.run);
        other.scopes.clone_from(&self.scopes);
        other.seen.clone_from(&self.seen);
        other.compare(kind, "", pair);
        (self.run)(&mut other)?;
        Ok(other.found.differences.len())
    }

    /// Returns whether two parts do not differ.
    ///
    /// # Errors
    /// Returns an error if a reference is not resolved.
    pub(super) fn is_equal(&self, kind: Kind, (a, b): Pair<'_, 'd>) -> Result<bool, String> {
        let is_compared = self.seen.contains(&(a.at.clone(), b.at.clone()));
        Ok(is_compared || self.differences(kind, (a, b))? == 0)
    }
}

/// Returns whether two values are equal. Numbers are compared by value.
pub(super) fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(_), Value::Number(_)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let is_in =
                |(key, value): (&String, &Value)| b.get(key).is_some_and(|b| is_same(value, b));
            a.len() == b.len() && a.iter().all(is_in)
        }
        _ => a == b,
    }
}

/// Returns the names of the required properties of a schema.
pub(in crate::generate::upstream) fn required(schema: &Node<'_>) -> BTreeSet<String> {
    strings(schema, "required").iter().map(token).collect()
}

/// Returns the values in the array of a key.
pub(super) fn strings(node: &Node<'_>, key: &str) -> Vec<Value> {
    node.value.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Returns how a value is named in a pointer.
pub(super) fn token(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns a value for a sentence.
pub(super) fn shown(value: &Value) -> String {
    format!("`{}`", token(value))
}
