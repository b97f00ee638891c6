//! All parts of a description but schemas: parameters, answers, operations, keys, servers.

use openapiv3::StatusCode;
use serde_json::{Map, Value, json};

use super::{Notes, Part};
use crate::diagnostics::messages;
use crate::spec::structure::Kind;
use crate::text::child;

/// Keywords of a schema that Swagger 2 has in the parameter itself.
const OF_SCHEMAS: [&str; 16] = [
    "type",
    "format",
    "items",
    "enum",
    "default",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
];

/// What is written instead of an object where it is clear which one is meant.
pub(super) fn replace(value: &mut Value, kind: Kind, pointer: &str, notes: &mut Notes) {
    let replaced = match (kind, &*value) {
        (_, Value::Object(_)) | (Kind::Schema, Value::Bool(_)) => return,
        (Kind::Schema | Kind::MediaType, Value::Null) => json!({}),
        (Kind::Header, Value::Null) => json!({}),
        (Kind::Response, Value::Null) => json!({ "description": "" }),
        (Kind::Response, Value::String(text)) => json!({ "description": text }),
        (Kind::Schema | Kind::MediaType, Value::Array(items)) if items.is_empty() => json!({}),
        (Kind::Schema, Value::String(name)) => {
            notes.add(pointer.to_owned(), messages::schema_is_type_name());
            json!({ "type": name })
        }
        (Kind::Schema, _) => {
            notes.add(pointer.to_owned(), messages::invalid_schema());
            json!({})
        }
        (Kind::MediaType, _) => {
            notes.add(pointer.to_owned(), messages::invalid_media_type_object());
            json!({})
        }
        _ => return,
    };
    *value = replaced;
}

pub(super) fn mend(part: &mut Part<'_>, kind: Kind) {
    match kind {
        Kind::Parameter => parameter(part),
        Kind::Header => header(part),
        Kind::MediaType => examples(part),
        Kind::Response => response(part),
        Kind::Body => schema_becomes_content(part),
        Kind::Description => requirements(part),
        Kind::Operation => operation(part),
        Kind::SecurityScheme => security_scheme(part),
        Kind::Server => server(part),
        Kind::Encoding => style(part, &["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        _ => {}
    }
}

fn parameter(part: &mut Part<'_>) {
    let of_swagger =
        |place: &&str| place.eq_ignore_ascii_case("body") || place.eq_ignore_ascii_case("formData");
    if let Some(place) = part.text("in").filter(of_swagger) {
        let message = messages::swagger_parameter(place);
        part.note("in", message);
        // Elements behind this one stay where they are. This header is no parameter for anyone:
        // it is sent by what the body is.
        *part.entries = Map::new();
        part.set("name", "Content-Type");
        part.set("in", "header");
        part.set("schema", json!({ "type": "string" }));
        return;
    }
    if let Some(place) = part.text("in") {
        let right = place.trim().to_ascii_lowercase();
        if right != place {
            let message = messages::misspelled_location(place, &right);
            part.note("in", message);
            part.set("in", right);
        }
    }
    match part.text("in") {
        Some("query") => style(part, &["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        Some("path") => style(part, &["simple", "label", "matrix"]),
        Some("cookie") => style(part, &["form"]),
        _ => style(part, &["simple"]),
    }
    schema_of_parameter(part);
    examples(part);
}

fn header(part: &mut Part<'_>) {
    style(part, &["simple"]);
    schema_of_parameter(part);
    examples(part);
}

fn style(part: &mut Part<'_>, known: &[&str]) {
    let Some(given) = part.text("style") else { return };
    if known.contains(&given) {
        return;
    }
    let right = known.iter().find(|known| known.eq_ignore_ascii_case(given.trim()));
    let message = match right {
        Some(right) => messages::misspelled_style(given, right),
        None => messages::unsupported_style(given),
    };
    match right {
        Some(right) => part.set("style", *right),
        None => drop(part.remove("style")),
    }
    part.note("style", message);
}

/// A parameter without a schema is a text, unless it has the words of a schema itself.
fn schema_of_parameter(part: &mut Part<'_>) {
    if part.entries.get("schema").is_some_and(Value::is_null) {
        part.remove("schema");
    }
    let has_content =
        part.entries.get("content").and_then(Value::as_object).is_some_and(|map| !map.is_empty());
    if has_content || part.has("schema") {
        // With both, the schema says more than the media type does.
        if has_content && part.remove("schema").is_some() {
            part.note("schema", messages::schema_and_content());
        }
        return;
    }
    part.remove("content");
    let mut schema = Map::new();
    for key in OF_SCHEMAS {
        schema.extend(part.remove(key).map(|value| (key.to_owned(), value)));
    }
    let message = if schema.contains_key("type") {
        messages::swagger_parameter_schema()
    } else {
        schema.insert("type".to_owned(), "string".into());
        messages::parameter_without_schema()
    };
    part.set("schema", schema);
    part.notes.add(part.pointer.to_owned(), message);
}

/// An example that is no example object is the value of one.
fn examples(part: &mut Part<'_>) {
    if let Some(Value::Object(examples)) = part.entries.get_mut("examples") {
        for example in examples.values_mut().filter(|example| !example.is_object()) {
            *example = json!({ "value": example.take() });
        }
        for (_, example) in examples.iter_mut() {
            let Value::Object(entries) = example else { continue };
            for key in ["summary", "description", "externalValue", "$ref"] {
                if entries.get(key).is_some_and(|text| !text.is_string()) {
                    entries.shift_remove(key);
                }
            }
        }
    }
}

fn response(part: &mut Part<'_>) {
    if !part.has("description") {
        part.set("description", "");
    }
    // Nothing is generated from links, so no flaw of theirs matters.
    part.remove("links");
    schema_becomes_content(part);
}

/// Swagger 2 has the schema of a body or an answer where OpenAPI 3 has its media types.
fn schema_becomes_content(part: &mut Part<'_>) {
    if part.has("content") || !part.entries.get("schema").is_some_and(Value::is_object) {
        return;
    }
    let schema = part.remove("schema").unwrap_or_default();
    part.set("content", json!({ "application/json": { "schema": schema } }));
    part.note("schema", messages::swagger_body_schema());
}

fn operation(part: &mut Part<'_>) {
    if !part.has("responses") {
        part.set("responses", json!({}));
        part.notes.add(part.pointer.to_owned(), messages::missing_responses());
    }
    statuses(part);
    requirements(part);
    if part.entries.get("parameters").is_some_and(Value::is_null) {
        part.remove("parameters");
    }
}

fn requirements(part: &mut Part<'_>) {
    if let Some(Value::Array(requirements)) = part.entries.get_mut("security") {
        requirements.retain_mut(requirement);
    }
}

/// Which scopes a key must have, where a text or nothing stands for the list.
fn requirement(requirement: &mut Value) -> bool {
    let Value::Object(keys) = requirement else { return false };
    for scopes in keys.values_mut() {
        let texts = match scopes.take() {
            Value::Array(items) => items.into_iter().filter(Value::is_string).collect(),
            Value::String(text) => vec![Value::String(text)],
            _ => Vec::new(),
        };
        *scopes = Value::Array(texts);
    }
    true
}

/// Statuses in small letters, and with words behind; what is none is left out.
fn statuses(part: &mut Part<'_>) {
    let Some(Value::Object(responses)) = part.entries.get("responses") else { return };
    if responses.keys().all(|key| is_status(key)) {
        return;
    }
    let mut told = Vec::new();
    let mut statuses = Map::new();
    for (key, response) in responses {
        let right = Some(key).filter(|key| is_status(key)).cloned().or_else(|| status(key));
        let name = right.filter(|right| right == key || !responses.contains_key(right));
        if name.as_ref() != Some(key) {
            told.push(match &name {
                Some(name) => (name.clone(), messages::misspelled_status(key, name)),
                None => (key.clone(), messages::unknown_status(key)),
            });
        }
        statuses.extend(name.map(|name| (name, response.clone())));
    }
    part.set("responses", statuses);
    for (name, message) in told {
        part.notes.add(child(&child(part.pointer, "responses"), &name), message);
    }
}

fn is_status(key: &str) -> bool {
    key == "default"
        || key.starts_with("x-")
        || serde_json::from_value::<StatusCode>(key.into()).is_ok()
}

/// What a status means that is written in another way: `4xx`, `Default`, `200 OK`, `5**`.
fn status(key: &str) -> Option<String> {
    let key = key.trim();
    if key.eq_ignore_ascii_case("default") || key == "*" {
        return Some("default".to_owned());
    }
    let code: String = key.chars().take_while(char::is_ascii_digit).collect();
    let rest = key.get(code.len()..)?;
    match code.len() {
        3 if !rest.starts_with(char::is_alphanumeric) => Some(code).filter(|code| is_status(code)),
        1 if ["xx", "**", ".."].contains(&rest.to_ascii_lowercase().as_str()) => {
            Some(format!("{code}XX")).filter(|range| is_status(range))
        }
        _ => None,
    }
}

fn security_scheme(part: &mut Part<'_>) {
    let given = part.text("type").unwrap_or_default().to_owned();
    let (right, scheme) = match given.to_ascii_lowercase().replace(['-', '_', ' '], "").as_str() {
        "apikey" => ("apiKey", None),
        "http" => ("http", None),
        "oauth2" | "oauth" => ("oauth2", None),
        "openidconnect" | "oidc" => ("openIdConnect", None),
        name @ ("basic" | "bearer") => ("http", Some(name.to_owned())),
        "" if part.has("scheme") => ("http", None),
        "" if part.has("name") => ("apiKey", None),
        _ => return,
    };
    if right != given {
        part.set("type", right);
        part.note("type", messages::misspelled_security_type(given, right));
    }
    if let Some(scheme) = scheme {
        part.set("scheme", scheme);
    }
    match right {
        "http" if !part.has("scheme") => {
            part.set("scheme", "bearer");
            part.note("type", messages::missing_http_scheme());
        }
        "apiKey" => {
            let place = part.text("in").unwrap_or("header").to_ascii_lowercase();
            part.set("in", place);
        }
        // Nothing is generated from how a token is come by, so no flaw of that matters.
        "oauth2" => part.set("flows", json!({})),
        "openIdConnect" if part.text("openIdConnectUrl").is_none() => {
            part.set("openIdConnectUrl", "");
        }
        _ => {}
    }
}

fn server(part: &mut Part<'_>) {
    if !part.has("url") {
        part.set("url", "/");
        part.notes.add(part.pointer.to_owned(), messages::missing_server_url());
    }
    let Some(Value::Object(variables)) = part.entries.get_mut("variables") else { return };
    variables.retain(|_, variable| variable.is_object());
    for variable in variables.values_mut() {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let values = match variable.get("enum") {
            Some(Value::Array(values)) => values.iter().map(text).collect(),
            _ => Vec::<String>::new(),
        };
        let default = match variable.get("default") {
            Some(Value::Null) | None => values.first().cloned().unwrap_or_default(),
            Some(default) => text(default),
        };
        variable["default"] = default.into();
        match values.as_slice() {
            [] => drop(variable.as_object_mut().and_then(|entries| entries.shift_remove("enum"))),
            values => variable["enum"] = json!(values),
        }
        if variable.get("description").is_some_and(|text| !text.is_string()) {
            variable["description"] = "".into();
        }
    }
}
