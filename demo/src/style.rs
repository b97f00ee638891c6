//! How things look: in colour on a terminal, plain elsewhere.

use std::io::{IsTerminal, stdout};

use datadog_ci_pipelines::jiff::SignedDuration;

/// How many characters a line may have.
pub(crate) const WIDTH: usize = 100;

/// Whether to write in colour and with symbols, or plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Colours, and a symbol for each status.
    Colored,
    /// No colours, and statuses in words.
    Plain,
}

impl Style {
    /// In colour where standard output is a terminal, and `NO_COLOR` is not set.
    #[must_use]
    pub fn detect() -> Self {
        let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if stdout().is_terminal() && !is_refused { Self::Colored } else { Self::Plain }
    }

    pub(crate) fn heading(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// A text in the colour of a status.
    pub(crate) fn of_status(self, status: &str, text: &str) -> String {
        let (color, _) = look(status);
        self.paint(color, text)
    }

    /// The symbol of a status, with a space; nothing if plain, where the word stands elsewhere.
    pub(crate) fn symbol(self, status: &str) -> &'static str {
        let (_, symbol) = look(status);
        if self == Self::Colored { symbol } else { "" }
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Colored if !text.is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

/// Colour and symbol of a status.
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

/// A text in so many columns: cut, or filled up.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if text.chars().count() <= columns {
        return format!("{text:<columns$}");
    }
    let cut: String = text.chars().take(columns.saturating_sub(1)).collect();
    format!("{cut}…")
}

/// A duration as people say it: `42s`, `6m 02s`, `1h 04m`.
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
    fn durations_as_people_say_them() {
        let texts = [0, 59, 60, 3599, 3600, 7500].map(SignedDuration::from_secs).map(duration);
        assert_eq!(texts, ["0s", "59s", "1m 00s", "59m 59s", "1h 00m", "2h 05m"]);
    }

    #[test]
    fn texts_are_cut_by_characters() {
        assert_eq!(fit("äöü", 5), "äöü  ");
        assert_eq!(fit("äöü", 3), "äöü");
        assert_eq!(fit("äöü", 2), "ä…");
    }
}
