//! The attributes of an event as one object, as an answer holds them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Sent;
use super::attributes::{Attributes, Datum, visit};

/// Everything that an event is searched and grouped by, as one object.
#[must_use]
pub fn attributes(sent: Sent<'_>) -> Map<String, Value> {
    let mut tree = Tree::default();
    visit(sent, &mut tree);
    tree.found
}

/// The attributes as far as they are known, and which of them bear names of the sender's own.
#[derive(Default)]
struct Tree {
    found: Map<String, Value>,
    own: BTreeSet<String>,
}

impl Attributes for Tree {
    fn put(&mut self, path: &'static str, value: Datum<'_>) {
        let mut at = &mut self.found;
        let mut rest = path.trim_start_matches('@');
        while let Some((outer, inner)) = rest.split_once('.') {
            let below = at.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(below) = below else { return };
            (at, rest) = (below, inner);
        }
        at.insert(rest.to_owned(), json(value));
    }

    fn add(&mut self, name: &str, value: Datum<'_>) {
        let value = json(value);
        if !self.own.contains(name) {
            if !self.is_taken(name) {
                self.found.insert(name.to_owned(), value);
                self.own.insert(name.to_owned());
            }
            return;
        }
        match self.found.get_mut(name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
            None => {}
        }
    }
}

impl Tree {
    fn is_taken(&self, name: &str) -> bool {
        let mut at = Some(&self.found);
        name.split('.').all(|part| {
            let next = at.and_then(|at| at.get(part));
            at = next.and_then(Value::as_object);
            next.is_some()
        })
    }
}

fn json(value: Datum<'_>) -> Value {
    match value {
        Datum::Text(text) => text.into(),
        Datum::Integer(number) => number.into(),
        Datum::Number(number) => number.into(),
        Datum::Boolean(value) => value.into(),
        Datum::Texts(texts) => texts.into(),
        Datum::Json(value) => value.into(),
    }
}
