//! The commands and their options.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::status::Failure;
use crate::{commands, run};

/// Report any CI run to Datadog's CI Visibility Pipelines API, from any shell.
#[derive(Debug, Parser)]
#[command(name = "ci-report", version)]
struct Arguments {
    /// Print problems of reporting to stderr
    #[arg(long, short, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Arguments),
    Start(commands::Start),
    Finish(commands::Finish),
    #[command(flatten)]
    Amend(commands::Amend),
    Flush(commands::Flush),
    Status(commands::StatusOptions),
}

/// Parses the arguments of the process and runs the command.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let arguments = Arguments::parse();
    if arguments.verbose {
        crate::settings::be_verbose();
    }
    if !matches!(arguments.command, Command::Run(_)) {
        crate::status::survive_size_limits();
    }
    match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Start(arguments) => commands::start(&arguments),
        Command::Finish(arguments) => commands::finish(&arguments),
        Command::Amend(arguments) => commands::amend(&arguments),
        Command::Flush(arguments) => commands::flush(&arguments),
        Command::Status(arguments) => commands::status(&arguments),
    }
}
