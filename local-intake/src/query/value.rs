//! Bounds: numbers with optional units of time, and strings.

use std::cmp::Ordering;

use crate::time::unit;

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
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
    /// Returns whether a value satisfies the comparison, given its order relative to the bound.
    pub(crate) fn holds(self, order: Ordering) -> bool {
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
pub(crate) enum Bound {
    /// A number. With a unit of time, it is in nanoseconds.
    Number(f64),
    /// A string, compared byte by byte.
    String(String),
}

/// Parses a finite number with an optional unit of time.
pub(super) fn number(input: &str) -> Option<f64> {
    let end = input
        .find(|c: char| !c.is_ascii_digit() && !"+-.".contains(c))
        // The exponent of `1e9` is not a unit.
        .filter(|_| input.parse::<f64>().is_err())
        .unwrap_or(input.len());
    let (digits, name) = input.split_at_checked(end)?;
    // Rust also parses `inf` and `nan`.
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
    fn numbers_may_have_units_of_time() {
        for (input, expected) in [
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
            assert_eq!(number(input), expected, "{input}");
        }
    }
}
