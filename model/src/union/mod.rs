//! `oneOf` and `anyOf`: what a decision between variants may look at.
//!
//! A variant is decided before anything is decoded: by the JSON type, by the
//! text of a property, or by which properties are there. The generator works
//! out which of these tells the variants apart and emits it as one `match`.

mod tries;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use self::tries::{Candidate, first_fit};
use crate::json::{Captured, Json, JsonView, note_fragment, pointer_of};
use crate::scalar::whole;

/// Why a union could not be decoded.
pub type UnionError = serde_json::Error;

/// A union of a description.
pub trait Union: Sized {
    /// Decides the variant and decodes it.
    fn decide(value: Value<'_>) -> Result<Self, UnionError>;
}

/// The JSON types that a decision tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// any number
    Number,
    /// a string
    String,
    /// an array
    Array,
    /// an object
    Object,
}

/// A value whose variant is being decided. Its text has been checked to be JSON.
#[derive(Clone, Copy)]
pub struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    /// The JSON type.
    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// The text of a property, where the value is an object that has it as a string; a number
    /// or a boolean as JSON writes it.
    pub fn tag(self, property: &str) -> Option<Cow<'a, str>> {
        let view = JsonView::new(self.0).first(property)?;
        match view.text().as_bytes().first() {
            Some(b'"') => view.as_str(),
            Some(b't' | b'f' | b'-' | b'0'..=b'9') => Some(Cow::Borrowed(view.text())),
            _ => None,
        }
    }

    /// The text, where the value is one.
    pub fn text(self) -> Option<Cow<'a, str>> {
        JsonView::new(self.0).as_str()
    }

    /// Whether the value is an object in which all these properties are there and not null.
    pub fn has(self, properties: &[&str]) -> bool {
        let view = JsonView::new(self.0);
        properties.iter().all(|name| view.first(name).is_some_and(|value| !value.is_null()))
    }

    /// Decodes the decided variant.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, UnionError> {
        serde_json::from_str(self.0).map_err(|error| in_fragment(self.0, &error))
    }

    /// Decides a variant that is itself a union, without reading the text again.
    pub fn decide<T: Union>(self) -> Result<T, UnionError> {
        T::decide(self)
    }

    /// The value as it came.
    pub fn to_json(self) -> Result<Json, UnionError> {
        self.0.parse()
    }

    /// Decodes the first of these variants that fits, where nothing tells them apart.
    pub fn first_fit<T: 'static>(
        self,
        candidates: &[Candidate<'a, '_, T>],
    ) -> Result<T, UnionError> {
        first_fit(self, candidates)
    }

    /// The text of the value as it came.
    pub(crate) fn written(self) -> &'a str {
        self.0
    }
}

/// An error inside a value that is decoded apart from its document: names the place within
/// the value, since the document's own line and column will only name the value.
fn in_fragment(text: &str, error: &serde_json::Error) -> UnionError {
    match locate(text, error) {
        (pointer, message) if pointer.is_empty() => UnionError::custom(message),
        (pointer, message) => UnionError::custom(format_args!("`{pointer}`: {message}")),
    }
}

/// Where in a text decoding has failed, as a JSON pointer, and why. It must be the latest
/// error on this thread.
pub fn locate(text: &str, error: &serde_json::Error) -> (String, String) {
    let (inner, message) = split_pointer(without_position(error));
    (pointer_of(text, error) + &inner, message)
}

/// The message of an error without serde_json's closing line and column.
fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) if error.line() > 0 => message[..end].to_owned(),
        _ => message,
    }
}

/// Takes apart what [`in_fragment`] has put together.
fn split_pointer(message: String) -> (String, String) {
    message
        .strip_prefix("`/")
        .and_then(|rest| rest.split_once("`: "))
        .map(|(pointer, rest)| (format!("/{pointer}"), rest.to_owned()))
        .unwrap_or((String::new(), message))
}

/// Decodes a [`Union`].
pub fn read<'de, T: Union, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = Captured::deserialize(deserializer)?;
    T::decide(Value(text.get())).map_err(|error| {
        note_fragment(text.get().len());
        D::Error::custom(without_position(&error))
    })
}

/// A union whose variants differ in their JSON type, so that nothing has to be looked at
/// before it is decoded.
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
    let value = serde_json::Value::deserialize(deserializer)?;
    Json::from_value(&value).map(other).map_err(D::Error::custom)
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
        // A variant of integers takes `1.0`, too; one of numbers keeps it as it is.
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

/// Gives a [`ByType`] its `Deserialize`.
#[doc(hidden)]
#[macro_export]
macro_rules! union_by_type {
    ($name:ty) => {
        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_by_type(deserializer)
            }
        }
    };
}

/// Gives a [`Union`] its `Deserialize`.
#[doc(hidden)]
#[macro_export]
macro_rules! union {
    ($name:ty) => {
        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_union(deserializer)
            }
        }
    };
}
