//! What the differences of two public APIs mean for programs that use them, by the rules of Cargo.

use std::collections::{BTreeMap, BTreeSet};

use super::aliases::{expanded, renamed};
use super::held::{held, with_names};
use super::{Item, ItemKind, Origin, Surface};
use crate::pipeline::diff::change::{ApiChange, Release};

/// A difference of two public APIs.
#[derive(Debug)]
pub(in crate::pipeline::diff) struct ItemChange {
    pub(in crate::pipeline::diff) change: ApiChange,
    /// What the item is generated from: in the old API, and in the new one.
    pub(in crate::pipeline::diff) origins: [Option<Origin>; 2],
    /// Whether only the name of a type differs.
    pub(in crate::pipeline::diff) is_renamed: bool,
    /// The features that no longer enable the item, and those that do now, if nothing else differs.
    pub(in crate::pipeline::diff) features: [Vec<String>; 2],
}

/// Returns all differences. `names` has the new name of each type that is renamed.
pub(in crate::pipeline::diff) fn compare(
    old: &Surface,
    new: &Surface,
    names: &BTreeMap<String, String>,
) -> Vec<ItemChange> {
    let held = held(old, new);
    let old = &if held.is_empty() { old.clone() } else { with_names(old, &held) };
    let back = names.iter().map(|(old, new)| (new.clone(), old.clone())).collect();
    let comparison = Comparison { old, new, names, back, held: &held };
    let removed = old.items.iter().filter_map(|(path, item)| match new.items.get(path) {
        Some(other) => comparison.changed(path, item, other),
        None => comparison.removed(path, item),
    });
    let added = new.items.iter().filter(|(path, _)| !old.items.contains_key(*path));
    let added = added.filter_map(|(path, item)| comparison.added(path, item));
    removed.chain(added).collect()
}

struct Comparison<'a> {
    old: &'a Surface,
    new: &'a Surface,
    names: &'a BTreeMap<String, String>,
    /// The old name of each type that is renamed.
    back: BTreeMap<String, String>,
    /// The new name of each type whose old name stays as an alias.
    held: &'a BTreeMap<String, String>,
}

impl Comparison<'_> {
    fn removed(&self, path: &str, item: &Item) -> Option<ItemChange> {
        // With an item, its members are removed, too.
        if parent(path).is_some_and(|parent| is_absent(self.old, self.new, parent)) {
            return None;
        }
        let is_trait = item.kind == ItemKind::Implementation;
        if is_trait && has_expanded(self.new, &expanded(path, &self.old.aliases)) {
            return None;
        }
        let renamed = renamed(path, self.names);
        Some(ItemChange {
            change: ApiChange {
                item: path.to_owned(),
                release: Release::Major,
                old: Some(shown(item)),
                new: None,
            },
            origins: [Some(item.origin), None],
            is_renamed: renamed != path && self.new.items.contains_key(&renamed),
            features: [Vec::new(), Vec::new()],
        })
    }

    fn added(&self, path: &str, item: &Item) -> Option<ItemChange> {
        let parent = parent(path);
        if parent.is_some_and(|parent| is_absent(self.new, self.old, parent)) {
            return None;
        }
        let is_trait = item.kind == ItemKind::Implementation;
        if is_trait && has_expanded(self.old, &expanded(path, &self.new.aliases)) {
            return None;
        }
        let parent = parent.and_then(|parent| self.old.items.get(parent));
        let breaks = match (item.kind, parent.map(|parent| (parent.kind, parent.is_open))) {
            // Programs create such structs and match such enums without a wildcard.
            (ItemKind::Field, Some((_, is_open))) | (ItemKind::Variant, Some((_, is_open))) => {
                !is_open
            }
            // Implementations of the trait do not have the method.
            (ItemKind::Function, Some((ItemKind::Trait, _))) => !item.is_open,
            _ => false,
        };
        let renamed = renamed(path, &self.back);
        let is_held = path.rsplit("::").next().is_some_and(|name| self.held.contains_key(name));
        Some(ItemChange {
            change: ApiChange {
                item: path.to_owned(),
                release: if breaks { Release::Major } else { Release::Minor },
                old: None,
                new: Some(shown(item)),
            },
            origins: [None, Some(item.origin)],
            is_renamed: is_held || renamed != path && self.old.items.contains_key(&renamed),
            features: [Vec::new(), Vec::new()],
        })
    }

    /// Returns whether the features of an item change only as those of the item that contains it.
    fn is_of_parent(&self, path: &str, old: &Item, new: &Item) -> bool {
        let parents = parent(path)
            .and_then(|parent| Some((self.old.items.get(parent)?, self.new.items.get(parent)?)));
        let without = |item: &Item, parent: &Item| -> Vec<Vec<String>> {
            let own = item.features.iter().filter(|names| !parent.features.contains(names));
            own.cloned().collect()
        };
        parents.is_some_and(|(a, b)| a.features != b.features && without(old, a) == without(new, b))
    }

    fn changed(&self, path: &str, old: &Item, new: &Item) -> Option<ItemChange> {
        let mut release = Release::None;
        let mut needs = |other: Release| release = release.max(other);
        let mut is_renamed = false;
        if is_held_value(old, new) {
            needs(Release::Minor);
        } else if old.kind != new.kind {
            needs(Release::Major);
        } else if old.signature != new.signature {
            let before = expanded(&old.signature, &self.old.aliases);
            let after = expanded(&new.signature, &self.new.aliases);
            if before != after {
                needs(Release::Major);
                is_renamed = renamed(&before, self.names) == after;
            }
        }
        let is_same = old.kind == new.kind && old.signature == new.signature;
        needs(arguments(old, new));
        if !self.is_of_parent(path, old, new) {
            needs(features(&old.features, &new.features));
        }
        match (old.is_deprecated, new.is_deprecated) {
            (false, true) => needs(Release::Minor),
            (true, false) => needs(Release::Patch),
            _ => {}
        }
        match (old.is_open, new.is_open) {
            // A struct with private fields, or an enum that needs a wildcard; a provided method.
            (false, true) if old.kind != ItemKind::Function => needs(Release::Major),
            (true, false) if old.kind == ItemKind::Function => needs(Release::Major),
            (a, b) if a != b => needs(Release::Minor),
            _ => {}
        }
        let (mut before, mut after) = (shown(old), shown(new));
        if old.features != new.features {
            before.push_str(&shown_features(old));
            after.push_str(&shown_features(new));
        }
        let enabled = |item: &Item| -> Vec<String> {
            match item.kind {
                ItemKind::Feature => item.arguments.clone(),
                _ => item.features.iter().flatten().cloned().collect(),
            }
        };
        let (enabled_before, enabled_after) = (enabled(old), enabled(new));
        let without = |all: &[String], others: &[String]| -> Vec<String> {
            all.iter().filter(|name| is_same && !others.contains(name)).cloned().collect()
        };
        let changed =
            [without(&enabled_before, &enabled_after), without(&enabled_after, &enabled_before)];
        if old.kind == ItemKind::Feature && new.kind == ItemKind::Feature {
            before = format!("{before} enabling {}", changed[0].join(", "));
            after = format!("{after} enabling {}", changed[1].join(", "));
        } else if old.arguments != new.arguments {
            before = format!("{before} [{}]", old.arguments.join(", "));
            after = format!("{after} [{}]", new.arguments.join(", "));
        }
        if old.is_deprecated != new.is_deprecated {
            let note = |item: &Item| if item.is_deprecated { " (deprecated)" } else { "" };
            before.push_str(note(old));
            after.push_str(note(new));
        }
        if old.is_open != new.is_open {
            let note = |item: &Item| match (item.kind, item.is_open) {
                (ItemKind::Function, true) => " (provided)",
                (ItemKind::Function, false) => " (required)",
                (_, true) => " (not exhaustive)",
                (_, false) => " (exhaustive)",
            };
            before.push_str(note(old));
            after.push_str(note(new));
        }
        (release > Release::None).then(|| ItemChange {
            change: ApiChange {
                item: path.to_owned(),
                release,
                old: Some(before),
                new: Some(after),
            },
            origins: [Some(old.origin), Some(new.origin)],
            is_renamed,
            features: changed,
        })
    }
}

/// Returns whether a value of an enum has another name, and its former one is a constant now. Programs
/// use both alike in expressions and patterns.
fn is_held_value(old: &Item, new: &Item) -> bool {
    let is_value = old.kind == ItemKind::Variant && old.signature == "()";
    is_value && new.kind == ItemKind::Constant && new.signature == "Self" && new.is_deprecated
}

/// Returns what it means that arguments have other names: if they are the same in another order,
/// calls still compile, but pass each other's values.
fn arguments(old: &Item, new: &Item) -> Release {
    let (before, after) = (&old.arguments, &new.arguments);
    if before == after {
        return Release::None;
    }
    let set = |names: &Vec<String>| names.iter().cloned().collect::<BTreeSet<String>>();
    match old.kind {
        ItemKind::Feature if set(before) == set(after) => Release::None,
        ItemKind::Feature if set(before).is_subset(&set(after)) => Release::Minor,
        ItemKind::Feature => Release::Major,
        _ if set(before) == set(after) => Release::Major,
        _ => Release::Patch,
    }
}

/// Returns what other features mean: an item must exist wherever it did.
fn features(old: &[Vec<String>], new: &[Vec<String>]) -> Release {
    let implies = |from: &[Vec<String>], to: &[Vec<String>]| {
        to.iter().all(|to| from.iter().any(|from| from.iter().all(|name| to.contains(name))))
    };
    match (implies(old, new), implies(new, old)) {
        (true, true) => Release::None,
        (true, false) => Release::Minor,
        (false, _) => Release::Major,
    }
}

fn has_expanded(surface: &Surface, wanted: &str) -> bool {
    // Only implementations of the same type can be it.
    let owner = wanted.split(": ").next().unwrap_or_default();
    let prefix = format!("{owner}: ");
    let items = surface.items.range(prefix.clone()..);
    items
        .take_while(|(path, _)| path.starts_with(&prefix))
        .any(|(path, _)| expanded(path, &surface.aliases) == wanted)
}

fn is_absent(here: &Surface, there: &Surface, path: &str) -> bool {
    here.items.contains_key(path) && !there.items.contains_key(path)
}

/// Returns the item that contains an item.
fn parent(path: &str) -> Option<&str> {
    if let Some((owner, _)) = path.split_once(": ") {
        return Some(owner);
    }
    let (mut depth, mut last, mut end) = (0_usize, None, path.len());
    for (at, c) in path.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => last = Some(at),
            _ => {}
        }
    }
    // The index of the second colon.
    end = last.map_or(end, |at| at.saturating_sub(1));
    let owner = last.and_then(|_| path.get(..end))?;
    match owner.ends_with('>') {
        true => owner.find('<').and_then(|at| owner.get(..at)),
        false => Some(owner),
    }
}

fn shown(item: &Item) -> String {
    let kind = match item.kind {
        ItemKind::Module => "mod",
        ItemKind::Alias => return format!("type = {}", item.signature),
        ItemKind::Implementation => "impl",
        ItemKind::Import => return format!("use {}", item.signature),
        ItemKind::Feature => "feature",
        ItemKind::Variant if item.signature == "()" => "variant",
        ItemKind::Variant => return format!("variant{}", item.signature),
        ItemKind::Constant => return format!("const {}", item.signature),
        _ => return item.signature.trim_end_matches([' ', ':']).to_owned(),
    };
    kind.to_owned()
}

fn shown_features(item: &Item) -> String {
    let all: Vec<String> = item.features.iter().map(|names| names.join(" or ")).collect();
    match all.is_empty() {
        true => " (without features)".to_owned(),
        false => format!(" (with the features {})", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_members_of_their_parents() {
        for (path, expected) in [
            ("models", None),
            ("models::Pet", Some("models")),
            ("models::Pet::name", Some("models::Pet")),
            ("models::Pet: Clone", Some("models::Pet")),
            ("models::Pet: From<a::B>", Some("models::Pet")),
            ("operations::Get<blocking::Client>::send", Some("operations::Get")),
            ("feature x", None),
        ] {
            assert_eq!(parent(path), expected, "{path}");
        }
    }

    #[test]
    fn an_item_must_exist_wherever_it_did() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let (a, ab): (Vec<String>, Vec<String>) = (list(&["a"]), list(&["a", "b"]));
        let (a, ab) = (vec![a], vec![ab]);
        assert_eq!(features(&a, &ab), Release::Minor);
        assert_eq!(features(&ab, &a), Release::Major);
        assert_eq!(features(&a, &[]), Release::Minor);
        assert_eq!(features(&[], &a), Release::Major);
        assert_eq!(features(&a, &a), Release::None);
    }
}
