//! Several values in one string.

use super::entries::percent_decoded;
use super::error::ParameterError;
use super::kind::Kind;
use super::value::Value;
use crate::style::Style;

/// How the values in one string are separated.
#[derive(Clone, Copy)]
pub(super) struct Delimiter {
    character: char,
    /// Whether a name and its value are separated by `=`.
    has_equals: bool,
    /// Whether each value is percent-encoded.
    is_encoded: bool,
    /// Whether white space around values is ignored.
    is_trimmed: bool,
}

impl Delimiter {
    pub(super) fn new(style: Style) -> Self {
        let character = match style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            Style::TabDelimited => '\t',
            Style::LabelExploded => '.',
            _ => ',',
        };
        let has_equals = matches!(style, Style::SimpleExploded | Style::LabelExploded);
        Self { character, has_equals, is_encoded: false, is_trimmed: false }
    }

    /// Makes each value percent-encoded.
    pub(super) fn encoded(self) -> Self {
        Self { is_encoded: true, ..self }
    }

    /// Ignores white space around values.
    pub(super) fn trimmed(self) -> Self {
        Self { is_trimmed: true, ..self }
    }

    /// Returns the delimiter as a string.
    pub(super) fn written(self) -> String {
        self.character.to_string()
    }

    /// Returns whether a string contains the delimiter.
    pub(super) fn is_in(self, string: &str) -> bool {
        string.contains(self.character)
    }

    fn decode(self, part: &str) -> String {
        if self.is_encoded { percent_decoded(part) } else { part.to_owned() }
    }

    /// Splits a string into the parts of a parameter.
    pub(super) fn split(self, kind: Kind, string: &str) -> Result<Value, ParameterError> {
        let parts = || {
            let is_empty = string.is_empty();
            let parts = string.split(self.character).filter(move |_| !is_empty);
            parts.map(move |part| if self.is_trimmed { part.trim() } else { part })
        };
        Ok(match kind {
            Kind::String | Kind::Json | Kind::Any | Kind::Blob => Value::One(self.decode(string)),
            Kind::List(_) => Value::Many(parts().map(|part| self.decode(part)).collect()),
            Kind::Map(_) | Kind::Object(_) if self.has_equals => {
                let pair = |part: &str| {
                    let (name, value) = part.split_once('=').ok_or(ParameterError::NotPairs)?;
                    Ok((self.decode(name), self.decode(value)))
                };
                Value::Pairs(parts().map(pair).collect::<Result<_, _>>()?)
            }
            Kind::Map(_) | Kind::Object(_) => {
                let mut parts = parts();
                let mut pairs = Vec::new();
                while let Some(name) = parts.next() {
                    let value = parts.next().ok_or(ParameterError::NotPairs)?;
                    pairs.push((self.decode(name), self.decode(value)));
                }
                Value::Pairs(pairs)
            }
        })
    }
}
