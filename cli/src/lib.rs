//! The command `specwright`, and what `cargo xtask generate` shares with it.

pub mod choice;
pub mod generate;
pub mod inspect;
pub mod place;
pub mod plan;

use std::env;
use std::io::{self, IsTerminal, Write};

/// Prints what came of a command. Whoever reads it may have seen enough before the end.
pub fn print(text: &str) {
    let _ = writeln!(io::stdout(), "{}", text.trim_end());
}

/// Prints errors or warnings, unless nobody reads them any more.
pub fn print_error(text: &str) {
    let _ = writeln!(io::stderr(), "{}", text.trim_end());
}

/// Whether errors and warnings are shown in colours: on a terminal, where nothing forbids it.
#[must_use]
pub fn use_colour() -> bool {
    io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
