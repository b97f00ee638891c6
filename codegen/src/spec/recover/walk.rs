//! Recovery of a whole document.

use serde_json::Value;

use super::notes::Notes;
use super::part::Part;
use super::{keywords, media_types, objects, pattern, schema};
use crate::spec::structure::{Kind, Order, visit_parts};

/// A version of OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Version {
    V3_0,
    V3_1,
    V3_2,
}

/// Recovers a document.
pub(in super::super) fn recover(root: &mut Value, version: Version) -> Notes {
    let is_3_1 = version != Version::V3_0;
    let mut notes = Notes::default();
    let visit = &mut |value: &mut Value, kind: Kind, pointer: &str| {
        recover_object(value, kind, pointer, is_3_1, &mut notes);
    };
    visit_parts(root, Kind::Document, Order::OuterFirst, &mut String::new(), visit);
    notes
}

fn recover_object(value: &mut Value, kind: Kind, pointer: &str, is_3_1: bool, notes: &mut Notes) {
    objects::replace(value, kind, pointer, notes);
    let Value::Object(entries) = value else { return };
    let mut part = Part { entries, pointer, notes };
    if part.is_reference() {
        if kind == Kind::Schema && !is_3_1 {
            schema::siblings_of_reference(&mut part);
        }
        if kind != Kind::Schema {
            return;
        }
    }
    keywords::check(&mut part, kind);
    part.convert_fields(kind);
    match kind {
        Kind::Schema => {
            schema::recover(&mut part);
            pattern::recover(&mut part);
        }
        Kind::Body | Kind::Response | Kind::Parameter | Kind::Header => {
            objects::recover(&mut part, kind);
            media_types::recover(&mut part);
        }
        _ => objects::recover(&mut part, kind),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Version, recover};

    /// Recovers a document with one schema. Returns the schema and the number of notes.
    fn recovered(schema: &Value, is_3_1: bool) -> (Value, usize) {
        let mut root = json!({ "components": { "schemas": { "It": schema } } });
        let version = if is_3_1 { Version::V3_1 } else { Version::V3_0 };
        let mut notes = recover(&mut root, version);
        let schema = root["components"]["schemas"]["It"].take();
        (schema, notes.take_within("").len())
    }

    #[test]
    fn valid_schemas_do_not_change() {
        let data = json!({ "type": "int", "enum": ["1"], "required": true });
        for valid in [
            json!({ "type": "object", "default": data, "example": data, "x-more": data }),
            json!({ "type": "string", "enum": ["a", null], "nullable": true }),
            json!({ "properties": { "type": { "type": "string" }, "required": { "items": {} } } }),
            json!({ "exclusiveMinimum": 3, "type": ["string", "null"] }),
            json!({ "description": "a", "$ref": "#/components/schemas/Other" }),
            json!({ "type": "array", "enum": [[1], [2]] }),
        ] {
            for is_3_1 in [false, true] {
                assert_eq!(recovered(&valid, is_3_1), (valid.clone(), 0));
            }
        }
        let siblings = json!({ "$ref": "#/a", "maxLength": 3 });
        assert_eq!(recovered(&siblings, true), (siblings.clone(), 0));
        assert_eq!(recovered(&siblings, false), (json!({ "$ref": "#/a" }), 1));
    }

    #[test]
    fn values_of_another_type_are_converted_or_removed() {
        for (schema, expected, notes) in [
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
            assert_eq!(recovered(&schema, false), (expected, notes), "{schema}");
        }
    }
}
