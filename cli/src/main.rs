//! `specwright`: generates typed clients and servers from OpenAPI documents.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use specwright_cli::{bundle, diff, generate, inspect, print_error};

/// The generator allocates hundreds of thousands of small values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Generate typed clients and servers from OpenAPI documents.
///
/// Exit status: 0 on success; 1 if the document has errors, a file cannot be read or written, or a
/// check finds a difference or a change that it does not allow; 2 on a usage error. Output to a terminal is coloured unless NO_COLOR
/// is set.
#[derive(Parser)]
#[command(name = "specwright", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate a crate, or a module with --module, and delete stale generated files.
    Generate(generate::Arguments),
    /// Write nothing; fail if the document has errors or a file is stale, missing or orphaned.
    Check(generate::Arguments),
    /// Print what changes between two documents: on the wire, and in the generated Rust API.
    Diff(diff::Arguments),
    /// Print the operations and types of a document, and how each union is decided.
    Inspect(inspect::Arguments),
    /// Write a document with its files and overlays as one file, after problems were recovered.
    Bundle(bundle::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Generate(arguments) => generate::generate(&arguments),
        Command::Check(arguments) => generate::check(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Bundle(arguments) => bundle::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            print_error(&message);
            ExitCode::FAILURE
        }
    }
}
