//! Output format: colours on a terminal, plain text elsewhere.

use std::io::{IsTerminal, stdout};

use datadog_ci_pipelines::jiff::SignedDuration;

/// The maximum number of characters in a line.
pub(crate) const WIDTH: usize = 100;

/// The format of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Colours, and a symbol for each status.
    Colored,
    /// No colours, and statuses in words.
    Plain,
}

impl Style {
    /// Selects colours if standard output is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn detect() -> Self {
        let is_disabled = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if stdout().is_terminal() && !is_disabled { Self::Colored } else { Self::Plain }
    }

    pub(crate) fn heading(self, string: &str) -> String {
        self.paint("1", string)
    }

    pub(crate) fn faint(self, string: &str) -> String {
        self.paint("2", string)
    }

    /// Formats a string in the colour of a status.
    pub(crate) fn of_status(self, status: &str, string: &str) -> String {
        let (color, _) = look(status);
        self.paint(color, string)
    }

    /// Returns the symbol of a status and a space; nothing without colours, where the status is
    /// written out.
    pub(crate) fn symbol(self, status: &str) -> &'static str {
        let (_, symbol) = look(status);
        if self == Self::Colored { symbol } else { "" }
    }

    fn paint(self, code: &str, string: &str) -> String {
        match self {
            Self::Colored if !string.is_empty() => format!("\x1b[{code}m{string}\x1b[0m"),
            _ => string.to_owned(),
        }
    }
}

/// Returns the colour and symbol of a status.
fn look(status: &str) -> (&'static str, &'static str) {
    match status {
        "success" => ("32", "✔ "),
        "error" => ("31", "✘ "),
        "running" => ("34", "● "),
        "blocked" => ("33", "⏸ "),
        "canceled" => ("33", "⊘ "),
        "skipped" => ("2", "○ "),
        _ => ("0", "? "),
    }
}

/// Truncates or pads a string to a number of columns.
pub(crate) fn fit(string: &str, columns: usize) -> String {
    if string.chars().count() <= columns {
        return format!("{string:<columns$}");
    }
    let start: String = string.chars().take(columns.saturating_sub(1)).collect();
    format!("{start}…")
}

/// Formats a duration: `42s`, `6m 02s`, `1h 04m`.
pub(crate) fn duration(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use datadog_ci_pipelines::jiff::SignedDuration;

    use super::{duration, fit};

    #[test]
    fn durations_have_two_units_at_most() {
        let formatted = [0, 59, 60, 3599, 3600, 7500].map(SignedDuration::from_secs).map(duration);
        assert_eq!(formatted, ["0s", "59s", "1m 00s", "59m 59s", "1h 00m", "2h 05m"]);
    }

    #[test]
    fn strings_are_truncated_by_characters() {
        assert_eq!(fit("äöü", 5), "äöü  ");
        assert_eq!(fit("äöü", 3), "äöü");
        assert_eq!(fit("äöü", 2), "ä…");
    }
}
