//! A source folder has few entries.

use super::report::Finding;
use super::settings::{FILE, Settings};
use super::source::Tree;

const RULE: &str = "entries";
const MOST: usize = 12;

/// Reports folders with too many entries, and exceptions that are not needed.
pub(super) fn check(tree: &Tree, settings: &Settings) -> Vec<Finding> {
    let is_excepted = |folder: &str| settings.entries.iter().any(|entry| entry.path == folder);
    let mut findings = Vec::new();
    for (folder, names) in tree.folders.iter().filter(|(folder, _)| is_source(tree, folder)) {
        let is_counted = |name: &&String| {
            let path = format!("{folder}/{name}");
            !settings.is_generated(&path) && !settings.is_fixture(&path)
        };
        let count = names.iter().filter(is_counted).count();
        if settings.is_generated(folder) || settings.is_fixture(folder) {
            continue;
        }
        if count > MOST && !is_excepted(folder) {
            let message = format!("{count} entries, {MOST} are allowed; group them in folders");
            findings.push(Finding::new(RULE, folder, 1, message));
        }
        if count <= MOST && is_excepted(folder) {
            let message = format!("the exception of `{folder}` is not needed; remove it");
            findings.push(Finding::new(RULE, FILE, 1, message));
        }
    }
    let unknown = settings.entries.iter().filter(|entry| !tree.folders.contains_key(&entry.path));
    findings.extend(unknown.map(|entry| {
        let message = format!("the exception of `{}` names no folder; remove it", entry.path);
        Finding::new(RULE, FILE, 1, message)
    }));
    findings
}

/// Returns whether a folder of a package has Rust files in it or below.
fn is_source(tree: &Tree, folder: &str) -> bool {
    let prefix = format!("{folder}/");
    !folder.is_empty()
        && tree.files.iter().any(|file| file.is_rust() && file.path.starts_with(&prefix))
}
