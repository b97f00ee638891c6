//! Generated files and their header.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::text::visible;

/// The first words of every generated file. A file without them was written by hand.
const GENERATED: &str = "@generated";

/// Generated files: the content of each by its path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, String>,
}

impl FileSet {
    /// Returns the files, sorted by path. Paths are relative, with `/` as the separator.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, content)| (path.as_str(), content.as_str()))
    }

    /// Returns the content of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Returns the number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are no files.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether the content starts with the header of generated files.
    #[must_use]
    pub fn is_generated(content: &str) -> bool {
        content.lines().next().is_some_and(|line| line.contains(GENERATED))
    }

    /// Adds a file.
    pub(super) fn insert(&mut self, path: String, content: String) {
        self.files.insert(path, content);
    }
}

/// Returns the header of a file, which names the command that generates it. `comment` starts a
/// comment in the language of the file.
pub(super) fn header(comment: &str, config: &Config) -> String {
    // A name of a file can contain a line break, which would end the comment.
    let command = visible(&config.layout.command);
    format!(
        "{comment} {GENERATED} by `{command}`. Do not edit: change the spec and run the command \
         again.\n"
    )
}
