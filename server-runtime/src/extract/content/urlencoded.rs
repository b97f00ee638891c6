//! `application/x-www-form-urlencoded` forms.

use specwright_model::media_type::is_json;
use specwright_model::style::decode::{Entries, Entry, Kind, decode_entries};
use specwright_model::style::form::Part;
use specwright_model::style::{Ordered, Style};

use super::fields::{Fields, add};
use crate::reject::Problem;

/// Converts the entries of a form to an object, or reports all problems in them.
pub(crate) fn decode_form(
    kind: Kind,
    declared: &[Part],
    entries: &Entries,
    as_string: bool,
) -> Result<Ordered, Vec<Problem>> {
    decode(kind, declared, entries, as_string).map(Fields::into_object)
}

/// Converts the entries of a form to JSON, or reports all problems in them.
pub(super) fn decode(
    kind: Kind,
    declared: &[Part],
    entries: &Entries,
    as_string: bool,
) -> Result<Fields, Vec<Problem>> {
    let (mut object, mut problems) = (Fields::default(), Vec::new());
    let fields = if let Kind::Object(fields) = kind { fields } else { &[] };
    let mut claimed: Vec<&str> = Vec::new();
    for (name, own) in fields {
        let part = declared.iter().find(|part| part.name == *name);
        let style = part.and_then(|part| part.style);
        let is_json_part = part.and_then(|part| part.media_type).is_some_and(is_json);
        // Many clients use brackets for objects and lists, whatever style is declared.
        let is_compound = !matches!(own, Kind::String | Kind::Json | Kind::Blob);
        let has_brackets = |entry: &Entry| {
            entry.name.strip_prefix(*name).is_some_and(|rest| rest.starts_with('['))
        };
        let style = match is_compound && entries.all.iter().any(has_brackets) {
            true => Some(Style::DeepObject),
            false => style,
        };
        // Objects without a style are JSON.
        let is_object = matches!(own, Kind::Object(_) | Kind::Map(_));
        let is_whole = is_json_part || (is_object && style.is_none());
        let style = style.unwrap_or(Style::FormExploded);
        claimed.push(name);
        if let (Kind::Object(fields), Style::FormExploded, false) = (own, style, is_whole) {
            claimed.extend(fields.iter().map(|(name, _)| *name));
        }
        let whole =
            || entries.all.iter().find(|entry| entry.name == *name).map(|entry| &entry.value);
        let value = match (own, style) {
            _ if is_whole => Ok(whole().map(|value| json(*own, value, as_string))),
            // Many clients send JSON, whatever style is declared.
            (Kind::Object(_) | Kind::Map(_), _)
                if whole().is_some_and(|value| value.starts_with('{')) =>
            {
                Ok(whole().map(|value| json(*own, value, as_string)))
            }
            // The names that no other property has would be those of the form itself.
            (Kind::Map(_), Style::FormExploded) => Ok(None),
            _ => {
                let value = decode_entries(name, style, *own, entries);
                value.map(|value| value.map(|value| value.to_json(*own, as_string)))
            }
        };
        match value {
            Ok(Some(value)) => object.insert(name, value),
            Ok(None) => {}
            Err(error) => problems.push(Problem::new(format!("/{name}"), error.to_string())),
        }
    }
    for Entry { name, value, .. } in &entries.all {
        let is_known = |claimed: &&str| {
            name.strip_prefix(*claimed).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        if claimed.iter().any(is_known) {
            continue;
        }
        let own = kind.of_property(name);
        let (own, is_list) = if let Kind::List(item) = own { (*item, true) } else { (own, false) };
        let value = own.scalar(value, as_string);
        match object.get_mut(name) {
            None if is_list => object.insert(name, Ordered::List(vec![value])),
            None => object.insert(name, value),
            Some(known) => add(known, value),
        }
    }
    if problems.is_empty() { Ok(object) } else { Err(problems) }
}

fn json(kind: Kind, value: &str, as_string: bool) -> Ordered {
    match (kind, Ordered::from_json(value)) {
        (Kind::String, Some(string @ Ordered::String(_))) => string,
        // Some clients omit the quotes of a JSON string.
        (Kind::String, _) => Ordered::String(value.to_owned()),
        (_, Some(json)) => json,
        (_, None) => kind.scalar(value, as_string),
    }
}

#[cfg(test)]
mod tests;
