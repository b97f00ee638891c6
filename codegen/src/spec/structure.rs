//! Which parts of a document are which OpenAPI objects. A key alone is not enough: `enum`, `default`
//! and `example` contain any JSON, and a property can be called `schema`.

use serde_json::Value;

use crate::text::pointer::escape;

/// Kind of an OpenAPI object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Document,
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
    Example,
    Link,
    Info,
    Tag,
}

/// Objects below a key.
pub(super) enum Below {
    One(Kind),
    List(Kind),
    Map(Kind),
}

impl Kind {
    /// Returns the section of the components for this kind.
    pub(super) fn section(self) -> &'static str {
        match self {
            Self::Parameter => "parameters",
            Self::Header => "headers",
            Self::PathItem => "pathItems",
            Self::Body => "requestBodies",
            Self::Response => "responses",
            Self::Callback => "callbacks",
            Self::SecurityScheme => "securitySchemes",
            Self::Example => "examples",
            Self::MediaType => "mediaTypes",
            Self::Link => "links",
            // References to other kinds do not exist.
            _ => "schemas",
        }
    }

    /// Returns whether there are OpenAPI objects below a key.
    pub(super) fn holds(self, key: &str) -> bool {
        self.below(key).is_some()
    }

    pub(super) fn below(self, key: &str) -> Option<Below> {
        use Below::{List, Map, One};
        use Kind::{
            Body, Callback, Components, Document, Encoding, Example, Header, Info, Link, MediaType,
            Operation, Parameter, PathItem, Response, Schema, SecurityScheme, Server, Tag,
        };
        Some(match (self, key) {
            (Document, "paths" | "webhooks" | "x-webhooks") => Map(PathItem),
            (Document, "components") => One(Components),
            (Document, "info") => One(Info),
            (Document, "tags") => List(Tag),
            (Components, "schemas") => Map(Schema),
            (Components, "parameters") => Map(Parameter),
            (Components, "pathItems") => Map(PathItem),
            (Components, "mediaTypes") => Map(MediaType),
            (Components, "securitySchemes") => Map(SecurityScheme),
            (Components, "requestBodies") => Map(Body),
            (Components, "responses") | (Operation, "responses") => Map(Response),
            (Components, "callbacks") | (Operation, "callbacks") => Map(Callback),
            (Components | Response | Encoding, "headers") => Map(Header),
            (Document | PathItem | Operation, "servers") => List(Server),
            (PathItem | Operation, "parameters") => List(Parameter),
            (
                PathItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace"
                | "query",
            ) => One(Operation),
            (PathItem, "additionalOperations") => Map(Operation),
            (Callback, _) => One(PathItem),
            (Operation, "requestBody") => One(Body),
            (Parameter | Header | Body | Response, "content") => Map(MediaType),
            (Parameter | Header | MediaType, "schema") | (MediaType, "itemSchema") => One(Schema),
            (MediaType | Encoding, "encoding") => Map(Encoding),
            (MediaType | Encoding, "prefixEncoding") => List(Encoding),
            (MediaType | Encoding, "itemEncoding") => One(Encoding),
            (Components | Parameter | Header | MediaType, "examples") => Map(Example),
            (Components | Response, "links") => Map(Link),
            (
                Schema,
                "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions",
            ) => Map(Schema),
            (Schema, "allOf" | "anyOf" | "oneOf" | "prefixItems") => List(Schema),
            (
                Schema,
                "items"
                | "not"
                | "additionalProperties"
                | "unevaluatedProperties"
                | "unevaluatedItems"
                | "contains"
                | "contentSchema"
                | "propertyNames"
                | "if"
                | "then"
                | "else",
            ) => One(Schema),
            _ => return None,
        })
    }
}

/// Whether an object is visited before or after the objects in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    OuterFirst,
    InnerFirst,
}

/// Visits every schema in an object of this kind, with its JSON pointer. Inner schemas are visited
/// first.
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

/// Visits every OpenAPI object in an object of this kind, as [`visit_schemas`] does.
pub(crate) fn visit_all(
    value: &mut Value,
    kind: Kind,
    pointer: &mut String,
    visit: &mut impl FnMut(&mut Value, Kind, &str),
) {
    visit_parts(value, kind, Order::InnerFirst, pointer, visit);
}

/// Visits every OpenAPI object in an object of this kind, in the given order.
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

/// Visits an object of this kind and every OpenAPI object in it, without changing them.
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

/// Calls a function with the pointer extended by a key.
fn within(pointer: &mut String, key: &str, go: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&escape(key));
    go(pointer);
    pointer.truncate(length);
}

/// Keywords of a schema that do not constrain its values, and `nullable`.
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

/// Returns whether a keyword of a schema does not constrain its values.
pub(super) fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
}
