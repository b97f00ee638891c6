//! Values that are not shown: passwords, keys, and others that are secret in a document.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::validate::{Validate, Validator};

/// What is shown in place of a secret.
pub const REDACTED: &str = "<redacted>";

/// The name under which secrets are decoded, by which a deserializer recognises them.
pub(crate) const SECRET: &str = "$specwright::Secret";

/// A secret value. `Debug` shows `<redacted>`, and so do the types that contain it; there is no
/// `Display`. It dereferences to the value, is encoded and decoded as the value, and is created
/// with `From`.
///
/// ```
/// use specwright_model::credential::Secret;
///
/// let password: Secret<String> = "hunter2".into();
/// assert_eq!(format!("{password:?}"), "<redacted>");
/// assert_eq!(password.len(), 7);
/// assert_eq!(password.expose(), "hunter2");
/// assert_eq!(password.into_inner(), "hunter2");
/// ```
///
/// The memory is not overwritten when the value is dropped.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Creates a secret.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value, as dereferencing does, but visibly.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Converts to the value, which is no longer protected.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<T> Deref for Secret<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Secret<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SECRET, SecretVisitor(PhantomData))
    }
}

macro_rules! visit_value {
    ($($visit:ident($ty:ty),)*) => {
        $(fn $visit<E: Error>(self, value: $ty) -> Result<Secret<T>, E> {
            self.visit_newtype_struct(value.into_deserializer())
        })*
    };
}

struct SecretVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SecretVisitor<T> {
    type Value = Secret<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Secret<T>, D::Error> {
        T::deserialize(deserializer).map(Secret)
    }

    // Some deserializers ignore that a value of this type was requested.
    visit_value! {
        visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str),
    }

    fn visit_unit<E: Error>(self) -> Result<Secret<T>, E> {
        self.visit_newtype_struct(().into_deserializer())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Secret<T>, A::Error> {
        self.visit_newtype_struct(SeqAccessDeserializer::new(seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Secret<T>, A::Error> {
        self.visit_newtype_struct(MapAccessDeserializer::new(map))
    }
}

impl<T: Validate> Validate for Secret<T> {
    fn check(&self, checks: &mut Validator) {
        checks.secret(&self.0, |checks, value| value.check(checks));
    }
}

/// Implements `Debug` for a type whose values are secret as a whole and, given the function that
/// decodes it, `Deserialize`.
#[doc(hidden)]
#[macro_export]
macro_rules! redacted {
    ($name:ident, $read:path) => {
        $crate::redacted!($name);

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                struct Shown($name);

                impl<'de> $crate::__private::serde::Deserialize<'de> for Shown {
                    fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                        deserializer: D,
                    ) -> Result<Self, D::Error> {
                        $read(deserializer).map(Self)
                    }
                }

                $crate::credential::Secret::<Shown>::deserialize(deserializer)
                    .map(|secret| secret.into_inner().0)
            }
        }
    };
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::credential::REDACTED)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn secrets_are_encoded_and_decoded_as_their_value() {
        let json = r#"{"a":["x","y"]}"#;
        let secret: Secret<BTreeMap<String, Vec<Secret<String>>>> =
            serde_json::from_str(json).expect("a map");
        assert_eq!(serde_json::to_string(&secret).expect("JSON"), json);
        assert_eq!(format!("{secret:?}"), "<redacted>");
        let plain: serde::de::value::StrDeserializer<'_, serde_json::Error> =
            "x".into_deserializer();
        assert_eq!(Secret::<String>::deserialize(plain).expect("a string"), "x".into());
    }
}
