//! Durations such as `500ms`, `2.5s` and `2m`.

use std::time::Duration;

/// Parses a duration: a number with the unit `ms`, `s`, `m`, `h` or `d`. Without a unit it is in
/// seconds.
pub(crate) fn parse_duration(string: &str) -> Result<Duration, String> {
    let string = string.trim();
    let end = string.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(string.len());
    let (number, unit) = string.split_at(end);
    let unit = match unit.trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(format!("unknown unit in `{string}`; use ms, s, m, h or d")),
    };
    let number: f64 =
        number.parse().map_err(|_| format!("`{string}` is not a duration such as 2s"))?;
    Duration::try_from_secs_f64(number * unit).map_err(|_| format!("`{string}` is too long"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        let parsed = |string| parse_duration(string).ok().map(|duration| duration.as_millis());
        assert_eq!(parsed("500ms"), Some(500));
        assert_eq!(parsed("2.5s"), Some(2500));
        assert_eq!(parsed("10"), Some(10_000));
        assert_eq!(parsed("2m"), Some(120_000));
        for wrong in ["", "s", "1x", "-1s", "1.2.3s", "99999999999999999999999d"] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }
}
