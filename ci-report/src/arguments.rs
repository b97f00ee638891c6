//! The commands and their options.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::status::Failure;

/// Report any CI run to Datadog's CI Visibility Pipelines API, from any shell.
#[derive(Debug, Parser)]
#[command(name = "ci-report", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {}

/// Parses the arguments of the process and runs the command.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    match Arguments::parse().command {}
}
