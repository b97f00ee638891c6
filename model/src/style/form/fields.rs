//! The properties of a form, and how each is encoded.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::blob::{Blob, collect_files, index};
use crate::json::pointer;
use crate::media_type::is_json;
use crate::style::Style;
use crate::style::ordered::{Entries, Ordered};
use crate::validate::{ValidationError, encoded};

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
        let (json, files) = collect_files(|| encoded("", || serde_json::to_string(value)));
        let json = json?;
        let fields = json.and_then(|json| {
            let Entries(fields) = serde_json::from_str(&json)?;
            Ok(fields.into_iter().map(|(name, raw)| (name, raw.to_owned())).collect())
        });
        fields.map(|fields| Self { fields, files }).map_err(|error: serde_json::Error| {
            ValidationError::new(
                String::new(),
                format!("must be an object to be encoded as a form: {error}"),
            )
        })
    }
}

/// Replaces numbers by the contents of the files that they represent, and returns whether there
/// were any. A type for multipart forms may have files; in a string, only UTF-8 files in memory can
/// be encoded.
pub(super) fn inline_files(
    name: &str,
    value: &mut Ordered,
    files: &[Blob],
) -> Result<bool, ValidationError> {
    let mut any = false;
    match value {
        Ordered::List(items) => {
            for item in items {
                any |= inline_files(name, item, files)?;
            }
        }
        Ordered::Object(entries) => {
            for (_, value) in entries {
                any |= inline_files(name, value, files)?;
            }
        }
        Ordered::Literal(number) => {
            let index = number.parse().ok().and_then(index);
            let Some(file) = index.and_then(|index| files.get(index)) else { return Ok(false) };
            let message = match file.as_bytes().map(|bytes| std::str::from_utf8(bytes)) {
                Some(Ok(string)) => {
                    *value = Ordered::String(string.to_owned());
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
