//! A value of a document as a deserializer.

use std::borrow::Cow;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer, Unexpected, Visitor,
};

use super::access::{Container, Elements, Properties, RawValue, Repeated};
use super::error::Error;
use super::position::{Entry, Id, Position, Step};
use super::walk::Walk;
use crate::credential::secret::SECRET;
use crate::json::{Kind, NUMBER, RAW_VALUE, unquote};
use crate::union::{TRIAL, UNION};

/// A value that is decoded. It accepts what serde_json accepts.
#[derive(Clone, Copy)]
pub(super) struct Node<'w, 'a> {
    pub(super) walk: &'w Walk<'a>,
    pub(super) id: Id,
    /// The depth of the union whose variants are decoded by trial. Errors inside are not recorded.
    pub(super) trial: Option<usize>,
}

impl<'a> Node<'_, 'a> {
    fn json(self) -> &'a str {
        self.walk.json(self.id)
    }

    fn kind(self) -> Kind {
        Kind::of(self.json())
    }

    /// The JSON with the properties that were added to a placeholder.
    fn rendered(self) -> Cow<'a, str> {
        match self.id {
            Id::Sent(_) => self.json().into(),
            Id::Placeholder(index) => self.walk.rendered(index).into(),
        }
    }

    /// Checks the JSON type against what a visitor expects.
    fn require(self, kind: Kind, expected: &dyn Expected) -> Result<(), Error> {
        if self.kind() == kind {
            return Ok(());
        }
        Err(match Error::invalid_type(Unexpected::Other(""), expected) {
            Error::Expected { what, .. } => Error::expected(&what, kind),
            other => other,
        })
    }

    fn number<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        let json = self.json();
        if json != "-0" {
            if let Ok(number) = json.parse::<u64>() {
                return visitor.visit_u64(number);
            }
            if let Ok(number) = json.parse::<i64>() {
                return visitor.visit_i64(number);
            }
        }
        match json.parse() {
            Ok(number) => visitor.visit_f64(number),
            Err(_) => Err(Error::custom("not a number")),
        }
    }

    fn string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match unquote(self.json()) {
            Some(Cow::Borrowed(string)) => visitor.visit_borrowed_str(string),
            Some(Cow::Owned(string)) => visitor.visit_string(string),
            None => Err(Error::custom("not a string")),
        }
    }

    fn array<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Elements::new(self))
    }

    fn tuple<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Elements::of_tuple(self))
    }

    fn object<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut properties = Properties::new(self);
        let result = visitor.visit_map(&mut properties);
        result.map_err(|error| properties.closed(error))
    }
}

impl<'a> Container<'a> for Node<'_, 'a> {
    fn first(self) -> Position {
        Walk::first(self.id)
    }

    fn start(self) -> Position {
        self.walk.start(self.id, self.trial.is_some())
    }

    fn entry(self, at: Position) -> Option<Entry> {
        // After the search was stopped, nothing is decoded.
        if self.walk.is_cut() {
            return None;
        }
        self.walk.entry(self.id, at, self.trial.is_some())
    }

    /// Decodes an entry. An error is recorded. Decoding of the container then continues at the
    /// entry itself, which has a placeholder, or after it.
    fn decode<S: DeserializeSeed<'a>>(self, entry: Entry, seed: S) -> Result<S::Value, Error> {
        let Entry { step, shown, at, next } = entry;
        self.walk.push(step);
        let result = seed.deserialize(Node { id: shown, ..self });
        let result = match (result, self.trial) {
            (Ok(value), _) => Ok(value),
            (Err(error @ Error::Inside(_)), Some(_)) => Err(error),
            (Err(error), Some(from)) => Err(Error::Inside(self.walk.sentence(from, shown, &error))),
            (Err(error), None) => {
                let is_pending = self.walk.settle(shown, &error);
                self.walk.suspend(self.id, if is_pending { at } else { next });
                Err(if is_pending { Error::Recorded } else { Error::Skipped })
            }
        };
        self.walk.pop();
        result
    }

    fn name(self, step: &Step) -> Cow<'a, str> {
        self.walk.name(step)
    }

    fn reject_name(self, entry: &Entry, error: Error) -> Error {
        if self.trial.is_some() {
            return error;
        }
        self.walk.reject_name(&entry.step, &error);
        self.walk.suspend(self.id, entry.next);
        Error::Recorded
    }

    fn missing(self, end: Option<Position>, names: Vec<String>) -> Error {
        match (self.trial, end) {
            (None, Some(end)) => self.walk.missing(self.id, end, names),
            _ => Error::Missing(names),
        }
    }
}

/// Reads numbers of the types of Rust.
macro_rules! numbers {
    ($($method:ident $what:literal)*) => {
        $(fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
            if self.kind() != Kind::Number {
                return Err(Error::expected($what, Kind::Number));
            }
            self.number(visitor).map_err(|error| error.renamed($what, Kind::Number))
        })*
    };
}

impl<'a> Deserializer<'a> for Node<'_, 'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::Null => visitor.visit_unit(),
            Kind::Boolean => visitor.visit_bool(self.json() == "true"),
            Kind::Number => self.number(visitor),
            Kind::String => self.string(visitor),
            Kind::Array => self.array(visitor),
            Kind::Object => self.object(visitor),
        }
    }

    numbers! {
        deserialize_i8 "an integer of 8 bits"
        deserialize_i16 "an integer of 16 bits"
        deserialize_i32 "an integer of 32 bits"
        deserialize_i64 "an integer of 64 bits"
        deserialize_i128 "an integer"
        deserialize_u8 "a natural number of 8 bits"
        deserialize_u16 "a natural number of 16 bits"
        deserialize_u32 "a natural number of 32 bits"
        deserialize_u64 "a natural number of 64 bits"
        deserialize_u128 "a natural number"
        deserialize_f32 "a number"
        deserialize_f64 "a number"
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::Boolean => visitor.visit_bool(self.json() == "true"),
            _ => Err(Error::expected("a boolean", Kind::Boolean)),
        }
    }

    fn deserialize_char<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.require(Kind::String, &visitor)?;
        self.string(visitor)
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::Array => self.array(visitor),
            _ => self.deserialize_str(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::Null => visitor.visit_unit(),
            _ => Err(Error::expected("null", Kind::Null)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == TRIAL {
            let trial = Some(self.trial.unwrap_or_else(|| self.walk.depth()));
            return visitor.visit_newtype_struct(Self { trial, ..self });
        }
        if name == SECRET {
            self.walk.enter_secret(self.id);
            let result = visitor.visit_newtype_struct(self);
            self.walk.leave_secret();
            return result;
        }
        if name != RAW_VALUE {
            return visitor.visit_newtype_struct(self);
        }
        match Error::invalid_type(Unexpected::Other(""), &visitor) {
            Error::Expected { what, .. } if what == UNION => {
                self.walk.spend(self.json().len());
                visitor.visit_seq(Repeated(self))
            }
            Error::Expected { what, .. } if what == NUMBER && self.kind() != Kind::Number => {
                Err(Error::expected(NUMBER, Kind::Number))
            }
            _ => visitor.visit_map(RawValue::new(self.rendered())),
        }
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::Array => self.array(visitor),
            _ => Err(Error::expected("an array", Kind::Array)),
        }
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::Array => self.tuple(visitor),
            _ => Err(Error::expected("an array", Kind::Array)),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::Object => self.object(visitor),
            _ => Err(Error::expected("an object", Kind::Object)),
        }
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::Array => self.tuple(visitor),
            _ => self.deserialize_map(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match (self.kind(), unquote(self.json())) {
            (Kind::Object, _) => {
                visitor.visit_enum(MapAccessDeserializer::new(Properties::new(self)))
            }
            (_, Some(name)) => visitor.visit_enum(name.into_deserializer()),
            _ => Err(Error::invalid_type(Unexpected::Other(""), &visitor)),
        }
    }

    fn deserialize_identifier<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}
