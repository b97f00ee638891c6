//! The headers of an answer: as they came, and as typed values.

use std::fmt;
use std::ops::{Deref, DerefMut};

use http::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The headers of an answer. They dereference to a [`HeaderMap`].
///
/// An API may repeat a key in them, so `Debug` shows only their names.
#[derive(Clone, Default, PartialEq)]
pub struct Headers(HeaderMap);

impl Headers {
    /// A header as text; the first, if there are several of the name.
    #[must_use]
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }

    /// Adds a header. What no header can carry is left out.
    pub fn append(&mut self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.0.append(name, value);
        }
    }

    /// A header as a typed value; none if it is absent or cannot be read.
    #[doc(hidden)]
    pub fn read<T: DeserializeOwned>(&self, name: &str, form: HeaderFormat) -> Option<T> {
        let texts: Vec<_> = self.0.get_all(name).iter().map(HeaderValue::to_str).collect();
        let texts = texts.into_iter().collect::<Result<Vec<_>, _>>().ok()?;
        let first = texts.first()?;
        let value = match form {
            HeaderFormat::String => Value::String((*first).to_owned()),
            HeaderFormat::Value => serde_json::from_str(first.trim()).ok()?,
            HeaderFormat::Strings => items(&texts).map(Value::from).collect(),
            HeaderFormat::Values => {
                let values: Option<Vec<Value>> =
                    items(&texts).map(|item| serde_json::from_str(item).ok()).collect();
                Value::Array(values?)
            }
        };
        serde_json::from_str(&value.to_string()).ok()
    }

    /// Adds a header with a typed value, if there is one. What no header can carry is left out.
    #[doc(hidden)]
    pub fn write(&mut self, name: &str, value: &Option<impl Serialize>) {
        let Some(value) = value.as_ref().and_then(|value| serde_json::to_value(value).ok()) else {
            return;
        };
        let text = match value {
            Value::Array(items) => items.into_iter().map(text).collect::<Vec<_>>().join(","),
            value => text(value),
        };
        self.append(name, &text);
    }
}

/// How the value of a header is written.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum HeaderFormat {
    /// As it is.
    String,
    /// A number, a boolean, or any JSON.
    Value,
    /// Texts with commas between them.
    Strings,
    /// Numbers or booleans with commas between them.
    Values,
}

fn items<'t>(texts: &'t [&str]) -> impl Iterator<Item = &'t str> {
    let all = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
    all.filter(|item| !item.is_empty())
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
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

    #[test]
    fn headers_are_read_as_what_they_are_described_as() {
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
    }

    #[test]
    fn what_is_written_is_read_again_and_what_cannot_be_is_left_out() {
        let mut headers = Headers::default();
        headers.write("x-list", &Some(["a", "b"]));
        headers.write("x-number", &Some(1.5));
        headers.write("x-none", &None::<i64>);
        headers.write("x-line", &Some("a\nb"));
        assert_eq!(
            (headers.get_str("x-list"), headers.get_str("x-number")),
            (Some("a,b"), Some("1.5"))
        );
        assert_eq!(headers.len(), 2);
        assert_eq!(format!("{headers:?}"), r#"{"x-list", "x-number"}"#);
    }
}
