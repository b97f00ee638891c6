//! The program that `cargo xtask demo` runs.

use std::error::Error;
use std::io::{self, Write, stdout};
use std::process::{Command, ExitCode, Stdio};

use clap::Parser;
use datadog_ci_demo::{Result, Style, play};
use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::jiff::Timestamp;

/// Commands to continue with.
const NEXT: [[&str; 2]; 4] = [
    ["cargo xtask demo --open", "run the demo again, and look at its runs in a browser"],
    ["cargo run -p datadog-ci-intake", "run the intake on its own; see --help"],
    ["cargo doc -p datadog-ci-pipelines --open", "read the documentation of the client"],
    ["cargo test --workspace", "run all tests; they use no external network"],
];

/// Send a day of CI runs to a local intake, read them back, and show them.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask demo", bin_name = "cargo xtask demo")]
struct Arguments {
    /// Keep the intake running until Ctrl-C.
    #[arg(long)]
    keep: bool,
    /// Open the pages of the intake in a browser, and keep it running until Ctrl-C.
    #[arg(long)]
    open: bool,
}

/// Formats an error with all its causes.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let errors = std::iter::successors(Some(error), |&error| error.source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the output has closed it, as `head` does.
        Err(error) if is_broken_pipe(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: the demo failed: {}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    let intake = LocalIntake::start().await?;
    let style = Style::detect();
    let mut out = stdout();
    play(&intake, Timestamp::now(), style, &mut out).await?;
    writeln!(out, "\nNext steps")?;
    for [command, label] in NEXT {
        writeln!(out, "  {command:<42}{label}")?;
    }
    if arguments.open {
        open(intake.url());
    }
    if arguments.keep || arguments.open {
        keep(&intake, &mut out).await?;
    }
    Ok(intake.stop().await?)
}

/// Opens an address in the browser of the user. The address is printed as well, so that nothing is
/// lost if this fails.
fn open(url: &str) {
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    let quiet = Stdio::null;
    let _ = Command::new(program).arg(url).stdout(quiet()).stderr(quiet()).spawn();
}

/// Prints how to reach the intake, and waits for Ctrl-C.
async fn keep(intake: &LocalIntake, out: &mut impl Write) -> Result<()> {
    let url = intake.url();
    writeln!(
        out,
        "\nThe intake is still running at {url}. In another shell:\n\n  \
         export DD_URL={url} DD_API_KEY=local DD_APP_KEY=local\n  \
         curl -sg \"$DD_URL/api/v2/ci/pipelines/events?filter[query]=@ci.status:running\" \\\n    \
         -H \"DD-API-KEY: $DD_API_KEY\" -H \"DD-APPLICATION-KEY: $DD_APP_KEY\"\n\n\
         Look at the runs in a browser: {url}\nPress Ctrl-C to stop the intake."
    )?;
    tokio::signal::ctrl_c().await?;
    Ok(writeln!(out, "\nThe intake has stopped, and its events are deleted.")?)
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
