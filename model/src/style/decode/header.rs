//! Parameters in headers.

use super::delimited::Delimiter;
use super::error::ParameterError;
use super::kind::Kind;
use super::value::Value;
use crate::style::Style;

/// Decodes a parameter from the values of all headers with its name; `None` if there are none.
///
/// # Errors
/// Returns an error if a value is not UTF-8, or does not have the form of the style.
pub fn decode_header<'h>(
    style: Style,
    kind: Kind,
    values: impl IntoIterator<Item = &'h [u8]>,
) -> Result<Option<Value>, ParameterError> {
    let values: Result<Vec<_>, _> = values.into_iter().map(std::str::from_utf8).collect();
    let values = values.map_err(|_| ParameterError::NotUtf8)?;
    let delimiter = Delimiter::new(style).trimmed();
    match values.as_slice() {
        [] => Ok(None),
        [value] if style == Style::Json => Value::parse_json(value).map(Some),
        [value] => delimiter.split(kind, value).map(Some),
        // A list may span several headers.
        values if !kind.is_single() && style != Style::Json => {
            delimiter.split(kind, &values.join(&delimiter.written())).map(Some)
        }
        _ => Err(ParameterError::Repeated),
    }
}
