//! The properties of an object that is decoded.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};

use super::{DefaultRecord, Record};
use crate::validate::{ValidationError, Validator};

/// Decodes a record.
pub fn read_record<'de, R: Record, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    deserializer.deserialize_map(RecordVisitor(PhantomData))
}

struct RecordVisitor<R>(PhantomData<R>);

impl<'de, R: Record> Visitor<'de> for RecordVisitor<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(OBJECT)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<R, M::Error> {
        let mut map = Entries::new(map, R::FIELDS);
        let mut draft = R::draft();
        while let Some(index) = map.next()? {
            R::read(&mut draft, index, &mut map)?;
        }
        R::finish(draft).map_err(|missing| map.without(missing))
    }
}

/// Decodes a record that has a default value.
pub fn read_default_record<'de, R: DefaultRecord, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<R, D::Error> {
    deserializer.deserialize_map(DefaultVisitor(PhantomData))
}

struct DefaultVisitor<R>(PhantomData<R>);

impl<'de, R: DefaultRecord> Visitor<'de> for DefaultVisitor<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(OBJECT)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<R, M::Error> {
        let mut map = Entries::new(map, R::FIELDS);
        let mut record = R::default();
        while let Some(index) = map.next()? {
            record.read(index, &mut map)?;
        }
        Ok(record)
    }
}

/// What a record is decoded from.
const OBJECT: &str = "an object";

/// The properties of an object, in the order in which they are sent.
pub struct Entries<M> {
    pub(super) map: M,
    /// The property names of the record.
    names: &'static [&'static str],
    /// The property that is likely to be the next one.
    expected: usize,
    /// The name of the current property, if the record does not declare it.
    pub(super) undeclared: String,
}

impl<'de, M: MapAccess<'de>> Entries<M> {
    fn new(map: M, names: &'static [&'static str]) -> Self {
        Self { map, names, expected: 0, undeclared: String::new() }
    }

    /// Returns the index of the next property in the table of names, or an index past its end for a
    /// property that is not in there. Returns none at the end of the object.
    fn next(&mut self) -> Result<Option<usize>, M::Error> {
        let seed = FieldSeed { names: self.names, expected: self.expected };
        Ok(self.map.next_key_seed(seed)?.map(|field| match field {
            Field::Declared(index) => {
                self.expected = index + 1;
                index
            }
            Field::Undeclared(name) => {
                self.undeclared = name;
                self.names.len()
            }
        }))
    }

    /// Returns the error of an object that lacks required properties.
    #[cold]
    fn without(&mut self, missing: Missing) -> M::Error {
        for name in &missing.0 {
            _ = self.map.next_key_seed(Absent(name));
        }
        M::Error::custom(missing)
    }
}

/// Reports a missing property to the deserializer, which returns this error when it is asked for
/// another name after the last one. Most deserializers only report that there is no further name.
struct Absent(&'static str);

impl<'de> DeserializeSeed<'de> for Absent {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        Err(D::Error::missing_field(self.0))
    }
}

/// A property: its index in the field table, or its name if it is not in there.
enum Field {
    Declared(usize),
    Undeclared(String),
}

/// Finds a property in the field table. Properties are usually sent in the order of the table, so
/// the search starts after the previous one.
struct FieldSeed {
    names: &'static [&'static str],
    expected: usize,
}

impl FieldSeed {
    fn find(&self, key: &str) -> Option<usize> {
        let (before, after) = self.names.split_at(self.expected.min(self.names.len()));
        match after.iter().position(|name| *name == key) {
            Some(i) => Some(before.len() + i),
            None => before.iter().position(|name| *name == key),
        }
    }
}

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = Field;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Field, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for FieldSeed {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Field, E> {
        Ok(match self.find(key) {
            Some(index) => Field::Declared(index),
            None => Field::Undeclared(key.to_owned()),
        })
    }
}

/// The required properties that a record lacks.
pub struct Missing(Vec<&'static str>);

impl Missing {
    /// Returns those of the properties that are not present.
    #[cold]
    pub fn of(present: &[(&'static str, bool)]) -> Self {
        Self(present.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect())
    }

    /// Returns the error of a builder, with all violations found before.
    pub(super) fn report(self, mut checks: Validator) -> ValidationError {
        for name in self.0 {
            checks.field(name, Some(&()), |checks, ()| checks.report("is required"));
        }
        checks.finish().err().unwrap_or_else(|| ValidationError::new("", "is incomplete"))
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.len() == 1 { "missing property " } else { "missing properties " })?;
        for (i, name) in self.0.iter().enumerate() {
            write!(f, "{}`{name}`", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
