//! Values that may have been sent in another notation than Rust writes them.

use std::cell::Cell;
use std::fmt;

/// A value in the notation in which it was sent.
#[derive(Clone)]
pub(super) struct Written<T> {
    /// The value, unless the string is not one that Rust can represent.
    pub(super) value: Option<T>,
    pub(super) string: Box<str>,
    /// Whether it may be sent although it is invalid: because it was decoded, or the caller wants
    /// it.
    pub(super) is_accepted: bool,
}

/// Whether a value has the format of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    Valid,
    /// It has not, but may be sent.
    Accepted,
    Invalid,
}

impl<T> Written<T> {
    /// Returns whether it is valid: as a value, or as a string that Rust cannot represent.
    pub(super) fn validity(&self, is_valid: impl FnOnce(&str) -> bool) -> Validity {
        match self.is_accepted {
            _ if is_valid(&self.string) => Validity::Valid,
            true => Validity::Accepted,
            false => Validity::Invalid,
        }
    }
}

/// The error of a string that is not a timestamp or a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseTimeError {
    string: String,
    expected: &'static str,
}

impl ParseTimeError {
    pub(super) fn new(string: &str, expected: &'static str) -> Self {
        Self { string: string.to_owned(), expected }
    }
}

impl fmt::Display for ParseTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {}", self.string, self.expected)
    }
}

impl std::error::Error for ParseTimeError {}

thread_local! {
    static STRICT: Cell<bool> = const { Cell::new(false) };
}

/// Decodes what was received from a client: strings that do not have the format of their type are
/// errors. Elsewhere they are kept, since one of them must not fail a whole response.
pub fn strict<T>(decode: impl FnOnce() -> T) -> T {
    struct Reset(bool);

    impl Drop for Reset {
        fn drop(&mut self) {
            STRICT.set(self.0);
        }
    }

    let _reset = Reset(STRICT.replace(true));
    decode()
}

/// Whether strings must have the format of their type.
pub(crate) fn is_strict() -> bool {
    STRICT.get()
}

/// Implements the traits of a type that is a value or a string, and what all of these types have.
macro_rules! value_or_string {
    ($name:ident, $value:ty, $expected:literal) => {
        impl $name {
            #[doc = concat!("Creates ", $expected, " from any string. Another one is a violation in")]
            /// `validate()`, builders and requests.
            #[must_use]
            pub fn from_string(string: impl AsRef<str>) -> Self {
                Self::of_string(string.as_ref(), false)
            }

            /// Creates a value that is sent as this string, whatever it is, as one that was decoded.
            #[doc = concat!("Only `validate()` reports it if it is not ", $expected, ".")]
            #[must_use]
            pub fn unchecked(string: impl AsRef<str>) -> Self {
                Self::of_string(string.as_ref(), true)
            }

            /// Returns the string as it was sent, unless it is the usual notation of its value.
            #[must_use]
            pub fn notation(&self) -> Option<&str> {
                match &self.0 {
                    Form::Written(written) => Some(&written.string),
                    _ => None,
                }
            }

            fn key(&self) -> (Option<$value>, Option<&str>) {
                let value = self.value();
                (value, if value.is_some() { None } else { self.notation() })
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.key() == other.key()
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        /// By value. Strings without a value come first.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.key().cmp(&other.key())
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.key().hash(state);
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.notation() {
                    Some(string) => f.write_str(string),
                    None => f.write_str(self.usual().as_str()),
                }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.notation() {
                    Some(string) => serializer.serialize_str(string),
                    None => serializer.serialize_str(self.usual().as_str()),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: serde::de::Error>(self, string: &str) -> Result<$name, E> {
                        if $crate::scalar::time::is_strict() {
                            return string.parse().map_err(E::custom);
                        }
                        let value = $name::unchecked(string);
                        if value.value().is_none() && $crate::scalar::fit::is_counting() {
                            $crate::scalar::fit::unknown();
                        }
                        Ok(value)
                    }
                }

                deserializer.deserialize_str(Visitor)
            }
        }
    };
}

pub(super) use value_or_string;
