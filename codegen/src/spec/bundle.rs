//! Descriptions in several files: what others hold is brought into the description, each part
//! among the components of its kind, and references lead there. So nothing behind this knows of
//! files, and the origins say which file a part is from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Tree;
use super::structure::{Kind, visit};
use crate::text::child;
use crate::text::pointer::{last, unescape};
use crate::text::{is_address, join, percent_decode, split, stem};

/// What a reference leads to: a document, a pointer there, and what stands there.
type Target = (usize, String, Kind);

/// A place that holds a reference.
struct Site {
    document: usize,
    /// The pointer of the text.
    pointer: String,
    target: Target,
}

/// The documents of a description, the description itself first.
struct Bundle<'a> {
    /// Their names.
    names: &'a [String],
    places: BTreeMap<&'a str, usize>,
    sites: Vec<Site>,
    /// Those outside of the description, in the order in which they are found.
    targets: Vec<Target>,
    known: BTreeSet<Target>,
    /// What stands within a target, and within which.
    within: BTreeMap<Target, Target>,
    broken: BTreeSet<String>,
}

/// Brings all that is referred to into the first of the trees. Gives the references to files
/// that are there, which lead to nothing in them.
pub(super) fn bundle(trees: &mut [Tree], names: &[String]) -> BTreeSet<String> {
    // Behind the names of the trees are those of the overlays.
    let names = names.get(..trees.len()).unwrap_or(names);
    let mut bundle = Bundle {
        names,
        places: names.iter().enumerate().rev().map(|(i, name)| (name.as_str(), i)).collect(),
        sites: Vec::new(),
        targets: Vec::new(),
        known: BTreeSet::new(),
        within: BTreeMap::new(),
        broken: BTreeSet::new(),
    };
    bundle.walk(trees, &(0, String::new(), Kind::Description));
    let mut next = 0;
    while let Some(target) = bundle.targets.get(next).cloned() {
        bundle.walk(trees, &target);
        next += 1;
    }
    let homes = bundle.homes(trees);
    bundle.rewrite(trees, &homes);
    let Some((root, files)) = trees.split_first_mut() else { return bundle.broken };
    for (target, home) in &homes {
        let (document, pointer, _) = target;
        if let Some(tree) = document.checked_sub(1).and_then(|i| files.get(i))
            && let Some(value) = tree.value.pointer(pointer)
            && put(&mut root.value, home, value.clone())
        {
            root.origins.graft(home, &tree.origins, pointer);
        }
    }
    bundle.broken
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
                self.within.entry(here).or_insert_with(|| part.clone());
            }
            if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
                self.reference(trees, *document, reference, kind, child(at, "$ref"));
            }
            let mapping = value.pointer("/discriminator/mapping").and_then(Value::as_object);
            for (key, name) in mapping.into_iter().flatten() {
                let Some(name) = name.as_str() else { continue };
                let of_name = format!("#{}", child("/components/schemas", name));
                let reference = match name.contains(['#', '/']) || is_file(name) {
                    true => name,
                    // A name in another file is one of that file.
                    false if *document != 0 => &of_name,
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
        if (from == 0 && file.is_empty()) || is_address(reference) {
            return;
        }
        let document = match file {
            "" => Some(from),
            file => {
                let from = self.names.get(from).map_or("", String::as_str);
                self.places.get(join(from, file).as_str()).copied()
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
            self.broken.insert(reference.to_owned());
            return;
        };
        let target = (document, at, kind);
        if document != 0 && self.known.insert(target.clone()) {
            self.targets.push(target.clone());
        }
        self.sites.push(Site { document: from, pointer, target });
    }

    /// Where each target goes. What stands within another goes with it. A component, or a path,
    /// that is nothing but a reference is where its target belongs.
    fn homes(&self, trees: &[Tree]) -> Vec<(Target, String)> {
        let mut homes: BTreeMap<&Target, String> = BTreeMap::new();
        let mut order = Vec::new();
        let Some(root) = trees.first() else { return order };
        for site in self.sites.iter().filter(|site| site.document == 0 && site.target.0 != 0) {
            let Some(at) = site.pointer.strip_suffix("/$ref") else { continue };
            let is_alone =
                root.value.pointer(at).and_then(Value::as_object).map(Map::len) == Some(1);
            let depth = at.matches('/').count();
            let is_named = (at.starts_with("/components/") && depth == 3)
                || ((at.starts_with("/paths/") || at.starts_with("/webhooks/")) && depth == 2);
            if is_alone && is_named && !self.within.contains_key(&site.target) {
                homes.entry(&site.target).or_insert_with(|| at.to_owned());
            }
        }
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for target in self.targets.iter().filter(|target| !self.within.contains_key(*target)) {
            let home = homes.entry(target).or_insert_with(|| {
                let home = self.free_place(target, &|at| {
                    root.value.pointer(at).is_some() || taken.contains(at)
                });
                taken.insert(home.clone());
                home
            });
            order.push((target.clone(), home.clone()));
        }
        order
    }

    /// A place among the components, named after the last step of the pointer or after the file
    /// and, where that is taken, after both.
    fn free_place(
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

    /// Lets every reference lead to where its target goes.
    fn rewrite(&self, trees: &mut [Tree], homes: &[(Target, String)]) {
        let homes: BTreeMap<&Target, &String> = homes.iter().map(|(t, home)| (t, home)).collect();
        for site in &self.sites {
            let mut outer = &site.target;
            while let Some(around) = self.within.get(outer) {
                outer = around;
            }
            let (document, pointer, _) = &site.target;
            let place = match homes.get(outer) {
                Some(home) => {
                    format!("{home}{}", pointer.get(outer.1.len()..).unwrap_or_default())
                }
                None if *document == 0 => pointer.clone(),
                None => continue,
            };
            let tree = trees.get_mut(site.document);
            if let Some(text) = tree.and_then(|tree| tree.value.pointer_mut(&site.pointer)) {
                // A percent sign would be read as the beginning of an encoded character.
                *text = format!("#{}", place.replace('%', "%25")).into();
            }
        }
    }
}

/// Whether the name in a mapping is that of a file.
fn is_file(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending))
}

/// Where a document has the anchor of a name.
fn anchor(value: &Value, name: &str, at: &mut String) -> Option<String> {
    let is_it = |key: &str| value.get(key).and_then(Value::as_str) == Some(name);
    if is_it("$anchor") || is_it("$dynamicAnchor") {
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

/// Puts a value at a place of at most three steps, all of them objects. Says whether it could.
fn put(root: &mut Value, at: &str, value: Value) -> bool {
    let Some((parent, key)) = at.rsplit_once('/') else { return false };
    let mut holder = root;
    for step in parent.split('/').skip(1) {
        let Value::Object(entries) = holder else { return false };
        holder = entries.entry(step.to_owned()).or_insert_with(|| Map::new().into());
    }
    let Value::Object(entries) = holder else { return false };
    entries.insert(unescape(key), value);
    true
}

/// The names of the files that a document refers to.
pub(super) fn references(name: &str, value: &Value, found: &mut BTreeSet<String>) {
    let mut add = |reference: &str| {
        let (file, _) = split(reference);
        if !file.is_empty() && !is_address(reference) {
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
