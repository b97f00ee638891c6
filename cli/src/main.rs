//! `specwright`: typed clients and servers from OpenAPI descriptions.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use specwright_cli::{generate, inspect, print_error};

/// Generating makes and drops small values by the hundred thousand.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Typed clients and servers from OpenAPI descriptions.
///
/// Ends with 0 if all is well, with 1 if the description is refused, a file cannot be read or
/// written, or a check finds a difference, and with 2 if the command itself is not right. Colours
/// are used on a terminal, and not where NO_COLOR is set.
#[derive(Parser)]
#[command(name = "specwright", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate a crate, or with --module a module, and remove what is generated no more.
    Generate(generate::Arguments),
    /// Change nothing; fail if the description is refused, or a file is stale, missing or orphaned.
    Check(generate::Arguments),
    /// Say what is in a description: operations, types, and how each union is decided.
    Inspect(inspect::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Generate(arguments) => generate::generate(&arguments),
        Command::Check(arguments) => generate::check(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            print_error(&message);
            ExitCode::FAILURE
        }
    }
}
