//! `application/x-www-form-urlencoded`, as the URL standard specifies.

use serde_json::Value;

use super::fields::{Fields, Part, expand, inline_files};
use crate::style::Style;
use crate::validate::ValidationError;

/// Encodes a form.
pub fn urlencoded(form: &Fields, parts: &[Part]) -> Result<String, ValidationError> {
    let mut out = String::new();
    for (name, raw) in &form.fields {
        let part = Part::of(parts, name);
        // A serializer has produced this JSON.
        let mut value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        inline_files(name, &mut value, &form.files)?;
        let pairs = match value {
            Value::Null => Vec::new(),
            value if part.is_json() => vec![(name.clone(), value.to_string())],
            // OpenAPI encodes objects without a style as JSON. Expanded, their properties would
            // look like those of the form.
            value @ Value::Object(_) if part.style.is_none() => {
                vec![(name.clone(), value.to_string())]
            }
            value => expand(name, part.style.unwrap_or(Style::FormExploded), value),
        };
        for (name, string) in pairs {
            if !out.is_empty() {
                out.push('&');
            }
            encode(&name, &mut out);
            out.push('=');
            encode(&string, &mut out);
        }
    }
    Ok(out)
}

fn encode(string: &str, out: &mut String) {
    for byte in string.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}
