//! `cargo xtask interop`: checks the intake with Datadog's published Python client.
//!
//! The checks are in `tests/interop`; this module runs them.
//!
//! | module | responsibility |
//! |---|---|
//! | `intake` | the intake, built and run as a program |
//! | `python` | a virtual environment with the client |

mod intake;
mod python;

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use self::intake::{API_KEY, APP_KEY, Intake};
use self::python::{Obstacle, Python};
use super::row::{Row, table};

/// How to run the checks.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Arguments {
    /// Pass if Python or the package index is not available.
    #[arg(long)]
    pub if_possible: bool,
}

/// Starts an intake, runs the checks and prints their results.
///
/// # Errors
/// Returns an error if a check fails, or if they cannot run and `if_possible` is not set.
pub fn run(arguments: Arguments) -> Result<(), String> {
    let python = match Python::with_client() {
        Ok(python) => python,
        Err(Obstacle::Machine(reason)) if arguments.if_possible => {
            println!("skipped: Datadog's Python client, because {reason}");
            return Ok(());
        }
        Err(Obstacle::Machine(reason)) => {
            return Err(format!("error: the checks cannot run here, because {reason}"));
        }
        Err(Obstacle::Failure(error)) => return Err(error),
    };
    let intake = Intake::start()?;
    let mut rows = check(&python, &intake)?;
    rows.push(match intake.terminate(&python) {
        Ok(seconds) => Row::new(
            "passed",
            "intake.end",
            &format!("it stops on SIGTERM with a connection open ({seconds:.1} s)"),
        ),
        Err(error) => Row::new("failed", "intake.end", &error),
    });
    println!("{}", table(&rows));
    let failed = rows.iter().filter(|row| row.outcome != "passed").count();
    match failed {
        0 => Ok(()),
        _ => Err(format!("error: {failed} of {} checks failed", rows.len())),
    }
}

/// Runs the checks. A failed check is a row; an error means that they did not complete.
fn check(python: &Python, intake: &Intake) -> Result<Vec<Row>, String> {
    let script = python::directory()?.join("client.py");
    let unusable = |error: std::io::Error| format!("error: {}: {error}", script.display());
    let mut client = python
        .command()
        .arg(&script)
        .args([intake.url(), API_KEY, APP_KEY])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(unusable)?;
    let mut rows = Vec::new();
    // The script has timeouts of its own, so this loop ends.
    for line in client.stdout.take().map(BufReader::new).into_iter().flat_map(BufReader::lines) {
        let line = line.map_err(unusable)?;
        match Row::parse(&line) {
            Some(row) => rows.push(row),
            None => println!("{line}"),
        }
    }
    let status = client.wait().map_err(unusable)?;
    let has_failed_row = rows.iter().any(|row| row.outcome != "passed");
    if status.success() && !rows.is_empty() || has_failed_row {
        Ok(rows)
    } else {
        Err(format!("{}\nerror: {} exited with {status}", table(&rows), script.display()))
    }
}
