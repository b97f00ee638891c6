//! Origins of the parts of a tree. Most parts come from the source of the tree, some from an overlay
//! or another file. Diagnostics point to the origin.

use std::collections::BTreeMap;

use super::pointer::child;

/// A location in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Number of the document. The OpenAPI document is 0.
    pub(crate) document: usize,
    /// JSON pointer in it.
    pub(crate) pointer: String,
}

/// Origins of the parts of a tree. Only parts that were moved or inserted are listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    document: usize,
    parts: BTreeMap<String, Origin>,
}

impl Origins {
    /// Creates the origins of a tree as it was parsed.
    pub(crate) fn new(document: usize) -> Self {
        Self { document, parts: BTreeMap::new() }
    }

    /// Returns the origin of the part at a pointer.
    pub(crate) fn get(&self, pointer: &str) -> Origin {
        let mut prefix = pointer;
        loop {
            if let Some(part) = self.parts.get(prefix) {
                let rest = pointer.get(prefix.len()..).unwrap_or_default();
                return Origin { document: part.document, pointer: part.pointer.clone() + rest };
            }
            match prefix.rfind('/') {
                Some(at) => prefix = prefix.get(..at).unwrap_or_default(),
                None => return Origin { document: self.document, pointer: pointer.to_owned() },
            }
        }
    }

    /// Records that the part at a pointer was replaced by a part of another tree.
    pub(crate) fn graft(&mut self, at: &str, other: &Self, from: &str) {
        self.forget(at);
        for (pointer, origin) in other.below(from) {
            let rest = pointer.get(from.len()..).unwrap_or_default();
            self.parts.insert(format!("{at}{rest}"), origin.clone());
        }
        self.parts.entry(at.to_owned()).or_insert_with(|| other.get(from));
    }

    /// Records that some elements of an array were removed. Their indices are ascending, and `length`
    /// is that before the removal. Each later element is moved once.
    pub(crate) fn removed(&mut self, array: &str, indices: &[usize], length: usize) {
        let Some(first) = indices.first() else { return };
        let before = self.clone_below(array);
        let mut gone = indices.iter().peekable();
        let mut new = *first;
        for old in *first..length {
            let at = child(array, old);
            self.forget(&at);
            if gone.next_if_eq(&&old).is_none() {
                self.graft(&child(array, new), &before, &at);
                new += 1;
            }
        }
    }

    /// Removes the origins of a part and everything below it.
    pub(crate) fn forget(&mut self, pointer: &str) {
        let gone: Vec<String> = self.below(pointer).map(|(at, _)| at.clone()).collect();
        gone.iter().for_each(|at| drop(self.parts.remove(at)));
    }

    /// Copies the origins of a part and everything below it.
    pub(crate) fn clone_below(&self, pointer: &str) -> Self {
        let mut part = Self::new(self.document);
        part.parts.extend(self.below(pointer).map(|(at, origin)| (at.clone(), origin.clone())));
        part.parts.entry(pointer.to_owned()).or_insert_with(|| self.get(pointer));
        part
    }

    /// Returns the listed parts at a pointer and below it.
    fn below<'a>(&'a self, pointer: &'a str) -> impl Iterator<Item = (&'a String, &'a Origin)> {
        let from = self.parts.range(pointer.to_owned()..);
        from.take_while(move |(at, _)| at.starts_with(pointer)).filter(move |(at, _)| {
            at.get(pointer.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(origins: &Origins, pointer: &str) -> (usize, String) {
        let origin = origins.get(pointer);
        (origin.document, origin.pointer)
    }

    #[test]
    fn grafted_parts_keep_their_origin() {
        let mut origins = Origins::new(0);
        origins.graft("/a/b", &Origins::new(2), "/actions/0/update/b");
        assert_eq!(at(&origins, "/a/b/c"), (2, "/actions/0/update/b/c".to_owned()));
        assert_eq!(at(&origins, "/a/bc"), (0, "/a/bc".to_owned()));
        let mut other = Origins::new(1);
        other.graft("/x", &origins, "/a");
        assert_eq!(at(&other, "/x/b"), (2, "/actions/0/update/b".to_owned()));
        assert_eq!(at(&other, "/x/z"), (0, "/a/z".to_owned()));
        assert_eq!(at(&other, "/y"), (1, "/y".to_owned()));
    }

    #[test]
    fn elements_after_a_removed_one_keep_their_origins() {
        let mut origins = Origins::new(0);
        origins.graft("/a/2/b", &Origins::new(1), "/u");
        origins.removed("/a", &[0], 3);
        assert_eq!(at(&origins, "/a/0"), (0, "/a/1".to_owned()));
        assert_eq!(at(&origins, "/a/1/c"), (0, "/a/2/c".to_owned()));
        assert_eq!(at(&origins, "/a/1/b"), (1, "/u".to_owned()));
        origins.removed("/a", &[0], 2);
        assert_eq!(at(&origins, "/a/0/b/d"), (1, "/u/d".to_owned()));
    }
    #[test]
    fn several_elements_are_removed_at_once() {
        let mut origins = Origins::new(0);
        origins.graft("/a/3", &Origins::new(1), "/u");
        origins.graft("/a/4/b", &Origins::new(2), "/v");
        origins.removed("/a", &[1, 3], 6);
        for (pointer, document, origin) in
            [("/a/0", 0, "/a/0"), ("/a/1/x", 0, "/a/2/x"), ("/a/2/b", 2, "/v"), ("/a/3", 0, "/a/5")]
        {
            assert_eq!(at(&origins, pointer), (document, origin.to_owned()), "{pointer}");
        }
    }
}
