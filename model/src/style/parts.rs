//! Styles, and the components of a value in a style: the items of a list, the names and values of an
//! object.

use serde::Serialize;

use super::deep::deep_object;
use super::ordered::Ordered;
use crate::json::pointer;
use crate::validate::{ValidationError, encoded};

/// How a parameter that is a list or an object is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `a,b`, and `k,v,l,w` for objects.
    Simple,
    /// `k=v,l=w` for objects, otherwise as [`Style::Simple`].
    SimpleExploded,
    /// `.a,b`, and `.k,v,l,w` for objects.
    Label,
    /// `.a.b`, and `.k=v.l=w` for objects.
    LabelExploded,
    /// `;name=a,b`, and `;name=k,v,l,w` for objects.
    Matrix,
    /// `;name=a;name=b`, and `;k=v;l=w` for objects.
    MatrixExploded,
    /// A string whose slashes are not encoded: several segments of a path.
    Segments,
    /// `name=a,b`, and `name=k,v,l,w` for objects.
    Form,
    /// `name=a&name=b`, and `k=v&l=w` for objects.
    FormExploded,
    /// `name=a b`, and `name=k v l w` for objects.
    SpaceDelimited,
    /// `name=a|b`, and `name=k|v|l|w` for objects.
    PipeDelimited,
    /// Values separated by tabs, `name=a%09b`, and `name=k%09v%09l%09w` for objects. Swagger 2.0 has this
    /// style; OpenAPI 3 does not.
    TabDelimited,
    /// `name[k]=v&name[l]=w`, at any depth. A list of scalars is `name[]=a&name[]=b`, and one of
    /// objects or lists is `name[0][k]=v&name[1][k]=w`.
    DeepObject,
    /// The whole value as JSON.
    Json,
}

/// The components of a parameter.
pub(super) enum Parts {
    One(String),
    Many(Vec<String>),
    Pairs(Vec<(String, String)>),
    /// A value with lists or objects inside.
    Deep(Ordered),
}

/// The value of an entry of a query, of cookies or of a form.
#[derive(Debug, PartialEq)]
pub(super) enum EntryValue {
    One(String),
    /// Values that a delimiter separates.
    Several(Vec<String>),
}

impl Parts {
    /// Splits a value into its components.
    pub(super) fn of(
        name: &str,
        style: Style,
        value: &impl Serialize,
    ) -> Result<Self, ValidationError> {
        let json = encoded(name, || serde_json::to_string(value))?;
        let json = json.map_err(|error| not_json(name, &error))?;
        if style == Style::Json {
            return Ok(Self::One(json));
        }
        let value = Ordered::parse(&json).map_err(|error| not_json(name, &error))?;
        Ok(Self::new(style, value))
    }

    /// Splits a serialized value into its components.
    pub(super) fn new(style: Style, value: Ordered) -> Self {
        match value {
            value if style == Style::DeepObject && value.is_compound() => Self::Deep(value),
            Ordered::List(items) => Self::Many(items.into_iter().map(Ordered::plain).collect()),
            Ordered::Object(entries) => Self::Pairs(
                entries.into_iter().map(|(name, value)| (name, value.plain())).collect(),
            ),
            scalar => Self::One(scalar.plain()),
        }
    }

    /// Returns the entries of a query, of cookies or of a form.
    pub(super) fn into_entries(self, name: &str, style: Style) -> Vec<(String, EntryValue)> {
        let one = |name: &str, value| (name.to_owned(), EntryValue::One(value));
        let several = |items| vec![(name.to_owned(), EntryValue::Several(items))];
        match (self, style) {
            (Self::One(value), _) => vec![one(name, value)],
            (Self::Many(items), Style::FormExploded) => {
                items.into_iter().map(|item| one(name, item)).collect()
            }
            (Self::Many(items), _) => several(items),
            (Self::Pairs(pairs), Style::FormExploded) => {
                pairs.into_iter().map(|(name, value)| (name, EntryValue::One(value))).collect()
            }
            (Self::Pairs(pairs), _) => {
                several(pairs.into_iter().flat_map(|(name, value)| [name, value]).collect())
            }
            (Self::Deep(value), _) => {
                let mut leaves = Vec::new();
                deep_object(name.to_owned(), value, &mut leaves);
                leaves.into_iter().map(|(name, value)| (name, EntryValue::One(value))).collect()
            }
        }
    }
}

/// Returns the character between the values of a style.
pub(super) fn delimiter(style: Style) -> char {
    match style {
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        Style::TabDelimited => '\t',
        _ => ',',
    }
}

/// Returns whether a style separates values by another character than a comma, in all locations.
pub(super) fn is_delimited(style: Style) -> bool {
    matches!(style, Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited)
}

/// Joins the values of a delimited style where a delimiter inside of a value would be one between
/// values, however it is encoded: in paths and headers.
///
/// # Errors
/// Returns an error for a value with the delimiter.
pub(super) fn separated(
    name: &str,
    style: Style,
    values: &[String],
    encode: impl Fn(&str) -> String,
) -> Result<String, ValidationError> {
    let delimiter = delimiter(style);
    if values.iter().any(|value| value.contains(delimiter)) {
        let message = format!("must not contain {delimiter:?}, which separates its values");
        return Err(ValidationError::new(pointer::property(name), message));
    }
    let values: Vec<String> = values.iter().map(|value| encode(value)).collect();
    Ok(values.join(&encode(delimiter.encode_utf8(&mut [0; 4]))))
}

/// Joins values that are percent-encoded by `encode`. A delimiter inside of a value is encoded, so
/// the delimiters between values are not. Spaces and pipes are invalid in a query and thus encoded,
/// too, unless they have to differ from those inside of a value.
///
/// # Errors
/// Returns an error for a single value with a space or a pipe: it would be two values. Tabs are
/// encoded in all locations, so no value can have one.
pub(super) fn joined(
    name: &str,
    style: Style,
    values: &[String],
    encode: impl Fn(&str) -> String,
) -> Result<String, ValidationError> {
    let delimiter = delimiter(style);
    let is_inside = values.iter().any(|value| value.contains(delimiter));
    if delimiter == '\t' {
        return separated(name, style, values, |value| match value {
            "\t" => "%09".to_owned(),
            value => encode(value),
        });
    }
    if is_inside && delimiter != ',' && values.len() == 1 {
        let message = format!("must not be one value with `{delimiter}`, which separates values");
        return Err(ValidationError::new(pointer::property(name), message));
    }
    let (encoded, between) = match delimiter {
        // A plus sign that is not encoded is a space in queries and forms.
        ' ' if is_inside => (("+", "%20"), "+"),
        ' ' => (("+", "%20"), "%20"),
        '|' if is_inside => (("|", "%7C"), "|"),
        '|' => (("|", "%7C"), "%7C"),
        _ => ((",", "%2C"), ","),
    };
    let values = values.iter().map(|value| encode(value).replace(encoded.0, encoded.1));
    Ok(values.collect::<Vec<_>>().join(between))
}

/// Returns the error of a value that cannot be represented as JSON.
pub fn not_json(name: &str, error: &serde_json::Error) -> ValidationError {
    let pointer = if name.is_empty() { String::new() } else { pointer::property(name) };
    ValidationError::new(pointer, format!("cannot be encoded: {error}"))
}
