//! Integers in any JSON notation: `1.0`, `1e3` and `-0` are integers, too, since JSON Schema
//! defines an integer as any number without a fraction. They are encoded as plain integers.
//!
//! The fields of models are Rust's integers, which serde does not decode from these notations. This
//! module decodes them by the type of a field, so that the code of models stays small.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess,
    Unexpected, Visitor,
};

use super::nullable::Nullable;

/// Below this limit every integer has exactly one floating-point number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the integer that a floating-point number represents without loss.
pub(crate) fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

/// Decodes the value of a property.
pub(crate) fn next_value<'de, T: Deserialize<'de> + 'static, M: MapAccess<'de>>(
    map: &mut M,
) -> Result<T, M::Error> {
    if !is_lenient::<T>() {
        return map.next_value();
    }
    let mut slot: Option<T> = None;
    fill(map, &mut slot)?;
    slot.ok_or_else(|| M::Error::custom("missing value"))
}

/// Calls a macro with the types of fields that contain only these integers.
macro_rules! with_types_of {
    ($call:ident $($int:ident),*) => {
        $call! {
            $($int, Option<$int>, Nullable<$int>, Vec<$int>, Option<Vec<$int>>,
            BTreeMap<String, $int>, Option<BTreeMap<String, $int>>),*
        }
    };
}

/// Returns whether a type is one of those. The compiler evaluates this.
#[inline]
fn is_lenient<T: 'static>() -> bool {
    macro_rules! is_any {
        ($($ty:ty),*) => { $(TypeId::of::<T>() == TypeId::of::<$ty>())||* };
    }
    with_types_of!(is_any i32, i64, u64, i8, i16, u8, u16, u32)
}

/// Decodes into a slot of one of these types.
fn fill<'de, M: MapAccess<'de>>(map: &mut M, slot: &mut dyn Any) -> Result<(), M::Error> {
    macro_rules! fill_any {
        ($($ty:ty),*) => {
            $(if let Some(slot) = slot.downcast_mut::<Option<$ty>>() {
                *slot = Some(map.next_value_seed(Seed::<$ty>(PhantomData))?);
                return Ok(());
            })*
        };
    }
    with_types_of!(fill_any i32, i64, u64);
    fill_small(map, slot)
}

/// As [`fill`], for the integers that are rare.
fn fill_small<'de, M: MapAccess<'de>>(map: &mut M, slot: &mut dyn Any) -> Result<(), M::Error> {
    macro_rules! fill_any {
        ($($ty:ty),*) => {
            $(if let Some(slot) = slot.downcast_mut::<Option<$ty>>() {
                *slot = Some(map.next_value_seed(Seed::<$ty>(PhantomData))?);
                return Ok(());
            })*
        };
    }
    with_types_of!(fill_any i8, i16, u8, u16, u32);
    Ok(())
}

/// Calls a macro with the types of bodies and variants that contain only these integers.
macro_rules! with_documents_of {
    ($call:ident $($int:ident),*) => {
        $call! {
            $($int, Option<$int>, Vec<$int>, Option<Vec<$int>>, Vec<Option<$int>>, Vec<Vec<$int>>,
            BTreeMap<String, $int>),*
        }
    };
}

/// Returns whether a type is one of those. The compiler evaluates this.
#[inline]
pub(crate) fn holds_integers<T: 'static>() -> bool {
    macro_rules! is_any {
        ($($ty:ty),*) => { $(TypeId::of::<T>() == TypeId::of::<$ty>())||* };
    }
    with_documents_of!(is_any i32, i64, u64, i8, i16, u8, u16, u32)
}

/// Decodes a JSON document.
///
/// # Errors
/// Returns an error if it is not JSON, or not of this type.
pub fn from_str<T: DeserializeOwned + 'static>(json: &str) -> serde_json::Result<T> {
    if !holds_integers::<T>() {
        return serde_json::from_str(json);
    }
    let mut slot: Option<T> = None;
    read_document(json, &mut slot)?;
    slot.ok_or_else(|| serde_json::Error::custom("missing value"))
}

/// Decodes a document into a slot of one of these types.
fn read_document(json: &str, slot: &mut dyn Any) -> serde_json::Result<()> {
    macro_rules! fill_any {
        ($($ty:ty),*) => {
            $(if let Some(slot) = slot.downcast_mut::<Option<$ty>>() {
                *slot = Some(read_all::<$ty>(json)?);
                return Ok(());
            })*
        };
    }
    with_documents_of!(fill_any i32, i64, u64, i8, i16, u8, u16, u32);
    Ok(())
}

fn read_all<T: Lenient>(json: &str) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = T::read(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// A type that is decoded here instead of by its own implementation.
trait Lenient: Sized {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

struct Seed<T>(PhantomData<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

macro_rules! lenient {
    ($($ty:ident $ask:ident),*) => {
        $(impl Lenient for $ty {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.$ask(Number(stringify!($ty), PhantomData))
            }
        })*
    };
}

lenient!(
    i8 deserialize_i8, i16 deserialize_i16, i32 deserialize_i32, i64 deserialize_i64,
    u8 deserialize_u8, u16 deserialize_u16, u32 deserialize_u32, u64 deserialize_u64
);

/// Decodes an integer; the name is that of its type.
struct Number<T>(&'static str, PhantomData<T>);

impl<T: TryFrom<i64> + TryFrom<u64>> Visitor<'_> for Number<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        number.try_into().map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        number.try_into().map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        whole(number)
            .and_then(|integer| integer.try_into().ok())
            .ok_or_else(|| E::invalid_type(Unexpected::Float(number), &self))
    }
}

impl<T: Lenient> Lenient for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(Seed::<T>(PhantomData))
    }
}

impl<T: Lenient> Lenient for Nullable<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::read(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

/// Decodes a value that may be null.
impl<'de, T: Lenient> Visitor<'de> for Seed<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("option")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer).map(Some)
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Items(PhantomData))
    }
}

struct Items<T>(PhantomData<T>);

impl<'de, T: Lenient> Visitor<'de> for Items<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Seed(PhantomData))? {
            items.push(item);
        }
        Ok(items)
    }
}

impl<T: Lenient> Lenient for BTreeMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Lenient> Visitor<'de> for Entries<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(key) = map.next_key()? {
            entries.insert(key, map.next_value_seed(Seed(PhantomData))?);
        }
        Ok(entries)
    }
}
