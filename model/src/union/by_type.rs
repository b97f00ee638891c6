//! Unions whose variants differ in their JSON type.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json::{Json, Kind};
use crate::scalar::{fit, whole};

/// A union whose variants differ in their JSON type, so that it is decided while it is decoded.
pub trait ByType: Sized {
    /// Decodes the variant for a JSON type.
    fn read<'de, D: Deserializer<'de>>(kind: Kind, deserializer: D) -> Result<Self, D::Error>;
}

/// Decodes a [`ByType`].
pub fn read_by_type<'de, T: ByType, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(ByTypeVisitor(PhantomData))
}

/// Decodes a variant of a [`ByType`].
pub fn read_variant<'de, T, V: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    variant: impl FnOnce(V) -> T,
) -> Result<T, D::Error> {
    V::deserialize(deserializer).map(variant)
}

/// Keeps a value of a type that no variant of a [`ByType`] has.
pub fn read_other<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    other: impl FnOnce(Json) -> T,
) -> Result<T, D::Error> {
    fit::unknown();
    deserializer.deserialize_any(OtherVisitor).map(other)
}

/// Keeps the JSON of elements and properties.
struct OtherVisitor;

impl OtherVisitor {
    fn keep<E: serde::de::Error>(value: &impl Serialize) -> Result<Json, E> {
        Json::from_value(value).map_err(E::custom)
    }
}

impl<'de> Visitor<'de> for OtherVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Json, E> {
        Self::keep(&())
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Json, E> {
        Self::keep(&value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Json, E> {
        Self::keep(&value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Json, E> {
        Self::keep(&value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        Self::keep(&value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Json, E> {
        Self::keep(&value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut items: Vec<Json> = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Self::keep(&items)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries: Vec<(String, Json)> = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        let mut json = Vec::new();
        let mut serializer = serde_json::Serializer::new(&mut json);
        let entries = entries.iter().map(|(name, value)| (name, value));
        serializer.collect_map(entries).map_err(A::Error::custom)?;
        String::from_utf8(json).map_err(A::Error::custom)?.parse().map_err(A::Error::custom)
    }
}

struct ByTypeVisitor<T>(PhantomData<T>);

impl<'de, T: ByType> Visitor<'de> for ByTypeVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<T, E> {
        T::read(Kind::Null, ().into_deserializer())
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<T, E> {
        T::read(Kind::Boolean, value.into_deserializer())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<T, E> {
        T::read(Kind::Number, value.into_deserializer())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<T, E> {
        T::read(Kind::Number, value.into_deserializer())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<T, E> {
        // A variant for integers also accepts `1.0`; one for numbers keeps it unchanged.
        T::read(Kind::Number, value.into_deserializer()).or_else(|error: E| match whole(value) {
            Some(integer) => T::read(Kind::Number, integer.into_deserializer()),
            None => Err(error),
        })
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<T, E> {
        T::read(Kind::String, value.into_deserializer())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        T::read(Kind::Array, SeqAccessDeserializer::new(seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(Kind::Object, MapAccessDeserializer::new(map))
    }
}
