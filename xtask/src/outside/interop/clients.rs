//! Datadog's published clients.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::super::row::{Row, table};
use super::super::tools::python::Python;
use super::super::tools::{Obstacle, npm};
use super::intake::{API_KEY, APP_KEY, Intake};
use crate::workspace::root;

/// Checks the intake with the client for Python, and stops it with a connection open.
pub(super) fn python() -> Result<Vec<Row>, Obstacle> {
    let python = Python::with("tests/interop/requirements.txt", "target/interop/venv")?;
    let intake = Intake::start(&[])?;
    let script = root()?.join("tests/interop/client.py");
    let mut rows = check(python.command(), &script, &intake)?;
    rows.push(match intake.terminate(&python) {
        Ok(seconds) => Row::new(
            "passed",
            "intake.end",
            &format!("it stops on SIGTERM with a connection open ({seconds:.1} s)"),
        ),
        Err(error) => Row::new("failed", "intake.end", &error),
    });
    Ok(rows)
}

/// Checks the intake with the client for Node.js.
pub(super) fn node() -> Result<Vec<Row>, Obstacle> {
    let folder = npm::install("tests/interop/node/package.json", "target/interop/node")?;
    let intake = Intake::start(&[])?;
    let script = root()?.join("tests/interop/node/client.mjs");
    let mut node = Command::new("node");
    node.current_dir(folder);
    Ok(check(node, &script, &intake)?)
}

/// Runs a script. A failed check is a row; an error means that they did not complete.
fn check(mut program: Command, script: &Path, intake: &Intake) -> Result<Vec<Row>, String> {
    let unusable = |error: std::io::Error| format!("error: {}: {error}", script.display());
    let mut client = program
        .arg(script)
        .args([intake.url(), API_KEY, APP_KEY])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(unusable)?;
    let mut rows = Vec::new();
    // The scripts have timeouts of their own, so this loop ends.
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
