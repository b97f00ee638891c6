//! Datadog's published clients.

use std::process::Command;

use super::super::row::Row;
use super::super::tools::intake::{API_KEY, APP_KEY, Intake};
use super::super::tools::python::Python;
use super::super::tools::script::check;
use super::super::tools::{Obstacle, npm};
use crate::workspace::root;

/// Checks the intake with the client for Python, and stops it with a connection open.
pub(super) fn python() -> Result<Vec<Row>, Obstacle> {
    let python = Python::with("tests/interop/requirements.txt", "target/interop/venv")?;
    let intake = Intake::start("python", &Intake::PINNED)?;
    let script = root()?.join("tests/interop/client.py");
    let mut rows = check(python.command().arg(script).args([intake.url(), API_KEY, APP_KEY]))?;
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
    let intake = Intake::start("node", &Intake::PINNED)?;
    let script = root()?.join("tests/interop/node/client.mjs");
    let mut node = Command::new("node");
    node.current_dir(folder).arg(script).args([intake.url(), API_KEY, APP_KEY]);
    Ok(check(&mut node)?)
}
