//! Bounds: numbers with units, and texts.

use std::cmp::Ordering;

use crate::time::unit;

/// How a value lies to a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Whether a value lies so, given its order to the bound.
    #[must_use]
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Below => order == Ordering::Less,
            Self::AtMost => order != Ordering::Greater,
            Self::Above => order == Ordering::Greater,
            Self::AtLeast => order != Ordering::Less,
        }
    }
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// A number; with a unit of time, in nanoseconds.
    Number(f64),
    /// A text, compared byte by byte.
    Text(String),
}

/// A finite number, with a unit of time behind it or not.
pub(super) fn number(text: &str) -> Option<f64> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && !"+-.".contains(c))
        // The exponent of `1e9` is no unit.
        .filter(|_| text.parse::<f64>().is_err())
        .unwrap_or(text.len());
    let (digits, name) = text.split_at_checked(end)?;
    // Rust reads `inf` and `nan` as numbers too.
    if !digits.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let factor = match name {
        "" => 1.0,
        // Durations are kept in nanoseconds.
        name => unit(name)? as f64,
    };
    let number = digits.parse::<f64>().ok()? * factor;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_units_of_time() {
        for (text, expected) in [
            ("5", Some(5.0)),
            ("-1.5", Some(-1.5)),
            ("1e3", Some(1000.0)),
            ("2ms", Some(2e6)),
            ("7days", Some(604_800e9)),
            ("1.5h", Some(5400e9)),
            ("3µs", Some(3000.0)),
            ("5apples", None),
            ("ms", None),
            ("inf", None),
            ("nan", None),
            ("1e999", None),
            ("", None),
            ("--5", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
