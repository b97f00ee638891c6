//! Durations, times, numbers and statuses.

use jiff::Timestamp;

/// A time, shown in UTC by the server and in local time by the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::http::pages) struct Time(pub(in crate::http::pages) i64);

impl Time {
    /// Returns the time for programs.
    pub(in crate::http::pages) fn iso(&self) -> String {
        self.timestamp().map(|time| format!("{time:.0}")).unwrap_or_default()
    }

    /// Returns the time for people.
    pub(in crate::http::pages) fn utc(&self) -> String {
        let time = self.timestamp().map(|time| time.strftime("%Y-%m-%d %H:%M:%S").to_string());
        time.unwrap_or_default()
    }

    fn timestamp(self) -> Option<Timestamp> {
        Timestamp::from_nanosecond(i128::from(self.0)).ok()
    }
}

/// Formats a duration in nanoseconds with its two largest units.
pub(in crate::http::pages) fn duration(nanoseconds: f64) -> String {
    if !nanoseconds.is_finite() {
        return "–".to_owned();
    }
    let minus = if nanoseconds < 0.0 { "−" } else { "" };
    let milliseconds = nanoseconds.abs() / 1e6;
    let seconds = (milliseconds / 1000.0).round();
    let units = |large: f64, large_name, small: f64, small_name| {
        let (whole, rest) = ((seconds / large).floor(), ((seconds % large) / small).floor());
        match rest > 0.0 {
            true => format!("{minus}{whole} {large_name} {rest} {small_name}"),
            false => format!("{minus}{whole} {large_name}"),
        }
    };
    match milliseconds {
        0.0 => "0 s".to_owned(),
        ms if ms < 1.0 => format!("{minus}{:.0} µs", ms * 1000.0),
        ms if ms < 999.5 => format!("{minus}{ms:.0} ms"),
        ms if ms < 9950.0 => format!("{minus}{:.1} s", ms / 1000.0),
        _ if seconds < 60.0 => format!("{minus}{seconds} s"),
        _ if seconds < 3600.0 => units(60.0, "min", 1.0, "s"),
        _ if seconds < 86_400.0 => units(3600.0, "h", 60.0, "min"),
        _ => units(86_400.0, "d", 3600.0, "h"),
    }
}

/// Formats a number with separators between thousands.
pub(in crate::http::pages) fn count(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if number < 0.0 { format!("−{grouped}") } else { grouped }
}

/// Formats a ratio in percent.
pub(in crate::http::pages) fn percent(ratio: f64) -> String {
    match ratio * 100.0 {
        // What is not everything or nothing does not look like it.
        percent if percent > 0.0 && percent < 0.05 => "< 0.1 %".to_owned(),
        percent if (99.95..100.0).contains(&percent) => "> 99.9 %".to_owned(),
        percent if percent > 0.0 && percent < 1.0 => format!("{percent:.1} %"),
        percent if percent > 99.0 && percent < 100.0 => format!("{percent:.1} %"),
        percent => format!("{percent:.0} %"),
    }
}

/// Returns the first characters of the SHA of a commit.
pub(in crate::http::pages) fn short_sha(sha: &str) -> &str {
    sha.get(..7).unwrap_or(sha)
}

/// Returns the first line of a value, and at most this number of its characters.
pub(in crate::http::pages) fn shortened(value: &str, length: usize) -> String {
    let value = value.trim();
    let line = value.lines().next().unwrap_or_default();
    let mut characters = line.chars();
    let short: String = characters.by_ref().take(length).collect();
    let is_whole = characters.next().is_none() && line.len() == value.len();
    if is_whole { short } else { format!("{short}…") }
}

/// Returns a URL that may be a link: of the web, and not a script.
pub(in crate::http::pages) fn web_url(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once("://")?;
    ["http", "https"].iter().any(|it| scheme.eq_ignore_ascii_case(it)).then_some(url)
}

/// A status of the API, or an unknown one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http::pages) struct Status(pub(in crate::http::pages) String);

impl Status {
    pub(in crate::http::pages) fn new(status: Option<&str>) -> Self {
        Self(status.unwrap_or("unknown").to_owned())
    }

    /// Returns the class of the style sheet.
    pub(in crate::http::pages) fn class(&self) -> &'static str {
        status_class(&self.0)
    }

    /// Returns a symbol, because color alone does not distinguish statuses for everyone.
    pub(in crate::http::pages) fn symbol(&self) -> &'static str {
        match self.class() {
            "success" => "✓",
            "error" => "✕",
            "running" => "▶",
            "canceled" => "⊘",
            "skipped" => "»",
            "blocked" => "‖",
            _ => "?",
        }
    }
}

/// Returns the class of a status.
pub(super) fn status_class(status: &str) -> &'static str {
    const CLASSES: [&str; 6] = ["success", "error", "running", "canceled", "skipped", "blocked"];
    CLASSES.into_iter().find(|class| *class == status).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::{count, duration, percent, shortened, web_url};

    #[test]
    fn durations_have_two_units() {
        for (nanoseconds, expected) in [
            (0.0, "0 s"),
            (1500.0, "2 µs"),
            (350e6, "350 ms"),
            (999.6e6, "1.0 s"),
            (4.25e9, "4.2 s"),
            (9.96e9, "10 s"),
            (59.6e9, "1 min"),
            (61e9, "1 min 1 s"),
            (3599.9e9, "1 h"),
            (5400e9, "1 h 30 min"),
            (90_000e9, "1 d 1 h"),
            (-61e9, "−1 min 1 s"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(duration(nanoseconds), expected, "{nanoseconds}");
        }
    }

    #[test]
    fn numbers_have_separators_and_small_ratios_a_fraction() {
        let numbers = [0.0, 999.0, 1000.0, 1_234_567.0, -1000.0].map(count);
        assert_eq!(numbers, ["0", "999", "1,000", "1,234,567", "−1,000"]);
        let ratios = [0.0, 1e-9, 0.004, 0.014, 0.996, 0.999_96, 1.0].map(percent);
        assert_eq!(ratios, ["0 %", "< 0.1 %", "0.4 %", "1 %", "99.6 %", "> 99.9 %", "100 %"]);
    }

    #[test]
    fn long_values_are_cut_and_only_the_web_is_linked() {
        let cut = [" a ", "a\nb", "äbcd", "äbcde"].map(|value| shortened(value, 4));
        assert_eq!(cut, ["a", "a…", "äbcd", "äbcd…"]);
        assert_eq!(web_url("HTTPS://ci/1"), Some("HTTPS://ci/1"));
        for other in ["javascript:alert(1)", "javascript://ci/%0aalert(1)", "data://x", "ci/1", ""]
        {
            assert_eq!(web_url(other), None, "{other}");
        }
    }
}
