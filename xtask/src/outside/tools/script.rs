//! Programs that print a row for each check.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::super::row::{Row, table};

/// Runs a program. A failed check is a row; an error means that the checks did not complete.
pub(in super::super) fn check(program: &mut Command) -> Result<Vec<Row>, String> {
    let shown = format!("{program:?}");
    let unusable = |error: std::io::Error| format!("error: {shown}: {error}");
    let mut running =
        program.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(unusable)?;
    let mut rows = Vec::new();
    // The programs have timeouts of their own, so this loop ends.
    for line in running.stdout.take().map(BufReader::new).into_iter().flat_map(BufReader::lines) {
        let line = line.map_err(unusable)?;
        match Row::parse(&line) {
            Some(row) => rows.push(row),
            None => println!("{line}"),
        }
    }
    let status = running.wait().map_err(unusable)?;
    let has_failed_row = rows.iter().any(|row| row.outcome != "passed");
    if status.success() && !rows.is_empty() || has_failed_row {
        Ok(rows)
    } else {
        Err(format!("{}\nerror: {shown} exited with {status}", table(&rows)))
    }
}
