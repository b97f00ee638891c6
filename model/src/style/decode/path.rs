//! Parameters in a path.

use super::delimited::Delimiter;
use super::entries::{Entries, Entry, percent_decoded};
use super::error::ParameterError;
use super::kind::Kind;
use super::query::decode_entries;
use super::value::Value;
use crate::style::Style;
use crate::style::parts::is_delimited;

/// Decodes a parameter from its part of the path, which is percent-encoded.
///
/// # Errors
/// Returns an error if the part does not have the form of the style.
pub fn decode_path(
    name: &str,
    style: Style,
    kind: Kind,
    encoded: &str,
) -> Result<Value, ParameterError> {
    let delimiter = Delimiter::new(style).encoded();
    match style {
        Style::Json => Value::parse_json(&percent_decoded(encoded)),
        Style::Label | Style::LabelExploded => {
            delimiter.split(kind, encoded.strip_prefix('.').ok_or(ParameterError::NoLabel)?)
        }
        Style::MatrixExploded => {
            let parts = encoded.strip_prefix(';').ok_or(ParameterError::NoMatrix)?.split(';');
            let entries = parts.map(|part| {
                let (name, raw) = part.split_once('=').unwrap_or((part, ""));
                let name = percent_decoded(name);
                Entry { name, value: percent_decoded(raw), raw: raw.to_owned() }
            });
            let entries = Entries { all: entries.collect(), claimed: Vec::new() };
            decode_entries(name, Style::FormExploded, kind, &entries)?
                .ok_or(ParameterError::NoMatrix)
        }
        Style::Matrix => {
            let part = encoded.strip_prefix(';').ok_or(ParameterError::NoMatrix)?;
            let (own, raw) = part.split_once('=').unwrap_or((part, ""));
            if percent_decoded(own) != name {
                return Err(ParameterError::NoMatrix);
            }
            delimiter.split(kind, raw)
        }
        // The delimiters between values are encoded.
        style if is_delimited(style) => {
            Delimiter::new(style).split(kind, &percent_decoded(encoded))
        }
        _ => delimiter.split(kind, encoded),
    }
}
