//! Server-sent events as objects, whose properties are the fields of an event.

use serde::Serialize;

use super::elements;
use crate::style::ordered::Ordered;
use crate::validate::ValidationError;

/// Encodes the elements of a list of objects.
///
/// # Errors
/// Returns an error for an object without fields, and for a field with a name or value that events
/// cannot have.
pub fn encode_events(list: &impl Serialize) -> Result<Vec<u8>, ValidationError> {
    let mut body = String::new();
    for (index, element) in elements(list)?.iter().enumerate() {
        let invalid = |key: &str, message: &str| {
            let key =
                if key.is_empty() { String::new() } else { crate::json::pointer::property(key) };
            ValidationError::new(format!("/{index}{key}"), message.to_owned())
        };
        let Ok(Ordered::Object(fields)) = Ordered::parse(element.get()) else {
            return Err(invalid("", "must be an object to be encoded as an event"));
        };
        let before = body.len();
        for (name, value) in fields.into_iter().filter(|(_, value)| *value != Ordered::Null) {
            let value = value.plain();
            if name.is_empty() || name.contains([':', '\n', '\r', '\0']) {
                return Err(invalid(&name, "must have a name that a field of an event can have"));
            }
            if value.contains('\r') || (name != "data" && value.contains('\n')) {
                return Err(invalid(&name, "must not contain a line break in an event"));
            }
            for line in value.split('\n') {
                body.push_str(&name);
                body.push_str(": ");
                body.push_str(line);
                body.push('\n');
            }
        }
        if body.len() == before {
            return Err(invalid("", "must have a property to be encoded as an event"));
        }
        body.push('\n');
    }
    Ok(body.into_bytes())
}

/// Decodes a body to events, each with the names and values of its fields. Lines of the same name are
/// one value. An event at the end that is not terminated is complete, too.
#[must_use]
pub fn decode_events(body: &str) -> Vec<Vec<(String, String)>> {
    let body = body.strip_prefix('\u{FEFF}').unwrap_or(body);
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
    let mut events = Vec::new();
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in body.split('\n') {
        if line.is_empty() {
            if !fields.is_empty() {
                events.push(std::mem::take(&mut fields));
            }
            continue;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        // A line without a name is a comment.
        if name.is_empty() {
            continue;
        }
        let value = value.strip_prefix(' ').unwrap_or(value);
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) if name == "data" => {
                known.push('\n');
                known.push_str(value);
            }
            Some((_, known)) => value.clone_into(known),
            None => fields.push((name.to_owned(), value.to_owned())),
        }
    }
    if !fields.is_empty() {
        events.push(fields);
    }
    events
}
