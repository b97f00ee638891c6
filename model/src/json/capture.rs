//! A value as text for as long as it is looked at: borrowed where the document is in memory.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The checked text of a JSON value. Unlike [`RawValue`] it borrows where it can and owns
/// where it must, so that deciding a union allocates nothing.
pub(crate) enum Captured<'de> {
    Borrowed(&'de str),
    Owned(Box<RawValue>),
}

impl Captured<'_> {
    pub(crate) fn get(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Owned(text) => text.get(),
        }
    }
}

/// What serde_json's deserializers take for the wish to have the text of a value. A version
/// that knows it by another name is not wrong, only slower: see `visit_newtype_struct`.
pub(crate) const RAW_VALUE: &str = "$serde_json::private::RawValue";

impl<'de> Deserialize<'de> for Captured<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, CapturedVisitor)
    }
}

pub(crate) struct CapturedVisitor;

impl<'de> Visitor<'de> for CapturedVisitor {
    type Value = Captured<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Captured<'de>, A::Error> {
        match map.next_key::<Key>()? {
            Some(Key) => map.next_value::<Text<'de>>().map(|text| text.0),
            None => Err(A::Error::custom("nothing where a value should be")),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Captured<'de>, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Captured::Owned)
    }
}

/// The key that stands in front of the text.
struct Key;

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(Self)
    }
}

impl Visitor<'_> for Key {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(RAW_VALUE)
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self, E> {
        if key == RAW_VALUE { Ok(self) } else { Err(E::custom("not the text of a value")) }
    }
}

/// The text itself.
struct Text<'de>(Captured<'de>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Captured::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Text<'de>, E> {
        RawValue::from_string(text).map(|text| Text(Captured::Owned(text))).map_err(E::custom)
    }
}
