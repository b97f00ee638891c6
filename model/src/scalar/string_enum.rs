//! Enums of strings. They are open: unknown values are kept and round-trip, so that a new value
//! does not fail a whole page.

use super::fit;

/// Implements the conversions of a string, `Serialize` and `Deserialize` for an enum with `as_str`
/// and `From<&str>`.
#[doc(hidden)]
#[macro_export]
macro_rules! string_enum {
    ($name:ident) => {
        impl Eq for $name {}

        impl std::hash::Hash for $name {
            #[inline]
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            // Not `Self::Err`, which could be a variant.
            #[inline]
            fn from_str(string: &str) -> Result<Self, std::convert::Infallible> {
                Ok(string.into())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
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
    T: for<'a> From<&'a str>,
    D: serde::Deserializer<'de>,
{
    struct Visitor<T>(&'static [&'static str], std::marker::PhantomData<T>);

    impl<T: for<'a> From<&'a str>> serde::de::Visitor<'_> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, string: &str) -> Result<T, E> {
            if fit::is_counting() && !self.0.contains(&string) {
                fit::unknown();
            }
            Ok(T::from(string))
        }
    }

    deserializer.deserialize_str(Visitor(values, std::marker::PhantomData))
}
