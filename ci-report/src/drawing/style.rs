//! Colours on a terminal, plain text elsewhere.

use std::io::{IsTerminal, stdout};

/// The format of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Colours, and a symbol for each status.
    Colored,
    /// No colours, and statuses in words.
    Plain,
}

impl Style {
    /// Selects colours if standard output is a terminal that has colours, and `NO_COLOR` is not set.
    #[must_use]
    pub fn detect() -> Self {
        let is_disabled = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if stdout().is_terminal() && !is_disabled && !is_dumb { Self::Colored } else { Self::Plain }
    }

    /// Formats a heading.
    #[must_use]
    pub fn heading(self, string: &str) -> String {
        self.paint("1", string)
    }

    /// Formats a string that is less important.
    #[must_use]
    pub fn faint(self, string: &str) -> String {
        self.paint("2", string)
    }

    /// Formats a string in the colour of a status.
    #[must_use]
    pub fn of_status(self, status: &str, string: &str) -> String {
        let (color, _) = look(status);
        self.paint(color, string)
    }

    /// Returns the symbol of a status and a space; nothing without colours, where the status is
    /// written out.
    pub(super) fn symbol(self, status: &str) -> &'static str {
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
