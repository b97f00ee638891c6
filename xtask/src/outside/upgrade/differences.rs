//! Known differences between the code of a document and that of the converted document.

use std::fs;

use serde::Deserialize;

use crate::timed::failed;
use crate::workspace::root;

const FILE: &str = "tests/upgrade/differences.toml";

/// The table of known differences.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    #[serde(default)]
    difference: Vec<Entry>,
}

/// Generated files that differ for one reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    document: String,
    files: Vec<String>,
    /// What the converter does wrong, or what it cannot express.
    reason: String,
}

impl Known {
    /// Reads the table.
    pub(super) fn read() -> Result<Self, String> {
        let path = root()?.join(FILE);
        let content = fs::read_to_string(&path).map_err(|error| failed("read", &path, &error))?;
        let known: Self =
            toml::from_str(&content).map_err(|error| format!("error: {FILE}: {error}"))?;
        match known.difference.iter().find(|entry| entry.reason.trim().is_empty()) {
            Some(entry) => Err(format!("error: {FILE}: {} has no reason", entry.document)),
            None => Ok(known),
        }
    }

    /// Returns the files of a document that are known to differ.
    pub(super) fn files(&self, document: &str) -> Vec<&str> {
        let own = self.difference.iter().filter(|entry| entry.document == document);
        own.flat_map(|entry| &entry.files).map(String::as_str).collect()
    }
}
