//! Which parts of a description are schemas. A key alone does not tell: `enum`, `default` and
//! `example` hold any JSON, and a property may be called `schema`.

use serde_json::Value;

/// What an object of a description is.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Description,
    Components,
    PathItem,
    Operation,
    Callback,
    /// A parameter or a header.
    Parameter,
    Body,
    Response,
    MediaType,
    Encoding,
    Schema,
}

/// What stands under a key.
enum Below {
    One(Kind),
    List(Kind),
    Map(Kind),
}

impl Kind {
    fn below(self, key: &str) -> Option<Below> {
        use Below::{List, Map, One};
        use Kind::{
            Body, Callback, Components, Description, Encoding, MediaType, Operation, Parameter,
            PathItem, Response, Schema,
        };
        Some(match (self, key) {
            (Description, "paths" | "webhooks") => Map(PathItem),
            (Description, "components") => One(Components),
            (Components, "schemas") => Map(Schema),
            (Components, "parameters") => Map(Parameter),
            (Components, "pathItems") => Map(PathItem),
            (Components, "requestBodies") => Map(Body),
            (Components, "responses") | (Operation, "responses") => Map(Response),
            (Components, "callbacks") | (Operation, "callbacks") => Map(Callback),
            (Components | Response | Encoding, "headers") => Map(Parameter),
            (PathItem | Operation, "parameters") => List(Parameter),
            (
                PathItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
            ) => One(Operation),
            (Callback, _) => One(PathItem),
            (Operation, "requestBody") => One(Body),
            (Parameter | Body | Response, "content") => Map(MediaType),
            (Parameter | MediaType, "schema") => One(Schema),
            (MediaType, "encoding") => Map(Encoding),
            (Schema, "properties" | "patternProperties" | "$defs" | "definitions") => Map(Schema),
            (Schema, "allOf" | "anyOf" | "oneOf" | "prefixItems") => List(Schema),
            (
                Schema,
                "items"
                | "not"
                | "additionalProperties"
                | "unevaluatedProperties"
                | "unevaluatedItems"
                | "contains"
                | "propertyNames"
                | "if"
                | "then"
                | "else",
            ) => One(Schema),
            _ => return None,
        })
    }
}

/// Visits every schema within a value of this kind, the inner ones before those that hold them,
/// each with its JSON pointer.
pub(super) fn visit_schemas(
    value: &mut Value,
    kind: Kind,
    pointer: &mut String,
    visit: &mut impl FnMut(&mut Value, &str),
) {
    visit_all(value, kind, pointer, &mut |value, kind, pointer| {
        if matches!(kind, Kind::Schema) {
            visit(value, pointer);
        }
    });
}

/// Visits every object within a value of this kind, as [`visit_schemas`] does.
pub(crate) fn visit_all(
    value: &mut Value,
    kind: Kind,
    pointer: &mut String,
    visit: &mut impl FnMut(&mut Value, Kind, &str),
) {
    if let Value::Object(entries) = value {
        for (key, value) in entries {
            let Some(below) = kind.below(key) else { continue };
            within(pointer, key, |pointer| match (below, value) {
                (Below::One(kind), value) => visit_all(value, kind, pointer, visit),
                (Below::List(kind), Value::Array(items)) => {
                    for (i, item) in items.iter_mut().enumerate() {
                        within(pointer, &i.to_string(), |pointer| {
                            visit_all(item, kind, pointer, visit);
                        });
                    }
                }
                (Below::Map(kind), Value::Object(entries)) => {
                    for (key, value) in entries {
                        within(pointer, key, |pointer| visit_all(value, kind, pointer, visit));
                    }
                }
                _ => {}
            });
        }
    }
    visit(value, kind, pointer);
}

/// Goes on to a part, and comes back.
fn within(pointer: &mut String, key: &str, go: impl FnOnce(&mut String)) {
    let length = pointer.len();
    *pointer = super::child(pointer, key);
    go(pointer);
    pointer.truncate(length);
}
