//! Enums of strings. They are open: a value that the description does not name is kept
//! and encoded back unchanged, so that one new value never fails a page.

/// An enum of strings with a variant for every other string.
pub trait TextEnum: Sized {
    /// Every value that the description names, in its order.
    const VALUES: &'static [&'static str];

    /// The variant of a value.
    fn from_text(text: &str) -> Self;

    /// The value of a variant.
    fn text(&self) -> &str;
}

/// Gives a [`TextEnum`] the conversions of a string, `Serialize` and `Deserialize`.
#[doc(hidden)]
#[macro_export]
macro_rules! text_enum {
    ($name:ident) => {
        impl $name {
            /// Every value that the description names, in its order.
            pub const VALUES: &'static [&'static str] =
                <Self as $crate::__private::TextEnum>::VALUES;

            /// The value as it is sent.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                $crate::__private::TextEnum::text(self)
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                $crate::__private::TextEnum::from_text(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
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
                $crate::__private::read_text(deserializer)
            }
        }
    };
}

/// Decodes a [`TextEnum`].
pub fn read<'de, T: TextEnum, D: serde::Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Visitor<T>(std::marker::PhantomData<T>);

    impl<T: TextEnum> serde::de::Visitor<'_> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::from_text(text))
        }
    }

    deserializer.deserialize_str(Visitor(std::marker::PhantomData))
}
