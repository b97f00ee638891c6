//! The parts of a value: elements, properties, its JSON.

use std::borrow::Cow;

use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::error::Error;
use super::node::Node;
use super::position::{Entry, Id, Position};
use crate::json::RAW_VALUE;

impl<'w, 'a> Node<'w, 'a> {
    fn entry(self, at: Position) -> Option<Entry> {
        // After a cut nothing is worth decoding.
        if self.walk.is_cut() {
            return None;
        }
        self.walk.entry(self.id, at, self.trial.is_some())
    }

    /// Decodes an entry of this container. An error is recorded, and decoding of the container
    /// then continues at the entry itself, which has got a placeholder, or after it.
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
                Err(Error::Recorded)
            }
        };
        self.walk.pop();
        result
    }
}

/// The elements of an array.
pub(super) struct Elements<'w, 'a> {
    node: Node<'w, 'a>,
    at: Position,
}

impl<'w, 'a> Elements<'w, 'a> {
    pub(super) fn new(node: Node<'w, 'a>) -> Self {
        Self { node, at: node.walk.start(node.id, node.trial.is_some()) }
    }
}

impl<'a> SeqAccess<'a> for Elements<'_, 'a> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(entry) = self.node.entry(self.at) else { return Ok(None) };
        self.at = entry.next;
        self.node.decode(entry, seed).map(Some)
    }
}

/// The properties of an object.
pub(super) struct Properties<'w, 'a> {
    node: Node<'w, 'a>,
    at: Position,
    /// The entry whose name was read and whose value was not.
    open: Option<Entry>,
    /// Whether all entries were read.
    is_read: bool,
    /// Names of required properties that the reader of this object has reported as missing.
    missing: Vec<String>,
}

impl<'w, 'a> Properties<'w, 'a> {
    pub(super) fn new(node: Node<'w, 'a>) -> Self {
        let at = node.walk.start(node.id, node.trial.is_some());
        Self { node, at, open: None, is_read: false, missing: Vec::new() }
    }

    /// The error of this object, from the one with which decoding it has ended.
    pub(super) fn closed(self, error: Error) -> Error {
        let missing = match error {
            Error::Missing(names) if self.missing.is_empty() => names,
            _ if self.missing.is_empty() => return error,
            _ => self.missing,
        };
        match self.node.trial {
            None if self.is_read => self.node.walk.missing(self.node.id, self.at, missing),
            _ => Error::Missing(missing),
        }
    }
}

impl<'a> MapAccess<'a> for Properties<'_, 'a> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(entry) = self.node.entry(self.at) else {
            if self.is_read {
                // A reader that asks for another name reports a missing property by its error.
                if let Err(Error::Missing(names)) = seed.deserialize(Key("".into())) {
                    self.missing.extend(names);
                }
            }
            self.is_read = true;
            return Ok(None);
        };
        self.at = entry.next;
        let key = match seed.deserialize(Key(self.node.walk.name(&entry.step))) {
            Err(error) if self.node.trial.is_none() => {
                self.node.walk.reject_name(&entry.step, &error);
                self.node.walk.suspend(self.node.id, self.at);
                return Err(Error::Recorded);
            }
            key => key?,
        };
        self.open = Some(entry);
        Ok(Some(key))
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let entry = self.open.take().ok_or_else(|| Error::custom("a value without a name"))?;
        self.node.decode(entry, seed)
    }
}

/// The name of a property.
struct Key<'de>(Cow<'de, str>);

/// Reads names that are numbers, as in maps with such keys.
macro_rules! number_keys {
    ($($method:ident $visit:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0.parse() {
                Ok(number) => visitor.$visit(number),
                Err(_) => self.deserialize_any(visitor),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Cow::Borrowed(name) => visitor.visit_borrowed_str(name),
            Cow::Owned(name) => visitor.visit_string(name),
        }
    }

    number_keys! {
        deserialize_i8 visit_i64 deserialize_i16 visit_i64
        deserialize_i32 visit_i64 deserialize_i64 visit_i64
        deserialize_u8 visit_u64 deserialize_u16 visit_u64
        deserialize_u32 visit_u64 deserialize_u64 visit_u64
        deserialize_f32 visit_f64 deserialize_f64 visit_f64 deserialize_bool visit_bool
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(serde::de::value::CowStrDeserializer::new(self.0))
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}

/// The value of a union: the same value, as often as it is asked for.
pub(super) struct Repeated<'w, 'a>(pub(super) Node<'w, 'a>);

impl<'a> SeqAccess<'a> for Repeated<'_, 'a> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        seed.deserialize(self.0).map(Some)
    }
}

/// A value as its JSON, in the form in which serde_json provides it.
pub(super) struct RawValue<'w, 'a> {
    node: Node<'w, 'a>,
    is_read: bool,
}

impl<'w, 'a> RawValue<'w, 'a> {
    pub(super) fn new(node: Node<'w, 'a>) -> Self {
        Self { node, is_read: false }
    }
}

impl<'a> MapAccess<'a> for RawValue<'_, 'a> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        if std::mem::replace(&mut self.is_read, true) {
            return Ok(None);
        }
        seed.deserialize(BorrowedStrDeserializer::new(RAW_VALUE)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Error> {
        match self.node.id {
            Id::Sent(_) => {
                let json = self.node.walk.json(self.node.id);
                seed.deserialize(BorrowedStrDeserializer::new(json))
            }
            Id::Placeholder(index) => {
                let json = self.node.walk.rendered(index);
                seed.deserialize(StringDeserializer::new(json))
            }
        }
    }
}
