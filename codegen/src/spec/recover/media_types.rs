//! Misspelled media types, such as `json` for `application/json`.

use serde_json::{Map, Value, json};

use super::part::Part;
use crate::diagnostics::messages;
use crate::text::child;
use crate::text::media_type::{is_valid, without_parameters};

/// Common short names of media types.
const SHORT_NAMES: [(&str, &str); 36] = [
    ("", "application/json"),
    ("*", "*/*"),
    ("any", "*/*"),
    ("json", "application/json"),
    ("applicationjson", "application/json"),
    ("xml", "application/xml"),
    ("applicationxml", "application/xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("text", "text/plain"),
    ("txt", "text/plain"),
    ("plain", "text/plain"),
    ("string", "text/plain"),
    ("html", "text/html"),
    ("csv", "text/csv"),
    ("pdf", "application/pdf"),
    ("zip", "application/zip"),
    ("gz", "application/gzip"),
    ("gzip", "application/gzip"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("svg", "image/svg+xml"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("file", "application/octet-stream"),
    ("binary", "application/octet-stream"),
    ("bytes", "application/octet-stream"),
    ("octet-stream", "application/octet-stream"),
    ("form", "application/x-www-form-urlencoded"),
    ("urlencoded", "application/x-www-form-urlencoded"),
    ("x-www-form-urlencoded", "application/x-www-form-urlencoded"),
    ("multipart", "multipart/form-data"),
    ("form-data", "multipart/form-data"),
    ("formdata", "multipart/form-data"),
];

/// Replaces invalid keys of `content` by the intended media types. An unknown key is
/// ignored if there are others, because it is often a property of an example. If all keys are
/// unknown, JSON is assumed.
pub(super) fn recover(part: &mut Part<'_>) {
    let Some(Value::Object(content)) = part.entries.get("content") else { return };
    if content.keys().all(|key| is_valid(key)) {
        return;
    }
    let mut notes = Vec::new();
    let mut others = Vec::new();
    let mut types = Map::new();
    // Extensions are not media types.
    for (key, value) in content.iter().filter(|(key, _)| !key.starts_with("x-")) {
        let name = match is_valid(key) {
            true => Some(key.clone()),
            false => corrected(key),
        };
        match name {
            Some(name) => {
                if name != *key {
                    let message = messages::misspelled_media_type(key.escape_debug(), &name);
                    notes.push((key, message));
                }
                // If both spellings are present, the one with a schema is used.
                if !types.get(&name).is_some_and(has_schema) {
                    types.insert(name, value.clone());
                }
            }
            None => others.push((key, value)),
        }
    }
    let is_only_unknown = types.is_empty();
    if is_only_unknown {
        let with_schema = others.iter().find(|(_, value)| has_schema(value));
        let value = with_schema.map_or_else(|| json!({}), |(_, value)| (*value).clone());
        types.insert("application/json".to_owned(), value);
    }
    for (key, _) in others {
        let message = match is_only_unknown {
            true => messages::media_type_assumed_json(key.escape_debug()),
            false => messages::unknown_media_type(key.escape_debug()),
        };
        notes.push((key, message));
    }
    let pointer = child(part.pointer, "content");
    for (key, message) in notes {
        part.notes.add(child(&pointer, key), message);
    }
    part.set("content", types);
}

fn has_schema(value: &Value) -> bool {
    value.get("schema").is_some()
}

/// Returns the intended media type of an invalid key, with its parameters.
fn corrected(key: &str) -> Option<String> {
    if is_valid(key.trim()) {
        return Some(key.trim().to_owned());
    }
    let essence = without_parameters(key);
    let name = essence.trim_start_matches('.').to_ascii_lowercase();
    let (_, media_type) = SHORT_NAMES.iter().find(|(short, _)| *short == name)?;
    let parameters = key.trim_start().get(essence.len()..).unwrap_or_default();
    Some(format!("{media_type}{parameters}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{Version, recover};

    /// Returns the recovered content of a response, and the number of notes.
    fn recovered(content: &Value) -> (Value, usize) {
        let mut root =
            json!({"components": {"responses": {"It": {"description": "", "content": content}}}});
        let mut notes = recover(&mut root, Version::V3_0);
        (root["components"]["responses"]["It"]["content"].clone(), notes.take_within("").len())
    }

    #[test]
    fn short_names_are_replaced() {
        let schema = json!({"schema": {"type": "string"}});
        for (short, long) in [
            ("JSON", "application/json"),
            ("", "application/json"),
            ("applicationjson;version=2018-01-01", "application/json;version=2018-01-01"),
            (".pdf", "application/pdf"),
            ("*", "*/*"),
            ("form-data", "multipart/form-data"),
            (" text/plain\n", "text/plain"),
        ] {
            assert_eq!(recovered(&json!({short: schema})), (json!({long: schema}), 1), "{short}");
        }
        for media_type in ["text/csv; charset=utf-8", "*/*", "image/*", "application/a+json;simple"]
        {
            let valid = json!({media_type: schema});
            assert_eq!(recovered(&valid), (valid, 0));
        }
    }

    #[test]
    fn unknown_keys_are_ignored_next_to_others_and_json_otherwise() {
        for unknown in ["code", "/", "a/", "a b/c", "täxt/plain", "x-more"] {
            let content = json!({unknown: {}, "image/png": {}});
            assert_eq!(recovered(&content).0, json!({"image/png": {}}), "{unknown}");
        }
        let schema = json!({"schema": {"type": "integer"}});
        let others =
            json!({"application/json": schema, "code": {"examples": {}}, "codecs=opus": {}});
        assert_eq!(recovered(&others), (json!({"application/json": schema}), 2));
        let alone = json!({"a": {"examples": {}}, "b": schema});
        assert_eq!(recovered(&alone), (json!({"application/json": schema}), 2));
        assert_eq!(recovered(&json!({"a": {}})), (json!({"application/json": {}}), 1));
        let twice = json!({"application/json": {}, "": schema});
        assert_eq!(recovered(&twice), (json!({"application/json": schema}), 1));
    }
}
