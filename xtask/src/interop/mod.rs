//! `cargo xtask interop`: the intake, held against Datadog's own client for Python, as it is
//! published. What is checked is in `tests/interop`; here is what it takes to run it.

mod intake;
mod python;

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use self::intake::Intake;
use self::python::Python;

/// The keys that the intake asks for. It runs for a minute, on this machine alone.
const API_KEY: &str = "interop-api-key";
const APP_KEY: &str = "interop-application-key";

/// How to hold the intake against it.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Arguments {
    /// Pass where there is no Python, or nowhere to get the client from.
    #[arg(long)]
    pub if_possible: bool,
}

/// Why nothing was checked.
enum Obstacle {
    /// This machine cannot: it has no Python, or no network.
    Machine(String),
    /// It could, and something is wrong.
    Failure(String),
}

/// Starts an intake, lets the client have at it, and prints what was checked.
///
/// # Errors
/// Fails with what is wrong, or, unless it is to pass then, with what this machine lacks.
pub fn run(arguments: Arguments) -> Result<(), String> {
    let python = match Python::with_client() {
        Ok(python) => python,
        Err(Obstacle::Machine(reason)) if arguments.if_possible => {
            println!("left out: Datadog's client for Python, because {reason}");
            return Ok(());
        }
        Err(Obstacle::Machine(reason)) => {
            return Err(format!("error: this is not possible here, because {reason}"));
        }
        Err(Obstacle::Failure(error)) => return Err(error),
    };
    let intake = Intake::start()?;
    let mut rows = check(&python, &intake)?;
    rows.push(match intake.end(&python) {
        Ok(seconds) => Row::new(
            "passed",
            "intake.end",
            &format!("it ends by itself when told to, with a connection open ({seconds:.1} s)"),
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

/// A check, and what came of it.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    outcome: String,
    name: String,
    text: String,
}

impl Row {
    fn new(outcome: &str, name: &str, text: &str) -> Self {
        Self { outcome: outcome.to_owned(), name: name.to_owned(), text: text.to_owned() }
    }

    /// A line of `tests/interop/client.py`; none if it is something else that was printed.
    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, '\t');
        let [outcome, name, text] = [parts.next()?, parts.next()?, parts.next()?];
        ["passed", "failed"].contains(&outcome).then(|| Self::new(outcome, name, text))
    }
}

/// Runs the checks. One that fails is a row; an error is where they could not be run to the end.
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
    // It ends by itself where a request has no end, so that this does too.
    for line in client.stdout.take().map(BufReader::new).into_iter().flat_map(BufReader::lines) {
        let line = line.map_err(unusable)?;
        match Row::parse(&line) {
            Some(row) => rows.push(row),
            None => println!("{line}"),
        }
    }
    let status = client.wait().map_err(unusable)?;
    let is_told = rows.iter().any(|row| row.outcome != "passed");
    if status.success() && !rows.is_empty() || is_told {
        Ok(rows)
    } else {
        Err(format!("{}\nerror: {} ended with {status}", table(&rows), script.display()))
    }
}

/// The checks below each other.
fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    let line = |row: &Row| format!("  {}  {:<width$}  {}", row.outcome, row.name, row.text);
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_checks_are_rows() {
        let row = Row::parse("failed\tsending.many\ta reason\twith a tab");
        assert_eq!(row, Some(Row::new("failed", "sending.many", "a reason\twith a tab")));
        for other in ["", "passed", "passed\tname", "warning\tname\ttext", "a passed\tname\ttext"] {
            assert_eq!(Row::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_table_has_columns() {
        let rows = [Row::new("passed", "a", "one"), Row::new("failed", "a.b", "two")];
        assert_eq!(table(&rows), "  passed  a    one\n  failed  a.b  two");
    }
}
