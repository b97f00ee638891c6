//! Parameters in a query, cookies or a form, where one may span several entries.

use super::delimited::Delimiter;
use super::entries::{Entries, Entry};
use super::error::ParameterError;
use super::kind::Kind;
use super::tree::Tree;
use super::value::Value;
use crate::style::Style;

/// Decodes a parameter from entries; `None` if it is absent.
///
/// # Errors
/// Returns an error if the entries do not have the form of the style.
pub fn decode_entries(
    name: &str,
    style: Style,
    kind: Kind,
    entries: &Entries,
) -> Result<Option<Value>, ParameterError> {
    let Entries { all, claimed } = entries;
    let own = || all.iter().filter(|entry| entry.name == name);
    match (kind, style) {
        (Kind::List(_), Style::FormExploded) => {
            let items: Vec<_> = own().map(|entry| entry.value.clone()).collect();
            Ok((!items.is_empty()).then_some(Value::Many(items)))
        }
        (_, Style::DeepObject) => {
            let leaves = all.iter().filter_map(|entry| {
                let rest = entry.name.strip_prefix(name)?;
                let is_own = rest.is_empty() || rest.starts_with('[');
                is_own.then_some((rest, entry.value.as_str()))
            });
            let leaves: Vec<_> = leaves.collect();
            if leaves.is_empty() {
                return Ok(None);
            }
            Tree::new(kind, &leaves).map(|tree| Some(Value::Nested(tree)))
        }
        (Kind::Object(fields), Style::FormExploded) => {
            pairs(all, |key| fields.iter().any(|(name, _)| *name == key))
        }
        // It has the names that no other parameter has: neither `name` nor `name[key]`.
        (Kind::Map(_), Style::FormExploded) => pairs(all, |key| {
            let is_free = |key| key == name || !claimed.contains(&key);
            let object = key.split('[').next().unwrap_or_default();
            is_free(key) && is_free(object)
        }),
        _ => {
            let mut own = own();
            let Some(entry) = own.next() else { return Ok(None) };
            if own.next().is_some() {
                return Err(ParameterError::Repeated);
            }
            if style == Style::Json {
                return Value::parse_json(&entry.value).map(Some);
            }
            // Many clients percent-encode the delimiters between values. They are delimiters
            // unless there is a plain one.
            let delimiter = Delimiter::new(style);
            if !kind.is_single() && delimiter.is_in(&entry.raw) {
                return delimiter.encoded().split(kind, &entry.raw).map(Some);
            }
            delimiter.split(kind, &entry.value).map(Some)
        }
    }
}

/// The entries that are properties.
fn pairs(
    entries: &[Entry],
    is_property: impl Fn(&str) -> bool,
) -> Result<Option<Value>, ParameterError> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for entry in entries.iter().filter(|entry| is_property(&entry.name)) {
        if pairs.iter().any(|(other, _)| *other == entry.name) {
            return Err(ParameterError::Repeated);
        }
        pairs.push((entry.name.clone(), entry.value.clone()));
    }
    Ok((!pairs.is_empty()).then_some(Value::Pairs(pairs)))
}
