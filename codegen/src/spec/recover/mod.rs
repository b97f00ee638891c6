//! Descriptions as people really have them, mended where it is clear what is meant, before the
//! strict types of OpenAPI are asked for. What is mended stays where it stands, so that pointers
//! stay right, and is told once that part of the description is used.

mod content;
mod form;
mod parts;
mod pattern;
mod schema;

pub(crate) use content::is_media_type;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::structure::{Kind, Order, visit_parts};
use crate::diagnostics::{Message, messages};
use crate::text::child;

/// What was mended: by JSON pointer, in words.
#[derive(Debug, Default)]
pub(super) struct Notes {
    by_pointer: BTreeMap<String, Vec<Message>>,
}

impl Notes {
    fn add(&mut self, pointer: String, message: Message) {
        self.by_pointer.entry(pointer).or_default().push(message);
    }

    /// Takes out the notes at a place and within it.
    pub(super) fn take_within(&mut self, pointer: &str) -> Vec<(String, Message)> {
        if self.by_pointer.is_empty() {
            return Vec::new();
        }
        let within = |key: &str| {
            key.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // Keys that begin with the pointer and go on otherwise stand among those that are meant.
        let begins = self.by_pointer.range(pointer.to_owned()..).map(|(key, _)| key);
        let begins = begins.take_while(|key| key.starts_with(pointer));
        let keys: Vec<String> = begins.filter(|key| within(key)).cloned().collect();
        let mut taken = Vec::new();
        for key in keys {
            for message in self.by_pointer.remove(&key).unwrap_or_default() {
                taken.push((key.clone(), message));
            }
        }
        taken
    }
}

/// Mends a description of OpenAPI 3.0 or 3.1.
pub(super) fn mend(root: &mut Value, is_modern: bool) -> Notes {
    let mut notes = Notes::default();
    let visit = &mut |value: &mut Value, kind: Kind, pointer: &str| {
        mend_part(value, kind, pointer, is_modern, &mut notes);
    };
    visit_parts(root, Kind::Description, Order::OuterFirst, &mut String::new(), visit);
    notes
}

fn mend_part(value: &mut Value, kind: Kind, pointer: &str, is_modern: bool, notes: &mut Notes) {
    parts::replace(value, kind, pointer, notes);
    let Value::Object(entries) = value else { return };
    let mut part = Part { entries, pointer, notes };
    if part.has_reference() {
        if kind == Kind::Schema && !is_modern {
            schema::beside_reference(&mut part);
        }
        if kind != Kind::Schema {
            return;
        }
    }
    part.fit_keys(kind);
    match kind {
        Kind::Schema => schema::mend(&mut part),
        Kind::Body | Kind::Response | Kind::Parameter | Kind::Header => {
            parts::mend(&mut part, kind);
            content::media_types(&mut part);
        }
        _ => parts::mend(&mut part, kind),
    }
}

/// An object of a description with its place.
struct Part<'a> {
    entries: &'a mut Map<String, Value>,
    pointer: &'a str,
    notes: &'a mut Notes,
}

impl Part<'_> {
    /// Notes that a key of the object was read in another way.
    fn note(&mut self, key: &str, message: Message) {
        self.notes.add(child(self.pointer, key), message);
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.entries.get(key)?.as_str()
    }

    fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    fn remove(&mut self, key: &str) -> Option<Value> {
        self.entries.shift_remove(key)
    }

    fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.entries.insert(key.to_owned(), value.into());
    }

    /// Whether the object is a reference; one that is no text is none.
    fn has_reference(&mut self) -> bool {
        match self.entries.get("$ref") {
            Some(Value::String(text)) if !text.trim().is_empty() => true,
            Some(_) => {
                self.remove("$ref");
                self.note("$ref", messages::invalid_reference());
                false
            }
            None => false,
        }
    }

    /// Gives every key the JSON type that OpenAPI has for it, or takes it out.
    fn fit_keys(&mut self, kind: Kind) {
        let keys: Vec<(String, form::Form)> = self
            .entries
            .keys()
            .filter_map(|key| Some((key.clone(), form::wanted(kind, key)?)))
            .collect();
        for (key, form) in keys {
            let Some(value) = self.entries.get_mut(&key) else { continue };
            match form.fit(value) {
                form::Fit::AsItIs => {}
                form::Fit::Converted(message) => self.note(&key, message(&key)),
                form::Fit::Absent => drop(self.remove(&key)),
                form::Fit::Useless(what) => {
                    self.remove(&key);
                    self.note(&key, messages::mistyped_field(&key, what));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Notes, mend};
    use crate::diagnostics::{Message, messages};

    /// A description of one schema, what became of it, and how much was noted.
    fn mended(schema: &Value, is_modern: bool) -> (Value, usize) {
        let mut root = json!({ "components": { "schemas": { "It": schema } } });
        let mut notes = mend(&mut root, is_modern);
        let schema = root["components"]["schemas"]["It"].take();
        (schema, notes.take_within("").len())
    }

    #[test]
    fn a_note_is_told_once_and_only_where_it_stands() {
        let mut notes = Notes::default();
        for place in ["/a", "/a-b", "/a/b", "/ab", "/b"] {
            notes.add(place.to_owned(), messages::invalid_structure(place));
        }
        let told = |notes: Vec<(String, Message)>| -> Vec<String> {
            notes.into_iter().map(|(pointer, _)| pointer).collect()
        };
        assert_eq!(told(notes.take_within("/a")), ["/a", "/a/b"]);
        assert!(notes.take_within("/a").is_empty());
        assert_eq!(told(notes.take_within("")), ["/a-b", "/ab", "/b"]);
    }

    #[test]
    fn what_is_right_stays_as_it_is() {
        let data = json!({ "type": "int", "enum": ["1"], "required": true });
        for right in [
            json!({ "type": "object", "default": data, "example": data, "x-more": data }),
            json!({ "type": "string", "enum": ["a", null], "nullable": true }),
            json!({ "properties": { "type": { "type": "string" }, "required": { "items": {} } } }),
            json!({ "exclusiveMinimum": 3, "type": ["string", "null"] }),
            json!({ "description": "a", "$ref": "#/components/schemas/Other" }),
            json!({ "type": "array", "enum": [[1], [2]] }),
        ] {
            for is_modern in [false, true] {
                assert_eq!(mended(&right, is_modern), (right.clone(), 0));
            }
        }
        let beside = json!({ "$ref": "#/a", "maxLength": 3 });
        assert_eq!(mended(&beside, true), (beside.clone(), 0));
        assert_eq!(mended(&beside, false), (json!({ "$ref": "#/a" }), 1));
    }

    #[test]
    fn what_has_another_type_than_openapi_gives_it_is_read_or_left_out() {
        for (was, is, notes) in [
            (json!({ "minLength": "3" }), json!({ "minLength": 3 }), 1),
            (json!({ "maxItems": 3.0 }), json!({ "maxItems": 3 }), 0),
            (json!({ "maxItems": -1 }), json!({}), 1),
            (json!({ "description": 7, "title": null }), json!({ "description": "7" }), 0),
            (json!({ "properties": [] }), json!({ "properties": {} }), 0),
            (json!({ "properties": ["a"] }), json!({}), 1),
            (json!({ "required": true }), json!({}), 1),
            (
                json!({ "allOf": { "type": "object" } }),
                json!({ "allOf": [{ "type": "object" }] }),
                1,
            ),
            (json!({ "type": "Integer" }), json!({ "type": "integer" }), 1),
            (json!({ "type": "file" }), json!({ "type": "string", "format": "binary" }), 1),
            (json!({ "type": "what" }), json!({}), 1),
            (json!({ "enum": [1, 2] }), json!({ "enum": [1, 2], "type": "integer" }), 0),
            (json!({ "pattern": "/^a/i" }), json!({ "pattern": "(?i)^a" }), 1),
            (json!({ "pattern": "/^/a/b$" }), json!({ "pattern": "/^/a/b$" }), 0),
            (json!({ "x-nullable": true }), json!({ "x-nullable": true, "nullable": true }), 0),
            (json!({ "$ref": 3 }), json!({}), 1),
            (json!("string"), json!({ "type": "string" }), 1),
            (json!(null), json!({}), 0),
        ] {
            assert_eq!(mended(&was, false), (is, notes), "{was}");
        }
    }
}
