//! All objects but schemas: parameters, responses, operations, security schemes, servers.

use openapiv3::StatusCode;
use serde_json::{Map, Value, json};

use super::notes::Notes;
use super::part::Part;
use crate::diagnostics::messages;
use crate::spec::structure::Kind;
use crate::text::child;

/// Schema keywords that Swagger 2.0 has in the parameter itself.
const SCHEMA_KEYWORDS: [&str; 16] = [
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

/// Replaces a value that is not an object by the intended object.
pub(super) fn replace(value: &mut Value, kind: Kind, pointer: &str, notes: &mut Notes) {
    let replaced = match (kind, &*value) {
        (_, Value::Object(_)) | (Kind::Schema, Value::Bool(_)) => return,
        (Kind::Schema | Kind::MediaType, Value::Null) => json!({}),
        (Kind::Header, Value::Null) => json!({}),
        (Kind::Response, Value::Null) => json!({ "description": "" }),
        (Kind::Response, Value::String(string)) => json!({ "description": string }),
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

pub(super) fn recover(part: &mut Part<'_>, kind: Kind) {
    match kind {
        Kind::Parameter => parameter(part),
        Kind::Header => header(part),
        Kind::MediaType => examples(part),
        Kind::Response => response(part),
        Kind::Body => schema_to_content(part),
        Kind::Document => requirements(part),
        Kind::Operation => operation(part),
        Kind::SecurityScheme => security_scheme(part),
        Kind::Server => server(part),
        Kind::Encoding => style(part, &["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        _ => {}
    }
}

fn parameter(part: &mut Part<'_>) {
    let is_body = |location: &&str| {
        location.eq_ignore_ascii_case("body") || location.eq_ignore_ascii_case("formData")
    };
    if let Some(location) = part.string("in").filter(is_body) {
        let message = messages::swagger_parameter(location);
        part.note_field("in", message);
        // The element is replaced, so that the pointers of later elements stay valid. No parameter
        // is generated for this header, because the body determines it.
        *part.entries = Map::new();
        part.set("name", "Content-Type");
        part.set("in", "header");
        part.set("schema", json!({ "type": "string" }));
        return;
    }
    if let Some(given) = part.string("in") {
        let location = given.trim().to_ascii_lowercase();
        if location != given {
            let message = messages::misspelled_location(given, &location);
            part.note_field("in", message);
            part.set("in", location);
        }
    }
    match part.string("in") {
        Some("query") => style(part, &["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        Some("path") => style(part, &["simple", "label", "matrix"]),
        Some("cookie") => style(part, &["form", "cookie"]),
        Some("querystring") => whole_query(part),
        _ => style(part, &["simple"]),
    }
    schema_of_parameter(part);
    examples(part);
}

/// Removes what has no effect on a parameter that is the whole query, and gives it content.
fn whole_query(part: &mut Part<'_>) {
    for key in ["style", "explode", "allowReserved", "allowEmptyValue"] {
        if part.remove(key).is_some() {
            part.note_field(key, messages::unused_with_query_string(key));
        }
    }
    if !part.has("content")
        && let Some(schema) = part.remove("schema")
    {
        part.set("content", json!({ "application/x-www-form-urlencoded": { "schema": schema } }));
        part.note_field("schema", messages::query_string_without_content());
    }
}

fn header(part: &mut Part<'_>) {
    style(part, &["simple"]);
    schema_of_parameter(part);
    examples(part);
}

fn style(part: &mut Part<'_>, known: &[&str]) {
    let Some(given) = part.string("style") else { return };
    if known.contains(&given) {
        return;
    }
    let corrected = known.iter().find(|known| known.eq_ignore_ascii_case(given.trim()));
    let message = match corrected {
        Some(corrected) => messages::misspelled_style(given, corrected),
        None => messages::unsupported_style(given),
    };
    match corrected {
        Some(corrected) => part.set("style", *corrected),
        None => drop(part.remove("style")),
    }
    part.note_field("style", message);
}

/// Gives a parameter without a schema the schema of its own keywords, as in Swagger 2.0, or that of a
/// string.
fn schema_of_parameter(part: &mut Part<'_>) {
    if part.entries.get("schema").is_some_and(Value::is_null) {
        part.remove("schema");
    }
    let has_content =
        part.entries.get("content").and_then(Value::as_object).is_some_and(|map| !map.is_empty());
    if has_content || part.has("schema") {
        if has_content && part.remove("schema").is_some() {
            part.note_field("schema", messages::schema_and_content());
        }
        return;
    }
    part.remove("content");
    let mut schema = Map::new();
    for key in SCHEMA_KEYWORDS {
        schema.extend(part.remove(key).map(|value| (key.to_owned(), value)));
    }
    let message = if schema.contains_key("type") {
        messages::swagger_parameter_schema()
    } else {
        schema.insert("type".to_owned(), "string".into());
        messages::parameter_without_schema()
    };
    part.set("schema", schema);
    part.note(message);
}

/// Replaces an example that is not an object by an example object with that value.
fn examples(part: &mut Part<'_>) {
    if let Some(Value::Object(examples)) = part.entries.get_mut("examples") {
        for example in examples.values_mut().filter(|example| !example.is_object()) {
            *example = json!({ "value": example.take() });
        }
        for (_, example) in examples.iter_mut() {
            let Value::Object(entries) = example else { continue };
            for key in ["summary", "description", "externalValue", "$ref"] {
                if entries.get(key).is_some_and(|value| !value.is_string()) {
                    entries.shift_remove(key);
                }
            }
        }
    }
}

fn response(part: &mut Part<'_>) {
    // OpenAPI 3.2 has a summary, and then need not have this.
    if part.string("description").or(part.string("summary")).is_none() {
        part.set("description", "");
    }
    schema_to_content(part);
}

/// Moves the schema of a body or response to its content. Swagger 2.0 has no media type there.
fn schema_to_content(part: &mut Part<'_>) {
    if part.has("content") || !part.entries.get("schema").is_some_and(Value::is_object) {
        return;
    }
    let schema = part.remove("schema").unwrap_or_default();
    part.set("content", json!({ "application/json": { "schema": schema } }));
    part.note_field("schema", messages::swagger_body_schema());
}

fn operation(part: &mut Part<'_>) {
    if !part.has("responses") {
        part.set("responses", json!({}));
        part.note(messages::missing_responses());
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

/// Converts the scopes of a security requirement to arrays. Returns whether it is an object.
fn requirement(requirement: &mut Value) -> bool {
    let Value::Object(schemes) = requirement else { return false };
    for scopes in schemes.values_mut() {
        let strings = match scopes.take() {
            Value::Array(items) => items.into_iter().filter(Value::is_string).collect(),
            Value::String(scope) => vec![Value::String(scope)],
            _ => Vec::new(),
        };
        *scopes = Value::Array(strings);
    }
    true
}

/// Corrects statuses in lower case, or with a reason phrase. Removes unknown ones.
fn statuses(part: &mut Part<'_>) {
    let Some(Value::Object(responses)) = part.entries.get("responses") else { return };
    if responses.keys().all(|key| is_status(key)) {
        return;
    }
    let mut notes = Vec::new();
    let mut statuses = Map::new();
    for (key, response) in responses {
        let corrected = Some(key).filter(|key| is_status(key)).cloned().or_else(|| status(key));
        let name = corrected.filter(|name| name == key || !responses.contains_key(name));
        if name.as_ref() != Some(key) {
            notes.push(match &name {
                Some(name) => (name.clone(), messages::misspelled_status(key, name)),
                None => (key.clone(), messages::unknown_status(key)),
            });
        }
        statuses.extend(name.map(|name| (name, response.clone())));
    }
    part.set("responses", statuses);
    for (name, message) in notes {
        part.notes.add(child(&child(part.pointer, "responses"), &name), message);
    }
}

fn is_status(key: &str) -> bool {
    key == "default"
        || key.starts_with("x-")
        || serde_json::from_value::<StatusCode>(key.into()).is_ok()
}

/// Returns the intended status of a misspelled one: `4xx`, `Default`, `200 OK`, `5**`.
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
    let given = part.string("type").unwrap_or_default().to_owned();
    let (corrected, scheme) = match given.to_ascii_lowercase().replace(['-', '_', ' '], "").as_str()
    {
        "apikey" => ("apiKey", None),
        "http" => ("http", None),
        "oauth2" | "oauth" => ("oauth2", None),
        "openidconnect" | "oidc" => ("openIdConnect", None),
        name @ ("basic" | "bearer") => ("http", Some(name.to_owned())),
        "" if part.has("scheme") => ("http", None),
        "" if part.has("name") => ("apiKey", None),
        _ => return,
    };
    if corrected != given {
        part.set("type", corrected);
        part.note_field("type", messages::misspelled_security_type(given, corrected));
    }
    if let Some(scheme) = scheme {
        part.set("scheme", scheme);
    }
    match corrected {
        "http" if !part.has("scheme") => {
            part.set("scheme", "bearer");
            part.note_field("type", messages::missing_http_scheme());
        }
        "apiKey" => {
            let location = part.string("in").unwrap_or("header").to_ascii_lowercase();
            part.set("in", location);
        }
        "openIdConnect" if part.string("openIdConnectUrl").is_none() => {
            part.set("openIdConnectUrl", "");
        }
        _ => {}
    }
}

fn server(part: &mut Part<'_>) {
    if !part.has("url") {
        part.set("url", "/");
        part.note(messages::missing_server_url());
    }
    let Some(Value::Object(variables)) = part.entries.get_mut("variables") else { return };
    variables.retain(|_, variable| variable.is_object());
    for variable in variables.values_mut() {
        let string = |value: &Value| match value {
            Value::String(string) => string.clone(),
            other => other.to_string(),
        };
        let values = match variable.get("enum") {
            Some(Value::Array(values)) => values.iter().map(string).collect(),
            _ => Vec::<String>::new(),
        };
        let default = match variable.get("default") {
            Some(Value::Null) | None => values.first().cloned().unwrap_or_default(),
            Some(default) => string(default),
        };
        variable["default"] = default.into();
        match values.as_slice() {
            [] => drop(variable.as_object_mut().and_then(|entries| entries.shift_remove("enum"))),
            values => variable["enum"] = json!(values),
        }
        if variable.get("description").is_some_and(|value| !value.is_string()) {
            variable["description"] = "".into();
        }
    }
}
