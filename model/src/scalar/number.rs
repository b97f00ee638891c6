//! JSON numbers that round-trip.

use std::cmp::Ordering;
use std::fmt;

use serde::de::{Error, MapAccess, Unexpected};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::decimal;
use crate::json::{CapturedVisitor, Kind, NUMBER, RAW_VALUE};

/// A JSON number: an integer or a floating-point number, as it was sent.
///
/// `154` and `154.0` are equal, but each is encoded as it was sent. An `f64` would convert one into
/// the other, and lose digits of large integers. A number that neither 64 bits nor an `f64` give
/// back, such as `0.10` or `12345678901234567890123`, is kept as it was written.
///
/// ```
/// use specwright_model::scalar::Number;
///
/// let count: Number = serde_json::from_str("154")?;
/// assert_eq!(count, Number::from(154.0));
/// assert_eq!(count.as_f64(), 154.0);
/// assert_eq!(serde_json::to_string(&count)?, "154");
/// let price: Number = "1234567890123456.70".parse()?;
/// assert_eq!(price.to_string(), "1234567890123456.70");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Number(Written);

#[derive(Clone)]
enum Written {
    Negative(i64),
    Natural(u64),
    Float(f64),
    /// A number that none of these gives back.
    Digits(Box<Digits>),
}

/// A number as it was written. It is boxed, so that a [`Number`] takes 16 bytes.
#[derive(Clone)]
struct Digits(Box<str>);

impl Number {
    /// Returns the nearest floating-point number.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            Written::Negative(n) => *n as f64,
            Written::Natural(n) => *n as f64,
            Written::Float(n) => *n,
            Written::Digits(digits) => digits.0.parse().unwrap_or(f64::NAN),
        }
    }

    /// Returns the value if it was sent as an integer that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Written::Negative(n) => Some(*n),
            Written::Natural(n) => i64::try_from(*n).ok(),
            Written::Float(_) | Written::Digits(_) => None,
        }
    }

    /// Returns the value if it was sent as a natural number that fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Written::Natural(n) => Some(*n),
            Written::Negative(_) | Written::Float(_) | Written::Digits(_) => None,
        }
    }

    /// Returns whether it is a multiple of a factor.
    pub(crate) fn is_multiple_of(&self, factor: f64) -> bool {
        let quotient = self.as_f64() / factor;
        let is_approximate = match &self.0 {
            // Neither number is exact (0.01 is not), so the tolerance grows with the quotient.
            Written::Float(_) => quotient.abs() < 2_f64.powi(53),
            Written::Negative(_) | Written::Natural(_) | Written::Digits(_) => false,
        };
        if !is_approximate
            && let Some(is_multiple) = decimal::is_multiple(&self.to_string(), &factor.to_string())
        {
            return is_multiple;
        }
        (quotient - quotient.round()).abs() <= (quotient.abs() * 2.0 * f64::EPSILON).max(1e-9)
    }

    /// Returns whether it has no fraction.
    pub(crate) fn is_integer(&self) -> bool {
        match &self.0 {
            Written::Negative(_) | Written::Natural(_) => true,
            Written::Float(n) => n.fract() == 0.0,
            Written::Digits(digits) => decimal::is_multiple(&digits.0, "1") == Some(true),
        }
    }

    /// Reads a JSON number.
    pub(crate) fn read(json: &str) -> Self {
        let kept = || Self(Written::Digits(Box::new(Digits(json.into()))));
        if !json.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            return match (json.parse(), json.parse()) {
                (Ok(natural), _) if !json.starts_with('-') => Self(Written::Natural(natural)),
                // `-0` is not an integer of Rust.
                (_, Ok(negative)) if negative < 0 => Self(Written::Negative(negative)),
                _ => kept(),
            };
        }
        match json.parse::<f64>() {
            Ok(float) if decimal::is_short(json) || is_written(float, json) => {
                Self(Written::Float(float))
            }
            _ => kept(),
        }
    }
}

/// Returns whether a floating-point number is encoded as this JSON.
fn is_written(float: f64, json: &str) -> bool {
    // The longest number has 24 bytes.
    let mut buffer = [0; 32];
    let mut rest = buffer.as_mut_slice();
    if serde_json::to_writer(&mut rest, &float).is_err() {
        return false;
    }
    let length = 32 - rest.len();
    buffer.get(..length) == Some(json.as_bytes())
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

impl From<u64> for Number {
    fn from(n: u64) -> Self {
        Self(Written::Natural(n))
    }
}

macro_rules! from_small {
    ($($small:ident $large:ident),*) => {
        $(impl From<$small> for Number {
            fn from(n: $small) -> Self {
                $large::from(n).into()
            }
        })*
    };
}

from_small!(i8 i64, i16 i64, i32 i64, u8 u64, u16 u64, u32 u64);

/// Reads a number in JSON notation, and keeps its digits.
impl std::str::FromStr for Number {
    type Err = serde_json::Error;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(json)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl Eq for Number {}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // Equal numbers have the same nearest floating-point number. Zero has two.
        (self.as_f64() + 0.0).to_bits().hash(state);
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (&self.0, &other.0) {
            (Written::Natural(a), Written::Natural(b)) => Some(a.cmp(b)),
            (Written::Negative(a), Written::Negative(b)) => Some(a.cmp(b)),
            (Written::Digits(_), _) | (_, Written::Digits(_)) => {
                decimal::compare(&self.to_string(), &other.to_string())
            }
            _ => match self.as_f64().partial_cmp(&other.as_f64()) {
                // Several large integers have the same nearest number.
                Some(Ordering::Equal) if self.as_f64().abs() >= 2_f64.powi(53) => {
                    decimal::compare(&self.to_string(), &other.to_string())
                }
                order => order,
            },
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Written::Negative(n) => n.fmt(f),
            Written::Natural(n) => n.fmt(f),
            Written::Float(n) => n.fmt(f),
            Written::Digits(digits) => f.write_str(&digits.0),
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
        match &self.0 {
            Written::Negative(n) => serializer.serialize_i64(*n),
            Written::Natural(n) => serializer.serialize_u64(*n),
            Written::Float(n) => serializer.serialize_f64(*n),
            // As serde_json's `RawValue`, without its allocation.
            Written::Digits(digits) => {
                let mut raw = serializer.serialize_struct(RAW_VALUE, 1)?;
                raw.serialize_field(RAW_VALUE, &*digits.0)?;
                raw.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NUMBER)
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

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Number, A::Error> {
        let json = CapturedVisitor.visit_map(map)?;
        match Kind::of(json.get()) {
            Kind::Number => Ok(Number::read(json.get())),
            kind => Err(A::Error::invalid_type(Unexpected::Other(kind.name()), &self)),
        }
    }

    /// Deserializers that do not have the JSON pass the value.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Number, D::Error> {
        inner.deserialize_any(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(json: &str) -> String {
        let number: Number = serde_json::from_str(json).expect("it is a number");
        serde_json::to_string(&number).expect("it can be encoded")
    }

    #[test]
    fn digits_are_kept() {
        for json in [
            "0",
            "-0",
            "-0.0",
            "0.0",
            "154",
            "154.0",
            "1.10",
            "0.1",
            "0.10",
            "100.0",
            "1e3",
            "1E+3",
            "1e-7",
            "0.00001",
            "0.000001",
            "0.00001234",
            "123456789012345.5",
            "0.1234567890123456",
            "0.12345678901234567",
            "3.141592653589793238462643383279",
            "9007199254740993.0",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "1e999",
            "1e400",
            "5e-400",
            "1.7976931348623157e308",
            "12.50",
            "1000000000000000.0",
            "1.0e0",
        ] {
            assert_eq!(back(json), json);
        }
        assert_eq!(size_of::<Number>(), 16);
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let number = |json: &str| json.parse::<Number>().expect("it is a number");
        assert_eq!(number("1.10"), number("1.1"));
        assert_eq!(number("1e3"), number("1000"));
        assert_eq!(number("-0"), number("0"));
        assert!(number("12345678901234567890123") < number("12345678901234567890124"));
        assert!(number("-12345678901234567890124") < number("-12345678901234567890123"));
        assert!(number("0.30000000000000000001") > number("0.3"));
        assert!(number("1e999") > number("1e998"));
        assert!(number("9007199254740993") > number("9007199254740992.0"));
        assert!(number("-9007199254740993") < number("-9007199254740992.0"));
        assert!(number("1e-400") > number("0") && number("-1e-400") < Number::from(0.0));
        assert!(number("1e99999999999999999999") > number("1e400"));
        assert!(number("1e-99999999999999999999") < number("1e-400"));
        assert!(number("1e400") > Number::from(f64::MAX) && number("0e999") == number("0"));
        assert!(number("-1.50") < number("0.00"));
    }

    #[test]
    fn other_values_are_rejected_with_their_type() {
        for (json, kind) in [("\"1\"", "string"), ("true", "boolean"), ("[1]", "array")] {
            let error = serde_json::from_str::<Number>(json).expect_err("not a number");
            assert!(error.to_string().starts_with(&format!("invalid type: {kind}, expected")));
        }
        for json in ["", "01", "1.", "+1", "inf", " "] {
            assert!(json.parse::<Number>().is_err(), "{json}");
        }
    }
}
