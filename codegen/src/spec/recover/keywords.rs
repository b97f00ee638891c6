//! Misspelled keywords. JSON Schema and OpenAPI ignore unknown keywords, so only those that look like
//! a known one are reported.

use super::part::Part;
use crate::diagnostics::messages;
use crate::names::similar;
use crate::spec::structure::Kind;

/// Keywords of JSON Schema, of all versions, and of schemas in OpenAPI. Common ones come first.
const SCHEMA: [&str; 77] = [
    "type",
    "description",
    "properties",
    "$ref",
    "items",
    "required",
    "format",
    "example",
    "enum",
    "nullable",
    "allOf",
    "oneOf",
    "anyOf",
    "title",
    "default",
    "readOnly",
    "additionalProperties",
    "maxLength",
    "minLength",
    "minimum",
    "maximum",
    "pattern",
    "const",
    "examples",
    "deprecated",
    "writeOnly",
    "minItems",
    "maxItems",
    "uniqueItems",
    "discriminator",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minProperties",
    "maxProperties",
    "not",
    "xml",
    "externalDocs",
    "$defs",
    "definitions",
    "patternProperties",
    "propertyNames",
    "prefixItems",
    "additionalItems",
    "contains",
    "minContains",
    "maxContains",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "$id",
    "id",
    "$schema",
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$recursiveAnchor",
    "$recursiveRef",
    "$vocabulary",
    "$comment",
    "summary",
    "extends",
    "disallow",
    "divisibleBy",
    "collectionFormat",
    "name",
    "in",
    "optional",
    "value",
];

const PARAMETER: [&str; 15] = [
    "name",
    "in",
    "description",
    "required",
    "schema",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "example",
    "examples",
    "content",
    "collectionFormat",
    "summary",
];

const OPERATION: [&str; 15] = [
    "operationId",
    "summary",
    "description",
    "tags",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "deprecated",
    "callbacks",
    "servers",
    "externalDocs",
    "consumes",
    "produces",
    "schemes",
];

const BODY: [&str; 4] = ["description", "content", "required", "schema"];
const RESPONSE: [&str; 7] =
    ["description", "content", "headers", "links", "schema", "examples", "summary"];
const MEDIA_TYPE: [&str; 7] =
    ["schema", "example", "examples", "encoding", "itemSchema", "itemEncoding", "prefixEncoding"];

/// Keywords that are shorter are similar to many words.
const MIN_LENGTH: usize = 4;

/// Reports the keywords of an object that look like a misspelling of a known one.
pub(super) fn check(part: &mut Part<'_>, kind: Kind) {
    let known: &[&str] = match kind {
        Kind::Schema => &SCHEMA,
        Kind::Parameter | Kind::Header => &PARAMETER,
        Kind::Operation => &OPERATION,
        Kind::Body => &BODY,
        Kind::Response => &RESPONSE,
        Kind::MediaType => &MEDIA_TYPE,
        _ => return,
    };
    let is_unknown = |key: &str| {
        !known.contains(&key)
            && !key.starts_with("x-")
            && key.len() >= MIN_LENGTH
            // Some versions have a schema's keywords in the parameter itself.
            && (kind == Kind::Schema || !SCHEMA.contains(&key))
    };
    let unknown: Vec<String> = part.entries.keys().filter(|key| is_unknown(key)).cloned().collect();
    for key in unknown {
        let candidates = known.iter().copied().filter(|known| known.len() >= MIN_LENGTH);
        if let Some(meant) = similar(&key, candidates) {
            part.note_field(&key, messages::misspelled_keyword(&key, meant));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::super::notes::Notes;
    use super::*;

    fn found(kind: Kind, value: &Value) -> usize {
        let mut notes = Notes::default();
        let mut entries: Map<String, Value> = value.as_object().cloned().unwrap_or_default();
        check(&mut Part { entries: &mut entries, pointer: "/a", notes: &mut notes }, kind);
        notes.take_within("").len()
    }

    #[test]
    fn misspellings_are_found_and_other_unknown_keywords_are_not() {
        for key in ["patern", "requred", "minLenght", "readonly", "propertes", "item", "enums"] {
            assert_eq!(found(Kind::Schema, &json!({ key: 1 })), 1, "{key}");
        }
        for key in ["x-patern", "$anchor", "unit", "order", "key", "note", "label", "widget"] {
            assert_eq!(found(Kind::Schema, &json!({ key: 1 })), 0, "{key}");
        }
        assert_eq!(found(Kind::Parameter, &json!({ "requried": true, "maxLength": 1 })), 1);
        assert_eq!(found(Kind::Operation, &json!({ "response": {}, "operationID": "" })), 2);
        assert_eq!(found(Kind::Response, &json!({ "contents": {}, "header": {} })), 2);
    }
}
