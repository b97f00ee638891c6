//! Changes in Markdown, for a pull request.

use std::fmt::Write as _;

use specwright::{Change, Difference};

use super::report::{counts, groups, one_line, uses, verdict};

/// Renders the changes.
pub(super) fn render(difference: &Difference, all: bool) -> String {
    let mut output = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(output, "**Verdict:** {}.", verdict(difference.wire, difference.rust));
    for group in groups(difference, all) {
        let _ = writeln!(output, "\n### {}\n", group.title);
        for change in group.changes {
            write_change(&mut output, change);
        }
    }
    let counts = if all { Default::default() } else { counts(difference) };
    if !counts.is_empty() {
        let counts: Vec<String> =
            counts.iter().map(|(id, count)| format!("{count} `{id}`")).collect();
        let _ = writeln!(output, "\nWithout effect on an API: {}.", counts.join(", "));
    }
    output
}

fn write_change(output: &mut String, change: &Change) {
    let Change { id, message, wire, rust, .. } = change;
    let uses = uses(change);
    let uses = if uses.is_empty() { String::new() } else { format!(", {uses}") };
    let _ = writeln!(output, "- {}{uses} (`{id}`; wire: {wire}; Rust: {rust})", one_line(message));
    let line = change.api.first().map(ToString::to_string);
    if let Some(line) = line.filter(|line| line != message) {
        let _ = writeln!(output, "  - {}", one_line(&line));
    }
    if !change.advice.is_empty() {
        let _ = writeln!(output, "  - To do: {}.", change.advice);
    }
}
