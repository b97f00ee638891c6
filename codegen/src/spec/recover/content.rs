//! What stands where media types should: their short names, and names of other things.

use serde_json::{Map, Value, json};

use super::Part;
use crate::diagnostics::messages;
use crate::text::child;

/// Short names of media types, as people write them.
const SHORT: [(&str, &str); 36] = [
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

/// Reads each key of `content` as the media type that it means. Beside media types, keys that
/// mean none are left out: they are often the properties of an example. Where there are no
/// others, JSON is meant.
pub(super) fn media_types(part: &mut Part<'_>) {
    let Some(Value::Object(content)) = part.entries.get("content") else { return };
    if content.keys().all(|key| is_media_type(key)) {
        return;
    }
    let mut told = Vec::new();
    let mut others = Vec::new();
    let mut types = Map::new();
    // An extension is nothing that is sent.
    for (key, value) in content.iter().filter(|(key, _)| !key.starts_with("x-")) {
        let name = match is_media_type(key) {
            true => Some(key.clone()),
            false => meant(key),
        };
        match name {
            Some(name) => {
                if name != *key {
                    let message = messages::misspelled_media_type(key.escape_debug(), &name);
                    told.push((key, message));
                }
                // The same under both names is what says more of it.
                if !types.get(&name).is_some_and(has_schema) {
                    types.insert(name, value.clone());
                }
            }
            None => others.push((key, value)),
        }
    }
    let is_all = types.is_empty();
    if is_all {
        let with_schema = others.iter().find(|(_, value)| has_schema(value));
        let value = with_schema.map_or_else(|| json!({}), |(_, value)| (*value).clone());
        types.insert("application/json".to_owned(), value);
    }
    for (key, _) in others {
        let message = match is_all {
            true => messages::media_type_assumed_json(key.escape_debug()),
            false => messages::unknown_media_type(key.escape_debug()),
        };
        told.push((key, message));
    }
    let pointer = child(part.pointer, "content");
    for (key, message) in told {
        part.notes.add(child(&pointer, key), message);
    }
    part.set("content", types);
}

fn has_schema(value: &Value) -> bool {
    value.get("schema").is_some()
}

/// Whether a text is a media type or a range of them, which a request can be sent with.
pub(crate) fn is_media_type(text: &str) -> bool {
    let is_token = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    let has_types =
        essence(text).split_once('/').is_some_and(|(of, sub)| is_token(of) && is_token(sub));
    has_types && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// The media type that is meant by what is none, with the parameters behind it.
fn meant(key: &str) -> Option<String> {
    if is_media_type(key.trim()) {
        return Some(key.trim().to_owned());
    }
    let essence = essence(key);
    let name = essence.trim_start_matches('.').to_ascii_lowercase();
    let (_, meant) = SHORT.iter().find(|(short, _)| *short == name)?;
    let parameters = key.trim_start().get(essence.len()..).unwrap_or_default();
    Some(format!("{meant}{parameters}"))
}

/// A media type without its parameters.
fn essence(key: &str) -> &str {
    key.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::mend;

    /// The content of an answer, and how much was noted.
    fn mended(content: &Value) -> (Value, usize) {
        let mut root =
            json!({"components": {"responses": {"It": {"description": "", "content": content}}}});
        let notes = mend(&mut root, false);
        (root["components"]["responses"]["It"]["content"].clone(), notes.by_pointer.len())
    }

    #[test]
    fn short_names_are_read_as_what_they_mean() {
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
            assert_eq!(mended(&json!({short: schema})), (json!({long: schema}), 1), "{short}");
        }
        for media_type in ["text/csv; charset=utf-8", "*/*", "image/*", "application/a+json;simple"]
        {
            let all_right = json!({media_type: schema});
            assert_eq!(mended(&all_right), (all_right, 0));
        }
    }

    #[test]
    fn what_means_no_media_type_is_left_out_beside_others_and_otherwise_json() {
        for odd in ["code", "/", "a/", "a b/c", "täxt/plain", "x-more"] {
            let content = json!({odd: {}, "image/png": {}});
            assert_eq!(mended(&content).0, json!({"image/png": {}}), "{odd}");
        }
        let schema = json!({"schema": {"type": "integer"}});
        let beside =
            json!({"application/json": schema, "code": {"examples": {}}, "codecs=opus": {}});
        assert_eq!(mended(&beside), (json!({"application/json": schema}), 2));
        let alone = json!({"a": {"examples": {}}, "b": schema});
        assert_eq!(mended(&alone), (json!({"application/json": schema}), 2));
        assert_eq!(mended(&json!({"a": {}})), (json!({"application/json": {}}), 1));
        let twice = json!({"application/json": {}, "": schema});
        assert_eq!(mended(&twice), (json!({"application/json": schema}), 1));
    }
}
