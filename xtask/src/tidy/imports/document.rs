//! The part of ARCHITECTURE.md that shows the table of allowed imports.

use std::fmt::Write as _;
use std::fs;

use crate::tidy::report::Finding;
use crate::tidy::settings::Settings;
use crate::tidy::source::Tree;

const FILE: &str = "ARCHITECTURE.md";
const BEGIN: &str = "<!-- tidy:imports begin -->\n";
const END: &str = "<!-- tidy:imports end -->";

/// Reports a table in ARCHITECTURE.md that is not that of the settings.
pub(super) fn check(tree: &Tree, settings: &Settings) -> Vec<Finding> {
    let contents = tree.file(FILE).map_or("", |file| &file.contents);
    match replaced(contents, settings) {
        None => {
            println!("skipped: {FILE} has no table of imports between `{}`", BEGIN.trim_end());
            Vec::new()
        }
        Some(expected) if expected == contents => Vec::new(),
        Some(_) => {
            let line = contents.lines().take_while(|line| *line != BEGIN.trim_end()).count() + 1;
            let message = "the table of imports is stale; run `cargo xtask tidy --write`";
            vec![Finding::new("layers", FILE, line, message)]
        }
    }
}

/// Writes the table.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub(in crate::tidy) fn write(tree: &Tree, settings: &Settings) -> Result<(), String> {
    let contents = tree.file(FILE).map_or("", |file| &file.contents);
    let Some(expected) = replaced(contents, settings) else { return Ok(()) };
    fs::write(tree.root.join(FILE), expected)
        .map_err(|error| format!("error: cannot write {FILE}: {error}"))
}

/// Returns the file with the current table; none if it has no markers.
fn replaced(contents: &str, settings: &Settings) -> Option<String> {
    let (before, rest) = contents.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{}{END}{after}", table(settings)))
}

fn table(settings: &Settings) -> String {
    let mut output = String::from("\n| crate | depends on |\n|---|---|\n");
    for (name, dependencies) in &settings.crates {
        let _ = writeln!(output, "| `{name}` | {} |", listed(dependencies));
    }
    output += "\n| in | modules, each with what it imports from |\n|---|---|\n";
    for (folder, modules) in &settings.modules {
        let rows: Vec<String> =
            modules.iter().map(|(from, to)| format!("`{from}`: {}", listed(to))).collect();
        let _ = writeln!(output, "| `{folder}` | {} |", rows.join("<br>"));
    }
    output + "\n"
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        return "–".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
