//! Arrays whose elements have different types, by their position.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::Json;

/// An array with elements of different types that may be longer than its known elements, or
/// shorter.
///
/// An array that always has exactly its known elements is a tuple of Rust instead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tuple<T, O = (), R = Json> {
    /// The elements that are always present: a tuple.
    pub items: T,
    /// The elements after them that may be absent: a tuple of `Option`s.
    pub optional: O,
    /// All further elements.
    pub rest: Vec<R>,
}

impl<T, O: Default, R> From<T> for Tuple<T, O, R> {
    fn from(items: T) -> Self {
        Self { items, optional: O::default(), rest: Vec::new() }
    }
}

/// The type of further elements of an array that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoElement {}

impl Serialize for NoElement {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}

impl<'de> Deserialize<'de> for NoElement {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("the array has too many elements"))
    }
}

/// A tuple whose elements are always present.
pub trait Elements: Sized {
    /// Decodes the elements.
    fn read<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Self, A::Error>;

    /// Encodes the elements.
    fn write<S: SerializeSeq>(&self, seq: &mut S) -> Result<(), S::Error>;
}

/// A tuple of `Option`s whose last elements may be absent.
pub trait OptionalElements: Sized {
    /// The number of elements.
    const COUNT: usize;

    /// Decodes the elements.
    fn read<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Self, A::Error>;

    /// Returns the number of elements up to the last one that is present.
    fn count(&self) -> usize;

    /// Encodes this many elements. An absent one before others is `null`.
    fn write<S: SerializeSeq>(&self, seq: &mut S, count: usize) -> Result<(), S::Error>;
}

impl OptionalElements for () {
    const COUNT: usize = 0;

    fn read<'de, A: SeqAccess<'de>>(_: &mut A) -> Result<Self, A::Error> {
        Ok(())
    }

    fn count(&self) -> usize {
        0
    }

    fn write<S: SerializeSeq>(&self, _: &mut S, _: usize) -> Result<(), S::Error> {
        Ok(())
    }
}

impl Elements for () {
    fn read<'de, A: SeqAccess<'de>>(_: &mut A) -> Result<Self, A::Error> {
        Ok(())
    }

    fn write<S: SerializeSeq>(&self, _: &mut S) -> Result<(), S::Error> {
        Ok(())
    }
}

macro_rules! elements {
    ($($ty:ident $index:tt),*) => {
        impl<$($ty: DeserializeOwned + Serialize),*> Elements for ($($ty,)*) {
            fn read<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Self, A::Error> {
                Ok(($(
                    seq.next_element::<$ty>()?.ok_or_else(|| missing($index))?,
                )*))
            }

            fn write<S: SerializeSeq>(&self, seq: &mut S) -> Result<(), S::Error> {
                $(seq.serialize_element(&self.$index)?;)*
                Ok(())
            }
        }

        impl<$($ty: DeserializeOwned + Serialize),*> OptionalElements for ($(Option<$ty>,)*) {
            const COUNT: usize = [$($index),*].len();

            fn read<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Self, A::Error> {
                Ok(($(seq.next_element::<$ty>()?,)*))
            }

            fn count(&self) -> usize {
                let present = [$(self.$index.is_some()),*];
                present.iter().rposition(|is_some| *is_some).map_or(0, |last| last + 1)
            }

            fn write<S: SerializeSeq>(&self, seq: &mut S, count: usize) -> Result<(), S::Error> {
                $(if $index < count {
                    seq.serialize_element(&self.$index)?;
                })*
                Ok(())
            }
        }
    };
}

elements!(T0 0);
elements!(T0 0, T1 1);
elements!(T0 0, T1 1, T2 2);
elements!(T0 0, T1 1, T2 2, T3 3);
elements!(T0 0, T1 1, T2 2, T3 3, T4 4);
elements!(T0 0, T1 1, T2 2, T3 3, T4 4, T5 5);
elements!(T0 0, T1 1, T2 2, T3 3, T4 4, T5 5, T6 6);
elements!(T0 0, T1 1, T2 2, T3 3, T4 4, T5 5, T6 6, T7 7);

#[cold]
fn missing<E: Error>(index: usize) -> E {
    E::custom(format_args!("the array has no element {index}"))
}

impl<T: Elements, O: OptionalElements, R: Serialize> Serialize for Tuple<T, O, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        self.items.write(&mut seq)?;
        let count = if self.rest.is_empty() { self.optional.count() } else { O::COUNT };
        self.optional.write(&mut seq, count)?;
        for item in &self.rest {
            seq.serialize_element(item)?;
        }
        seq.end()
    }
}

impl<'de, T: Elements, O: OptionalElements, R: Deserialize<'de>> Deserialize<'de>
    for Tuple<T, O, R>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TupleVisitor<T, O, R>(PhantomData<(T, O, R)>);

        impl<'de, T: Elements, O: OptionalElements, R: Deserialize<'de>> Visitor<'de>
            for TupleVisitor<T, O, R>
        {
            type Value = Tuple<T, O, R>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let (items, optional) = (T::read(&mut seq)?, O::read(&mut seq)?);
                let mut rest = Vec::new();
                while let Some(item) = seq.next_element()? {
                    rest.push(item);
                }
                Ok(Tuple { items, optional, rest })
            }
        }

        deserializer.deserialize_seq(TupleVisitor(PhantomData))
    }
}
