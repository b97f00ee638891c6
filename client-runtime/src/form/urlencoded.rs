//! `application/x-www-form-urlencoded`, as the URL standard writes it.

use serde_json::Value;

use super::{Fields, Part, spread};
use crate::blob::{Blob, place};
use crate::error::Failure;
use crate::parameter::Style;
use crate::validate::ValidationError;

/// Writes a form.
pub(crate) fn urlencoded(form: &Fields, parts: &[Part]) -> Result<String, Failure> {
    let mut out = String::new();
    for (name, raw) in &form.fields {
        let part = Part::of(parts, name);
        // It has come out of a serializer.
        let mut value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        as_texts(name, &mut value, &form.files)?;
        let pairs = match value {
            Value::Null => Vec::new(),
            value if part.is_json() => vec![(name.clone(), value.to_string())],
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

/// Puts the texts of files where numbers stand for them: a type that is a form in parts elsewhere
/// may have files. In one line there is only text, and only what is there already.
fn as_texts(name: &str, value: &mut Value, files: &[Blob]) -> Result<(), Failure> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(|item| as_texts(name, item, files)),
        Value::Object(entries) => {
            entries.values_mut().try_for_each(|value| as_texts(name, value, files))
        }
        Value::Number(number) => {
            let place = number.as_u64().and_then(place);
            let Some(file) = place.and_then(|place| files.get(place)) else { return Ok(()) };
            let bytes = file.bytes().map(|bytes| std::str::from_utf8(bytes));
            let message = match bytes {
                Some(Ok(text)) => {
                    *value = text.into();
                    return Ok(());
                }
                Some(Err(_)) => "is not UTF-8, which a form in one line has to be",
                None => "is a stream, which a form in one line cannot have",
            };
            Err(Failure::Validation(ValidationError::of(format!("/{name}"), message)))
        }
        _ => Ok(()),
    }
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
