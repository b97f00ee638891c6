//! Numbers of bytes and durations in options.

use std::time::Duration;

/// Parses a number of bytes such as `500M`.
pub(super) fn parse_bytes(input: &str) -> Result<u64, String> {
    let digits = input.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor = match &input[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err("expected a number such as 1000000, 500M or 2G".to_owned()),
    };
    let bytes = digits.parse::<u64>().map_err(|error| error.to_string())?;
    bytes.checked_mul(factor).ok_or_else(|| "the number is too large".to_owned())
}

/// Parses a duration such as `30d`.
pub(super) fn parse_duration(input: &str) -> Result<Duration, String> {
    let digits = input.trim_end_matches(|c: char| !c.is_ascii_digit());
    let milliseconds = match &input[digits.len()..] {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 7 * 86_400_000,
        _ => return Err("expected a number with a unit, such as 10s, 24h or 30d".to_owned()),
    };
    let count = digits.parse::<u64>().map_err(|error| error.to_string())?;
    let milliseconds = count.checked_mul(milliseconds).filter(|milliseconds| *milliseconds > 0);
    milliseconds.map(Duration::from_millis).ok_or_else(|| "must be a positive duration".to_owned())
}
