//! From names and texts to JSON: forms in one line, and what else a style has spread.

use serde_json::{Map, Value};
use specwright_model::style::Style;
use specwright_model::style::form::Part;

use super::{essence, is_json};
use crate::input::{Entries, Entry, Kind};
use crate::refusal::Problem;

/// Reads a form. What is wrong with any of its properties is told.
pub(super) fn read(
    kind: Kind,
    described: &[Part],
    entries: &Entries,
    as_text: bool,
) -> Result<Value, Vec<Problem>> {
    let (mut object, mut problems) = (Map::new(), Vec::new());
    let fields = if let Kind::Record(fields) = kind { fields } else { &[] };
    let mut claimed: Vec<&str> = Vec::new();
    for (name, own) in fields {
        let part = described.iter().find(|part| part.name == *name);
        let style = part.and_then(|part| part.style);
        let says_json =
            part.and_then(|part| part.media_type).is_some_and(|media| is_json(&essence(media)));
        // Many write the parts of what has some in brackets, whatever the description says.
        let has_parts = !matches!(own, Kind::Text | Kind::Json | Kind::Blob);
        let is_part = |entry: &Entry| {
            entry.name.strip_prefix(*name).is_some_and(|rest| rest.starts_with('['))
        };
        let style = match has_parts && entries.all.iter().any(is_part) {
            true => Some(Style::DeepObject),
            false => style,
        };
        // Objects without a style are JSON.
        let is_object = matches!(own, Kind::Record(_) | Kind::Map(_));
        let is_whole = says_json || (is_object && style.is_none());
        let style = style.unwrap_or(Style::FormExploded);
        claimed.push(name);
        if let (Kind::Record(of), Style::FormExploded, false) = (own, style, is_whole) {
            claimed.extend(of.iter().map(|(name, _)| *name));
        }
        let whole =
            || entries.all.iter().find(|entry| entry.name == *name).map(|entry| &entry.text);
        let value = match (own, style) {
            _ if is_whole => Ok(whole().map(|text| json(*own, text, as_text))),
            // A value that is JSON all the same, as many clients write it.
            (Kind::Record(_) | Kind::Map(_), _) if whole().is_some_and(|t| t.starts_with('{')) => {
                Ok(whole().map(|text| json(*own, text, as_text)))
            }
            // What nobody else has would be the form itself.
            (Kind::Map(_), Style::FormExploded) => Ok(None),
            _ => {
                let value = own.entries(name, style, entries);
                value.map(|value| value.map(|value| own.json(&value, as_text)))
            }
        };
        match value {
            Ok(Some(value)) => _ = object.insert((*name).to_owned(), value),
            Ok(None) => {}
            Err(wrong) => problems.push(Problem::new(format!("/{name}"), wrong.to_string())),
        }
    }
    for Entry { name, text, .. } in &entries.all {
        let is_known = |claimed: &&str| {
            name.strip_prefix(*claimed).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        if claimed.iter().any(is_known) {
            continue;
        }
        let own = kind.of_property(name);
        let (own, is_list) = if let Kind::List(item) = own { (*item, true) } else { (own, false) };
        let value = own.scalar(text, as_text);
        match object.get_mut(name) {
            None if is_list => _ = object.insert(name.clone(), vec![value].into()),
            None => _ = object.insert(name.clone(), value),
            Some(Value::Array(items)) => items.push(value),
            Some(first) => *first = vec![first.take(), value].into(),
        }
    }
    if problems.is_empty() { Ok(object.into()) } else { Err(problems) }
}

fn json(kind: Kind, text: &str, as_text: bool) -> Value {
    match kind {
        // Some write it without quotes.
        Kind::Text => serde_json::from_str::<String>(text).unwrap_or_else(|_| text.into()).into(),
        _ => serde_json::from_str(text).unwrap_or_else(|_| kind.scalar(text, as_text)),
    }
}
