//! A decoded parameter.

use super::error::ParameterError;
use super::kind::Kind;
use super::tree::Tree;
use crate::style::Ordered;

/// A parameter that was split into its parts.
#[derive(Debug)]
pub enum Value {
    /// One value.
    One(String),
    /// Elements.
    Many(Vec<String>),
    /// Names with values.
    Pairs(Vec<(String, String)>),
    /// Nested values.
    Nested(Tree),
    /// A JSON document.
    Json(Ordered),
}

impl Value {
    /// Parses a parameter that was sent as JSON.
    pub(super) fn parse_json(value: &str) -> Result<Self, ParameterError> {
        Ordered::from_json(value).map(Self::Json).ok_or(ParameterError::NotJson)
    }

    /// Converts the value to JSON, in one of the interpretations of its kind.
    #[must_use]
    pub fn to_json(&self, kind: Kind, as_string: bool) -> Ordered {
        match self {
            Self::One(value) => kind.scalar(value, as_string),
            Self::Many(values) => {
                let item = kind.of_element();
                Ordered::List(values.iter().map(|value| item.scalar(value, as_string)).collect())
            }
            Self::Pairs(pairs) => Ordered::object(pairs.iter().map(|(name, value)| {
                (name.clone(), kind.of_property(name).scalar(value, as_string))
            })),
            Self::Nested(tree) => tree.to_json(kind, as_string),
            Self::Json(json) => json.clone(),
        }
    }

    /// Converts the value to JSON in all interpretations of its kind, the most likely one first.
    pub fn interpretations(&self, kind: Kind) -> impl Iterator<Item = Ordered> {
        kind.interpretations().map(move |as_string| self.to_json(kind, as_string))
    }
}
