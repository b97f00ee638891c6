//! Values as YAML in the style of the spec: blocks, two spaces, arrays indented.

use serde_json::Value;

/// Returns the lines of an entry.
pub(super) fn entry(key: &str, value: &Value, indent: usize) -> Vec<String> {
    let start = format!("{:indent$}{}:", "", scalar(key));
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            let inner = entries.iter().flat_map(|(key, value)| entry(key, value, indent + 2));
            [start].into_iter().chain(inner).collect()
        }
        Value::Array(items) if !items.is_empty() => {
            let inner = items.iter().flat_map(|item| element(item, indent + 2));
            [start].into_iter().chain(inner).collect()
        }
        value => vec![format!("{start} {}", inline(value))],
    }
}

/// Returns the lines of an element.
pub(super) fn element(value: &Value, indent: usize) -> Vec<String> {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            let lines = entries.iter().flat_map(|(key, value)| entry(key, value, indent + 2));
            let mut lines: Vec<String> = lines.collect();
            if let Some(first) = lines.first_mut() {
                *first = format!("{:indent$}- {}", "", first.trim_start());
            }
            lines
        }
        value => vec![format!("{:indent$}- {}", "", inline(value))],
    }
}

/// Returns a value on one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(string) => scalar(string),
        // JSON is YAML.
        value => value.to_string(),
    }
}

/// Returns a string, quoted if it could be read as something else.
fn scalar(string: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let starts_plain = |c: char| c.is_ascii_alphabetic() || c == '/' || c == '_' || c == '$';
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./ {}$".contains(c);
    let is_word = WORDS.contains(&string.to_ascii_lowercase().as_str());
    if string.starts_with(starts_plain)
        && string.chars().all(is_plain)
        && !string.ends_with(' ')
        && !is_word
    {
        return string.to_owned();
    }
    match string.chars().any(char::is_control) {
        // JSON escapes those of ASCII only.
        true => {
            let json = Value::from(string).to_string();
            let escaped = |c: char| match c.is_control() {
                true => format!("\\u{:04x}", u32::from(c)),
                false => c.to_string(),
            };
            json.chars().map(escaped).collect()
        }
        false => format!("'{}'", string.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use specwright::Source;

    use super::*;

    #[test]
    fn values_are_read_as_they_were_written() {
        let value = json!({
            "yes": ["no", "1.10", "~", "2024-01-01", "", " a", "a ", "it's", "a: b", "a #b", "-", "é"],
            "200": {"$ref": "#/a/b~1c", "x": "a\nb\n", "y": "\u{85}", "/a/{b}": {}, "z": []},
            "numbers": [1, -1, 1.5, {"a": [{"b": null}, {"c": [[1], true]}]}, {}],
        });
        let lines: Vec<String> =
            value.as_object().into_iter().flatten().flat_map(|(k, v)| entry(k, v, 0)).collect();
        let written = lines.join("\n");
        assert_eq!(Source::new("a.yaml", written.as_str()).tree(), Ok(value), "{written}");
        assert_eq!(
            entry("required", &json!(["a", {"b": 1, "c": 2}]), 2).join("\n"),
            "  required:\n    - a\n    - b: 1\n      c: 2"
        );
    }
}
