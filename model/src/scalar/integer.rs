//! Integers in any JSON notation: `1.0`, `1e3` and `-0` are integers, too, since JSON Schema
//! defines an integer as any number without a fraction. They are encoded as plain integers.
//!
//! The fields of models are Rust's integers, lists, maps and tuples, which decode themselves and
//! reject these notations. So what they decode from is changed: a number without a fraction is an
//! integer. Generated code calls this only for types with integers, since each type is compiled for
//! another deserializer.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess,
    SeqAccess, Visitor,
};

/// Below this limit every integer has exactly one floating-point number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the integer that a floating-point number represents without loss.
pub(crate) fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

/// Decodes the value of a property that is or contains integers.
pub(crate) fn next_integers<'de, T: Deserialize<'de>, M: MapAccess<'de>>(
    map: &mut M,
) -> Result<T, M::Error> {
    map.next_value::<Integers<T>>().map(|integers| integers.0)
}

/// Decodes the JSON of a value that is or contains integers.
pub(crate) fn integers_from_str<T: DeserializeOwned>(json: &str) -> serde_json::Result<T> {
    serde_json::from_str::<Integers<T>>(json).map(|integers| integers.0)
}

struct Integers<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Integers<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(Within(deserializer)).map(Integers)
    }
}

/// A part of what is decoded: a deserializer, a visitor, or access to elements.
struct Within<T>(T);

/// Asks for a number.
macro_rules! numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(Whole(visitor))
        })*
    };
}

/// Asks for what may contain numbers.
macro_rules! containers {
    ($($method:ident($($argument:ident: $ty:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(
            self,
            $($argument: $ty,)*
            visitor: V,
        ) -> Result<V::Value, D::Error> {
            self.0.$method($($argument,)* Within(visitor))
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Within<D> {
    type Error = D::Error;

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    containers! {
        deserialize_any() deserialize_bool() deserialize_f32() deserialize_f64()
        deserialize_char() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_option() deserialize_unit() deserialize_seq()
        deserialize_map() deserialize_identifier() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }
}

/// The visitor of an integer.
struct Whole<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Whole<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<V::Value, E> {
        self.0.visit_i64(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<V::Value, E> {
        self.0.visit_u64(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<V::Value, E> {
        match whole(number) {
            Some(integer) => match u64::try_from(integer) {
                Ok(natural) => self.0.visit_u64(natural),
                Err(_) => self.0.visit_i64(integer),
            },
            None => self.0.visit_f64(number),
        }
    }
}

/// Passes a value on.
macro_rules! values {
    ($($method:ident($ty:ty))*) => {
        $(fn $method<E: Error>(self, value: $ty) -> Result<V::Value, E> {
            self.0.$method(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Within<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    values! {
        visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) visit_char(char)
        visit_str(&str) visit_borrowed_str(&'de str) visit_string(String)
        visit_bytes(&[u8]) visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Within(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Within(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Within(seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Within(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(data)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Within<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Within(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Within<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Within(seed))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Within<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Within(seed))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::json::{Json, Tuple};
    use crate::scalar::{Nullable, Number};

    fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
        integers_from_str(json).ok()
    }

    #[test]
    fn integers_are_found_at_any_depth() {
        assert_eq!(read("[[1.0],[2e1,-3]]"), Some(vec![vec![1_i64], vec![20, -3]]));
        assert_eq!(read(r#"[1.0,"a",[2.0]]"#), Some((1_u8, "a".to_owned(), [2_i32])));
        assert_eq!(read("[null,4.0]"), Some(vec![None, Some(4_i64)]));
        let map = BTreeMap::from([("a".to_owned(), vec![(5_i64,)])]);
        assert_eq!(read(r#"{"a":[[5.0]]}"#), Some(map));
        let tuple = Tuple { items: (6_i64,), optional: (Some(7_i64),), rest: vec![8_i64] };
        assert_eq!(read("[6.0,7.0,8.0]"), Some(tuple));
        assert_eq!(read("9.0"), Some(Nullable::Value(9_i64)));
        for json in ["[[1.5]]", "[[1e30]]", "[[\"1\"]]"] {
            assert_eq!(read::<Vec<Vec<i64>>>(json), None, "{json}");
        }
        assert_eq!(read::<Vec<(u8,)>>("[[-1.0]]"), None);
    }

    #[test]
    fn other_values_are_unchanged() {
        let numbers: Vec<(Number, Json)> = read(r#"[[1.0,{"a":[2.0]}]]"#).expect("valid");
        assert_eq!(serde_json::to_string(&numbers).expect("valid"), r#"[[1.0,{"a":[2.0]}]]"#);
        assert_eq!(read(r#"[[1.0,true,"\n"]]"#), Some(vec![(1.0, true, "\n".to_owned())]));
    }
}
