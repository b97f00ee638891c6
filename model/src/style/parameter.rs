//! Parameters as they are written into a request, in every style of OpenAPI. The specification
//! (its 3.0.4, and RFC 6570 behind it) leaves some of it open; what is done there is said here.

use serde::Serialize;
use serde_json::Value;

use crate::validate::ValidationError;

/// How a parameter of several parts is written.
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
    /// A text whose slashes stand as they are: several segments of a path.
    Segments,
    /// `name=a,b`, and `name=k,v,l,w` for objects.
    Form,
    /// `name=a&name=b`, and `k=v&l=w` for objects.
    FormExploded,
    /// `name=a b`, and `name=k v l w` for objects.
    SpaceDelimited,
    /// `name=a|b`, and `name=k|v|l|w` for objects.
    PipeDelimited,
    /// `name[k]=v&name[l]=w`, as deep as the value is. A list of plain values is
    /// `name[]=a&name[]=b`, and one of objects or lists `name[0][k]=v&name[1][k]=w`.
    DeepObject,
    /// The whole value as JSON.
    Json,
}

/// A parameter of the path, as what stands in its place.
pub fn path(name: &str, style: Style, value: &impl Serialize) -> Result<String, ValidationError> {
    let text = segment(name, style, parts(name, style, value)?);
    // An empty segment, or one of dots, would be another path.
    let leaves = |segment: &str| matches!(segment, "." | "..");
    if text.is_empty() || text.split('/').any(leaves) {
        let message = format!("must not be `{text}`: it would change the path");
        return Err(ValidationError::new(format!("/{name}"), message));
    }
    Ok(text)
}

/// A parameter of the query, as entries of it.
pub fn query(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<Vec<String>, ValidationError> {
    Ok(entries(name, style, parts(name, style, value)?, |text| encode(text, b"")))
}

/// A parameter of the query whose reserved characters stand as they are
/// (`allowReserved`): those that end neither the value nor the query, and change nothing
/// in it. `&`, `#`, `+` and `%` do, and are encoded.
pub fn query_reserved(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<Vec<String>, ValidationError> {
    let parts = parts(name, style, value)?;
    Ok(entries(name, style, parts, |text| encode(text, b":/?[]@!$'()*,;=")))
}

/// A parameter that is a header, as its value.
pub fn header(name: &str, style: Style, value: &impl Serialize) -> Result<String, ValidationError> {
    Ok(match parts(name, style, value)? {
        Parts::One(text) => text,
        Parts::Many(items) => items.join(","),
        Parts::Pairs(pairs) => {
            let between = if style == Style::SimpleExploded { "=" } else { "," };
            joined(pairs, between, ",", str::to_owned)
        }
        Parts::Deep(value) => value.to_string(),
    })
}

/// A parameter that is a cookie, or several.
pub fn cookie(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<Vec<String>, ValidationError> {
    let parts = parts(name, style, value)?;
    // What a cookie cannot hold (RFC 6265), and what separates parts, is encoded.
    let encode = |text: &str| encode(text, b"!#$&'()*+/:<=>?@[]^`{|}");
    Ok(entries(name, style, parts, encode))
}

/// A parameter taken apart.
enum Parts {
    One(String),
    Many(Vec<String>),
    Pairs(Vec<(String, String)>),
    /// Its parts have parts.
    Deep(Value),
}

fn parts(name: &str, style: Style, value: &impl Serialize) -> Result<Parts, ValidationError> {
    let value = serde_json::to_value(value).map_err(|error| not_json(name, &error))?;
    Ok(match (value, style) {
        (value, Style::Json) => Parts::One(value.to_string()),
        (value @ (Value::Array(_) | Value::Object(_)), Style::DeepObject) => Parts::Deep(value),
        (Value::Array(items), _) => Parts::Many(items.into_iter().map(text).collect()),
        (Value::Object(entries), _) => {
            Parts::Pairs(entries.into_iter().map(|(k, v)| (k, text(v))).collect())
        }
        (scalar, _) => Parts::One(text(scalar)),
    })
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// What stands in the place of a parameter in the path.
fn segment(name: &str, style: Style, parts: Parts) -> String {
    // What separates parts is encoded within them, and a full stop that is none of a label's.
    let item = |text: &str| match style {
        Style::LabelExploded => encode(text, b":@").replace('.', "%2E"),
        _ => encode(text, b":@"),
    };
    let items = |items: Vec<String>, by: &str| {
        items.iter().map(|text| item(text)).collect::<Vec<_>>().join(by)
    };
    let name = encode(name, b"");
    match (style, parts) {
        (Style::Segments, Parts::One(text)) => encode(&text, b":@,=/"),
        (Style::Label | Style::LabelExploded, Parts::One(text)) => {
            format!(".{}", encode(&text, b":@,="))
        }
        (Style::Label, Parts::Many(list)) => format!(".{}", items(list, ",")),
        (Style::LabelExploded, Parts::Many(list)) => format!(".{}", items(list, ".")),
        (Style::Label, Parts::Pairs(pairs)) => format!(".{}", joined(pairs, ",", ",", item)),
        (Style::LabelExploded, Parts::Pairs(pairs)) => {
            format!(".{}", joined(pairs, "=", ".", item))
        }
        (Style::Matrix | Style::MatrixExploded, Parts::One(text)) if text.is_empty() => {
            format!(";{name}")
        }
        (Style::Matrix | Style::MatrixExploded, Parts::One(text)) => {
            format!(";{name}={}", item(&text))
        }
        (Style::Matrix, Parts::Many(list)) => format!(";{name}={}", items(list, ",")),
        (Style::MatrixExploded, Parts::Many(list)) => {
            list.iter().map(|text| format!(";{name}={}", item(text))).collect()
        }
        (Style::Matrix, Parts::Pairs(pairs)) => {
            format!(";{name}={}", joined(pairs, ",", ",", item))
        }
        (Style::MatrixExploded, Parts::Pairs(pairs)) => {
            pairs.iter().map(|(k, v)| format!(";{}={}", item(k), item(v))).collect()
        }
        (Style::SimpleExploded, Parts::Pairs(pairs)) => joined(pairs, "=", ",", item),
        (_, Parts::One(text)) => encode(&text, b":@,="),
        (_, Parts::Many(list)) => items(list, ","),
        (_, Parts::Pairs(pairs)) => joined(pairs, ",", ",", item),
        (_, Parts::Deep(value)) => item(&value.to_string()),
    }
}

/// The entries `name=value` of a query or of cookies, with their values encoded like this.
fn entries(name: &str, style: Style, parts: Parts, item: impl Fn(&str) -> String) -> Vec<String> {
    let entry = |name: &str, value: &str| format!("{}={value}", encode(name, b""));
    // These cannot stand in a query as they are, so they are encoded like any other.
    let by = match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    // What separates parts is encoded within them.
    let part = |text: &str| item(text).replace(',', "%2C");
    match (parts, style) {
        (Parts::One(text), _) => vec![entry(name, &item(&text))],
        (Parts::Many(items), Style::FormExploded) => {
            items.iter().map(|text| entry(name, &item(text))).collect()
        }
        (Parts::Many(items), _) => {
            let items: Vec<_> = items.iter().map(|text| part(text)).collect();
            vec![entry(name, &items.join(by))]
        }
        (Parts::Pairs(pairs), Style::FormExploded) => {
            pairs.iter().map(|(k, v)| entry(k, &item(v))).collect()
        }
        (Parts::Pairs(pairs), _) => vec![entry(name, &joined(pairs, by, by, part))],
        (Parts::Deep(value), _) => {
            let mut leaves = Vec::new();
            deep(name.to_owned(), value, &mut leaves);
            leaves.iter().map(|(name, text)| entry(name, &item(text))).collect()
        }
    }
}

/// The leaves of a value, each with the way to it in brackets.
fn deep(name: String, value: Value, leaves: &mut Vec<(String, String)>) {
    let is_plain = |value: &Value| !matches!(value, Value::Array(_) | Value::Object(_));
    match value {
        Value::Object(entries) => {
            entries.into_iter().for_each(|(k, v)| deep(format!("{name}[{k}]"), v, leaves));
        }
        Value::Array(items) if items.iter().all(is_plain) => {
            leaves.extend(items.into_iter().map(|item| (format!("{name}[]"), text(item))));
        }
        // Without indices nobody could tell where an element ends.
        Value::Array(items) => {
            let items = items.into_iter().enumerate();
            items.for_each(|(i, item)| deep(format!("{name}[{i}]"), item, leaves));
        }
        scalar => leaves.push((name, text(scalar))),
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

/// Percent-encodes all that is not unreserved (RFC 3986), except what is to be kept.
fn encode(text: &str, keep: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let is_unreserved =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if is_unreserved || keep.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let digit = |half: u8| char::from(HEX[usize::from(half & 15)]);
            encoded.extend(['%', digit(byte >> 4), digit(byte)]);
        }
    }
    encoded
}

/// Where a value has no JSON form.
pub fn not_json(name: &str, error: &serde_json::Error) -> ValidationError {
    let pointer = if name.is_empty() { String::new() } else { format!("/{name}") };
    ValidationError::new(pointer, format!("cannot be written: {error}"))
}

#[cfg(test)]
mod tests;
