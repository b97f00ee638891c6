//! Encoding of parameters in every style of OpenAPI. The specification (3.0.4, and RFC 6570) leaves
//! some cases open; comments here describe what this implementation does.

use percent_encoding::percent_encode_byte;
use serde::Serialize;
use serde_json::Value;

use super::deep::{deep_object, plain};
use crate::json::pointer;
use crate::validate::ValidationError;

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
    /// `name[k]=v&name[l]=w`, at any depth. A list of scalars is `name[]=a&name[]=b`, and one of
    /// objects or lists is `name[0][k]=v&name[1][k]=w`.
    DeepObject,
    /// The whole value as JSON.
    Json,
}

/// Encodes a path parameter, and returns its segment.
pub fn path(name: &str, style: Style, value: &impl Serialize) -> Result<String, ValidationError> {
    let string = segment(name, style, parts(name, style, value)?);
    // An empty segment or one of dots would change the path.
    let leaves = |segment: &str| matches!(segment, "." | "..");
    if string.is_empty() || string.split('/').any(leaves) {
        let message = format!("must not be `{string}`: it would change the path");
        return Err(ValidationError::new(pointer::property(name), message));
    }
    Ok(string)
}

/// Encodes a query parameter, and returns its entries.
pub fn query(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<Vec<String>, ValidationError> {
    Ok(entries(name, style, parts(name, style, value)?, |string| encode(string, b"")))
}

/// Encodes a query parameter without encoding reserved characters (`allowReserved`), except those
/// that end the value or the query, or change its meaning: `&`, `#`, `+` and `%`.
pub fn query_reserved(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<Vec<String>, ValidationError> {
    let parts = parts(name, style, value)?;
    Ok(entries(name, style, parts, |string| encode(string, b":/?[]@!$'()*,;=")))
}

/// Encodes a header parameter, and returns its value.
pub fn header(name: &str, style: Style, value: &impl Serialize) -> Result<String, ValidationError> {
    Ok(match parts(name, style, value)? {
        Parts::One(string) => string,
        Parts::Many(items) => items.join(","),
        Parts::Pairs(pairs) => {
            let between = if style == Style::SimpleExploded { "=" } else { "," };
            joined(pairs, between, ",", str::to_owned)
        }
        Parts::Deep(value) => value.to_string(),
    })
}

/// Encodes a cookie parameter, and returns one or more cookies.
pub fn cookie(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<Vec<String>, ValidationError> {
    let parts = parts(name, style, value)?;
    // Characters that are invalid in cookies (RFC 6265) and separators are encoded.
    let encode = |string: &str| encode(string, b"!#$&'()*+/:<=>?@[]^`{|}");
    Ok(entries(name, style, parts, encode))
}

/// The components of a parameter.
enum Parts {
    One(String),
    Many(Vec<String>),
    Pairs(Vec<(String, String)>),
    /// A value with lists or objects inside.
    Deep(Value),
}

fn parts(name: &str, style: Style, value: &impl Serialize) -> Result<Parts, ValidationError> {
    let value = serde_json::to_value(value).map_err(|error| not_json(name, &error))?;
    Ok(match (value, style) {
        (value, Style::Json) => Parts::One(value.to_string()),
        (value @ (Value::Array(_) | Value::Object(_)), Style::DeepObject) => Parts::Deep(value),
        (Value::Array(items), _) => Parts::Many(items.into_iter().map(plain).collect()),
        (Value::Object(entries), _) => {
            Parts::Pairs(entries.into_iter().map(|(k, v)| (k, plain(v))).collect())
        }
        (scalar, _) => Parts::One(plain(scalar)),
    })
}

/// Returns the string that replaces a parameter in the path.
fn segment(name: &str, style: Style, parts: Parts) -> String {
    // Separators are encoded inside of items, and full stops inside of those of a label.
    let item = |string: &str| match style {
        Style::LabelExploded => encode(string, b":@").replace('.', "%2E"),
        _ => encode(string, b":@"),
    };
    let items = |items: Vec<String>, by: &str| {
        items.iter().map(|string| item(string)).collect::<Vec<_>>().join(by)
    };
    let name = encode(name, b"");
    match (style, parts) {
        (Style::Segments, Parts::One(string)) => encode(&string, b":@,=/"),
        (Style::Label | Style::LabelExploded, Parts::One(string)) => {
            format!(".{}", encode(&string, b":@,="))
        }
        (Style::Label, Parts::Many(list)) => format!(".{}", items(list, ",")),
        (Style::LabelExploded, Parts::Many(list)) => format!(".{}", items(list, ".")),
        (Style::Label, Parts::Pairs(pairs)) => format!(".{}", joined(pairs, ",", ",", item)),
        (Style::LabelExploded, Parts::Pairs(pairs)) => {
            format!(".{}", joined(pairs, "=", ".", item))
        }
        (Style::Matrix | Style::MatrixExploded, Parts::One(string)) if string.is_empty() => {
            format!(";{name}")
        }
        (Style::Matrix | Style::MatrixExploded, Parts::One(string)) => {
            format!(";{name}={}", item(&string))
        }
        (Style::Matrix, Parts::Many(list)) => format!(";{name}={}", items(list, ",")),
        (Style::MatrixExploded, Parts::Many(list)) => {
            list.iter().map(|string| format!(";{name}={}", item(string))).collect()
        }
        (Style::Matrix, Parts::Pairs(pairs)) => {
            format!(";{name}={}", joined(pairs, ",", ",", item))
        }
        (Style::MatrixExploded, Parts::Pairs(pairs)) => {
            pairs.iter().map(|(k, v)| format!(";{}={}", item(k), item(v))).collect()
        }
        (Style::SimpleExploded, Parts::Pairs(pairs)) => joined(pairs, "=", ",", item),
        (_, Parts::One(string)) => encode(&string, b":@,="),
        (_, Parts::Many(list)) => items(list, ","),
        (_, Parts::Pairs(pairs)) => joined(pairs, ",", ",", item),
        (_, Parts::Deep(value)) => item(&value.to_string()),
    }
}

/// Returns the entries `name=value` of a query or of cookies, with values encoded by `item`.
fn entries(name: &str, style: Style, parts: Parts, item: impl Fn(&str) -> String) -> Vec<String> {
    let entry = |name: &str, value: &str| format!("{}={value}", encode(name, b""));
    // These characters are invalid in a query, so they are encoded.
    let by = match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    // Separators are encoded inside of items.
    let part = |string: &str| item(string).replace(',', "%2C");
    match (parts, style) {
        (Parts::One(string), _) => vec![entry(name, &item(&string))],
        (Parts::Many(items), Style::FormExploded) => {
            items.iter().map(|string| entry(name, &item(string))).collect()
        }
        (Parts::Many(items), _) => {
            let items: Vec<_> = items.iter().map(|string| part(string)).collect();
            vec![entry(name, &items.join(by))]
        }
        (Parts::Pairs(pairs), Style::FormExploded) => {
            pairs.iter().map(|(k, v)| entry(k, &item(v))).collect()
        }
        (Parts::Pairs(pairs), _) => vec![entry(name, &joined(pairs, by, by, part))],
        (Parts::Deep(value), _) => {
            let mut leaves = Vec::new();
            deep_object(name.to_owned(), value, &mut leaves);
            leaves.iter().map(|(name, string)| entry(name, &item(string))).collect()
        }
    }
}

fn joined(
    pairs: Vec<(String, String)>,
    between: &str,
    by: &str,
    item: impl Fn(&str) -> String,
) -> String {
    let pairs: Vec<_> =
        pairs.iter().map(|(k, v)| format!("{}{between}{}", item(k), item(v))).collect();
    pairs.join(by)
}

/// Percent-encodes all characters that are not unreserved (RFC 3986), except those to keep.
fn encode(string: &str, keep: &[u8]) -> String {
    let mut encoded = String::with_capacity(string.len());
    for byte in string.bytes() {
        let is_unreserved =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if is_unreserved || keep.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(percent_encode_byte(byte));
        }
    }
    encoded
}

/// Returns the error of a value that cannot be represented as JSON.
pub fn not_json(name: &str, error: &serde_json::Error) -> ValidationError {
    let pointer = if name.is_empty() { String::new() } else { pointer::property(name) };
    ValidationError::new(pointer, format!("cannot be encoded: {error}"))
}

#[cfg(test)]
mod tests;
