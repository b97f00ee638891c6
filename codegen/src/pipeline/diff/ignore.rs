//! Changes that are intended: each with a reason, and an error once it matches nothing.

use serde::Deserialize;
use toml::Spanned;

use super::change::{Change, Difference};
use super::table::ChangeKind;
use crate::text::Source;

/// Changes that are intended.
///
/// ```
/// let file = r#"
/// [[ignore]]
/// id = "property-removed"
/// item = "models::Pet::name"
/// reason = "no client has read it since version 3"
/// "#;
/// let ignored = specwright::Ignored::parse(&specwright::Source::new("ignore.toml", file));
/// assert!(ignored.is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct Ignored {
    entries: Vec<Spanned<Entry>>,
    source: Source,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    ignore: Vec<Spanned<Entry>>,
}

/// Changes that are intended, by what they have in common.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The id of the changes.
    id: String,
    /// The Rust item, or an item that contains it.
    item: Option<String>,
    /// A JSON pointer in one of the documents, or of a part that contains it.
    at: Option<String>,
    reason: String,
}

impl Ignored {
    /// Reads a list in TOML: a table `[[ignore]]` per entry, with `id`, `reason`, and optionally `item`
    /// and `at`.
    ///
    /// # Errors
    /// Returns an error if the file is invalid, an id is unknown, or a reason is missing.
    pub fn parse(source: &Source) -> Result<Self, String> {
        let file: File = toml::from_str(&source.content)
            .map_err(|error| format!("error: {}: {error}", source.name))?;
        let ignored = Self { entries: file.ignore, source: source.clone() };
        for entry in &ignored.entries {
            let of = entry.get_ref();
            if ChangeKind::all().all(|kind| kind.id != of.id) {
                return Err(ignored.error(entry, &format!("`{}` is not a kind of change", of.id)));
            }
            if of.reason.trim().is_empty() {
                return Err(ignored.error(entry, "the reason is empty"));
            }
        }
        Ok(ignored)
    }

    fn error(&self, entry: &Spanned<Entry>, problem: &str) -> String {
        let before = self.source.content.get(..entry.span().start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        format!("error: {}:{line}: {problem}", self.source.name)
    }
}

impl Difference {
    /// Removes the changes that are intended.
    ///
    /// # Errors
    /// Returns an error that lists the entries that match no change.
    pub fn ignore(&mut self, ignored: &Ignored) -> Result<(), String> {
        let entries = ignored.entries.iter();
        let unused =
            entries.filter(|entry| !self.changes.iter().any(|change| matches(entry, change)));
        let unused: Vec<String> =
            unused.map(|entry| ignored.error(entry, "the entry matches no change")).collect();
        if !unused.is_empty() {
            return Err(unused.join("\n"));
        }
        self.remove(|change| ignored.entries.iter().any(|entry| matches(entry, change)));
        Ok(())
    }
}

fn matches(entry: &Spanned<Entry>, change: &Change) -> bool {
    let entry = entry.get_ref();
    let within = |path: &str, of: &str, separators: &[char]| {
        path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with(separators))
    };
    let is_at = |of: &String| {
        let positions = [&change.old, &change.new].into_iter().flatten();
        positions.into_iter().any(|position| within(&position.pointer, of, &['/']))
    };
    let is_item = |of: &String| change.item.as_ref().is_some_and(|item| within(item, of, &[':']));
    change.id == entry.id
        && entry.item.as_ref().is_none_or(is_item)
        && entry.at.as_ref().is_none_or(is_at)
}
