//! `xtask/words.toml`: where words of the glossary are used in another sense.

use std::cell::Cell;
use std::collections::BTreeMap;

use regex_lite::Regex;
use serde::Deserialize;

use crate::tidy::report::Finding;

pub(super) const RULE: &str = "words";
/// The path of the exceptions.
pub(super) const FILE: &str = "xtask/words.toml";

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// Further forms of words.
    #[serde(default)]
    pub(super) forms: BTreeMap<String, Vec<String>>,
    /// Patterns that are searched instead of a word.
    #[serde(default)]
    pub(super) patterns: BTreeMap<String, String>,
    #[serde(default)]
    exception: Vec<Written>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Words of the glossary; all of them if there are none.
    #[serde(default)]
    words: Vec<String>,
    /// A regular expression: what it matches is not searched.
    line: Option<String>,
    /// A regular expression for the path.
    path: Option<String>,
    reason: String,
}

/// An exception, ready to be applied.
#[derive(Debug)]
pub(super) struct Exception {
    words: Vec<String>,
    line: Option<Regex>,
    path: Option<Regex>,
    reason: String,
    is_used: Cell<bool>,
}

impl Words {
    /// Compiles the exceptions.
    ///
    /// # Errors
    /// Returns an error if a pattern is not a regular expression or an exception excludes all.
    pub(super) fn exceptions(&self) -> Result<Vec<Exception>, String> {
        let compile = |pattern: &Option<String>| {
            let compiled = pattern.as_ref().map(|pattern| Regex::new(pattern)).transpose();
            compiled.map_err(|error| format!("error: {FILE}: {error}"))
        };
        let read = |written: &Written| {
            if written.line.is_none() && written.path.is_none() {
                return Err(format!("error: {FILE}: `{}` has no pattern", written.reason));
            }
            Ok(Exception {
                words: written.words.clone(),
                line: compile(&written.line)?,
                path: compile(&written.path)?,
                reason: written.reason.clone(),
                is_used: Cell::new(false),
            })
        };
        self.exception.iter().map(read).collect()
    }
}

impl Exception {
    pub(super) fn applies_to(&self, path: &str) -> bool {
        self.path.as_ref().is_none_or(|pattern| pattern.is_match(path))
    }

    /// Returns the line without what the exception allows for a word.
    pub(super) fn without(&self, line: &str, word: &str) -> String {
        if !self.words.is_empty() && !self.words.iter().any(|other| other == word) {
            return line.to_owned();
        }
        let rest = match &self.line {
            Some(pattern) => pattern.replace_all(line, " | ").into_owned(),
            None => String::new(),
        };
        if rest != line {
            self.is_used.set(true);
        }
        rest
    }

    /// Reports the exception if it never applied.
    pub(super) fn unneeded(&self) -> Option<Finding> {
        let message = format!("the exception `{}` matches nothing; remove it", self.reason);
        (!self.is_used.get()).then(|| Finding::new(RULE, FILE, 1, message))
    }
}
