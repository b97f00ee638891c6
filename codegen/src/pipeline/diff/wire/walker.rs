//! The comparison in progress: the pairs of types that are still to be compared, and what was found.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::Hash;

use super::site::{Site, Step, Subject, Target};
use crate::ir::{Api, TypeDef, TypeId};
use crate::pipeline::diff::change::Direction;
use crate::pipeline::diff::found::{Findings, Found};
use crate::pipeline::diff::table::ChangeKind;

/// What leads to a pair of types: another pair, or an operation or webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Pair(usize),
    /// By a number that all operations and webhooks share.
    Root(usize),
}

/// The pairs of types that are used instead of each other.
#[derive(Debug, Default)]
pub(in crate::pipeline::diff) struct Pairs {
    index: BTreeMap<(TypeId, TypeId), usize>,
    all: Vec<(TypeId, TypeId)>,
    causes: Vec<BTreeSet<Cause>>,
}

impl Pairs {
    /// Returns all pairs.
    pub(in crate::pipeline::diff) fn iter(&self) -> impl Iterator<Item = (TypeId, TypeId)> {
        self.all.iter().copied()
    }

    fn add(&mut self, old: TypeId, new: TypeId) -> usize {
        let next = self.all.len();
        let pair = *self.index.entry((old, new)).or_insert(next);
        if pair == next {
            self.all.push((old, new));
            self.causes.push(BTreeSet::new());
        }
        pair
    }

    /// Counts the operations and webhooks that lead to a pair.
    pub(in crate::pipeline::diff) fn operations(&self, old: TypeId, new: TypeId) -> usize {
        let Some(pair) = self.index.get(&(old, new)) else { return 0 };
        let mut visited = vec![false; self.all.len()];
        visited[*pair] = true;
        let mut open = vec![*pair];
        let mut roots = BTreeSet::new();
        while let Some(pair) = open.pop() {
            for cause in &self.causes[pair] {
                match cause {
                    Cause::Root(root) => drop(roots.insert(*root)),
                    Cause::Pair(pair) if !visited[*pair] => {
                        visited[*pair] = true;
                        open.push(*pair);
                    }
                    Cause::Pair(_) => {}
                }
            }
        }
        roots.len()
    }
}

/// The comparison in progress.
pub(super) struct Walker<'a> {
    pub(super) old: &'a Api,
    pub(super) new: &'a Api,
    pub(super) findings: Findings,
    pub(super) pairs: Pairs,
    /// The names of the types of both APIs.
    names: [HashSet<&'a str>; 2],
    /// The direction of what is compared; absent for what is not sent.
    pub(super) direction: Option<Direction>,
    cause: Cause,
    queue: VecDeque<(usize, Option<Direction>)>,
    queued: BTreeSet<(usize, Option<Direction>)>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(old: &'a Api, new: &'a Api) -> Self {
        Self {
            old,
            new,
            findings: Findings::default(),
            pairs: Pairs::default(),
            names: [old, new].map(|api| api.types.iter().map(|def| def.name.0.as_str()).collect()),
            direction: None,
            cause: Cause::Root(0),
            queue: VecDeque::new(),
            queued: BTreeSet::new(),
        }
    }

    /// Returns whether the old API (0) or the new one (1) has a type of this name.
    pub(super) fn has_name(&self, side: usize, def: &TypeDef) -> bool {
        self.names[side].contains(def.name.0.as_str())
    }

    /// Starts the comparison of an operation or webhook.
    pub(super) fn start(&mut self, root: usize) {
        self.cause = Cause::Root(root);
    }

    /// Compares within a direction.
    pub(super) fn within(&mut self, direction: Direction, compare: impl FnOnce(&mut Self)) {
        let outer = self.direction.replace(direction);
        compare(self);
        self.direction = outer;
    }

    /// Adds two types that are used instead of each other. They are compared later.
    pub(super) fn pair(&mut self, old: TypeId, new: TypeId) {
        let pair = self.pairs.add(old, new);
        if self.direction.is_some() {
            self.pairs.causes[pair].insert(self.cause);
        }
        if self.queued.insert((pair, self.direction)) {
            self.queue.push_back((pair, self.direction));
        }
    }

    /// Returns the next two types to compare, and prepares for their direction.
    pub(super) fn next(&mut self) -> Option<[(TypeId, &'a TypeDef); 2]> {
        let (pair, direction) = self.queue.pop_front()?;
        self.direction = direction;
        self.cause = Cause::Pair(pair);
        let (old, new) = self.pairs.all[pair];
        Some([(old, self.old.def(old)), (new, self.new.def(new))])
    }

    /// Adds a change of a part that both documents have.
    pub(super) fn report(&mut self, kind: &'static ChangeKind, site: &Site<'_>, predicate: &str) {
        let targets = [Some(site.target(0)), Some(site.target(1))];
        self.report_at(kind, site, targets, format!("{} {predicate}", site.label()));
    }

    /// Adds a change of a part that only the new document has.
    pub(super) fn report_added(&mut self, kind: &'static ChangeKind, site: &Site<'_>) {
        let message = format!("{} is added", site.label());
        self.report_at(kind, site, [None, Some(site.target(1))], message);
    }

    /// Adds a change of a part that only the old document has.
    pub(super) fn report_removed(&mut self, kind: &'static ChangeKind, site: &Site<'_>) {
        let message = format!("{} is removed", site.label());
        self.report_at(kind, site, [Some(site.target(0)), None], message);
    }

    fn report_at(
        &mut self,
        kind: &'static ChangeKind,
        site: &Site<'_>,
        [old, new]: [Option<Target>; 2],
        message: String,
    ) {
        self.findings.add(Found {
            kind,
            directions: self.direction.into_iter().collect(),
            old,
            new,
            subject: site.subject(),
            member: site.member(),
            message,
        });
    }

    /// Adds a change of a whole operation, webhook or type that only one document has.
    pub(super) fn report_whole(
        &mut self,
        kind: &'static ChangeKind,
        subject: Subject,
        [old, new]: [Option<&str>; 2],
        message: String,
        member: Option<[String; 2]>,
    ) {
        let target = |pointer: &str| Target { base: pointer.to_owned(), steps: Vec::new() };
        self.findings.add(Found {
            kind,
            directions: self.direction.into_iter().collect(),
            old: old.map(target),
            new: new.map(target),
            subject,
            member,
            message,
        });
    }

    /// Adds changes of documentation and deprecation.
    pub(super) fn compare_docs(
        &mut self,
        site: &Site<'_>,
        [old, new]: [&Option<String>; 2],
        deprecated: [bool; 2],
    ) {
        use crate::pipeline::diff::table::kinds;
        if old != new {
            self.quietly(|walker| {
                walker.report(kinds::DOCUMENTATION, site, "has other documentation")
            });
        }
        match deprecated {
            [false, true] => {
                self.quietly(|walker| walker.report(kinds::DEPRECATED, site, "is deprecated"));
            }
            [true, false] => self.quietly(|walker| {
                walker.report(kinds::UNDEPRECATED, site, "is not deprecated any more");
            }),
            _ => {}
        }
    }

    /// Adds changes of what is not sent.
    pub(super) fn quietly(&mut self, report: impl FnOnce(&mut Self)) {
        let direction = self.direction.take();
        report(self);
        self.direction = direction;
    }
}

/// Returns the first of some items for each key. Lists of thousands are searched for each other's items.
pub(super) fn first_by<'x, T, K: Eq + Hash>(
    items: &'x [T],
    key: impl Fn(&'x T) -> K,
) -> HashMap<K, &'x T> {
    // In reverse, so that the first one stays.
    items.iter().rev().map(|item| (key(item), item)).collect()
}

/// Returns a site for two definitions.
pub(super) fn definition<'x>([old, new]: [(TypeId, &'x TypeDef); 2]) -> Site<'x> {
    Site::new(Step::Definition(old, new))
}
