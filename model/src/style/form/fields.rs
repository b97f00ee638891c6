//! The properties of a form, and how each is encoded.

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::blob::{Blob, collect_files, index};
use crate::json::pointer;
use crate::media_type::is_json;
use crate::style::Style;
use crate::style::deep::{deep_object, plain};
use crate::validate::ValidationError;

/// How a property of a form is encoded (`encoding` in the OpenAPI document).
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The property name.
    pub name: &'static str,
    /// The media type.
    pub media_type: Option<&'static str>,
    /// How lists and objects are encoded.
    pub style: Option<Style>,
    /// Headers with constant values; only for `multipart`.
    pub headers: &'static [(&'static str, &'static str)],
}

impl Part {
    /// The encoding of a property without `encoding`.
    pub const DEFAULT: Self = Self { name: "", media_type: None, style: None, headers: &[] };

    pub(super) fn of(parts: &[Self], name: &str) -> Self {
        parts.iter().find(|part| part.name == name).copied().unwrap_or(Self::DEFAULT)
    }

    /// Returns whether the value is encoded as JSON.
    pub(super) fn is_json(self) -> bool {
        self.media_type.is_some_and(is_json)
    }
}

/// The properties of a form in order, each as JSON, and its files.
pub struct Fields {
    pub(super) fields: Vec<(String, Box<RawValue>)>,
    pub(super) files: Vec<Blob>,
}

impl Fields {
    /// Splits a value into its properties.
    pub fn of(value: &impl Serialize) -> Result<Self, ValidationError> {
        let (json, files) = collect_files(|| serde_json::to_vec(value));
        let fields = json.and_then(|json| serde_json::from_slice::<Entries>(&json));
        fields.map(|Entries(fields)| Self { fields, files }).map_err(|error| {
            ValidationError::new(
                String::new(),
                format!("must be an object to be encoded as a form: {error}"),
            )
        })
    }
}

/// The entries of an object in order.
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

/// Expands a value into names and values by a style, as in a query.
pub(super) fn expand(name: &str, style: Style, value: Value) -> Vec<(String, String)> {
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
            deep_object(name.to_owned(), without_nulls(value), &mut pairs);
            pairs
        }
        (Value::Array(items), Style::FormExploded) => {
            items.into_iter().map(|item| (name.to_owned(), plain(item))).collect()
        }
        (Value::Array(items), _) => {
            of_one(items.into_iter().map(plain).collect::<Vec<_>>().join(separator))
        }
        (Value::Object(entries), Style::FormExploded) => {
            let entries = entries.into_iter().filter(|(_, value)| !value.is_null());
            entries.map(|(key, value)| (key, plain(value))).collect()
        }
        (Value::Object(entries), _) => {
            let parts = entries.into_iter().flat_map(|(key, value)| [key, plain(value)]);
            of_one(parts.collect::<Vec<_>>().join(separator))
        }
        (scalar, _) => of_one(plain(scalar)),
    }
}

/// Replaces numbers by the contents of the files that they represent, and returns whether there
/// were any. A type for multipart forms may have files; in a string, only UTF-8 files in memory can
/// be encoded.
pub(super) fn inline_files(
    name: &str,
    value: &mut Value,
    files: &[Blob],
) -> Result<bool, ValidationError> {
    let mut any = false;
    match value {
        Value::Array(items) => {
            for item in items {
                any |= inline_files(name, item, files)?;
            }
        }
        Value::Object(entries) => {
            for value in entries.values_mut() {
                any |= inline_files(name, value, files)?;
            }
        }
        Value::Number(number) => {
            let index = number.as_u64().and_then(index);
            let Some(file) = index.and_then(|index| files.get(index)) else { return Ok(false) };
            let message = match file.as_bytes().map(|bytes| std::str::from_utf8(bytes)) {
                Some(Ok(string)) => {
                    *value = string.into();
                    return Ok(true);
                }
                Some(Err(_)) => "must be UTF-8 to be encoded as a string in a form",
                None => "must not be a stream to be encoded as a string in a form",
            };
            return Err(ValidationError::new(pointer::property(name), message));
        }
        _ => {}
    }
    Ok(any)
}

/// Removes properties that are null, which forms do not contain.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entries = entries.into_iter().filter(|(_, value)| !value.is_null());
            entries.map(|(key, value)| (key, without_nulls(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        scalar => scalar,
    }
}
