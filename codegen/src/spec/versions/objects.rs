//! Objects of OpenAPI 3.2 other than schemas. What OpenAPI 3.0 does not have is kept in extensions.

use serde_json::{Map, Value, json};

use crate::spec::structure::Kind;

/// The field that keeps the location of a parameter that OpenAPI 3.0 does not have.
pub(crate) const LOCATION: &str = "x-specwright-in";

/// The links of a response, which are only compared.
pub(crate) const LINKS: &str = "x-specwright-links";

/// The field of a cookie whose values are not percent-encoded (`style: cookie`).
pub(crate) const PLAIN_COOKIE: &str = "x-specwright-plain-cookie";

/// The field that keeps the flows of a security scheme.
pub(crate) const FLOWS: &str = "x-specwright-flows";

/// The field that keeps the default mapping of a discriminator.
pub(crate) const DEFAULT_MAPPING: &str = "x-specwright-default-mapping";

/// Rewrites an object that is not a schema.
pub(super) fn rewrite(value: &mut Value, kind: Kind) {
    let Value::Object(entries) = value else { return };
    if entries.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    match kind {
        Kind::Parameter => parameter(entries),
        Kind::Response => response(entries),
        Kind::Example => example(entries),
        Kind::SecurityScheme => security_scheme(entries),
        _ => {}
    }
}

fn parameter(entries: &mut Map<String, Value>) {
    let string = |key: &str| entries.get(key).and_then(Value::as_str).map(str::trim);
    match (string("in"), string("style")) {
        (Some("querystring"), _) => {
            entries.insert(LOCATION.to_owned(), "querystring".into());
            entries.insert("in".to_owned(), "query".into());
        }
        (Some("cookie"), Some("cookie")) => {
            entries.insert("style".to_owned(), "form".into());
            entries.insert(PLAIN_COOKIE.to_owned(), true.into());
        }
        _ => {}
    }
}

/// Adds the summary of a response to its documentation. Links are only compared, so invalid ones do
/// not matter.
fn response(entries: &mut Map<String, Value>) {
    if let Some(links) = entries.shift_remove("links") {
        entries.insert(LINKS.to_owned(), links);
    }
    let string = |key: &str| entries.get(key).and_then(Value::as_str).unwrap_or_default().trim();
    let docs = match [string("summary"), string("description")] {
        ["", _] => return,
        [summary, ""] => summary.to_owned(),
        [summary, docs] => format!("{summary}\n\n{docs}"),
    };
    entries.insert("description".to_owned(), docs.into());
}

/// Gives an example its value, which OpenAPI 3.2 has as data, or as it is sent.
fn example(entries: &mut Map<String, Value>) {
    let value = entries
        .shift_remove("dataValue")
        .or_else(|| serde_json::from_str(entries.get("serializedValue")?.as_str()?).ok());
    if let Some(value) = value {
        entries.entry("value").or_insert(value);
    }
}

/// Keeps the flows apart, which are only documented, so invalid ones do not matter.
fn security_scheme(entries: &mut Map<String, Value>) {
    if entries.get("type").and_then(Value::as_str) == Some("oauth2") {
        let flows = entries.insert("flows".to_owned(), json!({}));
        entries.insert(FLOWS.to_owned(), flows.unwrap_or_default());
    }
}

/// Keeps the default mapping of a discriminator.
pub(super) fn default_mapping(entries: &mut Map<String, Value>) {
    let discriminator = entries.get_mut("discriminator").and_then(Value::as_object_mut);
    let Some(discriminator) = discriminator else { return };
    if let Some(target) = discriminator.shift_remove("defaultMapping") {
        discriminator.insert(DEFAULT_MAPPING.to_owned(), target);
    }
}
