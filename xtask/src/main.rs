//! `cargo xtask`: the commands of this workspace.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{bench, ci, corpus, demo, generate, interop, tidy};

/// Generating makes and drops small values by the hundred thousand.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The commands of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show client and intake at work on this machine; nothing else is needed.
    Demo(demo::Arguments),
    /// Generate the client from spec/, or a crate of its own from any description.
    Generate(Box<generate::Arguments>),
    /// Compare what generated code costs to compile; see docs/performance.md.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Generate every description of a folder, and say what came of each.
    Corpus(corpus::Arguments),
    /// One of them, in a process of its own.
    #[command(hide = true)]
    CorpusOne(corpus::one::Arguments),
    /// Mutilations of them, in a process of its own.
    #[command(hide = true)]
    CorpusRounds(corpus::mutate::Rounds),
    /// Hold the intake against Datadog's own client for Python, from PyPI.
    Interop(interop::Arguments),
    /// Check the structure and the words of this workspace.
    Tidy(tidy::Arguments),
    /// Everything that has to hold before a change lands.
    Ci,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Bench(bench) => bench::run(&bench),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::CorpusOne(arguments) => corpus::one::run(&arguments),
        Command::CorpusRounds(arguments) => corpus::mutate::rounds(&arguments),
        Command::Interop(arguments) => interop::run(arguments),
        Command::Tidy(arguments) => tidy::run(&arguments),
        Command::Ci => ci::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}", message.trim_end());
            ExitCode::FAILURE
        }
    }
}
