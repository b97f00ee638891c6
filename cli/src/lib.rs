//! The command `specwright`, and what `cargo xtask generate` shares with it.

pub mod choice;
pub mod generate;
pub mod inspect;
pub mod plan;

use std::env;
use std::io::{self, IsTerminal};

/// Whether errors and warnings are shown in colours: on a terminal, where nothing forbids it.
#[must_use]
pub fn use_colour() -> bool {
    io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
