//! Changes in the words of a changelog.

use std::fmt::Write as _;

use specwright::{Change, Difference, Release, Wire};

use super::report::{capital, one_line};

/// The sections, in their order.
const SECTIONS: [&str; 4] = ["Breaking", "Added", "Changed", "Fixed"];

/// Renders the changes that users of an API notice: one line for each, in sections.
pub(super) fn render(difference: &Difference) -> String {
    let mut output = String::new();
    for section in SECTIONS {
        let changes = difference.changes.iter();
        let mut lines: Vec<String> = changes
            .filter(|change| self::section(change) == Some(section))
            .map(|change| line(change, section))
            .collect();
        lines.sort();
        lines.dedup();
        if !lines.is_empty() {
            let space = if output.is_empty() { "" } else { "\n" };
            // Writing to a string cannot fail.
            let _ = writeln!(output, "{space}### {section}\n\n{}", lines.join("\n"));
        }
    }
    output
}

/// Returns the section of a change, or none if users do not notice it.
fn section(change: &Change) -> Option<&'static str> {
    let is_noticed = change.rust > Release::Patch || change.wire != Wire::None;
    let is_breaking = change.rust == Release::Major || change.wire.breaks_clients();
    match is_noticed {
        false => None,
        true if is_breaking => Some("Breaking"),
        true if change.id.ends_with("-added") => Some("Added"),
        // The code has the same API, but works with values with which it did not before.
        true if change.rust <= Release::Patch => Some("Fixed"),
        true => Some("Changed"),
    }
}

fn line(change: &Change, section: &str) -> String {
    let message = one_line(&change.message);
    let item = change.item.as_ref().filter(|item| !message.contains(&format!("`{item}`")));
    let item = item.map(|item| format!(" (`{item}`)")).unwrap_or_default();
    let advice = match change.advice.as_str() {
        "" => String::new(),
        advice => format!(" To do: {advice}."),
    };
    // What is added or fixed needs nothing to be done.
    let advice = if section == "Added" || section == "Fixed" { String::new() } else { advice };
    format!("- {}{item}.{advice}", capital(&message))
}
