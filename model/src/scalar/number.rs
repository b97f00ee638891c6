//! JSON numbers that round-trip.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A JSON number: an integer or a floating-point number, as it was sent.
///
/// `154` and `154.0` are equal, but each is encoded as it was sent. An `f64` would convert one into
/// the other, and lose digits of large integers.
///
/// ```
/// use specwright_model::scalar::Number;
///
/// let count: Number = serde_json::from_str("154")?;
/// assert_eq!(count, Number::from(154.0));
/// assert_eq!(count.as_f64(), 154.0);
/// assert_eq!(serde_json::to_string(&count)?, "154");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Number(Written);

#[derive(Clone, Copy)]
enum Written {
    Negative(i64),
    Natural(u64),
    Float(f64),
}

impl Number {
    /// Returns the nearest floating-point number.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Written::Negative(n) => n as f64,
            Written::Natural(n) => n as f64,
            Written::Float(n) => n,
        }
    }

    /// Returns the value if it was sent as an integer that fits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self.0 {
            Written::Negative(n) => Some(n),
            Written::Natural(n) => i64::try_from(n).ok(),
            Written::Float(_) => None,
        }
    }
}

impl From<f64> for Number {
    fn from(n: f64) -> Self {
        Self(Written::Float(n))
    }
}

impl From<i64> for Number {
    fn from(n: i64) -> Self {
        Self(u64::try_from(n).map_or(Written::Negative(n), Written::Natural))
    }
}

impl From<i32> for Number {
    fn from(n: i32) -> Self {
        i64::from(n).into()
    }
}

impl From<u64> for Number {
    fn from(n: u64) -> Self {
        Self(Written::Natural(n))
    }
}

impl From<u32> for Number {
    fn from(n: u32) -> Self {
        u64::from(n).into()
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.0, other.0) {
            (Written::Natural(a), Written::Natural(b)) => Some(a.cmp(&b)),
            (Written::Negative(a), Written::Negative(b)) => Some(a.cmp(&b)),
            _ => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Written::Negative(n) => n.fmt(f),
            Written::Natural(n) => n.fmt(f),
            Written::Float(n) => n.fmt(f),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Written::Negative(n) => serializer.serialize_i64(n),
            Written::Natural(n) => serializer.serialize_u64(n),
            Written::Float(n) => serializer.serialize_f64(n),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_i64<E>(self, n: i64) -> Result<Number, E> {
                Ok(n.into())
            }

            fn visit_u64<E>(self, n: u64) -> Result<Number, E> {
                Ok(n.into())
            }

            fn visit_f64<E>(self, n: f64) -> Result<Number, E> {
                Ok(n.into())
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
