//! `application/x-www-form-urlencoded`, as the URL standard specifies.

use super::fields::{Fields, Part, inline_files};
use crate::style::Style;
use crate::style::ordered::Ordered;
use crate::style::parts::{EntryValue, Parts, joined};
use crate::validate::ValidationError;

/// Encodes a form.
pub fn urlencoded(form: &Fields, parts: &[Part]) -> Result<String, ValidationError> {
    let mut out = String::new();
    for (name, raw) in &form.fields {
        let part = Part::of(parts, name);
        // A serializer has produced this JSON.
        let mut value = Ordered::parse(raw.get()).unwrap_or(Ordered::Null);
        inline_files(name, &mut value, &form.files)?;
        // OpenAPI encodes objects without a style as JSON. Expanded, their properties would look
        // like those of the form.
        let is_object = matches!(value, Ordered::Object(_));
        let style = part.style.unwrap_or(Style::FormExploded);
        let entries = match value {
            Ordered::Null => continue,
            value if part.is_json() || (is_object && part.style.is_none()) => {
                vec![(name.clone(), EntryValue::One(value.to_json()))]
            }
            value => Parts::new(style, value.without_nulls()).into_entries(name, style),
        };
        for (name, value) in entries {
            if !out.is_empty() {
                out.push('&');
            }
            out.push_str(&encode(&name));
            out.push('=');
            out.push_str(&match value {
                EntryValue::One(string) => encode(&string),
                EntryValue::Several(values) => joined(&name, style, &values, encode)?,
            });
        }
    }
    Ok(out)
}

fn encode(string: &str) -> String {
    let mut out = String::with_capacity(string.len());
    for byte in string.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
