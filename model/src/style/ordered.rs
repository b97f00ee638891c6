//! Values between their type and their encoding: objects keep their order, numbers their digits.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Result;
use serde_json::value::RawValue;

use crate::json::is_sound;

/// A value of a parameter or a form.
#[derive(Clone, Debug, PartialEq)]
pub enum Ordered {
    /// `null`.
    Null,
    /// A string.
    String(String),
    /// A number or a boolean, or JSON that was sent as a whole.
    Literal(String),
    /// Elements.
    List(Vec<Ordered>),
    /// Names with values; each name appears once.
    Object(Vec<(String, Ordered)>),
}

impl Ordered {
    /// Serializes a value.
    pub(super) fn of(value: &impl Serialize) -> Result<Self> {
        Self::parse(&serde_json::to_string(value)?)
    }

    /// Parses JSON that a serializer has produced: without white space around it.
    pub(super) fn parse(json: &str) -> Result<Self> {
        Ok(match json.as_bytes().first() {
            Some(b'{') => {
                let Entries(entries) = serde_json::from_str(json)?;
                let entries = entries.into_iter();
                let entries = entries.map(|(name, raw)| Ok((name, Self::parse(raw.get())?)));
                Self::Object(entries.collect::<Result<_>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json)?;
                let items = items.into_iter().map(|raw| Self::parse(raw.get()));
                Self::List(items.collect::<Result<_>>()?)
            }
            Some(b'"') => Self::String(serde_json::from_str(json)?),
            Some(b'n') => Self::Null,
            _ => Self::Literal(json.to_owned()),
        })
    }

    /// Reads JSON from outside, and keeps it as it was sent; `None` if it is not JSON, or cannot be
    /// processed.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        let json = serde_json::from_str::<&RawValue>(json).ok()?.get();
        match json.as_bytes().first() {
            Some(b'"') => serde_json::from_str(json).ok().map(Self::String),
            Some(b'n') => Some(Self::Null),
            _ => is_sound(json).then(|| Self::Literal(json.to_owned())),
        }
    }

    /// Creates an object. Of several values with the same name, the last one is kept.
    #[must_use]
    pub fn object(entries: impl IntoIterator<Item = (String, Self)>) -> Self {
        let mut all: Vec<(String, Self)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (name, value) in entries {
            match known.get(&name).and_then(|index| all.get_mut(*index)) {
                Some((_, earlier)) => *earlier = value,
                None => {
                    known.insert(name.clone(), all.len());
                    all.push((name, value));
                }
            }
        }
        Self::Object(all)
    }

    /// Returns whether it is a list or an object.
    pub(super) fn is_compound(&self) -> bool {
        matches!(self, Self::List(_) | Self::Object(_))
    }

    /// Returns the value of a string, nothing for `null`, and the JSON of any other value.
    pub(super) fn plain(self) -> String {
        match self {
            Self::String(string) | Self::Literal(string) => string,
            Self::Null => String::new(),
            other => other.to_json(),
        }
    }

    /// Returns the value as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        self.write(&mut json);
        json
    }

    fn write(&self, json: &mut String) {
        match self {
            Self::Null => json.push_str("null"),
            Self::String(string) => json.push_str(&quoted(string)),
            Self::Literal(literal) => json.push_str(literal),
            Self::List(items) => {
                json.push('[');
                for (i, item) in items.iter().enumerate() {
                    json.push_str(if i == 0 { "" } else { "," });
                    item.write(json);
                }
                json.push(']');
            }
            Self::Object(entries) => {
                json.push('{');
                for (i, (name, value)) in entries.iter().enumerate() {
                    json.push_str(if i == 0 { "" } else { "," });
                    json.push_str(&quoted(name));
                    json.push(':');
                    value.write(json);
                }
                json.push('}');
            }
        }
    }

    /// Removes properties that are null, which forms do not contain.
    pub(super) fn without_nulls(self) -> Self {
        match self {
            Self::Object(entries) => {
                let entries = entries.into_iter().filter(|(_, value)| *value != Self::Null);
                Self::Object(entries.map(|(name, value)| (name, value.without_nulls())).collect())
            }
            Self::List(items) => Self::List(items.into_iter().map(Self::without_nulls).collect()),
            scalar => scalar,
        }
    }
}

/// Returns a string as JSON.
fn quoted(string: &str) -> String {
    serde_json::Value::from(string).to_string()
}

/// Returns a value as plain text: the content of a string, nothing for `null`, and the JSON of any
/// other value.
///
/// # Errors
/// Returns an error if the value cannot be represented as JSON.
pub fn plain(value: &impl Serialize) -> Result<String> {
    Ordered::of(value).map(Ordered::plain)
}

/// The entries of an object in order.
pub(super) struct Entries<'j>(pub(super) Vec<(String, &'j RawValue)>);

impl<'j> Deserialize<'j> for Entries<'j> {
    fn deserialize<D: Deserializer<'j>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'j> Visitor<'j> for EntriesVisitor {
    type Value = Entries<'j>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'j>>(self, mut map: M) -> std::result::Result<Entries<'j>, M::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_digits_are_kept() {
        let json = r#"{"z":1.50,"a":[true,null,{"y":"\"ü\n","b":123456789012345678901}],"e":{}}"#;
        let value = Ordered::parse(json).expect("it is JSON");
        assert_eq!(value.to_json(), json);
        let removed = r#"{"z":1.50,"a":[true,null,{"y":"x"}]}"#;
        let with_nulls = r#"{"z":1.50,"n":null,"a":[true,null,{"y":"x","m":null}]}"#;
        let value = Ordered::parse(with_nulls).expect("it is JSON");
        assert_eq!(value.without_nulls().to_json(), removed);
    }

    #[test]
    fn json_from_outside_is_kept_as_it_was_sent() {
        for (json, expected) in [
            (" 1e400 ", Some("1e400")),
            ("0.1234567890123456789", Some("0.1234567890123456789")),
            ("{ \"a\": 1.50 }", Some("{ \"a\": 1.50 }")),
            ("\"\\u00fc\"", Some("\"ü\"")),
            ("null", Some("null")),
            ("[\"\\ud800\"]", None),
            ("\"\\ud800\"", None),
            ("01", None),
            ("a", None),
            ("", None),
        ] {
            let read = Ordered::from_json(json).map(|value| value.to_json());
            assert_eq!(read.as_deref(), expected, "{json}");
        }
        assert_eq!(Ordered::from_json(&"[".repeat(200_000)), None);
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(Ordered::from_json(&deep), None);
    }

    #[test]
    fn the_last_value_of_a_name_is_kept() {
        let number = |n: &str| Ordered::Literal(n.to_owned());
        let entries = [("b", "1"), ("a", "2"), ("b", "3")];
        let object = Ordered::object(entries.map(|(name, n)| (name.to_owned(), number(n))));
        assert_eq!(object.to_json(), r#"{"b":3,"a":2}"#);
    }

    #[test]
    fn plain_values_have_no_quotes() {
        assert_eq!(plain(&"a \"b\"").expect("a string"), "a \"b\"");
        assert_eq!(plain(&None::<i64>).expect("null"), "");
        assert_eq!(plain(&-1.5).expect("a number"), "-1.5");
        assert_eq!(plain(&["a"]).expect("a list"), "[\"a\"]");
    }
}
