//! `cargo xtask demo`: builds and runs the demo, which is a separate program.
//!
//! If it were part of this one, all its dependencies would have to be built before anything can
//! be generated.

use crate::workspace::{cargo, replace_process};

/// The options of `demo`, which are passed on.
#[derive(clap::Args, Debug, Default)]
pub struct Arguments {
    /// Keep the intake running until Ctrl-C.
    #[arg(long)]
    pub keep: bool,
    /// Open the pages of the intake in a browser, and keep it running until Ctrl-C.
    #[arg(long)]
    pub open: bool,
}

/// Builds the demo and replaces this process with it.
///
/// # Errors
/// Returns an error if the demo cannot be built or fails.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    eprintln!("Building the demo; the first build takes a few minutes.");
    let mut command = cargo()?;
    command.args(["run", "--package", "datadog-ci-demo", "--"]);
    let options = [(arguments.keep, "--keep"), (arguments.open, "--open")];
    command.args(options.iter().filter(|(is_set, _)| *is_set).map(|(_, option)| option));
    replace_process(command)
}
