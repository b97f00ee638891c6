//! `datadog-ci-intake`: the CI Visibility Pipelines API as a program.

use std::process::ExitCode;

use clap::Parser;
use datadog_ci_intake::program::{ServeOptions, serve};

/// Inserting events allocates many small values.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Serve Datadog's CI Visibility Pipelines API on this machine, for testing.
///
/// Any client can send, list, search and aggregate events. `GET /_intake` lists the operations for
/// tests: inject faults, set the clock, and read the recorded requests.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    options: ServeOptions,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Arguments::parse().options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("error: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                eprint!(": {cause}");
                source = cause.source();
            }
            eprintln!();
            ExitCode::FAILURE
        }
    }
}
