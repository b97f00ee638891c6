//! `docs/diagnostics.md`, which is generated from the table of diagnostics and from the cases.
//!
//! `UPDATE_DOCS=1 cargo test -p specwright --test suite` rewrites the page.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use specwright::{Code, Severity};

use super::case::{Case, cases_by_code, files_below};

const INTRODUCTION: &str = "# Diagnostics

<!-- Generated: `UPDATE_DOCS=1 cargo test -p specwright --test suite` rewrites this page. -->

All problems of a stage are reported together: first syntax, files and overlays, then the selected
operations. Each has a code and a position. An error prevents generation. With `skip-unsupported`,
errors of operations become warnings, and these operations are left out. With `deny-warnings`, all
warnings become errors. Each problem is reported once, and only if its part of the document is
selected.

";

/// Inputs with more lines are not shown.
const MAX_LINES: usize = 45;

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("| code | severity | what to do |\n|---|---|---|\n");
    for code in Code::all() {
        let _ = writeln!(page, "| [`{0}`](#{0}) | {1} | {2} |", code.id, severity(code), code.help);
    }
    for code in Code::all() {
        let documentation: Vec<&str> = code.documentation.lines().map(str::trim).collect();
        let documentation = documentation.join("\n");
        let _ = writeln!(page, "\n## {}\n\n{}", code.id, documentation.trim());
        let _ = writeln!(page, "\nSeverity: {}\n\nWhat to do: {}", severity(code), code.help);
        let group = if code.severity == Severity::Error { "rejected" } else { "recovered" };
        let cases = cases_by_code(group).unwrap().into_iter();
        let cases = cases.filter(|(name, _)| name == code.id);
        // A document alone shows the problem best.
        if let Some((_, case)) = cases.min_by_key(|(_, case)| inputs(case).len().abs_diff(1)) {
            page.push_str(&example(&case, code));
        }
    }
    page
}

fn severity(code: &Code) -> &'static str {
    match code.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Returns the input of a case, and the diagnostic of this code.
fn example(case: &Case, code: &Code) -> String {
    let mut example = String::new();
    for path in inputs(case) {
        let content = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(&case.folder).unwrap().display().to_string();
        let language = if name.ends_with("toml") { "toml" } else { "yaml" };
        if content.lines().count() <= MAX_LINES {
            let _ = writeln!(example, "\n`{name}`:\n\n```{language}\n{}\n```", content.trim_end());
        }
    }
    let found = case.output().map_or_else(|found| found, |output| output.warnings);
    let rendered = found.render(false);
    let is_of_code = |block: &&str| block.contains(&format!("[{}]: ", code.id));
    if let Some(block) = rendered.split("\n\n").find(is_of_code) {
        let lines: Vec<&str> = block.trim_end().lines().map(str::trim_end).collect();
        let case = format!("codegen/tests/fixtures/{}", case.name());
        let block = lines.join("\n");
        let _ = writeln!(example, "\n<!-- diagnostics: {case} -->\n```text\n{block}\n```");
    }
    example
}

/// Returns the input files of a case, the document last.
fn inputs(case: &Case) -> Vec<PathBuf> {
    let mut files = files_below(&case.folder).unwrap();
    let is_input = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "yaml" || end == "toml" || end == "json")
    };
    files.retain(is_input);
    files.retain(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0));
    files.sort_by_key(|path| path.file_name().is_some_and(|name| name == "spec.yaml"));
    files
}

#[test]
fn the_page_of_diagnostics_is_current() {
    is_current("diagnostics.md", |_| page());
}

/// Checks a page of the documentation, or rewrites it if `UPDATE_DOCS` is set.
pub(crate) fn is_current(name: &str, expected: impl FnOnce(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    let actual = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let expected = expected(&actual);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    } else {
        assert!(actual == expected, "run `UPDATE_DOCS=1 cargo test -p specwright --test suite`");
    }
}

/// Returns a page with another table between its markers.
pub(crate) fn with_table(page: &str, marker: &str, table: &str) -> String {
    let [begin, end] = ["begin", "end"].map(|edge| format!("<!-- {marker} {edge} -->\n"));
    let (before, rest) = page.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{begin}{table}{end}{after}")
}
