//! `cargo xtask demo`: builds and runs the demo, which is a program of its own. As a part of
//! this one, everything that it depends on would have to be built before anything is generated.

use crate::workspace::{cargo, replace_process};

/// The options of `demo`, which are handed on.
#[derive(clap::Args, Debug, Default)]
pub struct Arguments {
    /// Leave the intake running at its address until Ctrl-C.
    #[arg(long)]
    pub keep: bool,
}

/// Builds the demo and becomes it.
///
/// # Errors
/// Fails where the demo cannot be built or does not go as it should.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    eprintln!("Building the demo before it runs; the first time takes a few minutes.");
    let mut command = cargo()?;
    command.args(["run", "--package", "datadog-ci-demo", "--"]);
    if arguments.keep {
        command.arg("--keep");
    }
    replace_process(command)
}
