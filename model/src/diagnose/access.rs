//! The parts of a value: elements, properties, its JSON.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess,
};

use super::error::Error;
use super::key::Key;
use super::position::{Entry, Position, Step};
use crate::json::RAW_VALUE;

/// A container whose entries are decoded.
pub(super) trait Container<'a>: Copy {
    /// Where decoding starts.
    fn first(self) -> Position;

    /// Where decoding starts, or continues.
    fn start(self) -> Position;

    /// The entry at a position.
    fn entry(self, at: Position) -> Option<Entry>;

    /// Decodes an entry.
    fn decode<S: DeserializeSeed<'a>>(self, entry: Entry, seed: S) -> Result<S::Value, Error>;

    /// The name of an entry.
    fn name(self, step: &Step) -> Cow<'a, str>;

    /// Handles an error of the name of an entry; decoding continues after the entry.
    fn reject_name(self, entry: &Entry, error: Error) -> Error;

    /// Handles missing properties. `end` is the position if all entries were decoded.
    fn missing(self, end: Option<Position>, names: Vec<String>) -> Error;
}

/// The elements of an array.
pub(super) struct Elements<C> {
    array: C,
    at: Position,
    /// Whether elements have different types, so that all are decoded again after an error.
    is_tuple: bool,
}

impl<'a, C: Container<'a>> Elements<C> {
    pub(super) fn new(array: C) -> Self {
        Self { array, at: array.start(), is_tuple: false }
    }

    pub(super) fn of_tuple(array: C) -> Self {
        Self { array, at: array.first(), is_tuple: true }
    }
}

impl<'a, C: Container<'a>> SeqAccess<'a> for Elements<C> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(entry) = self.array.entry(self.at) else { return Ok(None) };
        self.at = entry.next;
        match self.array.decode(entry, seed) {
            Err(Error::Skipped) if self.is_tuple => Err(Error::Incomplete),
            element => element.map(Some),
        }
    }
}

/// The properties of an object.
pub(super) struct Properties<C> {
    object: C,
    at: Position,
    /// The entry whose name was read and whose value was not.
    open: Option<Entry>,
    /// Whether all entries were read.
    is_read: bool,
    /// Names of required properties that the visitor has reported as missing.
    missing: Vec<String>,
}

impl<'a, C: Container<'a>> Properties<C> {
    pub(super) fn new(object: C) -> Self {
        Self { object, at: object.start(), open: None, is_read: false, missing: Vec::new() }
    }

    /// Returns the error of this object, from the one with which decoding it has ended.
    pub(super) fn closed(self, error: Error) -> Error {
        let missing = match error {
            Error::Missing(names) if self.missing.is_empty() => names,
            _ if self.missing.is_empty() => return error,
            _ => self.missing,
        };
        self.object.missing(self.is_read.then_some(self.at), missing)
    }
}

impl<'a, C: Container<'a>> MapAccess<'a> for Properties<C> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(entry) = self.object.entry(self.at) else {
            if self.is_read {
                // A visitor that asks for another name reports a missing property by its error.
                if let Err(Error::Missing(names)) = seed.deserialize(Key("".into())) {
                    self.missing.extend(names);
                }
            }
            self.is_read = true;
            return Ok(None);
        };
        self.at = entry.next;
        let name = self.object.name(&entry.step);
        let name = seed.deserialize(Key(name));
        let name = name.map_err(|error| self.object.reject_name(&entry, error))?;
        self.open = Some(entry);
        Ok(Some(name))
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let entry = self.open.take().ok_or_else(|| Error::custom("a value without a name"))?;
        self.object.decode(entry, seed)
    }
}

/// The value of a union: the same value, as often as it is requested.
pub(super) struct Repeated<D>(pub(super) D);

impl<'a, D: Deserializer<'a, Error = Error> + Copy> SeqAccess<'a> for Repeated<D> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        seed.deserialize(self.0).map(Some)
    }
}

/// A value as its JSON, in the form in which serde_json provides it.
pub(super) struct RawValue<'a> {
    json: Cow<'a, str>,
    is_read: bool,
}

impl<'a> RawValue<'a> {
    pub(super) fn new(json: Cow<'a, str>) -> Self {
        Self { json, is_read: false }
    }
}

impl<'a> MapAccess<'a> for RawValue<'a> {
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
        match std::mem::take(&mut self.json) {
            Cow::Borrowed(json) => seed.deserialize(BorrowedStrDeserializer::new(json)),
            Cow::Owned(json) => seed.deserialize(json.into_deserializer()),
        }
    }
}
