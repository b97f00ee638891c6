//! The properties of a form, and how each is encoded.

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::blob::{Blob, collect_files, place};
use crate::style::Style;
use crate::validate::ValidationError;

/// How a property of a form is written, where its `encoding` in the description says so.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The property.
    pub name: &'static str,
    /// Its media type.
    pub media_type: Option<&'static str>,
    /// How several parts of it are written.
    pub style: Option<Style>,
    /// Headers that always have the same value; only `multipart` has them.
    pub headers: &'static [(&'static str, &'static str)],
}

impl Part {
    /// How a property is written of which the description says nothing.
    pub const USUAL: Self = Self { name: "", media_type: None, style: None, headers: &[] };

    pub(super) fn of(parts: &[Self], name: &str) -> Self {
        parts.iter().find(|part| part.name == name).copied().unwrap_or(Self::USUAL)
    }

    /// Whether its value is written as JSON, of whatever parts it is made.
    pub(super) fn is_json(self) -> bool {
        self.media_type.is_some_and(|media_type| {
            let essence = media_type.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/json") || essence.ends_with("+json")
        })
    }
}

/// The properties of a form in their order, each as JSON, and its files.
pub struct Fields {
    pub(super) fields: Vec<(String, Box<RawValue>)>,
    pub(super) files: Vec<Blob>,
}

impl Fields {
    /// Takes an object apart.
    pub fn of(value: &impl Serialize) -> Result<Self, ValidationError> {
        let (json, files) = collect_files(|| serde_json::to_vec(value));
        let fields = json.and_then(|json| serde_json::from_slice::<Entries>(&json));
        fields
            .map(|Entries(fields)| Self { fields, files })
            .map_err(|error| ValidationError::new(String::new(), format!("is no form: {error}")))
    }
}

/// The entries of an object in their order.
struct Entries(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries, M::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

/// A value that a style spreads over names and texts of its own: as in a query.
pub(super) fn spread(name: &str, style: Style, value: Value) -> Vec<(String, String)> {
    let of_one = |value| vec![(name.to_owned(), value)];
    let separator = match style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        _ => ",",
    };
    match (value, style) {
        (Value::Null, _) => Vec::new(),
        (value @ (Value::Array(_) | Value::Object(_)), Style::DeepObject) => {
            let mut pairs = Vec::new();
            deep(name.to_owned(), value, &mut pairs);
            pairs
        }
        (Value::Array(items), Style::FormExploded) => {
            items.into_iter().map(|item| (name.to_owned(), text(item))).collect()
        }
        (Value::Array(items), _) => {
            of_one(items.into_iter().map(text).collect::<Vec<_>>().join(separator))
        }
        (Value::Object(entries), Style::FormExploded) => {
            let entries = entries.into_iter().filter(|(_, value)| !value.is_null());
            entries.map(|(key, value)| (key, text(value))).collect()
        }
        (Value::Object(entries), _) => {
            let parts = entries.into_iter().flat_map(|(key, value)| [key, text(value)]);
            of_one(parts.collect::<Vec<_>>().join(separator))
        }
        (scalar, _) => of_one(text(scalar)),
    }
}

/// `name[key]`, however deep. Elements are named by their places, so that none is mistaken for
/// a part of the one before.
fn deep(name: String, value: Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for (i, item) in items.into_iter().enumerate() {
                deep(format!("{name}[{i}]"), item, pairs);
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                deep(format!("{name}[{key}]"), value, pairs);
            }
        }
        scalar => pairs.push((name, text(scalar))),
    }
}

/// Puts the texts of files where numbers stand for them, and says whether there were any: a type
/// that is a form in parts elsewhere may have files. Where there is only text, only a file that is
/// text and there already can be written.
pub(super) fn as_texts(
    name: &str,
    value: &mut Value,
    files: &[Blob],
) -> Result<bool, ValidationError> {
    let mut any = false;
    match value {
        Value::Array(items) => {
            for item in items {
                any |= as_texts(name, item, files)?;
            }
        }
        Value::Object(entries) => {
            for value in entries.values_mut() {
                any |= as_texts(name, value, files)?;
            }
        }
        Value::Number(number) => {
            let place = number.as_u64().and_then(place);
            let Some(file) = place.and_then(|place| files.get(place)) else { return Ok(false) };
            let message = match file.as_bytes().map(|bytes| std::str::from_utf8(bytes)) {
                Some(Ok(text)) => {
                    *value = text.into();
                    return Ok(true);
                }
                Some(Err(_)) => "is not UTF-8, which text in a form has to be",
                None => "is a stream, which text in a form cannot be",
            };
            return Err(ValidationError::new(format!("/{name}"), message));
        }
        _ => {}
    }
    Ok(any)
}

/// A text as it is, anything else as JSON.
pub fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
