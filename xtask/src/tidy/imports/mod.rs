//! Imports go down only: no circles between files, and no import that the table does not allow.
//!
//! A path counts as an import of the file that defines the item, wherever it is re-exported.
//! These do not count:
//! - `mod` lines, and re-exports in a file that lists modules;
//! - test modules;
//! - a `use` of a module itself: the paths through it count;
//! - bodies of `macro_rules!`, which expand elsewhere, and of `quote!`, which are generated code;
//! - imports of generated files, which use façades such as `__private`.
//!
//! | module | responsibility |
//! |---|---|
//! | `circles` | finds files that import from each other |
//! | `document` | the table in ARCHITECTURE.md |
//! | `edges` | which file imports from which |
//! | `layers` | compares dependencies with the table |

mod circles;
mod document;
mod edges;
mod layers;

pub(super) use document::write;

use std::collections::BTreeMap;

use edges::Edge;

use super::report::Finding;
use super::settings::Settings;
use super::source::{Crate, Tree};

/// Checks the imports of all crates.
pub(super) fn check(tree: &Tree, crates: &[Crate], settings: &Settings) -> Vec<Finding> {
    let mut findings = layers::check_crates(tree, settings);
    let mut folders: BTreeMap<&str, Vec<Edge>> = BTreeMap::new();
    for krate in crates {
        let edges = edges::edges(krate);
        findings.extend(circles::check(&edges));
        folders.entry(&krate.folder).or_default().extend(edges);
    }
    for (folder, edges) in &folders {
        findings.extend(layers::check_modules(folder, edges, settings));
    }
    findings.extend(document::check(tree, settings));
    findings
}

/// Returns the imports between modules, in the form of the table.
pub(super) fn found(crates: &[Crate]) -> String {
    let tables = crates.iter().map(|krate| layers::found(&krate.folder, &edges::edges(krate)));
    tables.filter(|table| table.contains('=')).collect::<Vec<_>>().join("\n")
}
