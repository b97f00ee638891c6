//! Documents in several files as one. Parts of other files become components of their kind in the
//! OpenAPI document, and references point to them. Origins record the file of each part.
//!
//! | module | responsibility |
//! |---|---|
//! | `names` | names of documents, and what references refer to |
//! | `requirements` | security requirements by the URI of a scheme |
//! | `expand` | references where OpenAPI has none |

mod expand;
mod names;
mod requirements;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use self::expand::Expander;
use self::names::{Names, Target, pointer_in};
use super::document::suggested_pointer;
use super::structure::{Kind, visit};
use super::tree::Tree;
use crate::diagnostics::{Location, Message};
use crate::text::pointer::{last, parent, tokens};
use crate::text::{Budget, child, is_url, join, split, stem, value_at};

pub(super) use names::rebase;
pub(super) use requirements::resolve as resolve_requirements;

/// A reference.
struct Site {
    document: usize,
    /// Pointer to the string.
    pointer: String,
    target: Target,
}

/// The OpenAPI document, as number 0, and its files.
struct Bundle<'a> {
    names: Names<'a>,
    expander: Expander,
    sites: Vec<Site>,
    /// Targets in files, in the order in which they are found.
    targets: Vec<Target>,
    known: BTreeSet<Target>,
    /// Parts of targets, with the target that contains each.
    containers: BTreeMap<Target, Target>,
    unresolved: BTreeMap<String, String>,
}

/// The result of [`bundle`].
#[derive(Default)]
pub(super) struct Bundled {
    /// References whose file exists, but not their target in it, each with a suggestion.
    pub(super) unresolved: BTreeMap<String, String>,
    pub(super) found: Vec<(Location, Message)>,
}

/// Moves all targets of references into the first tree.
pub(super) fn bundle(trees: &mut [Tree], names: &[String], budget: &Budget) -> Bundled {
    // The names of the overlays follow those of the trees.
    let names = Names::new(names.get(..trees.len()).unwrap_or(names));
    let root = (0, String::new(), Kind::Document);
    let version = trees.first().and_then(|tree| tree.value.get("openapi")?.as_str());
    let has_media_types = version.is_some_and(|version| version.starts_with("3.2"));
    let mut expander = Expander::new(has_media_types, budget.clone());
    if trees.len() == 1 {
        expander.expand(trees, &names, &root);
        return Bundled { found: expander.found, ..Bundled::default() };
    }
    let mut bundle = Bundle {
        names,
        expander,
        sites: Vec::new(),
        targets: Vec::new(),
        known: BTreeSet::new(),
        containers: BTreeMap::new(),
        unresolved: BTreeMap::new(),
    };
    bundle.walk(trees, &root);
    let mut next = 0;
    while let Some(target) = bundle.targets.get(next).cloned() {
        bundle.walk(trees, &target);
        next += 1;
    }
    let homes = bundle.homes(trees);
    bundle.rewrite(trees, &homes);
    let bundled = Bundled { unresolved: bundle.unresolved, found: bundle.expander.found };
    let Some((root, files)) = trees.split_first_mut() else { return bundled };
    for (target, home) in &homes {
        let (document, pointer, _) = target;
        if let Some(tree) = document.checked_sub(1).and_then(|i| files.get(i))
            && let Some(value) = value_at(&tree.value, pointer)
            && insert(&mut root.value, home, value.clone())
        {
            root.origins.graft(home, &tree.origins, pointer);
        }
    }
    bundled
}

impl Bundle<'_> {
    /// Finds the references in a part of a document.
    fn walk(&mut self, trees: &mut [Tree], part: &Target) {
        self.expander.expand(trees, &self.names, part);
        let trees: &[Tree] = trees;
        let (document, pointer, kind) = part;
        let Some(tree) = trees.get(*document) else { return };
        let Some(value) = value_at(&tree.value, pointer) else { return };
        visit(value, *kind, &mut pointer.clone(), &mut |value, kind, at| {
            let here = (*document, at.to_owned(), kind);
            if *document != 0 && here != *part {
                self.containers.entry(here).or_insert_with(|| part.clone());
            }
            if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
                self.reference(trees, *document, reference, kind, child(at, "$ref"));
            }
            let mapping = value_at(value, "/discriminator/mapping").and_then(Value::as_object);
            let default = value_at(value, "/discriminator/defaultMapping");
            let default = default.map(|name| (name, "/discriminator/defaultMapping".to_owned()));
            let mapping = mapping.into_iter().flatten();
            let mapping = mapping.map(|(key, name)| (name, child("/discriminator/mapping", key)));
            for (name, key) in mapping.chain(default) {
                let Some(name) = name.as_str() else { continue };
                let by_name = format!("#{}", child("/components/schemas", name));
                let reference = match name.contains(['#', '/']) || is_file(name) {
                    true => name,
                    // A name in another file is a schema of that file.
                    false if *document != 0 => &by_name,
                    false => continue,
                };
                self.reference(trees, *document, reference, Kind::Schema, format!("{at}{key}"));
            }
        });
    }

    fn reference(
        &mut self,
        trees: &[Tree],
        from: usize,
        reference: &str,
        kind: Kind,
        pointer: String,
    ) {
        if from == 0 && reference.starts_with('#') {
            return;
        }
        let Some((document, fragment)) = self.names.document(from, reference) else { return };
        let Some(tree) = trees.get(document) else { return };
        let Some(at) = pointer_in(tree, &fragment) else {
            let meant = suggested_pointer(&tree.value, &fragment);
            let file = split(reference).0;
            let suggestion = meant.map(|pointer| format!("; did you mean `{file}#{pointer}`?"));
            self.unresolved.insert(reference.to_owned(), suggestion.unwrap_or_default());
            return;
        };
        let target = (document, at, kind);
        if document != 0 && self.known.insert(target.clone()) {
            self.targets.push(target.clone());
        }
        self.sites.push(Site { document: from, pointer, target });
    }

    /// Chooses the new pointer of each target. A part of another target moves with it. A component
    /// or path that is only a reference is replaced by its target.
    fn homes(&self, trees: &[Tree]) -> Vec<(Target, String)> {
        let mut homes: BTreeMap<&Target, String> = BTreeMap::new();
        let mut order = Vec::new();
        let Some(root) = trees.first() else { return order };
        for site in self.sites.iter().filter(|site| site.document == 0 && site.target.0 != 0) {
            let Some(at) = site.pointer.strip_suffix("/$ref") else { continue };
            let is_only_reference =
                value_at(&root.value, at).and_then(Value::as_object).map(Map::len) == Some(1);
            let depth = at.matches('/').count();
            let is_named = (at.starts_with("/components/") && depth == 3)
                || ((at.starts_with("/paths/") || at.starts_with("/webhooks/")) && depth == 2);
            if is_only_reference && is_named && !self.containers.contains_key(&site.target) {
                homes.entry(&site.target).or_insert_with(|| at.to_owned());
            }
        }
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for target in self.targets.iter().filter(|target| !self.containers.contains_key(*target)) {
            let home = homes.entry(target).or_insert_with(|| {
                let home = self.free_component(target, &|at| {
                    value_at(&root.value, at).is_some() || taken.contains(at)
                });
                taken.insert(home.clone());
                home
            });
            order.push((target.clone(), home.clone()));
        }
        order
    }

    /// Returns the pointer of a new component, named after the last token of the pointer or after
    /// the file. If that name is taken, it is named after both.
    fn free_component(
        &self,
        (document, pointer, kind): &Target,
        is_taken: &dyn Fn(&str) -> bool,
    ) -> String {
        let section = format!("/components/{}", kind.section());
        let stem = stem(self.names.name(*document));
        let last = last(pointer);
        let first = if last.is_empty() { stem.to_owned() } else { last.clone() };
        let second = if last.is_empty() { format!("{stem}_2") } else { format!("{stem}_{last}") };
        let numbered = (2_usize..).map(|n| format!("{second}_{n}"));
        [first, second.clone()]
            .into_iter()
            .chain(numbered)
            .map(|name| child(&section, name))
            .find(|at| !is_taken(at))
            .unwrap_or_default()
    }

    /// Changes every reference to the new pointer of its target.
    fn rewrite(&self, trees: &mut [Tree], homes: &[(Target, String)]) {
        let homes: BTreeMap<&Target, &String> = homes.iter().map(|(t, home)| (t, home)).collect();
        for site in &self.sites {
            let mut outer = &site.target;
            while let Some(container) = self.containers.get(outer) {
                outer = container;
            }
            let (document, pointer, _) = &site.target;
            let target = match homes.get(outer) {
                Some(home) => {
                    format!("{home}{}", pointer.get(outer.1.len()..).unwrap_or_default())
                }
                None if *document == 0 => pointer.clone(),
                None => continue,
            };
            let tree = trees.get_mut(site.document);
            if let Some(value) = tree.and_then(|tree| tree.value.pointer_mut(&site.pointer)) {
                // A percent sign would start an encoded character.
                *value = format!("#{}", target.replace('%', "%25")).into();
            }
        }
    }
}

/// Returns whether a name in a mapping is that of a file.
fn is_file(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending))
}

/// Inserts a value at a pointer through objects only, which are created if they are absent. Returns
/// whether that was possible.
fn insert(root: &mut Value, at: &str, value: Value) -> bool {
    let mut holder = root;
    for key in tokens(parent(at)) {
        let Value::Object(entries) = holder else { return false };
        holder = entries.entry(key).or_insert_with(|| Map::new().into());
    }
    let Value::Object(entries) = holder else { return false };
    entries.insert(last(at), value);
    true
}

/// Collects the names of the files that a document refers to.
pub(super) fn references(name: &str, value: &Value, found: &mut BTreeSet<String>) {
    let mut add = |reference: &str| {
        let (file, _) = split(reference);
        if !file.is_empty() && !is_url(reference) {
            found.insert(join(name, file));
        }
    };
    match value {
        Value::Object(entries) => {
            if let Some(Value::String(reference)) = entries.get("$ref") {
                add(reference);
            }
            if let Some(Value::Object(mapping)) = entries.get("mapping") {
                let names = mapping.values().filter_map(Value::as_str);
                names.filter(|name| is_file(split(name).0)).for_each(&mut add);
            }
            if let Some(Value::String(name)) = entries.get("defaultMapping")
                && is_file(split(name).0)
            {
                add(name);
            }
            entries.values().for_each(|value| references(name, value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(name, value, found)),
        _ => {}
    }
}
