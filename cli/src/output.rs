//! Prints to the terminal.

use std::env;
use std::io::{self, IsTerminal, Write};

/// Prints the result of a command. Ignores a pipe that was closed early.
pub(crate) fn print(message: &str) {
    let _ = writeln!(io::stdout(), "{}", message.trim_end());
}

/// Prints errors or warnings. Ignores a pipe that was closed early.
pub fn print_error(message: &str) {
    let _ = writeln!(io::stderr(), "{}", message.trim_end());
}

/// Returns whether errors and warnings are coloured: on a terminal, unless `NO_COLOR` is set.
pub(crate) fn use_colour() -> bool {
    io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
