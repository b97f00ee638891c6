//! `xtask/tidy.toml`: the tables that the rules compare the workspace with.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// The path of the settings.
pub(super) const FILE: &str = "xtask/tidy.toml";

/// What is allowed, and what is excluded with a reason.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Folders of generated code.
    #[serde(default)]
    pub(super) generated: Vec<String>,
    /// Names of folders with input or expected output of tests.
    #[serde(default)]
    pub(super) fixtures: Vec<String>,
    /// The workspace packages that each package may depend on.
    #[serde(default)]
    pub(super) crates: BTreeMap<String, Vec<String>>,
    /// For each crate, by its folder: the top-level modules that each of them may import from.
    #[serde(default)]
    pub(super) modules: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Folders that may have more entries.
    #[serde(default)]
    pub(super) entries: Vec<Exception>,
    /// Files that may be longer.
    #[serde(default)]
    pub(super) length: Vec<Exception>,
    /// Patterns that only some files may contain.
    #[serde(default)]
    pub(super) home: Vec<Home>,
}

/// A path that a rule does not apply to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    pub(super) path: String,
    /// Read by people.
    #[allow(dead_code, reason = "required, so that each exception is justified")]
    pub(super) reason: String,
}

/// A pattern that only some files may contain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Home {
    /// A regular expression, matched against code without comments.
    pub(super) pattern: String,
    /// The files and folders that may contain it.
    pub(super) files: Vec<String>,
    /// What to use elsewhere.
    pub(super) instead: String,
}

impl Settings {
    /// Reads the settings of a workspace.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or has unknown keys.
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let contents = fs::read_to_string(root.join(FILE))
            .map_err(|error| format!("error: cannot read {FILE}: {error}"))?;
        toml::from_str(&contents).map_err(|error| format!("error: {FILE}: {error}"))
    }

    pub(super) fn is_generated(&self, path: &str) -> bool {
        self.generated.iter().any(|folder| is_below(path, folder))
    }

    pub(super) fn is_fixture(&self, path: &str) -> bool {
        path.split('/').any(|part| self.fixtures.iter().any(|name| name == part))
    }
}

/// Returns whether a path is a folder or lies below it.
pub(super) fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
