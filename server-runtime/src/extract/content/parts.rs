//! `multipart` forms.

use specwright_model::blob::{Blob, placeholder};
use specwright_model::media_type::is_json;
use specwright_model::style::Ordered;
use specwright_model::style::decode::{Entries, Entry, Kind};
use specwright_model::style::form::Part;

use super::fields::{Fields, add};
use super::multipart::SentPart;
use super::urlencoded;
use crate::reject::Problem;

/// Converts the parts of a form to JSON, or reports all problems in them.
pub(super) fn decode(
    kind: Kind,
    declared: &[Part],
    sent: &[SentPart<'_>],
    files: &mut Vec<Blob>,
    as_string: bool,
) -> Result<Fields, Vec<Problem>> {
    let (mut object, mut problems) = (Fields::default(), Vec::new());
    let styled: Vec<Part> = declared.iter().filter(|part| part.style.is_some()).copied().collect();
    let mut entries = Entries::default();
    for part in sent {
        if part.file_name.is_none() && styled.iter().any(|of| has_style(kind, *of, &part.name)) {
            let value = String::from_utf8_lossy(part.content).into_owned();
            // Parts are not percent-encoded.
            let raw = value.replace('%', "%25");
            entries.all.push(Entry { name: part.name.clone(), raw, value });
            continue;
        }
        let own = kind.of_property(&part.name);
        let (is_list, item) = match own {
            Kind::List(item) => (true, *item),
            own => (false, own),
        };
        match decode_part(item, part, files, as_string) {
            Err(message) => problems.push(Problem::new(format!("/{}", part.name), message)),
            Ok(value) => match (object.get_mut(&part.name), own) {
                (None, _) if is_list => object.insert(&part.name, Ordered::List(vec![value])),
                (None, _) => object.insert(&part.name, value),
                (Some(known), _) if is_list || own.is_any() => add(known, value),
                (Some(_), _) => {
                    let message = "must not be given more than once";
                    problems.push(Problem::new(format!("/{}", part.name), message));
                }
            },
        }
    }
    if !entries.all.is_empty() {
        // Only properties with a style; the others were decoded above.
        match urlencoded::decode(kind, &styled, &entries, as_string) {
            Ok(more) => object.extend(more),
            Err(more) => problems.extend(more),
        }
    }
    if problems.is_empty() { Ok(object) } else { Err(problems) }
}

/// Converts parts without names to a list. `prefix` has the kinds of the first ones.
pub(super) fn decode_list(
    prefix: &[Kind],
    item: Kind,
    sent: &[SentPart<'_>],
    files: &mut Vec<Blob>,
    as_string: bool,
) -> Result<Ordered, Vec<Problem>> {
    let (mut list, mut problems) = (Vec::new(), Vec::new());
    for (index, part) in sent.iter().enumerate() {
        let kind = prefix.get(index).copied().unwrap_or(item);
        match decode_part(kind, part, files, as_string) {
            Ok(value) => list.push(value),
            Err(message) => problems.push(Problem::new(format!("/{index}"), message)),
        }
    }
    if problems.is_empty() { Ok(Ordered::List(list)) } else { Err(problems) }
}

/// Whether a part may belong to a property with a style.
fn has_style(form: Kind, property: Part, name: &str) -> bool {
    let is_field = || match form.of_property(property.name) {
        Kind::Object(fields) => fields.iter().any(|(field, _)| *field == name),
        _ => false,
    };
    name == property.name
        || name.strip_prefix(property.name).is_some_and(|rest| rest.starts_with('['))
        || is_field()
}

fn decode_part(
    kind: Kind,
    part: &SentPart<'_>,
    files: &mut Vec<Blob>,
    as_string: bool,
) -> Result<Ordered, String> {
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
        let number = placeholder(files, file);
        // What has no type cannot hold a file.
        return Ok(match std::str::from_utf8(part.content) {
            Ok(string) if as_string && kind.is_any() => Ordered::String(string.to_owned()),
            _ => Ordered::Literal(number.to_string()),
        });
    }
    let value = std::str::from_utf8(part.content).map_err(|_| "must be UTF-8")?;
    let is_json = part.media_type.as_deref().is_some_and(is_json);
    let is_compound = matches!(kind, Kind::Object(_) | Kind::Map(_) | Kind::List(_));
    if is_compound || is_json && !matches!(kind, Kind::String) {
        return Ordered::from_json(value).ok_or_else(|| "must be JSON".to_owned());
    }
    match Ordered::from_json(value).filter(|_| is_json) {
        // Some clients omit the quotes of a JSON string.
        Some(quoted @ Ordered::String(_)) => Ok(quoted),
        _ => Ok(kind.scalar(value, as_string)),
    }
}
