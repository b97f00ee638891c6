//! From the parts of a form to JSON: the client's way of writing them, read back.

use serde_json::{Map, Value};
use specwright_model::blob::{Blob, placeholder};
use specwright_model::style::form::Part;

use super::multipart::Sent;
use super::{essence, is_json, urlencoded};
use crate::input::{Entries, Entry, Kind};
use crate::refusal::Problem;

/// Reads the parts of a form. What is wrong with any is told.
pub(super) fn read(
    kind: Kind,
    described: &[Part],
    sent: &[Sent<'_>],
    files: &mut Vec<Blob>,
    as_text: bool,
) -> Result<Value, Vec<Problem>> {
    let (mut object, mut problems) = (Map::new(), Vec::new());
    let styled: Vec<Part> = described.iter().filter(|p| p.style.is_some()).copied().collect();
    let mut spread = Entries::default();
    for part in sent {
        if part.file_name.is_none() && styled.iter().any(|of| has_style(kind, *of, &part.name)) {
            let text = String::from_utf8_lossy(part.content).into_owned();
            spread.all.push(Entry { name: part.name.clone(), raw: text.clone(), text });
            continue;
        }
        let own = kind.of_property(&part.name);
        let (is_list, item) = match own {
            Kind::List(item) => (true, *item),
            own => (false, own),
        };
        match one(item, part, files, as_text) {
            Err(message) => problems.push(Problem::new(format!("/{}", part.name), message)),
            Ok(value) => match (object.get_mut(&part.name), own) {
                (None, _) if is_list => _ = object.insert(part.name.clone(), vec![value].into()),
                (None, _) => _ = object.insert(part.name.clone(), value),
                (Some(Value::Array(items)), _) if is_list || own.is_any() => items.push(value),
                (Some(first), Kind::Any) => *first = vec![first.take(), value].into(),
                (Some(_), _) => {
                    let message = "must not be given more than once";
                    problems.push(Problem::new(format!("/{}", part.name), message));
                }
            },
        }
    }
    if !spread.all.is_empty() {
        // Only those that have a style; the others are there already.
        match urlencoded::read(kind, &styled, &spread, as_text) {
            Ok(Value::Object(more)) => object.extend(more),
            Ok(_) => {}
            Err(more) => problems.extend(more),
        }
    }
    if problems.is_empty() { Ok(object.into()) } else { Err(problems) }
}

/// Whether a part may be one of those that a style spreads a property over.
fn has_style(form: Kind, of: Part, name: &str) -> bool {
    let spreads = || match form.of_property(of.name) {
        Kind::Record(fields) => fields.iter().any(|(field, _)| *field == name),
        _ => false,
    };
    name == of.name
        || name.strip_prefix(of.name).is_some_and(|rest| rest.starts_with('['))
        || spreads()
}

fn one(kind: Kind, part: &Sent<'_>, files: &mut Vec<Blob>, as_text: bool) -> Result<Value, String> {
    let is_file = matches!(kind, Kind::Blob) || kind.is_any() && part.file_name.is_some();
    if is_file {
        let mut file = Blob::new(part.content.to_vec());
        if let Some(name) = &part.file_name {
            file = file.with_file_name(name);
        }
        if let Some(media_type) = &part.media_type {
            file = file.with_media_type(media_type);
        }
        for (name, value) in &part.headers {
            file = file.with_header(name, value);
        }
        return Ok(placeholder(files, file).into());
    }
    let text = std::str::from_utf8(part.content).map_err(|_| "must be text in UTF-8")?;
    let says_json = part.media_type.as_deref().is_some_and(|media| is_json(&essence(media)));
    let is_whole = matches!(kind, Kind::Record(_) | Kind::Map(_) | Kind::List(_));
    if is_whole || says_json && !matches!(kind, Kind::Text) {
        return serde_json::from_str(text).map_err(|error| format!("must be JSON: {error}"));
    }
    match serde_json::from_str(text) {
        // Some write a text without quotes.
        Ok(quoted @ Value::String(_)) if says_json => Ok(quoted),
        _ => Ok(kind.scalar(text, as_text)),
    }
}
