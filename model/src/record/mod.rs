//! Structs: one small trait per model instead of serde's derives.
//!
//! A derive writes a visitor, a field enum and its own visitor for every
//! struct; rustc spends most of its time on those. Here a model says only what
//! is particular to it (its field names, how one field is read, how a draft
//! becomes a value, what is written), and generic code does the rest.
//! The draft is the public builder, so decoding and building share one check
//! for missing properties.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json::Json;
use crate::scalar::Nullable;
use crate::scalar::next_value;
use crate::validate::{ValidationError, Validator};

/// A struct of a description.
pub trait Record: Sized {
    /// What is known of the value so far: the builder.
    type Draft;

    /// The property names, in the order in which they are written.
    const FIELDS: &'static [&'static str];

    /// What is known of a value of which nothing has come yet.
    fn draft() -> Self::Draft;

    /// Reads the value of one property into the draft.
    fn read<'de, M: MapAccess<'de>>(
        draft: &mut Self::Draft,
        field: Field,
        map: &mut M,
    ) -> Result<(), M::Error>;

    /// Turns a draft into a value, or names every required property that is missing.
    fn finish(draft: Self::Draft, missing: &mut Missing) -> Option<Self>;
}

/// The property that comes next: its place in [`Record::FIELDS`], or its name where it has none.
pub struct Field {
    /// The place in the field table; past its end for other properties.
    pub index: usize,
    /// The name, for properties that the table does not have.
    pub name: String,
}

/// The required properties that a draft lacks.
#[derive(Default)]
pub struct Missing(Vec<&'static str>);

impl Missing {
    /// Notes the properties that are not present.
    pub fn check(&mut self, present: &[(&'static str, bool)]) {
        self.0.extend(present.iter().filter(|(_, there)| !there).map(|(name, _)| *name));
    }

    /// The error of an object that lacks these properties.
    #[cold]
    fn into_error<'de, M: MapAccess<'de>>(self, map: &mut M) -> M::Error {
        for name in &self.0 {
            _ = map.next_key_seed(Absent(name));
        }
        M::Error::custom(self)
    }

    /// Everything that a builder has found.
    fn report(self, mut checks: Validator) -> Result<(), ValidationError> {
        for name in self.0 {
            checks.field(name, Some(&()), |checks, ()| checks.report("is required"));
        }
        checks.finish()
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

/// Decodes a record.
pub fn read_record<'de, R: Record, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    deserializer.deserialize_map(RecordVisitor(PhantomData))
}

struct RecordVisitor<R>(PhantomData<R>);

impl<'de, R: Record> Visitor<'de> for RecordVisitor<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<R, M::Error> {
        let mut draft = R::draft();
        let mut expected = 0;
        while let Some(field) = map.next_key_seed(FieldSeed { names: R::FIELDS, expected })? {
            expected = field.index + 1;
            R::read(&mut draft, field, &mut map)?;
        }
        let mut missing = Missing::default();
        R::finish(draft, &mut missing).ok_or_else(|| missing.into_error(&mut map))
    }
}

/// Reports a missing property to the deserializer: asked for a name after the last one, it gets
/// this error. Most deserializers then only say that there is no further name.
struct Absent(&'static str);

impl<'de> DeserializeSeed<'de> for Absent {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        Err(D::Error::missing_field(self.0))
    }
}

/// Finds a property in the field table. Properties mostly come in the table's
/// order, so the search starts behind the one before.
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
            Some(index) => Field { index, name: String::new() },
            None => Field { index: self.names.len(), name: key.to_owned() },
        })
    }
}

/// Writes the properties of a record. The first failure is kept and ends the writing, so
/// that generated code has no branch for each property.
pub struct Writer<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> Writer<S> {
    /// Begins a record.
    pub fn begin(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// Ends the record.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }

    /// Writes a property that is always there.
    pub fn required<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if let Ok(map) = &mut self.0
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
    }

    /// Writes a property that may be absent.
    pub fn optional<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// Writes a property that may be absent or null.
    pub fn nullable<T: Serialize>(&mut self, name: &str, value: &Nullable<T>) {
        if !value.is_absent() {
            self.required(name, value);
        }
    }

    /// Writes the properties that the description does not name.
    pub fn additional<'v, K: AsRef<str>, V: Serialize + 'v>(
        &mut self,
        properties: impl IntoIterator<Item = (K, &'v V)>,
    ) {
        for (name, value) in properties {
            self.required(name.as_ref(), value);
        }
    }
}

/// Reads a property in which `null` is the same as absent.
pub fn read<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut M,
    slot: &mut Option<T>,
) -> Result<(), M::Error> {
    *slot = next_value(map)?;
    Ok(())
}

/// Reads a property in which `null` is a value.
pub fn read_null<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut M,
    slot: &mut Option<T>,
) -> Result<(), M::Error> {
    *slot = Some(next_value(map)?);
    Ok(())
}

/// Reads a property that may be absent, null or a value.
pub fn read_nullable<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut M,
    slot: &mut Nullable<T>,
) -> Result<(), M::Error> {
    *slot = next_value(map)?;
    Ok(())
}

/// Reads over a property that the description does not allow.
pub fn skip<'de, M: MapAccess<'de>>(map: &mut M) -> Result<(), M::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// Keeps a property that the description does not name.
pub fn keep<'de, M: MapAccess<'de>>(
    map: &mut M,
    field: Field,
    properties: &mut AdditionalProperties,
) -> Result<(), M::Error> {
    properties.insert(field.name, map.next_value()?);
    Ok(())
}

/// Keeps a property that the description does not name but gives a type to.
pub fn keep_typed<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut M,
    field: Field,
    properties: &mut std::collections::BTreeMap<String, T>,
) -> Result<(), M::Error> {
    properties.insert(field.name, next_value(map)?);
    Ok(())
}

/// Finishes a builder: every missing property beside every violation found before.
pub fn build<R: Record>(draft: R::Draft, checks: Validator) -> Result<R, ValidationError> {
    let mut missing = Missing::default();
    let record = R::finish(draft, &mut missing);
    missing.report(checks)?;
    record.ok_or_else(|| ValidationError::new("", "is incomplete"))
}

/// An entry of a map of texts, from whatever becomes a text.
pub fn string_entry((name, value): (impl Into<String>, impl Into<String>)) -> (String, String) {
    (name.into(), value.into())
}

/// The properties of an object that its description does not name, kept as they came
/// so that decoding and encoding again loses nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AdditionalProperties(Vec<(String, Json)>);

impl AdditionalProperties {
    /// None.
    pub const NONE: Self = Self(Vec::new());

    /// The value of a property.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Sets a property, over an earlier one of the same name.
    pub fn insert(&mut self, name: impl Into<String>, value: Json) {
        let name = name.into();
        match self.0.iter_mut().find(|(key, _)| *key == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// The properties in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many properties there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Gives a [`Record`] its `Deserialize`.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($name:ty) => {
        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_record(deserializer)
            }
        }
    };
}
