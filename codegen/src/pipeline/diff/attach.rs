//! The differences of the Rust API, each with the change of the document that causes it.

use std::collections::{BTreeMap, HashMap};

use super::change::{ApiChange, Release};
use super::found::Found;
use super::surface::{ItemChange, Origin};
use super::table::{ChangeKind, kinds};
use super::wire::Subject;
use crate::ir::{Api, Shape};

/// The differences of the Rust API: by change of the document, and those without one.
pub(super) struct Attached {
    /// For each change of the document.
    pub(super) by_change: Vec<Vec<ApiChange>>,
    /// Those that no change explains, each with what it is generated from.
    pub(super) others: Vec<(ApiChange, [Option<Origin>; 2])>,
}

/// Attaches each difference to a change.
pub(super) fn attach(found: &[Found], differences: Vec<ItemChange>, apis: [&Api; 2]) -> Attached {
    let index = Index::new(found, apis);
    let mut by_change = vec![Vec::new(); found.len()];
    let mut others = Vec::new();
    for difference in differences {
        match index.cause(&difference) {
            Some(cause) => by_change[cause].push(difference.change),
            None => others.push((difference.change, difference.origins)),
        }
    }
    for changes in &mut by_change {
        changes.sort_by(|a, b| b.release.cmp(&a.release).then_with(|| a.item.cmp(&b.item)));
    }
    Attached { by_change, others }
}

/// The changes by what they are about.
struct Index<'a> {
    found: &'a [Found],
    /// The changes of a type or an operation of the old (0) or new (1) API.
    by_origin: [BTreeMap<Key, Vec<usize>>; 2],
    /// Operations by the names of their methods.
    methods: [HashMap<&'a str, usize>; 2],
    apis: [&'a Api; 2],
    renames: Vec<(usize, &'a str)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Type(usize),
    Operation(usize),
    Other,
}

impl<'a> Index<'a> {
    fn new(found: &'a [Found], apis: [&'a Api; 2]) -> Self {
        let mut by_origin = [BTreeMap::new(), BTreeMap::new()];
        let mut renames = Vec::new();
        for (i, found) in found.iter().enumerate() {
            let keys: [Option<Key>; 2] = match found.subject {
                Subject::Type(old, new) => [old, new].map(|id| id.map(|id| Key::Type(id.0))),
                Subject::Operation(old, new) => [old, new].map(|index| index.map(Key::Operation)),
                Subject::Webhook(..) | Subject::Api => [Some(Key::Other); 2],
            };
            for (by_origin, key) in by_origin.iter_mut().zip(keys) {
                key.into_iter()
                    .for_each(|key| by_origin.entry(key).or_insert_with(Vec::new).push(i));
            }
            if let (true, Subject::Type(Some(old), _)) =
                (found.kind == kinds::TYPE_RENAMED, found.subject)
            {
                renames.push((i, apis[0].def(old).name.0.as_str()));
            }
        }
        let methods = apis.map(|api| {
            let operations = api.operations.iter().enumerate();
            let names = operations.flat_map(|(i, operation)| {
                let stream = operation.stream.iter().map(|stream| &stream.test_double_method);
                stream.chain([&operation.name]).map(move |name| (plain(&name.0), i))
            });
            names.collect()
        });
        Self { found, by_origin, methods, apis, renames }
    }

    /// Returns the change that causes a difference.
    fn cause(&self, difference: &ItemChange) -> Option<usize> {
        let item = &difference.change.item;
        if difference.is_renamed {
            let named = |shown: &str| self.renames.iter().find(|(_, name)| has_word(shown, name));
            let signature = difference.change.old.as_deref().unwrap_or_default();
            let new = difference.change.new.as_deref().unwrap_or_default();
            let found = named(item).or_else(|| named(signature)).or_else(|| named(new));
            if let Some((cause, _)) = found {
                return Some(*cause);
            }
        }
        if let Some(cause) = self.tag(difference) {
            return Some(cause);
        }
        let name = last_name(item);
        let sides = difference.origins.iter().enumerate();
        let causes = sides.filter_map(|(side, origin)| {
            let key = self.key(side, (*origin)?, item, name);
            let candidates = self.by_origin[side].get(&key)?;
            let ranked = candidates.iter().filter_map(|candidate| {
                let rank = self.rank(*candidate, side, key, difference, name)?;
                Some((rank, *candidate))
            });
            ranked.min()
        });
        causes.min().map(|(_, cause)| cause)
    }

    /// Returns the change of a tag that causes a difference of features.
    fn tag(&self, difference: &ItemChange) -> Option<usize> {
        let [lost, gained] = &difference.features;
        let of = |side: usize, features: &Vec<String>| {
            let mut found = self.found.iter().enumerate();
            let tags = [kinds::TAG_ADDED, kinds::TAG_REMOVED, kinds::TAG_RENAMED];
            let found = found.find(|(_, found)| {
                let is_feature = |names: &[String; 2]| features.contains(&names[side]);
                tags.contains(&found.kind) && found.member.as_ref().is_some_and(is_feature)
            });
            found.map(|(index, _)| index)
        };
        of(0, lost).or_else(|| of(1, gained))
    }

    /// Returns what an item is generated from. Some files have items of several operations.
    fn key(&self, side: usize, origin: Origin, item: &str, name: &str) -> Key {
        match origin {
            Origin::Type(id) => Key::Type(id.0),
            Origin::Operation(index) => Key::Operation(index),
            Origin::Api if item.starts_with("ErrorBody::") => {
                let bodies = &self.apis[side].error_bodies;
                let body = bodies.iter().find(|body| body.name.0 == name);
                match body.map(|body| &body.ty.shape) {
                    Some(Shape::Named(id)) => Key::Type(id.0),
                    _ => Key::Other,
                }
            }
            Origin::Api => {
                let is_member = item.contains("::") && !item.contains("Builder::");
                let operation = self.methods[side].get(name).filter(|_| is_member);
                operation.map_or(Key::Other, |index| Key::Operation(*index))
            }
        }
    }

    /// Returns how likely a change is the cause of a difference; the least is the most likely.
    fn rank(
        &self,
        candidate: usize,
        side: usize,
        key: Key,
        difference: &ItemChange,
        name: &str,
    ) -> Option<u8> {
        let found = self.found.get(candidate)?;
        let is_deprecation = found.kind == kinds::DEPRECATED || found.kind == kinds::UNDEPRECATED;
        let is_deprecated = [&difference.change.old, &difference.change.new]
            .into_iter()
            .flatten()
            .any(|shown| shown.contains("(deprecated)"));
        if is_quiet(found.kind) || (is_deprecation && !is_deprecated) {
            return None;
        }
        let weight = u8::from(is_deprecation != is_deprecated) + weight(found.kind);
        let member = found.member.as_ref().map(|names| normal(&names[side]));
        if member.as_deref() == Some(&normal(name)) {
            return Some(weight);
        }
        match (key, member) {
            (Key::Other, _) => None,
            // The whole type has changed.
            (_, None) => Some(40 + weight),
            // The method that creates the request has its required values as arguments.
            (Key::Operation(_), Some(_)) => Some(80 + weight),
            (Key::Type(_), Some(_)) if is_of_whole_type(&difference.change.item, name) => {
                let fits = match name {
                    "validate" | "Validate" => weight_of_constraint(found.kind),
                    _ => weight,
                };
                Some(80 + fits)
            }
            (Key::Type(_), Some(_)) => None,
        }
    }
}

/// Returns whether a change affects no item.
fn is_quiet(kind: &ChangeKind) -> bool {
    [kinds::DOCUMENTATION, kinds::INFO, kinds::DECISION_CHANGED, kinds::OPERATION_ID_CHANGED]
        .contains(&kind)
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

/// Returns the last name of a path: that of a member, or of a trait.
fn last_name(item: &str) -> &str {
    let item = item.strip_prefix("feature ").unwrap_or(item);
    let end = item.find(": ").map_or(item, |at| item.split_at(at + 2).1);
    let end = end.find('<').map_or(end, |at| match end.rfind('>') {
        Some(close) if close + 1 < end.len() => end.split_at(close + 1).1,
        _ => end.split_at(at).0,
    });
    plain(end.rsplit("::").next().unwrap_or_default())
}

fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// Features have dashes where modules have underscores.
fn normal(name: &str) -> String {
    name.replace('-', "_")
}

/// Returns whether a word is in a signature or a path.
fn has_word(signature: &str, word: &str) -> bool {
    signature
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|found| found.strip_suffix("Builder").unwrap_or(found) == word)
}

/// Returns the release that differences of the API need.
pub(super) fn release(changes: &[ApiChange]) -> Release {
    changes.iter().map(|change| change.release).max().unwrap_or(Release::None)
}
