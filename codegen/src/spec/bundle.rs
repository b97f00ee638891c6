//! Documents in several files as one. Parts of other files become components of their kind in the
//! OpenAPI document, and references point to them. Origins record the file of each part.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::structure::{Kind, visit};
use super::tree::Tree;
use crate::text::pointer::{last, parent, tokens};
use crate::text::{child, is_url, join, percent_decode, split, stem};

/// Target of a reference: a document, a pointer in it, and the kind of the object there.
type Target = (usize, String, Kind);

/// A reference.
struct Site {
    document: usize,
    /// Pointer to the string.
    pointer: String,
    target: Target,
}

/// The OpenAPI document, as number 0, and its files.
struct Bundle<'a> {
    names: &'a [String],
    /// Numbers of the documents, by name.
    documents: BTreeMap<&'a str, usize>,
    sites: Vec<Site>,
    /// Targets in files, in the order in which they are found.
    targets: Vec<Target>,
    known: BTreeSet<Target>,
    /// Parts of targets, with the target that contains each.
    containers: BTreeMap<Target, Target>,
    unresolved: BTreeSet<String>,
}

/// Moves all targets of references into the first tree. Returns the references whose file exists,
/// but not their target in it.
pub(super) fn bundle(trees: &mut [Tree], names: &[String]) -> BTreeSet<String> {
    // The names of the overlays follow those of the trees.
    let names = names.get(..trees.len()).unwrap_or(names);
    let mut bundle = Bundle {
        names,
        documents: names.iter().enumerate().rev().map(|(i, name)| (name.as_str(), i)).collect(),
        sites: Vec::new(),
        targets: Vec::new(),
        known: BTreeSet::new(),
        containers: BTreeMap::new(),
        unresolved: BTreeSet::new(),
    };
    bundle.walk(trees, &(0, String::new(), Kind::Document));
    let mut next = 0;
    while let Some(target) = bundle.targets.get(next).cloned() {
        bundle.walk(trees, &target);
        next += 1;
    }
    let homes = bundle.homes(trees);
    bundle.rewrite(trees, &homes);
    let Some((root, files)) = trees.split_first_mut() else { return bundle.unresolved };
    for (target, home) in &homes {
        let (document, pointer, _) = target;
        if let Some(tree) = document.checked_sub(1).and_then(|i| files.get(i))
            && let Some(value) = tree.value.pointer(pointer)
            && insert(&mut root.value, home, value.clone())
        {
            root.origins.graft(home, &tree.origins, pointer);
        }
    }
    bundle.unresolved
}

impl Bundle<'_> {
    /// Finds the references in a part of a document.
    fn walk(&mut self, trees: &[Tree], part: &Target) {
        let (document, pointer, kind) = part;
        let Some(tree) = trees.get(*document) else { return };
        let Some(value) = tree.value.pointer(pointer) else { return };
        visit(value, *kind, &mut pointer.clone(), &mut |value, kind, at| {
            let here = (*document, at.to_owned(), kind);
            if *document != 0 && here != *part {
                self.containers.entry(here).or_insert_with(|| part.clone());
            }
            if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
                self.reference(trees, *document, reference, kind, child(at, "$ref"));
            }
            let mapping = value.pointer("/discriminator/mapping").and_then(Value::as_object);
            for (key, name) in mapping.into_iter().flatten() {
                let Some(name) = name.as_str() else { continue };
                let by_name = format!("#{}", child("/components/schemas", name));
                let reference = match name.contains(['#', '/']) || is_file(name) {
                    true => name,
                    // A name in another file is a schema of that file.
                    false if *document != 0 => &by_name,
                    false => continue,
                };
                let at = child(&child(&child(at, "discriminator"), "mapping"), key);
                self.reference(trees, *document, reference, Kind::Schema, at);
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
        let (file, fragment) = split(reference);
        if (from == 0 && file.is_empty()) || is_url(reference) {
            return;
        }
        let document = match file {
            "" => Some(from),
            file => {
                let from = self.names.get(from).map_or("", String::as_str);
                self.documents.get(join(from, file).as_str()).copied()
            }
        };
        let Some((document, tree)) = document.and_then(|i| Some((i, trees.get(i)?))) else {
            return;
        };
        let fragment = percent_decode(fragment);
        let at = match fragment.is_empty() || fragment.starts_with('/') {
            true => Some(fragment),
            false => anchor(&tree.value, &fragment, &mut String::new()),
        };
        let Some(at) = at.filter(|at| tree.value.pointer(at).is_some()) else {
            self.unresolved.insert(reference.to_owned());
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
                root.value.pointer(at).and_then(Value::as_object).map(Map::len) == Some(1);
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
                    root.value.pointer(at).is_some() || taken.contains(at)
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
        let stem = self.names.get(*document).map_or("file", |name| stem(name));
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

/// Returns the pointer of the anchor with this name.
fn anchor(value: &Value, name: &str, at: &mut String) -> Option<String> {
    let is_named = |key: &str| value.get(key).and_then(Value::as_str) == Some(name);
    if is_named("$anchor") || is_named("$dynamicAnchor") {
        return Some(at.clone());
    }
    let mut below = |key: &str, value: &Value| {
        let length = at.len();
        *at = child(at, key);
        let found = anchor(value, name, at);
        at.truncate(length);
        found
    };
    match value {
        Value::Object(entries) => entries.iter().find_map(|(key, value)| below(key, value)),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(i, value)| below(&i.to_string(), value))
        }
        _ => None,
    }
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
                names.filter(|name| is_file(split(name).0)).for_each(add);
            }
            entries.values().for_each(|value| references(name, value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(name, value, found)),
        _ => {}
    }
}
