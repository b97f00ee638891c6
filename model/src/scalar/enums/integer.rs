//! Enums of integers. Like string enums they are open: unknown values are kept and round-trip.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, Unexpected};

use crate::scalar::fit;
use crate::scalar::whole;

/// An enum of integers with a variant for unknown values.
pub trait IntegerEnum: Sized + Copy {
    /// All declared values, in declaration order.
    const VALUES: &'static [i64];

    /// Returns the variant of a value.
    fn from_integer(value: i64) -> Self;

    /// Returns the value of a variant.
    fn integer(self) -> i64;
}

/// Implements the conversions of an integer, `Serialize` and `Deserialize` for an [`IntegerEnum`].
#[doc(hidden)]
#[macro_export]
macro_rules! integer_enum {
    ($name:ident) => {
        impl $name {
            /// All declared values, in declaration order.
            pub const VALUES: &'static [i64] = <Self as $crate::__private::IntegerEnum>::VALUES;

            /// Returns the value as it is sent.
            #[must_use]
            #[inline]
            pub fn as_i64(self) -> i64 {
                $crate::__private::IntegerEnum::integer(self)
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.as_i64(), f)
            }
        }

        impl From<i64> for $name {
            #[inline]
            fn from(value: i64) -> Self {
                $crate::__private::IntegerEnum::from_integer(value)
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_integer(deserializer)
            }
        }
    };
}

/// Decodes an [`IntegerEnum`].
pub fn read<'de, T: IntegerEnum, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Visitor<T>(PhantomData<T>);

    impl<T: IntegerEnum> serde::de::Visitor<'_> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an integer of 64 bits")
        }

        fn visit_i64<E>(self, value: i64) -> Result<T, E> {
            Ok(known(value))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
            let integer = i64::try_from(value)
                .map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))?;
            Ok(known(integer))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
            // Of larger numbers, only the declared ones are certain not to be rounded.
            let declared = || T::VALUES.iter().copied().find(|known| *known as f64 == value);
            let integer = whole(value).or_else(declared);
            integer.map(known).ok_or_else(|| E::invalid_type(Unexpected::Float(value), &self))
        }
    }

    deserializer.deserialize_i64(Visitor(PhantomData))
}

/// Returns the variant of a value. A trial counts unknown values.
fn known<T: IntegerEnum>(value: i64) -> T {
    if fit::is_counting() && !T::VALUES.contains(&value) {
        fit::unknown();
    }
    T::from_integer(value)
}
