//! Structs: one small trait per model instead of serde's derives.
//!
//! A derive generates a visitor, a field enum and its visitor for every struct, and rustc spends
//! most of its time on those. Here a model defines only its own part: its field names, how one
//! field is decoded, how a draft becomes a value, and what is encoded. Generic code does the rest.
//! The draft is the public builder, so decoding and building share one check for missing
//! properties.
//!
//! | module | responsibility |
//! |---|---|
//! | `additional` | the properties that are not declared |

mod additional;

pub use additional::AdditionalProperties;

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json::Json;
use crate::scalar::{Nullable, fit, next_integers};
use crate::validate::{ValidationError, Validator};

/// A struct of an OpenAPI document.
pub trait Record: Sized {
    /// The value while it is decoded: the builder.
    type Draft;

    /// The property names, in the order of encoding.
    const FIELDS: &'static [&'static str];

    /// Returns an empty draft.
    fn draft() -> Self::Draft;

    /// Decodes the value of one property into the draft.
    fn read<'de, M: MapAccess<'de>>(
        draft: &mut Self::Draft,
        field: Field,
        map: &mut M,
    ) -> Result<(), M::Error>;

    /// Converts a draft into a value, or reports all missing required properties.
    fn finish(draft: Self::Draft, missing: &mut Missing) -> Option<Self>;
}

/// The next property: its index in [`Record::FIELDS`], or its name if it is not in there.
pub struct Field {
    /// The index in the field table; past its end for other properties.
    pub index: usize,
    /// The name, for properties that are not in the table.
    pub name: String,
}

/// The required properties that are missing in a draft.
#[derive(Default)]
pub struct Missing(Vec<&'static str>);

impl Missing {
    /// Records the properties that are not present.
    pub fn check(&mut self, present: &[(&'static str, bool)]) {
        self.0.extend(present.iter().filter(|(_, there)| !there).map(|(name, _)| *name));
    }

    /// Returns the error of an object in which these properties are missing.
    #[cold]
    fn into_error<'de, M: MapAccess<'de>>(self, map: &mut M) -> M::Error {
        for name in &self.0 {
            _ = map.next_key_seed(Absent(name));
        }
        M::Error::custom(self)
    }

    /// Returns the error of a builder, if there is any problem.
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

/// Reports a missing property to the deserializer, which returns this error when it is asked for
/// another name after the last one. Most deserializers only report that there is no further name.
struct Absent(&'static str);

impl<'de> DeserializeSeed<'de> for Absent {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        Err(D::Error::missing_field(self.0))
    }
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
            Some(index) => Field { index, name: String::new() },
            None => Field { index: self.names.len(), name: key.to_owned() },
        })
    }
}

/// Encodes the properties of a record. The first error is kept and ends encoding, so that generated
/// code needs no branch per property.
pub struct Writer<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> Writer<S> {
    /// Starts a record.
    pub fn begin(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// Ends the record.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }

    /// Encodes a property that is always present.
    pub fn required<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if let Ok(map) = &mut self.0
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
    }

    /// Encodes a property that may be absent.
    pub fn optional<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// Encodes a property that may be absent or null.
    pub fn nullable<T: Serialize>(&mut self, name: &str, value: &Nullable<T>) {
        if !value.is_absent() {
            self.required(name, value);
        }
    }

    /// Encodes properties that are not declared.
    pub fn additional<'v, K: AsRef<str>, V: Serialize + 'v>(
        &mut self,
        properties: impl IntoIterator<Item = (K, &'v V)>,
    ) {
        for (name, value) in properties {
            self.required(name.as_ref(), value);
        }
    }
}

/// Decodes a property for which `null` means absent.
pub fn read<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut M,
    slot: &mut Option<T>,
) -> Result<(), M::Error> {
    *slot = map.next_value()?;
    Ok(())
}

/// Decodes a property whose type decides about `null`: it is a value, or a value of another type
/// that is reported as such.
pub fn read_value<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut M,
    slot: &mut Option<T>,
) -> Result<(), M::Error> {
    *slot = Some(map.next_value()?);
    Ok(())
}

/// Decodes a property that is an integer, or a list, map or tuple that contains integers. If it may
/// be absent or null, the type permits that.
pub fn read_integers<'de, T: Deserialize<'de>, M: MapAccess<'de>>(
    map: &mut M,
    slot: &mut T,
) -> Result<(), M::Error> {
    *slot = next_integers(map)?;
    Ok(())
}

/// As [`read_integers`], for a property that is always present.
pub fn read_integers_value<'de, T: Deserialize<'de>, M: MapAccess<'de>>(
    map: &mut M,
    slot: &mut Option<T>,
) -> Result<(), M::Error> {
    *slot = Some(next_integers(map)?);
    Ok(())
}

/// Decodes a property that has its type only while a condition holds. A value of another type is
/// kept as an undeclared property.
pub fn read_conditional<'de, T: DeserializeOwned, M: MapAccess<'de>>(
    map: &mut M,
    name: &'static str,
    slot: &mut Option<T>,
    properties: &mut AdditionalProperties,
) -> Result<(), M::Error> {
    let json: Json = map.next_value()?;
    match json.deserialize_as() {
        Ok(value) => *slot = value,
        Err(_) => {
            fit::undeclared();
            properties.insert(name, json);
        }
    }
    Ok(())
}

/// Decodes a property that may be absent, null or a value.
pub fn read_nullable<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut M,
    slot: &mut Nullable<T>,
) -> Result<(), M::Error> {
    *slot = map.next_value()?;
    Ok(())
}

/// Keeps a property that is not allowed.
pub fn keep_forbidden<'de, M: MapAccess<'de>>(
    map: &mut M,
    field: Field,
    properties: &mut AdditionalProperties,
) -> Result<(), M::Error> {
    fit::forbidden();
    properties.insert(field.name, map.next_value()?);
    Ok(())
}

/// Keeps a property that is not declared.
pub fn keep<'de, M: MapAccess<'de>>(
    map: &mut M,
    field: Field,
    properties: &mut AdditionalProperties,
) -> Result<(), M::Error> {
    fit::undeclared();
    properties.insert(field.name, map.next_value()?);
    Ok(())
}

/// Keeps a property that is not declared by name, but has a declared type.
pub fn keep_typed<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut M,
    field: Field,
    properties: &mut std::collections::BTreeMap<String, T>,
) -> Result<(), M::Error> {
    properties.insert(field.name, map.next_value()?);
    Ok(())
}

/// As [`keep_typed`], for a type that is or contains integers.
pub fn keep_typed_integers<'de, T: Deserialize<'de>, M: MapAccess<'de>>(
    map: &mut M,
    field: Field,
    properties: &mut std::collections::BTreeMap<String, T>,
) -> Result<(), M::Error> {
    properties.insert(field.name, next_integers(map)?);
    Ok(())
}

/// Reports properties that are not allowed.
pub fn forbid(checks: &mut Validator, properties: &AdditionalProperties) {
    for (name, _) in properties.iter() {
        checks.field(name, Some(&()), |checks, ()| checks.report("is not allowed"));
    }
}

/// Builds a record, or reports all missing properties and all violations found before.
pub fn build<R: Record + Serialize>(
    draft: R::Draft,
    mut checks: Validator,
) -> Result<R, ValidationError> {
    let mut missing = Missing::default();
    let record = R::finish(draft, &mut missing);
    if let Some(record) = &record {
        checks.declared(record);
    }
    missing.report(checks)?;
    record.ok_or_else(|| ValidationError::new("", "is incomplete"))
}

/// As [`build`], and checks a complete record against rules that its type does not express.
pub fn build_with_rules<R: Record + Serialize>(
    draft: R::Draft,
    mut checks: Validator,
    rules: &'static str,
) -> Result<R, ValidationError> {
    let mut missing = Missing::default();
    let record = R::finish(draft, &mut missing);
    if let Some(record) = &record {
        checks.declared(record);
        checks.rules(record, rules);
    }
    missing.report(checks)?;
    record.ok_or_else(|| ValidationError::new("", "is incomplete"))
}

/// Converts a pair into an entry of a map of strings.
pub fn string_entry((name, value): (impl Into<String>, impl Into<String>)) -> (String, String) {
    (name.into(), value.into())
}

/// Collects the items of a list.
#[inline]
pub fn list<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect()
}

/// Collects the items of a list, converted into its type.
#[inline]
pub fn list_into<T>(items: impl IntoIterator<Item = impl Into<T>>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}

/// Implements `Deserialize` for a [`Record`].
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
