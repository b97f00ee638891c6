//! The structure of an overlay document, which must be valid before an action is applied.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::diagnostics::{Message, messages};
use crate::text::child;

/// A version of the Overlay Specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// Overlay 1.0.
    V10,
    /// Overlay 1.1, and later versions.
    V11,
}

/// What is wrong with an overlay, and where.
pub(super) type Invalid = (String, Message);

/// A type of a field.
#[derive(Clone, Copy)]
enum Kind {
    Any,
    Boolean,
    String,
}

/// Fields of an overlay. Each has a check of its own.
const ROOT: [(&str, Kind); 4] = [
    ("overlay", Kind::Any),
    ("info", Kind::Any),
    ("extends", Kind::String),
    ("actions", Kind::Any),
];
const INFO: [(&str, Kind); 3] =
    [("title", Kind::String), ("version", Kind::String), ("description", Kind::String)];
const ACTION: [(&str, Kind); 4] = [
    ("target", Kind::String),
    ("description", Kind::String),
    ("update", Kind::Any),
    ("remove", Kind::Boolean),
];
const ACTION_11: [(&str, Kind); 1] = [("copy", Kind::String)];

/// Returns the version of an overlay, and a warning if it is newer than what is supported.
pub(super) fn version(overlay: &Value) -> Result<(Version, Option<Message>), Invalid> {
    let unsupported = || ("/overlay".to_owned(), messages::unsupported_overlay_version());
    let version = overlay.get("overlay").and_then(Value::as_str).unwrap_or_default();
    let parts: Vec<&str> = version.split('.').collect();
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        ["1", minor, patch] if [minor, patch].into_iter().all(is_number) => match *minor {
            "0" => Ok((Version::V10, None)),
            "1" => Ok((Version::V11, None)),
            _ => Ok((Version::V11, Some(messages::newer_overlay_version(version)))),
        },
        _ => Err(unsupported()),
    }
}

/// Returns everything that is wrong with an overlay as a whole.
pub(super) fn document(overlay: &Value) -> Vec<Invalid> {
    let mut found = Vec::new();
    let Some(root) = overlay.as_object() else {
        return vec![(String::new(), messages::invalid_overlay_object("overlay"))];
    };
    fields(root, "", "overlay", &ROOT, &mut found);
    match root.get("info").map(|info| (info, info.as_object())) {
        Some((_, Some(info))) => {
            fields(info, "/info", "info", &INFO, &mut found);
            for name in ["title", "version"].into_iter().filter(|name| !info.contains_key(*name)) {
                found.push(("/info".to_owned(), messages::missing_overlay_field("info", name)));
            }
        }
        Some((_, None)) => {
            found.push(("/info".to_owned(), messages::invalid_overlay_object("info")));
        }
        None => found.push((String::new(), messages::missing_overlay_field("overlay", "info"))),
    }
    match root.get("actions").and_then(Value::as_array) {
        None => found.push(("/actions".to_owned(), messages::overlay_without_actions())),
        Some(actions) if actions.is_empty() => {
            found.push(("/actions".to_owned(), messages::overlay_without_actions()));
        }
        Some(actions) => {
            let mut known = BTreeMap::new();
            for (i, action) in actions.iter().enumerate() {
                let first = *known.entry(sorted(action).to_string()).or_insert(i);
                if first < i {
                    let message = messages::duplicate_action(first + 1);
                    found.push((child("/actions", i), message));
                }
            }
        }
    }
    found
}

/// Returns a value whose objects are sorted, so that equal values are equal as strings.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(entries) => {
            let entries: BTreeMap<_, _> = entries.iter().collect();
            entries.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect()
        }
        value => value.clone(),
    }
}

/// Returns the fields of a valid action.
pub(super) fn action<'a>(
    action: &'a Value,
    at: &str,
    version: Version,
) -> Result<&'a Map<String, Value>, Vec<Invalid>> {
    let Some(entries) = action.as_object() else {
        return Err(vec![(at.to_owned(), messages::invalid_overlay_object("overlay action"))]);
    };
    let mut found = Vec::new();
    let newer = if version == Version::V10 { &[][..] } else { &ACTION_11 };
    let known: Vec<_> = ACTION.iter().chain(newer).copied().collect();
    fields(entries, at, "action", &known, &mut found);
    if !entries.contains_key("target") {
        found.push((at.to_owned(), messages::action_without_target()));
    }
    if entries.contains_key("update") && version > Version::V10 && entries.contains_key("copy") {
        found.push((child(at, "copy"), messages::copy_and_update()));
    }
    if found.is_empty() { Ok(entries) } else { Err(found) }
}

/// Checks the names and types of the fields of an object.
fn fields(
    entries: &Map<String, Value>,
    at: &str,
    object: &str,
    known: &[(&str, Kind)],
    found: &mut Vec<Invalid>,
) {
    for (name, value) in entries.iter().filter(|(name, _)| !name.starts_with("x-")) {
        let message = match known.iter().find(|(known, _)| known == name) {
            None if name == "copy" && object == "action" => messages::copy_before_1_1(),
            None => messages::unknown_overlay_field(object, name),
            Some((_, Kind::String)) if !value.is_string() => {
                messages::mistyped_overlay_field(name, "a string")
            }
            Some((_, Kind::Boolean)) if !value.is_boolean() => {
                messages::mistyped_overlay_field(name, "`true` or `false`")
            }
            Some(_) => continue,
        };
        found.push((child(at, name), message));
    }
}
