//! Differences that are intended, each with its reason: `spec/upstream.toml`.

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use super::difference::{Difference, Side};
use super::document::Document;

/// The list of intended differences.
#[derive(Debug, Default)]
pub(super) struct Intended {
    name: String,
    content: String,
    entries: Vec<Spanned<Entry>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    intended: Vec<Spanned<Entry>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Where the difference is in the spec.
    at: String,
    kind: Side,
    /// The upstream value of a keyword. With another one, the difference is not the intended one.
    upstream: Option<Value>,
    reason: String,
}

impl Intended {
    /// Reads a list.
    ///
    /// # Errors
    /// Returns an error if it is invalid, or if a reason is missing.
    pub(super) fn parse(name: &str, content: String) -> Result<Self, String> {
        let file: File =
            toml::from_str(&content).map_err(|error| format!("error: {name}: {error}"))?;
        let list = Self { name: name.to_owned(), content, entries: file.intended };
        match list.entries.iter().find(|entry| entry.get_ref().reason.trim().is_empty()) {
            Some(entry) => Err(list.error(entry, "the reason is empty")),
            None => Ok(list),
        }
    }

    /// Returns the number of entries.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Splits differences into those that are not intended, and errors for entries that match none.
    pub(super) fn apply(
        &self,
        spec: &Document,
        differences: Vec<Difference>,
    ) -> (Vec<Difference>, Vec<String>) {
        let expired = self.entries.iter().filter(|entry| {
            !differences.iter().any(|difference| entry.get_ref().is(spec, difference))
        });
        let expired = expired.map(|entry| {
            let problem = format!("expired: no difference at `{}`", entry.get_ref().at);
            self.error(entry, &problem)
        });
        let expired = expired.collect();
        let is_intended = |difference: &Difference| {
            self.entries.iter().any(|entry| entry.get_ref().is(spec, difference))
        };
        (differences.into_iter().filter(|found| !is_intended(found)).collect(), expired)
    }

    fn error(&self, entry: &Spanned<Entry>, problem: &str) -> String {
        let before = self.content.get(..entry.span().start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        format!("error: {}:{line}: {problem}", self.name)
    }
}

impl Entry {
    fn is(&self, spec: &Document, difference: &Difference) -> bool {
        self.kind == difference.side
            && self.at == spec.shown(&difference.at)
            && self
                .upstream
                .as_ref()
                .is_none_or(|value| Some(value) == difference.upstream.as_ref())
    }
}
