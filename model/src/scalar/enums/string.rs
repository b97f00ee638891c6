//! Enums of strings. They are open: unknown values are kept and round-trip, so that a new value
//! does not fail a whole page.

use std::fmt;
use std::ops::Deref;

use serde::Serializer;

use crate::scalar::{fit, undeclared};

/// A value of an enum that the OpenAPI document does not declare. It dereferences to a string.
///
/// Created from a string by `From`, it is sent as it is:
///
/// ```
/// use specwright_model::scalar::UnknownValue;
///
/// let value: UnknownValue = "brand-new".into();
/// assert_eq!(value.as_str(), "brand-new");
/// ```
///
/// When a string is converted to an enum, it is probably misspelled if it is not declared. Builders
/// and requests then report it.
#[derive(Clone)]
pub struct UnknownValue {
    value: Box<str>,
    /// Whether a caller gave it as any string. An enum has no extra byte for this.
    is_unverified: bool,
}

impl UnknownValue {
    /// Returns the value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Creates a value that is sent as it is.
    #[doc(hidden)]
    #[must_use]
    pub fn verified(value: &str) -> Self {
        value.into()
    }

    /// Creates a value from a string that was converted to an enum.
    #[doc(hidden)]
    #[must_use]
    pub fn unverified(value: &str) -> Self {
        undeclared::note();
        Self { value: value.into(), is_unverified: true }
    }
}

impl Deref for UnknownValue {
    type Target = str;

    fn deref(&self) -> &str {
        &self.value
    }
}

impl From<&str> for UnknownValue {
    fn from(value: &str) -> Self {
        Self { value: value.into(), is_unverified: false }
    }
}

impl From<String> for UnknownValue {
    fn from(value: String) -> Self {
        Self { value: value.into(), is_unverified: false }
    }
}

impl PartialEq for UnknownValue {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for UnknownValue {}

impl PartialEq<str> for UnknownValue {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for UnknownValue {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.value)
    }
}

/// An enum of strings with a variant for unknown values.
pub trait StringEnum: Sized {
    /// Returns the variant of a string. An undeclared one is converted by `unknown`.
    fn of(value: &str, unknown: ToUnknown) -> Self;
}

/// A conversion of a string that an enum does not declare.
pub type ToUnknown = fn(&str) -> UnknownValue;

/// Encodes an undeclared value of an enum. `other` is the name of the variant.
pub fn write<S: Serializer>(
    value: &UnknownValue,
    declared: &[&str],
    other: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if value.is_unverified
        && let Some(placeholder) = undeclared::collect(value, declared, other)
    {
        return serializer.serialize_str(&placeholder);
    }
    serializer.serialize_str(value)
}

/// Implements the conversions of a string, `Serialize` and `Deserialize` for a [`StringEnum`] with
/// `as_str`, given the variant for unknown values. If any string is declared, the last argument is
/// `open`.
#[doc(hidden)]
#[macro_export]
macro_rules! string_enum {
    ($name:ident, $other:ident) => {
        $crate::string_enum!($name, $other, $crate::__private::UnknownValue::unverified);
    };
    ($name:ident, $other:ident, open) => {
        $crate::string_enum!($name, $other, $crate::__private::UnknownValue::verified);
    };
    ($name:ident, $other:ident, $unknown:expr) => {
        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                $crate::__private::StringEnum::of(value, $unknown)
            }
        }

        impl Eq for $name {}

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            // Not `Self::Err`, which could be a variant.
            fn from_str(string: &str) -> Result<Self, std::convert::Infallible> {
                Ok(string.into())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                match self {
                    Self::$other(value) => $crate::__private::write_string(
                        value,
                        <$name>::VALUES,
                        stringify!($other),
                        serializer,
                    ),
                    known => serializer.serialize_str(known.as_str()),
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_string(deserializer, <$name>::VALUES)
            }
        }
    };
}

/// Decodes an enum of strings with these values.
pub fn read<'de, T, D>(deserializer: D, values: &'static [&'static str]) -> Result<T, D::Error>
where
    T: StringEnum,
    D: serde::Deserializer<'de>,
{
    struct Visitor<T>(&'static [&'static str], std::marker::PhantomData<T>);

    impl<T: StringEnum> serde::de::Visitor<'_> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, string: &str) -> Result<T, E> {
            if fit::is_counting() && !self.0.contains(&string) {
                fit::unknown();
            }
            Ok(T::of(string, UnknownValue::verified))
        }
    }

    deserializer.deserialize_str(Visitor(values, std::marker::PhantomData))
}
