//! The lines of a YAML file, and which of them a part has.

use std::ops::Range;

use serde_json::Value;

use super::write::{element, entry, inline};
use crate::corpus::pointer::{escape, unescape};
use crate::generate::upstream::layout::{Part, Shape};

/// The order of the keywords of a schema. Others follow.
const ORDER: [&str; 26] = [
    "$ref",
    "operationId",
    "name",
    "in",
    "title",
    "summary",
    "description",
    "tags",
    "deprecated",
    "parameters",
    "requestBody",
    "responses",
    "required",
    "type",
    "format",
    "nullable",
    "readOnly",
    "writeOnly",
    "default",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "properties",
    "items",
];

/// The lines of a file.
pub(super) struct Lines {
    lines: Vec<String>,
    layout: Option<Part>,
}

impl Lines {
    pub(super) fn read(content: &str) -> Self {
        let lines = content.split('\n').map(str::to_owned).collect();
        Self { lines, layout: Part::read(content) }
    }

    /// Returns the content of the file.
    pub(super) fn content(&self) -> String {
        self.lines.join("\n")
    }

    /// Writes a part again, with another value.
    pub(super) fn replace(
        &mut self,
        pointer: &str,
        value: &Value,
        note: Option<&str>,
    ) -> Option<()> {
        let at = self.location(pointer)?;
        let line = self.lines.get(at.lines.start)?.clone();
        let prefix: String = line.chars().take(at.column).collect();
        if let Some(replaced) = self.replaced_scalar(pointer, value, &at) {
            *self.lines.get_mut(at.lines.start)? = replaced;
        } else {
            let mut written = match at.is_element {
                true => element(value, at.column),
                false => entry(&at.key, value, at.column),
            };
            let first = written.first_mut()?;
            *first = prefix + first.trim_start();
            self.lines.splice(at.lines.clone(), written);
        }
        self.note(at.lines.start, note);
        Some(())
    }

    /// Returns the line of a scalar with another one. A comment stays.
    fn replaced_scalar(&self, pointer: &str, value: &Value, at: &Location) -> Option<String> {
        let part = self.layout.as_ref()?.at(pointer)?;
        if part.shape != Shape::Scalar || value.is_object() || value.is_array() {
            return None;
        }
        if at.lines.len() != 1 {
            return None;
        }
        let line = self.lines.get(at.lines.start)?;
        let start: usize =
            self.lines.iter().take(at.lines.start).map(|line| line.chars().count() + 1).sum();
        let (from, to) = (part.value.0.checked_sub(start)?, part.value.1.checked_sub(start)?);
        let before: String = line.chars().take(from).collect();
        let after: String = line.chars().skip(to).collect();
        Some(format!("{before}{}{after}", inline(value)))
    }

    /// Removes a part. Its comment takes the lines.
    pub(super) fn remove(&mut self, pointer: &str, note: Option<&str>) -> Option<()> {
        let at = self.location(pointer)?;
        let line = self.lines.get(at.lines.start)?;
        let prefix: String = line.chars().take(at.column).collect();
        if !prefix.trim().is_empty() {
            return None;
        }
        let comment = note.map(|note| format!("{prefix}# {note}"));
        self.lines.splice(at.lines, comment);
        Some(())
    }

    /// Adds an entry to an object that has some.
    pub(super) fn insert(
        &mut self,
        parent: &str,
        key: &str,
        value: &Value,
        note: Option<&str>,
    ) -> Option<()> {
        let part = self.layout.as_ref()?.at(parent)?;
        if part.shape != Shape::Mapping || part.is_flow {
            return None;
        }
        let column = part.children.first()?.1.column;
        let names: Vec<&str> = part.children.iter().map(|(name, _)| name.as_str()).collect();
        let before = match names.len() > 1 && names.is_sorted() && !is_schema(&names) {
            true => names.iter().filter(|name| **name < key).count(),
            false => {
                let rank = |name: &str| ORDER.iter().position(|other| *other == name);
                let rank = |name: &str| rank(name).unwrap_or(ORDER.len());
                let is_earlier = |name: &&str| rank(name) <= rank(key);
                names.iter().rposition(is_earlier).map_or(names.len(), |last| last + 1)
            }
        };
        let pointer = |name: &str| format!("{parent}/{}", escape(name));
        // The comments above the next entry belong to it.
        let line = match before.checked_sub(1).and_then(|index| names.get(index)) {
            Some(name) => self.location(&pointer(name))?.lines.end,
            None => self.location(&pointer(names.first()?))?.lines.start,
        };
        let is_spaced = part.children.windows(2).any(|pair| {
            let above = pair[1].1.line.checked_sub(1).and_then(|line| self.lines.get(line));
            let is_comment = |line: &&String| line.trim_start().starts_with('#');
            let above_comment = pair[1].1.line.checked_sub(2).and_then(|line| self.lines.get(line));
            above.is_some_and(|line| line.trim().is_empty())
                || above.as_ref().is_some_and(is_comment)
                    && above_comment.is_some_and(|line| line.trim().is_empty())
        });
        let mut written = entry(key, value, column);
        if let Some(note) = note {
            written.insert(0, format!("{:column$}# {note}", ""));
        }
        match (is_spaced, before) {
            (true, 0) => written.push(String::new()),
            (true, _) => written.insert(0, String::new()),
            _ => {}
        }
        self.lines.splice(line..line, written);
        Some(())
    }

    /// Adds an element to an array that has some.
    pub(super) fn append(
        &mut self,
        pointer: &str,
        value: &Value,
        note: Option<&str>,
    ) -> Option<()> {
        let part = self.layout.as_ref()?.at(pointer)?;
        if part.shape != Shape::Sequence || part.is_flow {
            return None;
        }
        let last = part.children.len().checked_sub(1)?;
        let at = self.location(&format!("{pointer}/{last}"))?;
        let mut written = element(value, at.column);
        if let Some(note) = note {
            written.insert(0, format!("{:1$}# {note}", "", at.column));
        }
        self.lines.splice(at.lines.end..at.lines.end, written);
        Some(())
    }

    /// Writes a comment above a line.
    fn note(&mut self, line: usize, note: Option<&str>) {
        let indent = self.lines.get(line).map_or(0, |line| indentation(line));
        if let Some(note) = note {
            self.lines.insert(line, format!("{:indent$}# {note}", ""));
        }
    }

    /// Returns the lines that a part has alone, apart from what is before it in the first one. Returns
    /// none for a part of a flow collection.
    fn location(&self, pointer: &str) -> Option<Location> {
        let layout = self.layout.as_ref()?;
        let (outer, key) = pointer.rsplit_once('/')?;
        let (container, part) = (layout.at(outer)?, layout.at(pointer)?);
        if container.is_flow {
            return None;
        }
        let is_element = container.shape == Shape::Sequence;
        let line = self.lines.get(part.line)?;
        let column = match is_element {
            false => part.column,
            true => {
                let before: String = line.chars().take(part.column).collect();
                before.trim_end().strip_suffix('-')?.chars().count()
            }
        };
        let has_dashes = !is_element && part.shape == Shape::Sequence && !part.is_flow;
        let mut end = part.line + 1;
        for (index, line) in self.lines.iter().enumerate().skip(part.line + 1) {
            let indent = indentation(line);
            let is_dash = has_dashes && indent == column && line.trim_start().starts_with('-');
            if line.trim().is_empty() {
                continue;
            }
            if indent <= column && !is_dash {
                break;
            }
            end = index + 1;
        }
        Some(Location { lines: part.line..end, column, is_element, key: unescape(key) })
    }
}

/// The lines of a part.
struct Location {
    lines: Range<usize>,
    /// The column of its key or of its dash.
    column: usize,
    is_element: bool,
    key: String,
}

fn indentation(line: &str) -> usize {
    line.chars().take_while(|c| *c == ' ').count()
}

/// Returns whether names are those of keywords, which have an order of their own.
fn is_schema(names: &[&str]) -> bool {
    names.iter().all(|name| ORDER.contains(name))
}
