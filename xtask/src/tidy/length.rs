//! A file that people read is short.

use super::report::Finding;
use super::settings::{FILE, Settings};
use super::source::{SourceFile, Tree};

const RULE: &str = "length";
const MOST: usize = 399;
/// Lines of the files that a new reader opens first.
const MOST_OF_OVERVIEW: usize = 150;
const OVERVIEWS: [&str; 2] = ["ARCHITECTURE.md", "README.md"];
const CHECKED: [&str; 4] = ["rs", "py", "sh", "md"];

/// Reports files that are too long, and exceptions that are not needed.
pub(super) fn check(tree: &Tree, settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut needed = Vec::new();
    for file in tree.files.iter().filter(|file| file.is_handwritten() && is_checked(file)) {
        let most = if OVERVIEWS.contains(&file.path.as_str()) { MOST_OF_OVERVIEW } else { MOST };
        let count = file.contents.lines().count();
        if count <= most {
            continue;
        }
        if settings.length.iter().any(|entry| entry.path == file.path) {
            needed.push(&file.path);
            continue;
        }
        let message = format!("{count} lines, {most} are allowed; split the file");
        findings.push(Finding::new(RULE, &file.path, count, message));
    }
    let unneeded = settings.length.iter().filter(|entry| !needed.contains(&&entry.path));
    findings.extend(unneeded.map(|entry| {
        let message = format!("the exception of `{}` is not needed; remove it", entry.path);
        Finding::new(RULE, FILE, 1, message)
    }));
    findings
}

fn is_checked(file: &SourceFile) -> bool {
    let extension = file.path.rsplit_once('.').map_or("sh", |(_, extension)| extension);
    CHECKED.contains(&extension) && file.path != "CHANGELOG.md"
}
