//! The changes that may cause a difference of the Rust API, by how likely they are.
//!
//! There can be thousands of changes and of differences of one type, so the most likely change is
//! found without a search.

use std::collections::HashMap;

use super::table::{ChangeKind, kinds};

/// What an item is generated from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Type(usize),
    Operation(usize),
    Other,
}

/// The changes of one type or operation.
#[derive(Default)]
pub(super) struct Candidates {
    by_member: HashMap<String, Best>,
    /// Changes of the whole.
    whole: Best,
    /// Changes of any member.
    members: Best,
    /// Changes of any member, as causes of other rules.
    rules: Best,
}

/// How unlikely a change is, and its index.
type Rank = (u8, usize);

/// The most likely change: for an item that becomes deprecated or does not, and for others.
#[derive(Default)]
struct Best([Option<Rank>; 2]);

impl Best {
    fn add(&mut self, candidate: usize, kind: &ChangeKind, weight: u8) {
        let is_deprecation = kind == kinds::DEPRECATED || kind == kinds::UNDEPRECATED;
        for (best, is_deprecated) in self.0.iter_mut().zip([false, true]) {
            if is_deprecated || !is_deprecation {
                let rank = (weight + u8::from(is_deprecation != is_deprecated), candidate);
                *best = Some(best.map_or(rank, |best| best.min(rank)));
            }
        }
    }

    fn get(&self, is_deprecated: bool, base: u8) -> Option<Rank> {
        self.0[usize::from(is_deprecated)].map(|(weight, candidate)| (base + weight, candidate))
    }
}

impl Candidates {
    /// Adds a change, with the name of the member that it affects.
    pub(super) fn add(&mut self, candidate: usize, kind: &ChangeKind, member: Option<&str>) {
        if is_quiet(kind) {
            return;
        }
        let weight = weight(kind);
        match member {
            Some(member) => {
                let of_member = self.by_member.entry(normal(member)).or_default();
                of_member.add(candidate, kind, weight);
                self.members.add(candidate, kind, weight);
                self.rules.add(candidate, kind, weight_of_constraint(kind));
            }
            None => self.whole.add(candidate, kind, weight),
        }
    }

    /// Returns the most likely cause of a difference of an item, whose last name is given.
    pub(super) fn best(
        &self,
        key: Key,
        item: &str,
        name: &str,
        is_deprecated: bool,
    ) -> Option<Rank> {
        let of_member = self.by_member.get(&normal(name));
        let of_member = of_member.and_then(|best| best.get(is_deprecated, 0));
        let (whole, members) = match key {
            Key::Other => (None, None),
            // The method that creates the request has its required values as arguments.
            Key::Operation(_) => (Some(&self.whole), Some(&self.members)),
            Key::Type(_) if is_of_whole_type(item, name) => {
                let of_rules = ["validate", "Validate"].contains(&name);
                (Some(&self.whole), Some(if of_rules { &self.rules } else { &self.members }))
            }
            Key::Type(_) => (Some(&self.whole), None),
        };
        // The whole type has changed.
        let whole = whole.and_then(|best| best.get(is_deprecated, 40));
        let members = members.and_then(|best| best.get(is_deprecated, 80));
        [of_member, whole, members].into_iter().flatten().min()
    }
}

/// Returns whether a change is one of a tag, which is a feature.
pub(super) fn is_of_tag(kind: &ChangeKind) -> bool {
    [kinds::TAG_ADDED, kinds::TAG_REMOVED, kinds::TAG_RENAMED].contains(&kind)
}

/// Returns whether a change affects no item.
fn is_quiet(kind: &ChangeKind) -> bool {
    let quiet = [
        kinds::DOCUMENTATION,
        kinds::INFO,
        kinds::DECISION_CHANGED,
        kinds::OPERATION_ID_CHANGED,
        kinds::EXAMPLES,
        kinds::LINKS,
    ];
    quiet.contains(&kind)
}

/// Returns how rarely a kind of change is the cause of a difference.
fn weight(kind: &ChangeKind) -> u8 {
    let rare = [
        kinds::DEFAULT_ADDED,
        kinds::DEFAULT_REMOVED,
        kinds::DEFAULT_CHANGED,
        kinds::CONSTRAINT_TIGHTENED,
        kinds::CONSTRAINT_LOOSENED,
        kinds::CONSTRAINT_CHANGED,
    ];
    let likely = [
        kinds::REQUIRED_PROPERTY_ADDED,
        kinds::PROPERTY_REQUIRED,
        kinds::PROPERTY_OPTIONAL,
        kinds::REQUIRED_PARAMETER_ADDED,
        kinds::PARAMETER_REQUIRED,
        kinds::OPERATION_RENAMED,
        kinds::OPERATION_MOVED,
    ];
    match (likely.contains(&kind), rare.contains(&kind)) {
        (true, _) => 0,
        (_, true) => 20,
        _ => 10,
    }
}

fn weight_of_constraint(kind: &ChangeKind) -> u8 {
    let constraints =
        [kinds::CONSTRAINT_TIGHTENED, kinds::CONSTRAINT_LOOSENED, kinds::CONSTRAINT_CHANGED];
    if constraints.contains(&kind) { 0 } else { 10 }
}

/// Returns whether an item depends on all members of its type.
fn is_of_whole_type(item: &str, name: &str) -> bool {
    item.contains(": ") || ["validate", "build", "builder"].contains(&name)
}

/// Features have dashes where modules have underscores.
fn normal(name: &str) -> String {
    name.replace('-', "_")
}
