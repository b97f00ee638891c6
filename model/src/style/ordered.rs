//! Values between their type and their encoding: objects keep their order, numbers their digits.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Result;
use serde_json::value::RawValue;

/// A serialized value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ordered {
    Null,
    String(String),
    /// A number or a boolean, as JSON.
    Literal(String),
    List(Vec<Ordered>),
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
    pub(super) fn to_json(&self) -> String {
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
    fn plain_values_have_no_quotes() {
        assert_eq!(plain(&"a \"b\"").expect("a string"), "a \"b\"");
        assert_eq!(plain(&None::<i64>).expect("null"), "");
        assert_eq!(plain(&-1.5).expect("a number"), "-1.5");
        assert_eq!(plain(&["a"]).expect("a list"), "[\"a\"]");
    }
}
