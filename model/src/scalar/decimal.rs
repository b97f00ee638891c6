//! Decimal numbers in JSON notation, without rounding.

use std::cmp::Ordering;

/// Returns whether a number is short enough that its nearest floating-point number is encoded as
/// the same digits: at most 15 digits identify it, and none of them is superfluous.
pub(super) fn is_short(json: &str) -> bool {
    let Some((whole, fraction)) = json.strip_prefix('-').unwrap_or(json).split_once('.') else {
        return false;
    };
    let is_plain = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let is_minimal = fraction == "0" || !fraction.ends_with('0');
    // Smaller numbers are encoded with an exponent.
    let is_large = whole != "0" || !fraction.starts_with("00000");
    is_plain && is_minimal && is_large && whole.len() + fraction.len() <= 15
}

/// Compares two numbers by value.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (Decimal::of(a)?, Decimal::of(b)?);
    let magnitude = || a.exponent.cmp(&b.exponent).then_with(|| a.digits.cmp(&b.digits));
    Some(match (a.signum, b.signum) {
        (0, 0) => Ordering::Equal,
        (1, 1) => magnitude(),
        (-1, -1) => magnitude().reverse(),
        (a, b) => a.cmp(&b),
    })
}

/// Returns whether a number is a multiple of another one; `None` if that has too many digits.
pub(super) fn is_multiple(number: &str, factor: &str) -> Option<bool> {
    let (number, factor) = (Decimal::of(number)?, Decimal::of(factor)?);
    if number.signum == 0 {
        return Some(true);
    }
    // The products of remainders have at most 128 bits.
    let divisor: u128 = factor.digits.parse().ok().filter(|n| (1..1 << 63).contains(n))?;
    let scale =
        |of: &Decimal| Some(of.exponent.saturating_sub(i64::try_from(of.digits.len()).ok()?));
    // Its digits do not end with `0`.
    let Ok(mut shift) = u64::try_from(scale(&number)?.saturating_sub(scale(&factor)?)) else {
        return Some(false);
    };
    let digits = number.digits.bytes().map(|digit| u128::from(digit - b'0'));
    let mut rest = digits.fold(0, |rest, digit| (rest * 10 + digit) % divisor);
    let mut power = 10 % divisor;
    while shift > 0 {
        if shift % 2 == 1 {
            rest = rest * power % divisor;
        }
        power = power * power % divisor;
        shift /= 2;
    }
    Some(rest == 0)
}

/// The value `signum * 0.digits * 10^exponent`, whose digits neither start nor end with `0`.
struct Decimal {
    signum: i8,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(json: &str) -> Option<Self> {
        let (signum, rest) = json.strip_prefix('-').map_or((1, json), |rest| (-1, rest));
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = all.trim_start_matches('0');
        let leading = i64::try_from(all.len() - significant.len()).ok()?;
        let exponent = exponent_of(exponent)?;
        let digits = significant.trim_end_matches('0').to_owned();
        let signum = if digits.is_empty() { 0 } else { signum };
        let whole = i64::try_from(whole.len()).ok()?;
        let exponent = exponent.saturating_add(whole).saturating_sub(leading);
        Some(Self { signum, digits, exponent })
    }
}

/// Reads an exponent. One that is too large for 64 bits is as large as possible.
fn exponent_of(exponent: &str) -> Option<i64> {
    let (is_negative, digits) = match exponent.split_at_checked(1) {
        Some(("-", digits)) => (true, digits),
        Some(("+", digits)) => (false, digits),
        _ => (false, exponent),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent: i64 = digits.parse().unwrap_or(i64::MAX);
    Some(if is_negative { -exponent } else { exponent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_long_exponent_equals_itself() {
        let [large, small] = ["1e99999999999999999999", "1e-99999999999999999999"];
        for number in [large, small] {
            assert_eq!(compare(number, number), Some(Ordering::Equal));
        }
        assert_eq!(compare(small, large), Some(Ordering::Less));
        assert_eq!(compare("1e400", large), Some(Ordering::Less));
        assert_eq!(compare("0", small), Some(Ordering::Less));
        assert_eq!(is_multiple(large, "7"), Some(false));
    }

    #[test]
    fn multiples_are_exact() {
        for (number, factor, expected) in [
            ("0", "3", true),
            ("0.3", "0.1", true),
            ("0.35", "0.1", false),
            ("1e308", "0.5", true),
            ("1e400", "0.123456789", false),
            ("1e400", "1e-7", true),
            ("1e400", "7", false),
            ("123456789012345678903", "3", true),
            ("123456789012345678902", "3", false),
            ("1e-9223372036854775808", "1e300", false),
            ("-12.5", "2.5", true),
            ("20", "100", false),
            ("1.50", "1", false),
        ] {
            assert_eq!(is_multiple(number, factor), Some(expected), "{number} {factor}");
        }
        assert_eq!(is_multiple("1", "0.1234567890123456789012"), None);
    }
}
