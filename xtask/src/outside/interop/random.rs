//! Random requests that Schemathesis makes from the OpenAPI document, valid and invalid ones.

use std::fs;
use std::process::Stdio;

use super::super::row::Row;
use super::super::tools::Obstacle;
use super::super::tools::intake::{API_KEY, APP_KEY, Intake};
use super::super::tools::python::Python;
use crate::workspace::root;

/// What must hold for each response. The last one is in `tests/interop/random/checks.py`.
const CHECKS: [&str; 6] = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "ignored_auth",
    "valid_input_is_accepted",
];

/// Sends random requests to an intake in memory, and to one that keeps its events on disk.
pub(super) fn run(cases: u32, seed: u32) -> Result<Vec<Row>, Obstacle> {
    let python = Python::with("tests/interop/random/requirements.txt", "target/interop/random")?;
    let data = root()?.join("target/interop/data");
    // It does not exist before the first run.
    let _ = fs::remove_dir_all(&data);
    let directory = data.to_string_lossy();
    let mut rows = Vec::new();
    for (name, options) in [
        ("random.memory", &["--any-age"][..]),
        ("random.durable", &["--any-age", "--data", &directory]),
    ] {
        let intake = Intake::start(name, &[&Intake::PINNED[..], options].concat())?;
        rows.push(requests(&python, &intake, name, [cases, seed])?);
    }
    Ok(rows)
}

fn requests(
    python: &Python,
    intake: &Intake,
    name: &str,
    [cases, seed]: [u32; 2],
) -> Result<Row, String> {
    let root = root()?;
    let output = python
        .command()
        .args(["-m", "schemathesis.cli", "run"])
        .arg(root.join("spec/openapi.yaml"))
        .args(["--url", intake.url()])
        .args(["--header", &format!("DD-API-KEY: {API_KEY}")])
        .args(["--header", &format!("DD-APPLICATION-KEY: {APP_KEY}")])
        .args(["--max-examples", &cases.to_string(), "--seed", &seed.to_string()])
        .args(["--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all"])
        .args(["--checks", &CHECKS.join(","), "--continue-on-failure", "--no-color"])
        .env("SCHEMATHESIS_HOOKS", "checks")
        .env("PYTHONPATH", root.join("tests/interop/random"))
        .env("DIFFERENCES", root.join("local-intake/DIFFERENCES.md"))
        .current_dir(root.join("target/interop"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("error: cannot run Schemathesis: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let summary = printed.lines().skip_while(|line| *line != "Test cases:").nth(1);
    match (summary, output.status.success()) {
        (Some(cases), true) => Ok(Row::new("passed", name, cases.trim())),
        (Some(cases), false) => {
            println!("{printed}");
            Ok(Row::new("failed", name, cases.trim()))
        }
        (None, _) => Err(format!(
            "error: Schemathesis exited with {}:\n{printed}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}
