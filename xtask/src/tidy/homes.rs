//! A wire rule is implemented in one file only.

use regex_lite::Regex;

use super::report::Finding;
use super::settings::{FILE, Home, Settings, is_below};
use super::source::{SourceFile, Tree, code, without_tests};

const RULE: &str = "homes";

/// Reports patterns outside the files that may contain them, and entries without a match.
///
/// # Errors
/// Returns an error if a pattern is not a regular expression.
pub(super) fn check(tree: &Tree, settings: &Settings) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for home in &settings.home {
        let pattern = Regex::new(&home.pattern)
            .map_err(|error| format!("error: {FILE}: `{}`: {error}", home.pattern))?;
        let mut matches = Vec::new();
        for file in tree.files.iter().filter(|file| is_searched(file)) {
            let lines = code_lines(&file.contents).into_iter();
            let found = lines.filter(|(_, line)| pattern.is_match(line));
            matches.extend(found.map(|(line, _)| (file.path.as_str(), line)));
        }
        findings.extend(compare(home, &matches));
    }
    Ok(findings)
}

fn compare(home: &Home, matches: &[(&str, usize)]) -> Vec<Finding> {
    let Home { pattern, files, instead } = home;
    let is_allowed = |path: &str| files.iter().any(|file| is_below(path, file));
    let outside = matches.iter().filter(|(path, _)| !is_allowed(path));
    let outside = outside.map(|(path, line)| {
        Finding::new(RULE, path, *line, format!("`{pattern}` must not be used here; {instead}"))
    });
    let has_match = |file: &str| matches.iter().any(|(path, _)| is_below(path, file));
    let unused = files.iter().filter(|file| !has_match(file)).map(|file| {
        Finding::new(RULE, FILE, 1, format!("`{pattern}` does not occur in `{file}`; remove it"))
    });
    outside.chain(unused).collect()
}

/// Sources of the packages; tests may spell out what they expect.
fn is_searched(file: &SourceFile) -> bool {
    let is_test = file.path.split('/').any(|part| ["tests", "benches", "tests.rs"].contains(&part));
    file.is_rust() && file.is_handwritten() && !is_test
}

/// The lines of a file without comments and test modules, with their numbers.
fn code_lines(contents: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for token in without_tests(&code(contents)) {
        match lines.last_mut().filter(|(line, _)| *line == token.line) {
            Some((_, line)) => *line += token.source,
            None => lines.push((token.line, token.source.to_owned())),
        }
    }
    lines
}
