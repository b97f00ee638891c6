//! JSON values whose numbers are as they were written.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::json::{JsonView, Kind};
use crate::scalar::Number;

/// A JSON value. Equal values are the same to JSON Schema, to which `1` is `1.0`.
#[derive(Clone, PartialEq)]
pub(super) enum Instance {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Self>),
    Object(BTreeMap<String, Self>),
}

impl Instance {
    /// Returns the JSON of a value; `None` if it has none, such as a file.
    pub(super) fn of(value: &(impl Serialize + ?Sized)) -> Option<Self> {
        Self::read(JsonView::new(&serde_json::to_string(value).ok()?))
    }

    fn read(json: JsonView<'_>) -> Option<Self> {
        Some(match Kind::of(json.as_json()) {
            Kind::Null => Self::Null,
            Kind::Boolean => Self::Bool(json.as_bool()?),
            Kind::Number => Self::Number(Number::read(json.as_json())),
            Kind::String => Self::String(json.as_str()?.into_owned()),
            Kind::Array => Self::Array(json.elements().map(Self::read).collect::<Option<_>>()?),
            Kind::Object => {
                let entries = json.entries();
                let entries =
                    entries.map(|(name, value)| Some((name.into_owned(), Self::read(value)?)));
                Self::Object(entries.collect::<Option<_>>()?)
            }
        })
    }
}
