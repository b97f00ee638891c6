//! Fields of OpenAPI 3.2: those that are not known, and those from which nothing is generated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::diagnostics::{Message, messages};
use crate::spec::structure::{Kind, visit};
use crate::text::{Origins, child};

/// What was found, each with its pointer.
type Found = Vec<(String, Message)>;

/// Returns messages about the unknown fields of a document, and about those from which nothing is
/// generated. Parts that are copies of each other count once.
pub(in super::super) fn check(root: &Value, origins: &Origins) -> Found {
    let version = root.get("openapi").and_then(Value::as_str);
    if !version.is_some_and(|version| version.starts_with("3.2")) {
        return Found::new();
    }
    let mut seen = BTreeSet::new();
    let mut found = Found::new();
    let mut unused: BTreeMap<&str, usize> = BTreeMap::new();
    visit(root, Kind::Document, &mut String::new(), &mut |value, kind, pointer| {
        let Value::Object(entries) = value else { return };
        let origin = origins.get(pointer);
        if !seen.insert((origin.document, origin.pointer)) {
            return;
        }
        if entries.contains_key("$ref") && kind != Kind::Schema && kind != Kind::PathItem {
            unknown(entries, &["$ref", "summary", "description"], pointer, &mut found);
            return;
        }
        if let Some(known) = fields(kind) {
            unknown(entries, known, pointer, &mut found);
        }
        for (key, value) in entries {
            let at = child(pointer, key);
            for (at, inner, known) in nested(kind, key, value, &at) {
                unknown(inner, known, &at, &mut found);
            }
            if let Some(name) = unused_field(kind, key, value, entries) {
                *unused.entry(name).or_default() += 1;
            }
        }
    });
    if !unused.is_empty() {
        let all: Vec<String> =
            unused.iter().map(|(name, count)| format!("`{name}` ({count})")).collect();
        found.push(("/openapi".to_owned(), messages::not_generated(all.join(", "))));
    }
    found
}

fn unknown(entries: &Map<String, Value>, known: &[&str], pointer: &str, found: &mut Found) {
    for key in entries.keys().filter(|key| !key.starts_with("x-")) {
        if !known.contains(&key.as_str()) {
            found.push((child(pointer, key), messages::unknown_field(key)));
        }
    }
}

/// Returns the fields of an object, unless its keys are names or keywords of JSON Schema.
fn fields(kind: Kind) -> Option<&'static [&'static str]> {
    Some(match kind {
        Kind::Document => &[
            "openapi",
            "$self",
            "info",
            "jsonSchemaDialect",
            "servers",
            "paths",
            "webhooks",
            "components",
            "security",
            "tags",
            "externalDocs",
        ],
        Kind::Info => {
            &["title", "summary", "description", "termsOfService", "contact", "license", "version"]
        }
        Kind::Server => &["url", "description", "name", "variables"],
        Kind::Components => &[
            "schemas",
            "responses",
            "parameters",
            "examples",
            "requestBodies",
            "headers",
            "securitySchemes",
            "links",
            "callbacks",
            "pathItems",
            "mediaTypes",
        ],
        Kind::PathItem => &[
            "$ref",
            "summary",
            "description",
            "get",
            "put",
            "post",
            "delete",
            "options",
            "head",
            "patch",
            "trace",
            "query",
            "additionalOperations",
            "servers",
            "parameters",
        ],
        Kind::Operation => &[
            "tags",
            "summary",
            "description",
            "externalDocs",
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "callbacks",
            "deprecated",
            "security",
            "servers",
        ],
        Kind::Parameter => &[
            "name",
            "in",
            "description",
            "required",
            "deprecated",
            "allowEmptyValue",
            "example",
            "examples",
            "style",
            "explode",
            "allowReserved",
            "schema",
            "content",
        ],
        Kind::Header => &[
            "description",
            "required",
            "deprecated",
            "example",
            "examples",
            "style",
            "explode",
            "schema",
            "content",
        ],
        Kind::Body => &["description", "content", "required"],
        Kind::MediaType => &[
            "schema",
            "itemSchema",
            "example",
            "examples",
            "encoding",
            "prefixEncoding",
            "itemEncoding",
        ],
        Kind::Encoding => &[
            "contentType",
            "headers",
            "encoding",
            "prefixEncoding",
            "itemEncoding",
            "style",
            "explode",
            "allowReserved",
        ],
        Kind::Response => &["summary", "description", "headers", "content", "links"],
        Kind::Example => {
            &["summary", "description", "dataValue", "serializedValue", "externalValue", "value"]
        }
        Kind::Link => {
            &["operationRef", "operationId", "parameters", "requestBody", "description", "server"]
        }
        Kind::Tag => &["name", "summary", "description", "externalDocs", "parent", "kind"],
        Kind::SecurityScheme => &[
            "type",
            "description",
            "name",
            "in",
            "scheme",
            "bearerFormat",
            "flows",
            "openIdConnectUrl",
            "oauth2MetadataUrl",
            "deprecated",
        ],
        Kind::Callback | Kind::Schema => return None,
    })
}

/// An object in a field, with its pointer and its fields.
type Nested<'v> = (String, &'v Map<String, Value>, &'static [&'static str]);

/// Returns the objects in a field that are no OpenAPI objects of their own kind.
fn nested<'v>(kind: Kind, key: &str, value: &'v Value, at: &str) -> Vec<Nested<'v>> {
    const FLOWS: &[&str] =
        &["implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"];
    const FLOW: &[&str] =
        &["authorizationUrl", "deviceAuthorizationUrl", "tokenUrl", "refreshUrl", "scopes"];
    let Value::Object(entries) = value else { return Vec::new() };
    let each = |fields: &'static [&'static str]| -> Vec<Nested<'v>> {
        let all = entries.iter().filter(|(key, _)| !key.starts_with("x-"));
        all.filter_map(|(key, value)| Some((child(at, key), value.as_object()?, fields))).collect()
    };
    let only = |fields: &'static [&'static str]| -> Vec<Nested<'v>> {
        vec![(at.to_owned(), entries, fields)]
    };
    match (kind, key) {
        (_, "externalDocs") => only(&["description", "url"]),
        (Kind::Info, "contact") => only(&["name", "url", "email"]),
        (Kind::Info, "license") => only(&["name", "identifier", "url"]),
        (Kind::Server, "variables") => each(&["enum", "default", "description"]),
        (Kind::Link, "server") => only(fields(Kind::Server).unwrap_or_default()),
        (Kind::Schema, "discriminator") => only(&["propertyName", "mapping", "defaultMapping"]),
        (Kind::Schema, "xml") => {
            only(&["nodeType", "name", "namespace", "prefix", "attribute", "wrapped"])
        }
        (Kind::SecurityScheme, "flows") => [only(FLOWS), each(FLOW)].concat(),
        _ => Vec::new(),
    }
}

/// Returns the name of a field from which nothing is generated.
fn unused_field(
    kind: Kind,
    key: &str,
    value: &Value,
    entries: &Map<String, Value>,
) -> Option<&'static str> {
    let has = |key: &str, wanted: &str| entries.get(key).is_some_and(|value| *value == wanted);
    Some(match (kind, key) {
        (Kind::Parameter, "allowReserved") if has("in", "header") => "allowReserved of a header",
        (Kind::Parameter, "allowReserved") if has("in", "cookie") => "allowReserved of a cookie",
        (Kind::Encoding, "allowReserved") => "allowReserved of an encoding",
        (Kind::Encoding, "encoding" | "prefixEncoding" | "itemEncoding") => "nested encoding",
        (Kind::Document, "jsonSchemaDialect") => "jsonSchemaDialect",
        (_, "externalDocs") => "externalDocs",
        (Kind::Info, "contact") => "info.contact",
        (Kind::Info, "license") => "info.license",
        (Kind::Info, "termsOfService") => "info.termsOfService",
        (Kind::PathItem, "summary") => "summary of a path",
        (Kind::PathItem, "description") => "documentation of a path",
        (Kind::Components | Kind::Response, "links") => "links",
        (Kind::Schema, "xml") if value.get("nodeType").is_some() => "xml.nodeType",
        (Kind::Schema, "xml") => "xml",
        (Kind::Parameter | Kind::Header | Kind::MediaType | Kind::Schema, "example") => "example",
        (
            Kind::Components | Kind::Parameter | Kind::Header | Kind::MediaType | Kind::Schema,
            "examples",
        ) => "examples",
        (Kind::SecurityScheme, "bearerFormat") => "bearerFormat",
        _ => return None,
    })
}
