//! `cargo xtask demo`: builds and runs the demo, which is a program of its own. As a part of
//! this one, everything that it depends on would have to be built before anything is generated.

use std::process::Command;

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
    let mut command = crate::cargo();
    command.args(["run", "--package", "datadog-ci-demo", "--"]);
    if arguments.keep {
        command.arg("--keep");
    }
    become_it(command)
}

/// On Unix the demo takes the place of this process, so that Ctrl-C ends one program, not two.
#[cfg(unix)]
fn become_it(mut command: Command) -> Result<(), String> {
    use std::os::unix::process::CommandExt as _;

    let error = command.exec();
    Err(format!("error: cargo could not be run: {error}"))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("error: the demo ended with {status}")),
        Err(error) => Err(format!("error: cargo could not be run: {error}")),
    }
}
