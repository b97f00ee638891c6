//! The headers of a response: as received, and as typed values.

use std::fmt;
use std::ops::{Deref, DerefMut};

use http::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ordered::Ordered;

/// The headers of a response. They dereference to a [`HeaderMap`].
///
/// `Debug` shows only their names, because a server may echo credentials.
#[derive(Clone, Default, PartialEq)]
pub struct Headers(HeaderMap);

impl Headers {
    /// Returns a header as a string; the first one, if there are several.
    #[must_use]
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }

    /// Adds a header. Invalid names and values are ignored.
    pub fn append(&mut self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.0.append(name, value);
        }
    }

    /// Returns a header as a typed value, or nothing if it is absent or invalid.
    #[doc(hidden)]
    pub fn read<T: DeserializeOwned>(&self, name: &str, format: HeaderFormat) -> Option<T> {
        let strings: Vec<_> = self.0.get_all(name).iter().map(HeaderValue::to_str).collect();
        let strings = strings.into_iter().collect::<Result<Vec<_>, _>>().ok()?;
        let first = strings.first()?;
        let split = |delimiter: char| {
            let items = strings.iter().flat_map(move |string| string.split(delimiter));
            items.map(str::trim).filter(|item| !item.is_empty())
        };
        let value = match format {
            HeaderFormat::StringsBy(delimiter) => Ordered::List(
                split(delimiter).map(|item| Ordered::String(item.to_owned())).collect(),
            ),
            HeaderFormat::ValuesBy(delimiter) => {
                Ordered::List(split(delimiter).map(Ordered::from_json).collect::<Option<_>>()?)
            }
            HeaderFormat::String => Ordered::String((*first).to_owned()),
            HeaderFormat::Value => Ordered::from_json(first)?,
            HeaderFormat::Strings => Ordered::List(items(&strings).map(Ordered::String).collect()),
            HeaderFormat::Values => {
                let values = items(&strings).map(|item| Ordered::from_json(&item));
                Ordered::List(values.collect::<Option<_>>()?)
            }
        };
        serde_json::from_str(&value.to_json()).ok()
    }

    /// Adds a header with a list whose items are separated by a character. A list with an item that
    /// contains it is ignored, since it could not be read back.
    #[doc(hidden)]
    pub fn write_by(&mut self, name: &str, value: &Option<impl Serialize>, delimiter: char) {
        let value = value.as_ref().and_then(|value| Ordered::of(value).ok());
        let Some(Ordered::List(items)) = value else { return };
        let items: Vec<String> = items.into_iter().map(Ordered::plain).collect();
        if items.iter().all(|item| !item.contains(delimiter)) {
            self.append(name, &items.join(delimiter.encode_utf8(&mut [0; 4])));
        }
    }

    /// Adds a header with a typed value, if there is one. Invalid values are ignored. Items of lists
    /// with commas are quoted (RFC 9110, section 5.6.4).
    #[doc(hidden)]
    pub fn write(&mut self, name: &str, value: &Option<impl Serialize>) {
        let Some(value) = value.as_ref().and_then(|value| Ordered::of(value).ok()) else {
            return;
        };
        let string = match value {
            Ordered::Null => "null".to_owned(),
            Ordered::List(items) => {
                let items = items.into_iter().map(|item| written(item.plain()));
                items.collect::<Vec<_>>().join(",")
            }
            value => value.plain(),
        };
        self.append(name, &string);
    }
}

/// How the value of a header is encoded.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum HeaderFormat {
    /// A plain string.
    String,
    /// A number, a boolean, or any JSON.
    Value,
    /// Strings separated by commas.
    Strings,
    /// Numbers or booleans separated by commas.
    Values,
    /// Strings separated by another character.
    StringsBy(char),
    /// Numbers or booleans separated by another character.
    ValuesBy(char),
}

/// Returns the items of a list. One that had to be quoted is without its quotes; others keep them,
/// since they may belong to it, as to an entity tag.
fn items(strings: &[&str]) -> impl Iterator<Item = String> {
    let mut open: Vec<&str> = strings.iter().rev().copied().collect();
    std::iter::from_fn(move || {
        loop {
            let string = open.pop()?.trim_start_matches([' ', '\t', ',']);
            let quoted = quoted(string);
            let end = quoted.as_ref().map_or_else(|| string.find(','), |(_, end)| Some(*end));
            let (item, rest) = string.split_at(end.unwrap_or(string.len()));
            if !rest.is_empty() {
                open.push(rest);
            }
            match quoted {
                Some((content, _)) if needs_quotes(&content) => return Some(content),
                _ if !item.trim().is_empty() => return Some(item.trim().to_owned()),
                _ => {}
            }
        }
    })
}

/// Returns the content of the quoted string that an item is, and where the item ends.
fn quoted(string: &str) -> Option<(String, usize)> {
    let mut content = String::new();
    let mut characters = string.char_indices().skip(1);
    string.starts_with('"').then_some(())?;
    loop {
        match characters.next()?.1 {
            '\\' => content.push(characters.next()?.1),
            '"' => break,
            other => content.push(other),
        }
    }
    let end = characters.next().map_or(string.len(), |(at, _)| at);
    let rest = string.get(end..)?.trim_start();
    (rest.is_empty() || rest.starts_with(',')).then_some((content, string.len() - rest.len()))
}

/// Returns whether an item of a list must be quoted: it would not be read back otherwise.
fn needs_quotes(item: &str) -> bool {
    let is_tag = || item.len() > 1 && item.ends_with('"') && quoted(item).is_some();
    item.is_empty()
        || item.contains(',')
        || item.trim().len() < item.len()
        || item.starts_with('"')
            && !(is_tag() && quoted(item).is_some_and(|(of, _)| !needs_quotes(&of)))
}

/// Returns an item of a list as it is written.
fn written(item: String) -> String {
    match needs_quotes(&item) {
        true => format!("\"{}\"", item.replace('\\', "\\\\").replace('"', "\\\"")),
        false => item,
    }
}

impl From<HeaderMap> for Headers {
    fn from(headers: HeaderMap) -> Self {
        Self(headers)
    }
}

impl From<Headers> for HeaderMap {
    fn from(headers: Headers) -> Self {
        headers.0
    }
}

impl Deref for Headers {
    type Target = HeaderMap;

    fn deref(&self) -> &HeaderMap {
        &self.0
    }
}

impl DerefMut for Headers {
    fn deref_mut(&mut self) -> &mut HeaderMap {
        &mut self.0
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Number;

    #[test]
    fn headers_are_decoded_by_format() {
        let mut headers = Headers::default();
        headers.append("x-count", " 7 ");
        headers.append("x-name", "7");
        headers.append("x-tags", "a, b");
        headers.append("x-tags", "c");
        headers.append("x-sizes", "1,2");
        headers.append("x-odd", "1,two");
        assert_eq!(headers.read::<i64>("X-Count", HeaderFormat::Value), Some(7));
        assert_eq!(headers.read::<String>("x-name", HeaderFormat::String).as_deref(), Some("7"));
        assert_eq!(headers.read::<bool>("x-count", HeaderFormat::Value), None);
        assert_eq!(headers.read::<i64>("x-absent", HeaderFormat::Value), None);
        let tags: Option<Vec<String>> = headers.read("x-tags", HeaderFormat::Strings);
        assert_eq!(tags.unwrap(), ["a", "b", "c"]);
        assert_eq!(headers.read("x-sizes", HeaderFormat::Values), Some(vec![1, 2]));
        assert_eq!(headers.read::<Vec<i64>>("x-odd", HeaderFormat::Values), None);
        headers.append("x-prices", "0.10, 1e400,123456789012345678901");
        let prices: Option<Vec<Number>> = headers.read("x-prices", HeaderFormat::Values);
        let prices: Vec<String> = prices.unwrap().iter().map(Number::to_string).collect();
        assert_eq!(prices, ["0.10", "1e400", "123456789012345678901"]);
    }

    #[test]
    fn items_are_separated_by_a_character_of_choice() {
        for (delimiter, written) in [(' ', "a,1 b"), ('\t', "a,1\tb"), ('|', "a,1|b")] {
            let mut headers = Headers::default();
            headers.write_by("x-list", &Some(["a,1", "b"]), delimiter);
            headers.write_by("x-sizes", &Some([1, 22]), delimiter);
            headers.write_by("x-none", &Some([format!("a{delimiter}b")]), delimiter);
            assert_eq!(headers.get_str("x-list"), Some(written));
            let read: Option<Vec<String>> =
                headers.read("x-list", HeaderFormat::StringsBy(delimiter));
            assert_eq!(read.as_deref(), Some(&["a,1".to_owned(), "b".to_owned()][..]));
            let read = headers.read("x-sizes", HeaderFormat::ValuesBy(delimiter));
            assert_eq!(read, Some(vec![1, 22]));
            assert_eq!(headers.len(), 2);
        }
    }

    #[test]
    fn headers_round_trip_and_invalid_values_are_ignored() {
        let mut headers = Headers::default();
        headers.write("x-list", &Some(["a", "b"]));
        headers.write("x-number", &Some(1.5));
        headers.write("x-none", &None::<i64>);
        headers.write("x-line", &Some("a\nb"));
        let lists: [&[&str]; 7] = [
            &["a,b"],
            &["a", "b,c\"d\\", ""],
            &["\"tag\"", "W/\"tag\"", "\"a,b\""],
            &["\"open", "close\""],
            &[" a", "b ", ","],
            &["\"\"", "\"\"\"", "print \"hi\""],
            &["\\", "a\\\"b"],
        ];
        for list in lists {
            let mut headers = Headers::default();
            headers.write("x-list", &Some(list));
            let read: Option<Vec<String>> = headers.read("x-list", HeaderFormat::Strings);
            assert_eq!(
                read.as_deref(),
                Some(&list.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>()[..])
            );
        }
        assert_eq!(
            (headers.get_str("x-list"), headers.get_str("x-number")),
            (Some("a,b"), Some("1.5"))
        );
        assert_eq!(headers.len(), 2);
        assert_eq!(format!("{headers:?}"), r#"{"x-list", "x-number"}"#);
    }
}
