//! Words that the glossary replaces are not used: in comments, documents, strings and identifiers.
//!
//! | module | responsibility |
//! |---|---|
//! | `exceptions` | where a word has another sense |
//! | `glossary` | which words to avoid, in which forms |
//! | `split` | lines as words |

mod exceptions;
mod glossary;
mod split;

use self::exceptions::{Exception, FILE, RULE, Words};
use self::glossary::Glossary;
use super::report::Finding;
use super::source::{SourceFile, Tree};

const GLOSSARY: &str = "docs/glossary.md";
const CHECKED: [&str; 7] = ["md", "py", "rs", "sh", "toml", "yaml", "yml"];
/// How much of a line is shown.
const SHOWN: usize = 100;

/// Reports words to avoid, and exceptions that are not needed.
///
/// # Errors
/// Returns an error if the glossary or the exceptions cannot be read.
pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>, String> {
    let read = |path: &str| tree.file(path).map(|file| file.contents.as_str());
    let table = read(GLOSSARY).ok_or_else(|| format!("error: cannot read {GLOSSARY}"))?;
    let words: Words = toml::from_str(read(FILE).unwrap_or_default())
        .map_err(|error| format!("error: {FILE}: {error}"))?;
    let exceptions = words.exceptions()?;
    let glossary = Glossary::read(table, &words.forms, &words.patterns)?;
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| is_checked(file)) {
        findings.extend(of_file(file, &glossary, &exceptions));
    }
    findings.extend(exceptions.iter().filter_map(Exception::unneeded));
    Ok(findings)
}

/// Returns whether a file is checked; those that list the words are not.
fn is_checked(file: &SourceFile) -> bool {
    if [GLOSSARY, FILE].contains(&file.path.as_str()) {
        return false;
    }
    let extension = file.path.rsplit_once('.').map_or("sh", |(_, extension)| extension);
    CHECKED.contains(&extension) || file.path == ".ci/run"
}

fn of_file(file: &SourceFile, glossary: &Glossary, exceptions: &[Exception]) -> Vec<Finding> {
    let exceptions: Vec<&Exception> =
        exceptions.iter().filter(|exception| exception.applies_to(&file.path)).collect();
    let mut findings = Vec::new();
    for (i, line) in file.contents.lines().enumerate() {
        for term in glossary.occurring(line) {
            let name = &glossary.terms[term].name;
            let mut rest = line.to_owned();
            for exception in &exceptions {
                rest = exception.without(&rest, name);
                if !glossary.occurring(&rest).contains(&term) {
                    break;
                }
            }
            if glossary.occurring(&rest).contains(&term) {
                let instead = &glossary.terms[term].instead;
                let shown: String = line.trim().chars().take(SHOWN).collect();
                let message = format!("avoid `{name}`; use {instead}: {shown}");
                findings.push(Finding::new(RULE, &file.path, i + 1, message));
            }
        }
    }
    findings
}
