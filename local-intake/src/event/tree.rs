//! The attributes of an event as nested JSON, as responses contain them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::attributes::{AttributeValue, AttributeVisitor, visit};
use super::sent::SentEvent;

/// Returns everything that an event is searched and grouped by, as one object.
pub(crate) fn attributes(sent: SentEvent<'_>) -> Map<String, Value> {
    let mut tree = Tree::default();
    visit(sent, &mut tree);
    tree.object
}

#[derive(Default)]
struct Tree {
    object: Map<String, Value>,
    /// The names of custom attributes.
    custom: BTreeSet<String>,
}

impl AttributeVisitor for Tree {
    fn standard(&mut self, path: &'static str, value: AttributeValue<'_>) {
        let mut object = &mut self.object;
        let mut rest = path.trim_start_matches('@');
        while let Some((outer, inner)) = rest.split_once('.') {
            let nested = object.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(nested) = nested else { return };
            (object, rest) = (nested, inner);
        }
        object.insert(rest.to_owned(), to_json(value));
    }

    fn custom(&mut self, name: &str, value: AttributeValue<'_>) {
        let value = to_json(value);
        if !self.custom.contains(name) {
            if !self.is_taken(name) {
                self.object.insert(name.to_owned(), value);
                self.custom.insert(name.to_owned());
            }
            return;
        }
        match self.object.get_mut(name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
            None => {}
        }
    }
}

impl Tree {
    fn is_taken(&self, name: &str) -> bool {
        let mut object = Some(&self.object);
        name.split('.').all(|part| {
            let next = object.and_then(|object| object.get(part));
            object = next.and_then(Value::as_object);
            next.is_some()
        })
    }
}

fn to_json(value: AttributeValue<'_>) -> Value {
    match value {
        AttributeValue::String(string) => string.into(),
        AttributeValue::Integer(number) => number.into(),
        AttributeValue::Number(number) => number.into(),
        AttributeValue::Boolean(value) => value.into(),
        AttributeValue::Strings(strings) => strings.into(),
        AttributeValue::Json(value) => value.into(),
    }
}
