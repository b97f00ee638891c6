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
        let exponent: i64 = exponent.parse().ok()?;
        let digits = significant.trim_end_matches('0').to_owned();
        let signum = if digits.is_empty() { 0 } else { signum };
        let exponent = exponent.saturating_add(i64::try_from(whole.len()).ok()?) - leading;
        Some(Self { signum, digits, exponent })
    }
}
