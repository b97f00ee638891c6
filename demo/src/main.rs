//! The program behind `cargo xtask demo`.

use std::io::{self, Write, stdout};
use std::process::ExitCode;

use clap::Parser;
use datadog_ci_demo::{Result, Style, play};
use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::jiff::Timestamp;

/// What to try next.
const NEXT: [[&str; 2]; 4] = [
    ["cargo xtask demo --keep", "this again, and the intake stays for a client of your own"],
    ["cargo run -p datadog-ci-intake", "the intake as a program; --help says more"],
    ["cargo doc -p datadog-ci-pipelines --open", "the client's documentation"],
    ["cargo test --workspace", "all tests, with no network beyond this machine"],
];

/// Sends a day's CI runs to an intake on this machine, reads them back, and shows them.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask demo", bin_name = "cargo xtask demo")]
struct Arguments {
    /// Leave the intake running at its address until Ctrl-C.
    #[arg(long)]
    keep: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough, as `head` does.
        Err(error) if is_broken_pipe(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: the demo did not go as it should: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    let intake = LocalIntake::start().await?;
    let style = Style::detect();
    let mut out = stdout();
    play(&intake, Timestamp::now(), style, &mut out).await?;
    writeln!(out, "\nWhat to try next")?;
    for [command, words] in NEXT {
        writeln!(out, "  {command:<42}{words}")?;
    }
    if arguments.keep {
        keep(&intake, &mut out).await?;
    }
    Ok(intake.stop().await?)
}

/// Says how to reach the intake, and waits.
async fn keep(intake: &LocalIntake, out: &mut impl Write) -> Result<()> {
    let url = intake.url();
    writeln!(
        out,
        "\nThe intake stays at {url}. In another shell:\n\n  \
         export DD_URL={url} DD_API_KEY=local DD_APP_KEY=local\n  \
         curl -sg \"$DD_URL/api/v2/ci/pipelines/events?filter[query]=@ci.status:running\" \\\n    \
         -H \"DD-API-KEY: $DD_API_KEY\" -H \"DD-APPLICATION-KEY: $DD_APP_KEY\"\n\nCtrl-C ends it."
    )?;
    tokio::signal::ctrl_c().await?;
    Ok(writeln!(out, "\nThe intake has ended, and its events are gone.")?)
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
