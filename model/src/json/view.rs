//! Reading JSON without building a tree.

use std::borrow::Cow;
use std::fmt;

use serde::de::DeserializeOwned;

use super::scan::{Entries, Scan};

/// A JSON value, borrowed from a document.
#[derive(Clone, Copy)]
pub struct JsonView<'a>(&'a str);

impl<'a> JsonView<'a> {
    pub(crate) fn new(json: &'a str) -> Self {
        Self(json.trim_matches([' ', '\t', '\n', '\r']))
    }

    /// Returns the JSON of this value.
    #[must_use]
    pub fn as_json(self) -> &'a str {
        self.0
    }

    /// Returns the value at a path of keys joined by dots, if it exists.
    ///
    /// A key may itself contain dots: `a.b.c` finds `{"a": {"b": {"c": 1}}}` as well as `{"a.b":
    /// {"c": 1}}` and `{"a.b.c": 1}`. The longest matching key is preferred.
    #[must_use]
    pub fn get(self, path: &str) -> Option<JsonView<'a>> {
        if let Some(value) = self.property(path) {
            return Some(value);
        }
        path.rmatch_indices('.')
            .find_map(|(dot, _)| self.property(&path[..dot])?.get(&path[dot + 1..]))
    }

    /// Returns the property of an object with exactly this key.
    #[must_use]
    pub fn property(self, key: &str) -> Option<JsonView<'a>> {
        // The last of several equal keys is used, as when the object is decoded.
        Entries::new(self.0)
            .filter(|(name, _)| is_key(name, key))
            .last()
            .map(|(_, value)| Self(value))
    }

    /// Returns the first property with this key, without looking for another one.
    pub(crate) fn first(self, key: &str) -> Option<JsonView<'a>> {
        Entries::new(self.0).find(|(name, _)| is_key(name, key)).map(|(_, value)| Self(value))
    }

    /// Returns the properties of an object in document order; nothing for other values.
    pub fn entries(self) -> impl Iterator<Item = (Cow<'a, str>, JsonView<'a>)> {
        Entries::new(self.0)
            .map(|(key, value)| (unquote(key).unwrap_or(Cow::Borrowed(key)), Self(value)))
    }

    /// Returns the properties of an object; each name is its JSON, with quotes.
    pub(crate) fn written_entries(self) -> impl Iterator<Item = (&'a str, JsonView<'a>)> {
        Entries::new(self.0).map(|(key, value)| (key, Self(value)))
    }

    /// Returns the elements of an array; nothing for other values.
    pub fn elements(self) -> impl Iterator<Item = JsonView<'a>> {
        let mut scan = Scan::new(self.0);
        let mut open = scan.take(b'[');
        std::iter::from_fn(move || {
            if !open || scan.peek() == Some(b']') {
                return None;
            }
            let value = scan.value()?;
            open = scan.take(b',');
            Some(Self(value))
        })
    }

    /// Returns the value of a string.
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        unquote(self.0)
    }

    /// Returns the value of an integer that fits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// Returns the value of a number.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        // Rust also parses `inf` and `nan`, which are not JSON.
        self.0
            .starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
            .then(|| self.0.parse().ok())?
    }

    /// Returns the value of a boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        self.0.parse().ok()
    }

    /// Returns whether this is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// Decodes the value into any type.
    ///
    /// # Errors
    /// Returns an error if the JSON does not fit the type.
    pub fn deserialize_as<T: DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0)
    }
}

impl fmt::Debug for JsonView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for JsonView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Returns whether the JSON of a key is `key`. Only keys with escapes are decoded.
pub(crate) fn is_key(written: &str, key: &str) -> bool {
    let inner = &written[1..written.len() - 1];
    inner == key || (inner.contains('\\') && unquote(written).is_some_and(|k| k == key))
}

/// Returns the value of a JSON string.
pub(crate) fn unquote(written: &str) -> Option<Cow<'_, str>> {
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(written).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_nested_objects_and_keys_with_dots() {
        for json in [
            r#"{"a":{"b":{"c":1}}}"#,
            r#"{ "a.b" : {"c":1} }"#,
            r#"{"a":{"b.c":1}}"#,
            r#"{"a.b.c": 1}"#,
        ] {
            assert_eq!(
                JsonView::new(json).get("a.b.c").and_then(JsonView::as_i64),
                Some(1),
                "{json}"
            );
        }
        assert!(JsonView::new(r#"{"a":{"b":1}}"#).get("a.c").is_none());
        assert!(JsonView::new("[1]").get("a").is_none());
    }

    #[test]
    fn escapes_in_keys_and_strings_are_decoded() {
        let view = JsonView::new(r#"{"a\n\"b":"x\u00e9"}"#);
        assert_eq!(view.get("a\n\"b").and_then(JsonView::as_str).as_deref(), Some("xé"));
    }

    #[test]
    fn scalars_are_read_by_type() {
        let view = JsonView::new(r#"{"i":-3,"f":1.5e3,"t":true,"n":null,"s":"1"}"#);
        assert_eq!(view.get("i").and_then(JsonView::as_i64), Some(-3));
        assert_eq!(view.get("f").and_then(JsonView::as_f64), Some(1500.0));
        assert_eq!(view.get("t").and_then(JsonView::as_bool), Some(true));
        assert!(view.get("n").is_some_and(JsonView::is_null));
        assert_eq!(view.get("s").and_then(JsonView::as_i64), None);
    }

    #[test]
    fn elements_end_with_the_array() {
        let values: Vec<_> =
            JsonView::new("[1, [2,3] ,{}]").elements().map(JsonView::as_json).collect();
        assert_eq!(values, ["1", "[2,3]", "{}"]);
        assert_eq!(JsonView::new("[]").elements().count(), 0);
    }
}
