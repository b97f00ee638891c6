//! Which part of a document moved where, and pointers of components as written and as upgraded.

use std::collections::BTreeMap;

use crate::spec::tree::Tree;
use crate::text::{Origins, child};

/// Number of a document, and a pointer in it.
pub(super) type Location = (usize, String);

/// A part, where it is in the document as written, and where it will be.
#[derive(Clone, Debug)]
pub(super) struct At {
    pub(super) old: Location,
    pub(super) new: Location,
}

impl At {
    /// Returns the location of a part that does not move.
    pub(super) fn unmoved(document: usize, pointer: String) -> Self {
        Self { old: (document, pointer.clone()), new: (document, pointer) }
    }

    /// Returns the location of a part in this part.
    pub(super) fn child(&self, key: impl std::fmt::Display + Copy) -> Self {
        self.moved(key, key)
    }

    /// Returns the location of a part in this part that gets another key.
    pub(super) fn moved(&self, old: impl std::fmt::Display, new: impl std::fmt::Display) -> Self {
        Self { old: self.old_child(old), new: self.new_child(new) }
    }

    pub(super) fn old_child(&self, key: impl std::fmt::Display) -> Location {
        (self.old.0, child(&self.old.1, key))
    }

    pub(super) fn new_child(&self, key: impl std::fmt::Display) -> Location {
        (self.new.0, child(&self.new.1, key))
    }
}

/// The moves of all parts, outer parts before the parts in them.
#[derive(Debug, Default)]
pub(super) struct Moves {
    /// From the location as written to the new one; the first if there are several.
    targets: BTreeMap<Location, Location>,
    /// The new location of each part, then the location as written.
    origins: Vec<(Location, Location)>,
}

impl Moves {
    /// Records that a part moved. References to it follow.
    pub(super) fn moved(&mut self, at: &At) {
        self.copied(at);
        self.targets.entry(at.old.clone()).or_insert_with(|| at.new.clone());
    }

    /// Records that there is a copy of a part.
    pub(super) fn copied(&mut self, at: &At) {
        self.origins.push((at.new.clone(), at.old.clone()));
    }

    /// Returns the new location of a part.
    pub(super) fn target(&self, location: &Location) -> Location {
        let (document, pointer) = location;
        let mut prefix = pointer.as_str();
        loop {
            if let Some((home, target)) = self.targets.get(&(*document, prefix.to_owned())) {
                let rest = pointer.get(prefix.len()..).unwrap_or_default();
                return (*home, format!("{target}{rest}"));
            }
            match prefix.rfind('/') {
                Some(at) => prefix = prefix.get(..at).unwrap_or_default(),
                None => return location.clone(),
            }
        }
    }

    /// Records the origins of all parts in the trees.
    pub(super) fn apply(&self, trees: &mut [Tree]) {
        let before: Vec<Origins> = trees.iter().map(|tree| tree.origins.clone()).collect();
        for ((home, new), (document, old)) in &self.origins {
            if let (Some(tree), Some(origins)) = (trees.get_mut(*home), before.get(*document)) {
                tree.origins.graft(new, origins, old);
            }
        }
    }
}

/// The sections of Swagger 2.0, each with that of OpenAPI 3.0.
const SECTIONS: [(&str, &str); 5] = [
    ("/definitions", "/components/schemas"),
    ("/parameters", "/components/parameters"),
    ("/parameters", "/components/requestBodies"),
    ("/responses", "/components/responses"),
    ("/securityDefinitions", "/components/securitySchemes"),
];

/// Other parts of a document that are upgraded whole.
const WHOLE: [&str; 3] = ["/paths", "/x-ms-paths", "/x-webhooks"];

/// Returns whether a part as written is upgraded with the section that it is in.
pub(super) fn is_in_section(pointer: &str) -> bool {
    let sections = SECTIONS.iter().map(|(old, _)| *old).chain(WHOLE);
    let mut rest = sections.filter_map(|section| pointer.strip_prefix(section));
    rest.any(|rest| rest.starts_with('/'))
}

/// Returns the pointer that a pointer in a document of Swagger 2.0 has after the upgrade.
pub(in crate::spec) fn as_upgraded(pointer: &str) -> String {
    moved(pointer, SECTIONS.iter().copied())
}

/// Returns the pointer that an upgraded component had in the document of Swagger 2.0.
pub(in crate::spec) fn as_written(pointer: &str) -> String {
    moved(pointer, SECTIONS.iter().map(|(old, new)| (*new, *old)))
}

fn moved<'s>(pointer: &str, mut sections: impl Iterator<Item = (&'s str, &'s str)>) -> String {
    let moved = sections.find_map(|(from, to)| {
        let rest = pointer.strip_prefix(from)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
    });
    moved.unwrap_or_else(|| pointer.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_moved_parts_move_with_them() {
        let mut moves = Moves::default();
        let at = |old: &str, new: &str| At { old: (0, old.to_owned()), new: (0, new.to_owned()) };
        moves.moved(&at("/p", "/c/p"));
        moves.moved(&at("/p/a/items", "/c/p/a/schema/items"));
        let target = |pointer: &str| moves.target(&(0, pointer.to_owned())).1;
        assert_eq!(target("/p/a"), "/c/p/a");
        assert_eq!(target("/p/a/items/enum"), "/c/p/a/schema/items/enum");
        assert_eq!(target("/pp"), "/pp");
        assert_eq!(moves.target(&(1, "/p".to_owned())), (1, "/p".to_owned()));
    }

    #[test]
    fn components_are_found_in_both_versions() {
        for (written, upgraded) in [
            ("/definitions/Pet", "/components/schemas/Pet"),
            ("/parameters/a~1b", "/components/parameters/a~1b"),
            ("/responses", "/components/responses"),
            ("/definitionsX/Pet", "/definitionsX/Pet"),
        ] {
            assert_eq!(
                (as_upgraded(written).as_str(), as_written(upgraded).as_str()),
                (upgraded, written)
            );
        }
        assert_eq!(as_written("/components/requestBodies/Pet"), "/parameters/Pet");
    }
}
