//! `application/x-www-form-urlencoded`, as the URL standard writes it.

use serde_json::Value;

use super::fields::{Fields, Part, as_texts, spread};
use crate::style::Style;
use crate::validate::ValidationError;

/// Writes a form.
pub fn urlencoded(form: &Fields, parts: &[Part]) -> Result<String, ValidationError> {
    let mut out = String::new();
    for (name, raw) in &form.fields {
        let part = Part::of(parts, name);
        // It has come out of a serializer.
        let mut value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        as_texts(name, &mut value, &form.files)?;
        let pairs = match value {
            Value::Null => Vec::new(),
            value if part.is_json() => vec![(name.clone(), value.to_string())],
            // OpenAPI has objects be JSON where no style is given; spread over the form, their
            // properties would be its own.
            value @ Value::Object(_) if part.style.is_none() => {
                vec![(name.clone(), value.to_string())]
            }
            value => spread(name, part.style.unwrap_or(Style::FormExploded), value),
        };
        for (name, text) in pairs {
            if !out.is_empty() {
                out.push('&');
            }
            encode(&name, &mut out);
            out.push('=');
            encode(&text, &mut out);
        }
    }
    Ok(out)
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}
