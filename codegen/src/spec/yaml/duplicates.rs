//! Duplicate keys.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use saphyr_parser::Span;

use crate::text::child;
use crate::text::events::{Flow, Node, Step, Visitor, read};

/// Depth down to which two objects under one key are merged: `components` that appears twice, or a
/// path whose methods are apart.
pub(super) const MERGE_DEPTH: usize = 2;

/// A duplicate key.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Duplicate {
    pub(in super::super) pointer: String,
    /// Whether both values are merged. Otherwise the last value is used.
    pub(in super::super) is_merged: bool,
}

/// Finds the duplicate keys of a source.
pub(super) fn duplicates(source: &str) -> Vec<Duplicate> {
    read(source, || Finder { frames: Vec::new(), found: Vec::new() }).found
}

/// The keys of a value, as far as they matter for merging.
enum Outline {
    Mapping(BTreeMap<String, Outline>),
    Other,
}

/// An open collection.
struct Frame {
    /// Its key or index in its parent.
    key: String,
    /// `None` for a sequence.
    entries: Option<BTreeMap<String, Outline>>,
}

struct Finder {
    frames: Vec<Frame>,
    found: Vec<Duplicate>,
}

impl Visitor for Finder {
    const EXPANDS_ALIASES: bool = true;

    fn node(&mut self, step: Step<'_>, node: Node<'_>, _: Span) -> Flow {
        let key = match step {
            Step::Root => String::new(),
            Step::Key(Some(key)) => key.to_owned(),
            Step::Key(None) => return Flow::Skip,
            Step::Element(index) => index.to_string(),
        };
        match node {
            Node::Mapping => self.frames.push(Frame { key, entries: Some(BTreeMap::new()) }),
            Node::Sequence => self.frames.push(Frame { key, entries: None }),
            Node::Scalar(_) | Node::Alias => self.add(key, Outline::Other),
        }
        Flow::Enter
    }

    fn leave(&mut self) -> Flow {
        let Some(frame) = self.frames.pop() else { return Flow::Stop };
        let outline = match frame.entries {
            Some(entries) if self.frames.len() <= MERGE_DEPTH => Outline::Mapping(entries),
            Some(_) => Outline::Mapping(BTreeMap::new()),
            None => Outline::Other,
        };
        self.add(frame.key, outline);
        Flow::Skip
    }
}

impl Finder {
    /// Adds a value to the collection that is open.
    fn add(&mut self, key: String, value: Outline) {
        let depth = self.frames.len().saturating_sub(1);
        let Some((frame, outer)) = self.frames.split_last_mut() else { return };
        let Some(entries) = &mut frame.entries else { return };
        if let Entry::Vacant(entry) = entries.entry(key.clone()) {
            entry.insert(value);
            return;
        }
        let steps = outer.iter().chain([&*frame]).skip(1).map(|frame| frame.key.as_str());
        let parent = steps.fold(String::new(), |pointer, step| child(&pointer, step));
        if let Some(entries) = &mut frame.entries {
            add(entries, (key, value), (&parent, depth), &mut self.found);
        }
    }
}

/// Adds an entry to a mapping at a pointer and depth, as the parser does.
fn add(
    entries: &mut BTreeMap<String, Outline>,
    (key, value): (String, Outline),
    (parent, depth): (&str, usize),
    found: &mut Vec<Duplicate>,
) {
    let pointer = child(parent, &key);
    match (entries.get_mut(&key), value) {
        (None, value) => drop(entries.insert(key, value)),
        (Some(Outline::Mapping(first)), Outline::Mapping(second)) if depth < MERGE_DEPTH => {
            found.push(Duplicate { pointer: pointer.clone(), is_merged: true });
            for entry in second {
                add(first, entry, (&pointer, depth + 1), found);
            }
        }
        (Some(first), second) => {
            *first = second;
            found.push(Duplicate { pointer, is_merged: false });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicate_keys_are_found_where_they_are() {
        let source = "\
a: { x: { y: 1, y: 2 } }
a: { x: { y: 3 }, z: [{ b/c: 1, b/c: 2 }] }
b: 1
a: 2
";
        let found = [
            ("/a/x/y", false),
            ("/a/z/0/b~1c", false),
            ("/a", true),
            ("/a/x", true),
            ("/a/x/y", false),
            ("/a", false),
        ];
        let expected =
            found.map(|(pointer, is_merged)| Duplicate { pointer: pointer.to_owned(), is_merged });
        assert_eq!(duplicates(source), expected);
        assert_eq!(duplicates("a: &a { b: 1 }\nc: *a\n"), []);
    }
}
