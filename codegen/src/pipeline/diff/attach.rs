//! The differences of the Rust API, each with the change of the document that causes it.

use std::collections::{BTreeMap, HashMap};

use super::candidates::{Candidates, Key, is_of_tag};
use super::change::{ApiChange, Release};
use super::found::Found;
use super::surface::{ItemChange, Origin};
use super::table::kinds;
use super::wire::Subject;
use crate::ir::{Api, Shape, Type};

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
    /// The changes of a type or an operation of the old (0) or new (1) API.
    by_origin: [BTreeMap<Key, Candidates>; 2],
    /// Operations by the names of their methods.
    methods: [HashMap<&'a str, usize>; 2],
    /// The types of error bodies by the names of their variants.
    error_bodies: [HashMap<&'a str, &'a Type>; 2],
    /// The first change of a tag for each feature.
    tags: [HashMap<&'a str, usize>; 2],
    /// The first change that renames a type of each name.
    renames: HashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    fn new(found: &'a [Found], apis: [&'a Api; 2]) -> Self {
        let mut by_origin = [BTreeMap::new(), BTreeMap::new()];
        let mut tags = [HashMap::new(), HashMap::new()];
        let mut renames = HashMap::new();
        for (i, found) in found.iter().enumerate() {
            let keys: [Option<Key>; 2] = match found.subject {
                Subject::Type(old, new) => [old, new].map(|id| id.map(|id| Key::Type(id.0))),
                Subject::Operation(old, new) => [old, new].map(|index| index.map(Key::Operation)),
                Subject::Webhook(..) | Subject::Api => [Some(Key::Other); 2],
            };
            for (side, key) in keys.into_iter().enumerate() {
                let member = found.member.as_ref().map(|names| names[side].as_str());
                if let Some(key) = key {
                    let candidates: &mut Candidates = by_origin[side].entry(key).or_default();
                    candidates.add(i, found.kind, member);
                }
                if let (Some(member), true) = (member, is_of_tag(found.kind)) {
                    tags[side].entry(member).or_insert(i);
                }
            }
            if let (true, Subject::Type(Some(old), _)) =
                (found.kind == kinds::TYPE_RENAMED, found.subject)
            {
                renames.entry(apis[0].def(old).name.0.as_str()).or_insert(i);
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
        let error_bodies = apis.map(|api| {
            api.error_bodies.iter().rev().map(|body| (body.name.0.as_str(), &body.ty)).collect()
        });
        Self { by_origin, methods, error_bodies, tags, renames }
    }

    /// Returns the change that causes a difference.
    fn cause(&self, difference: &ItemChange) -> Option<usize> {
        let item = &difference.change.item;
        if difference.is_renamed {
            let named =
                |shown: &str| words(shown).filter_map(|word| self.renames.get(word)).min().copied();
            let signature = difference.change.old.as_deref().unwrap_or_default();
            let new = difference.change.new.as_deref().unwrap_or_default();
            let found = named(item).or_else(|| named(signature)).or_else(|| named(new));
            if found.is_some() {
                return found;
            }
        }
        if let Some(cause) = self.tag(difference) {
            return Some(cause);
        }
        let name = last_name(item);
        let is_deprecated = [&difference.change.old, &difference.change.new]
            .into_iter()
            .flatten()
            .any(|shown| shown.contains("(deprecated)"));
        let sides = difference.origins.iter().enumerate();
        let causes = sides.filter_map(|(side, origin)| {
            let key = self.key(side, (*origin)?, item, name);
            self.by_origin[side].get(&key)?.best(key, item, name, is_deprecated)
        });
        causes.min().map(|(_, cause)| cause)
    }

    /// Returns the change of a tag that causes a difference of features.
    fn tag(&self, difference: &ItemChange) -> Option<usize> {
        let [lost, gained] = &difference.features;
        let of = |side: usize, features: &[String]| {
            features.iter().filter_map(|name| self.tags[side].get(name.as_str())).min().copied()
        };
        of(0, lost).or_else(|| of(1, gained))
    }

    /// Returns what an item is generated from. Some files have items of several operations.
    fn key(&self, side: usize, origin: Origin, item: &str, name: &str) -> Key {
        match origin {
            Origin::Type(id) => Key::Type(id.0),
            Origin::Operation(index) => Key::Operation(index),
            Origin::Api if item.starts_with("ErrorBody::") => {
                match self.error_bodies[side].get(name).map(|ty| &ty.shape) {
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

/// Returns the words of a signature or a path. A builder is named after its type.
fn words(signature: &str) -> impl Iterator<Item = &str> {
    let words = signature.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.map(|found| found.strip_suffix("Builder").unwrap_or(found))
}

/// Returns the release that differences of the API need.
pub(super) fn release(changes: &[ApiChange]) -> Release {
    changes.iter().map(|change| change.release).max().unwrap_or(Release::None)
}
