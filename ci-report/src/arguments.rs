//! The commands and their options.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{files, reading};
use crate::status::Failure;

/// Report any CI run to Datadog's CI Visibility Pipelines API, from any shell.
#[derive(Debug, Parser)]
#[command(name = "ci-report", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Send(files::send::Arguments),
    Import(files::import::Arguments),
    List(reading::search::ListArguments),
    Search(reading::search::SearchArguments),
    Aggregate(reading::aggregate::Arguments),
    Tail(reading::tail::Arguments),
    Show(reading::show::Arguments),
    Wait(reading::wait::Arguments),
}

/// Parses the arguments of the process and runs the command.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    match Arguments::parse().command {
        Command::Send(arguments) => arguments.run(),
        Command::Import(arguments) => arguments.run(),
        Command::List(arguments) => arguments.run(),
        Command::Search(arguments) => arguments.run(),
        Command::Aggregate(arguments) => arguments.run(),
        Command::Tail(arguments) => arguments.run(),
        Command::Show(arguments) => arguments.run(),
        Command::Wait(arguments) => arguments.run(),
    }
}
