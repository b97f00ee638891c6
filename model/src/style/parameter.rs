//! Encoding of parameters in every style of OpenAPI. The specification (3.0.4, and RFC 6570) leaves
//! some cases open; comments here describe what this implementation does.

use percent_encoding::percent_encode_byte;
use serde::Serialize;

use super::parts::{EntryValue, Parts, Style, is_delimited, joined as joined_values, separated};
use crate::json::pointer;
use crate::validate::ValidationError;

/// Encodes a path parameter, and returns its segment.
pub fn path(name: &str, style: Style, value: &impl Serialize) -> Result<String, ValidationError> {
    path_keeping(name, style, value, b":@", b":@,=")
}

/// Encodes a path parameter without encoding reserved characters (`allowReserved`), except those
/// that end the segment or the path, or separate values.
pub fn path_reserved(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<String, ValidationError> {
    path_keeping(name, style, value, b":@!$&'()*+", b":@!$&'()*+,;=")
}

fn path_keeping(
    name: &str,
    style: Style,
    value: &impl Serialize,
    in_items: &[u8],
    in_whole: &[u8],
) -> Result<String, ValidationError> {
    let string = match Parts::of(name, style, value)? {
        Parts::Many(values) if is_delimited(style) => {
            separated(name, style, &values, |string| encode(string, in_whole))?
        }
        parts => segment(name, style, parts, in_items, in_whole),
    };
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
    entries(name, style, Parts::of(name, style, value)?, |string| encode(string, b""))
}

/// Encodes a query parameter without encoding reserved characters (`allowReserved`), except those
/// that end the value or the query, or change its meaning: `&`, `#`, `+` and `%`.
pub fn query_reserved(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<Vec<String>, ValidationError> {
    let parts = Parts::of(name, style, value)?;
    entries(name, style, parts, |string| encode(string, b":/?[]@!$'()*,;="))
}

/// Encodes a header parameter, and returns its value. Header values are not percent-encoded, so a
/// list cannot contain its separator.
pub fn header(name: &str, style: Style, value: &impl Serialize) -> Result<String, ValidationError> {
    let item = |string: &str, separators: &[char]| match string.find(separators) {
        None => Ok(string.to_owned()),
        Some(at) => {
            let separator = &string[at..=at];
            let message = format!("must not contain `{separator}`, which separates its values");
            Err(ValidationError::new(pointer::property(name), message))
        }
    };
    let items: Result<Vec<_>, _> = match Parts::of(name, style, value)? {
        Parts::One(string) => return Ok(string),
        Parts::Many(items) if is_delimited(style) => {
            return separated(name, style, &items, str::to_owned);
        }
        Parts::Many(items) => items.iter().map(|string| item(string, &[','])).collect(),
        Parts::Pairs(pairs) if style == Style::SimpleExploded => {
            let pair =
                |(k, v): &(String, String)| Ok(item(k, &[',', '='])? + "=" + &item(v, &[','])?);
            pairs.iter().map(pair).collect()
        }
        Parts::Pairs(pairs) => {
            let items = pairs.iter().flat_map(|(k, v)| [k, v]);
            items.map(|string| item(string, &[','])).collect()
        }
        Parts::Deep(value) => return Ok(value.to_json()),
    };
    Ok(items?.join(","))
}

/// Encodes a cookie parameter, and returns one or more cookies.
pub fn cookie(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<Vec<String>, ValidationError> {
    let parts = Parts::of(name, style, value)?;
    // Characters that are invalid in cookies (RFC 6265) and separators are encoded.
    let encode = |string: &str| encode(string, b"!#$&'()*+/:<=>?@[]^`{|}");
    entries(name, style, parts, encode)
}

/// Encodes a cookie parameter whose values are sent as they are (`style: cookie`).
///
/// # Errors
/// Returns an error for a value with a character that cookies cannot have (RFC 6265), or that
/// separates values.
pub fn plain_cookie(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<Vec<String>, ValidationError> {
    let is_in_cookie = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | ',' | ';' | '\\');
    let check = |string: &str| match string.chars().find(|c| !is_in_cookie(*c)) {
        None => Ok(()),
        Some(c) => {
            let message = format!("must not contain `{}` in a cookie", c.escape_default());
            Err(ValidationError::new(pointer::property(name), message))
        }
    };
    let cookie = |(key, value): (String, EntryValue)| {
        let values = match value {
            EntryValue::One(value) => vec![value],
            EntryValue::Several(values) => values,
        };
        if key.contains('=') {
            let message = format!("must not have `=` in the name `{key}` of a cookie");
            return Err(ValidationError::new(pointer::property(name), message));
        }
        check(&key)?;
        values.iter().try_for_each(|value| check(value))?;
        Ok(format!("{key}={}", values.join(",")))
    };
    Parts::of(name, style, value)?.into_entries(name, style).into_iter().map(cookie).collect()
}

/// Encodes a parameter that is the whole query, and returns it. It is JSON or a string.
pub fn query_string(
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<String, ValidationError> {
    Ok(match Parts::of(name, style, value)? {
        Parts::One(string) => encode(&string, b""),
        Parts::Many(items) => {
            items.iter().map(|item| encode(item, b"")).collect::<Vec<_>>().join(",")
        }
        Parts::Pairs(pairs) => joined(pairs, ",", ",", |string| encode(string, b"")),
        Parts::Deep(value) => encode(&value.to_json(), b""),
    })
}

/// Returns the string that replaces a parameter in the path.
fn segment(name: &str, style: Style, parts: Parts, in_items: &[u8], in_whole: &[u8]) -> String {
    // Separators are encoded inside of items, and full stops inside of those of a label.
    let item = |string: &str| match style {
        Style::LabelExploded => encode(string, in_items).replace('.', "%2E"),
        _ => encode(string, in_items),
    };
    let items = |items: Vec<String>, by: &str| {
        items.iter().map(|string| item(string)).collect::<Vec<_>>().join(by)
    };
    let name = encode(name, b"");
    match (style, parts) {
        (Style::Segments, Parts::One(string)) => encode(&string, b":@,=/"),
        (Style::Label | Style::LabelExploded, Parts::One(string)) => {
            format!(".{}", encode(&string, in_whole))
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
        (_, Parts::One(string)) => encode(&string, in_whole),
        (_, Parts::Many(list)) => items(list, ","),
        (_, Parts::Pairs(pairs)) => joined(pairs, ",", ",", item),
        (_, Parts::Deep(value)) => item(&value.to_json()),
    }
}

/// Returns the entries `name=value` of a query or of cookies, with values encoded by `item`.
fn entries(
    name: &str,
    style: Style,
    parts: Parts,
    item: impl Fn(&str) -> String,
) -> Result<Vec<String>, ValidationError> {
    let entry = |(key, value): (String, EntryValue)| {
        let value = match value {
            EntryValue::One(string) => item(&string),
            EntryValue::Several(items) => joined_values(name, style, &items, &item)?,
        };
        Ok(format!("{}={value}", encode(&key, b"")))
    };
    parts.into_entries(name, style).into_iter().map(entry).collect()
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

#[cfg(test)]
mod tests;
