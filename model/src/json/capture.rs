//! The JSON of a value that is being decoded: borrowed if the document is in memory.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The valid JSON of a value. Unlike [`RawValue`] it borrows where possible, so that deciding a
/// union does not allocate.
pub(crate) enum Captured<'de> {
    Borrowed(&'de str),
    Owned(Box<RawValue>),
}

impl Captured<'_> {
    pub(crate) fn get(&self) -> &str {
        match self {
            Self::Borrowed(json) => json,
            Self::Owned(json) => json.get(),
        }
    }
}

/// The name by which serde_json's deserializers are asked for the JSON of a value. If a version
/// uses another name, decoding still works but is slower: see `visit_newtype_struct`.
pub(crate) const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// What a number expects that is decoded from its JSON.
pub(crate) const NUMBER: &str = "a number";

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
            Some(Key) => map.next_value::<Contents<'de>>().map(|json| json.0),
            None => Err(A::Error::custom("missing value")),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Captured<'de>, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Captured::Owned)
    }
}

/// The map key that precedes the JSON.
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
        if key == RAW_VALUE { Ok(self) } else { Err(E::custom("unexpected key")) }
    }
}

/// The JSON itself.
struct Contents<'de>(Captured<'de>);

impl<'de> Deserialize<'de> for Contents<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ContentsVisitor)
    }
}

struct ContentsVisitor;

impl<'de> Visitor<'de> for ContentsVisitor {
    type Value = Contents<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the JSON of a value")
    }

    fn visit_borrowed_str<E>(self, json: &'de str) -> Result<Contents<'de>, E> {
        Ok(Contents(Captured::Borrowed(json)))
    }

    fn visit_str<E: Error>(self, json: &str) -> Result<Contents<'de>, E> {
        self.visit_string(json.to_owned())
    }

    fn visit_string<E: Error>(self, json: String) -> Result<Contents<'de>, E> {
        RawValue::from_string(json).map(|json| Contents(Captured::Owned(json))).map_err(E::custom)
    }
}
