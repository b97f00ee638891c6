//! Changes for people.

use std::fmt::Write as _;

use specwright::{Change, Difference};

use super::report::{capital, counts, groups, position, uses, verdict};

/// How many differences of the Rust API are printed for one change.
const SHOWN: usize = 4;

/// Renders the changes.
pub(super) fn render(difference: &Difference, all: bool) -> String {
    let mut output = String::new();
    for group in groups(difference, all) {
        // Writing to a string cannot fail.
        let _ = writeln!(output, "# {} ({})\n", group.title, group.changes.len());
        group.changes.iter().for_each(|change| write_change(&mut output, change));
        output.push('\n');
    }
    let counts = if all { Default::default() } else { counts(difference) };
    if !counts.is_empty() {
        let counts: Vec<String> =
            counts.iter().map(|(id, count)| format!("{count} {id}")).collect();
        let _ =
            writeln!(output, "Without effect on an API: {} (--all lists them)", counts.join(", "));
    }
    let _ = writeln!(output, "{}.", capital(&verdict(difference.wire, difference.rust)));
    output
}

fn write_change(output: &mut String, change: &Change) {
    let Change { id, message, wire, rust, .. } = change;
    let _ = writeln!(output, "{message} [{id}]");
    let uses = uses(change);
    let parts = [position(change), format!("wire: {wire}, Rust: {rust}"), uses];
    let parts: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let _ = writeln!(output, "  {}", parts.join("; "));
    let api: Vec<String> = change.api.iter().map(ToString::to_string).collect();
    for line in api.iter().filter(|line| *line != message).take(SHOWN) {
        let _ = writeln!(output, "  - {line}");
    }
    if api.len() > SHOWN {
        let _ = writeln!(output, "  - and {} more", api.len() - SHOWN);
    }
    if !change.advice.is_empty() {
        let _ = writeln!(output, "  = help: {}", change.advice);
    }
}
