//! Which parts of a description are schemas. A key alone does not tell: `enum`, `default` and
//! `example` hold any JSON, and a property may be called `schema`.

use serde_json::Value;

use crate::text::pointer::escape;

/// What an object of a description is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Description,
    Components,
    PathItem,
    Operation,
    Callback,
    Parameter,
    Header,
    Body,
    Response,
    MediaType,
    Encoding,
    SecurityScheme,
    Schema,
    Server,
}

/// What stands under a key.
enum Below {
    One(Kind),
    List(Kind),
    Map(Kind),
}

impl Kind {
    /// Where among the components this has its place.
    pub(super) fn section(self) -> &'static str {
        match self {
            Self::Parameter => "parameters",
            Self::Header => "headers",
            Self::PathItem => "pathItems",
            Self::Body => "requestBodies",
            Self::Response => "responses",
            Self::Callback => "callbacks",
            Self::SecurityScheme => "securitySchemes",
            // The others are nothing that references lead to.
            _ => "schemas",
        }
    }

    fn below(self, key: &str) -> Option<Below> {
        use Below::{List, Map, One};
        use Kind::{
            Body, Callback, Components, Description, Encoding, Header, MediaType, Operation,
            Parameter, PathItem, Response, Schema, SecurityScheme, Server,
        };
        Some(match (self, key) {
            (Description, "paths" | "webhooks") => Map(PathItem),
            (Description, "components") => One(Components),
            (Components, "schemas") => Map(Schema),
            (Components, "parameters") => Map(Parameter),
            (Components, "pathItems") => Map(PathItem),
            (Components, "securitySchemes") => Map(SecurityScheme),
            (Components, "requestBodies") => Map(Body),
            (Components, "responses") | (Operation, "responses") => Map(Response),
            (Components, "callbacks") | (Operation, "callbacks") => Map(Callback),
            (Components | Response | Encoding, "headers") => Map(Header),
            (Description | PathItem | Operation, "servers") => List(Server),
            (PathItem | Operation, "parameters") => List(Parameter),
            (
                PathItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
            ) => One(Operation),
            (Callback, _) => One(PathItem),
            (Operation, "requestBody") => One(Body),
            (Parameter | Header | Body | Response, "content") => Map(MediaType),
            (Parameter | Header | MediaType, "schema") => One(Schema),
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

/// Whether a part is visited before or after the parts within it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    OuterFirst,
    InnerFirst,
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
        if kind == Kind::Schema {
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
    visit_parts(value, kind, Order::InnerFirst, pointer, visit);
}

/// Visits every part of a description within a value of this kind, each with its JSON pointer.
pub(super) fn visit_parts(
    value: &mut Value,
    kind: Kind,
    order: Order,
    pointer: &mut String,
    visit: &mut impl FnMut(&mut Value, Kind, &str),
) {
    if order == Order::OuterFirst {
        visit(value, kind, pointer);
    }
    if let Value::Object(entries) = value {
        for (key, value) in entries {
            let Some(below) = kind.below(key) else { continue };
            within(pointer, key, |pointer| match (below, value) {
                (Below::One(kind), value) => visit_parts(value, kind, order, pointer, visit),
                (Below::List(kind), Value::Array(items)) => {
                    for (i, item) in items.iter_mut().enumerate() {
                        within(pointer, &i.to_string(), |pointer| {
                            visit_parts(item, kind, order, pointer, visit);
                        });
                    }
                }
                (Below::Map(kind), Value::Object(entries)) => {
                    for (key, value) in entries {
                        within(pointer, key, |pointer| {
                            visit_parts(value, kind, order, pointer, visit);
                        });
                    }
                }
                _ => {}
            });
        }
    }
    if order == Order::InnerFirst {
        visit(value, kind, pointer);
    }
}

/// Visits every part of a value of this kind, and the value itself, each with its JSON pointer.
pub(super) fn visit(
    value: &Value,
    kind: Kind,
    pointer: &mut String,
    see: &mut impl FnMut(&Value, Kind, &str),
) {
    see(value, kind, pointer);
    let Value::Object(entries) = value else { return };
    for (key, value) in entries {
        let Some(below) = kind.below(key) else { continue };
        within(pointer, key, |pointer| match (below, value) {
            (Below::One(kind), value) => visit(value, kind, pointer, see),
            (Below::List(kind), Value::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    within(pointer, &i.to_string(), |pointer| visit(item, kind, pointer, see));
                }
            }
            (Below::Map(kind), Value::Object(entries)) => {
                for (key, value) in entries {
                    within(pointer, key, |pointer| visit(value, kind, pointer, see));
                }
            }
            _ => {}
        });
    }
}

/// Goes on to a part, and comes back.
fn within(pointer: &mut String, key: &str, go: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&escape(key));
    go(pointer);
    pointer.truncate(length);
}

/// Keywords of a schema that describe a value without limiting it, and `nullable`.
const ANNOTATIONS: [&str; 12] = [
    "$comment",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "summary",
    "title",
    "writeOnly",
];

/// Whether a keyword of a schema only describes. Beside a reference it changes no value.
pub(super) fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
}
