//! Tags as optional parts of a crate: each has a module and a Cargo feature, so that users of a
//! large API compile only what they call.

use crate::diagnostics::{Location, Message, messages};
use crate::ir::{Api, Operation, Tag, TypeId};
use crate::lower::context::state::Context;
use crate::names::{Scope, module_name, snake_name};
use crate::spec::Document;
use crate::text::child;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Features of the crate that are not tags.
const OTHER_FEATURES: &[&str] = &["blocking", "builders", "default", "full", "test-doubles"];

/// The number of tags in each other. Paths of modules that are nested more deeply are too long.
const MAX_NESTING: usize = 32;

/// The number of tags from which a type that they need is always present.
const MAX_NEEDING: usize = 256;

/// Splits operations and types by the first tag of each operation, if there are several tags.
pub(crate) fn split_by_tags(api: &mut Api, context: &mut Context<'_>) {
    report_parents(context);
    if !context.config.has_features() {
        return;
    }
    let declared = Declared::of(context.document);
    let (mut names, mut known): (Vec<String>, BTreeSet<String>) = Default::default();
    for operation in &mut api.operations {
        if let Some(own) = own_tag(context.document, &declared, operation) {
            operation.tag = Some(own);
        }
        if let Some(name) = operation.tag.as_ref().filter(|name| known.insert((*name).clone())) {
            names.push(name.clone());
        }
    }
    if names.len() < 2 {
        return;
    }
    let parents = parents(&declared, &mut names);
    let mut features = Scope::with(OTHER_FEATURES);
    // The modules of operations are in the same folder as those of tags.
    let scope_of = |tag: Option<&String>| {
        let mut scope = Scope::with(&["mod", "operations"]);
        let operations = api.operations.iter().filter(|operation| operation.tag.as_ref() == tag);
        operations.for_each(|operation| _ = scope.take(&operation.module.0));
        scope
    };
    let mut scopes: BTreeMap<Option<usize>, Scope> = BTreeMap::new();
    let mut tags = Vec::new();
    for (name, parent) in names.iter().zip(&parents) {
        let scope = scopes.entry(*parent);
        let scope = scope.or_insert_with(|| scope_of(parent.map(|parent| &names[parent])));
        let module = scope.free_name(&module_name(&snake_name(name).0));
        let feature = module.0.trim_start_matches("r#").trim_matches('_').replace('_', "-");
        let feature = features.free(&feature);
        let docs = declared.docs(name);
        tags.push(Tag { name: name.clone(), module, parent: *parent, feature, docs });
    }
    api.tags = tags;
    for (type_tags, def) in needed_by(api).into_iter().zip(&mut api.types) {
        def.tags = type_tags;
    }
}

/// The declarations of tags, by their names.
struct Declared<'d>(BTreeMap<&'d str, &'d Value>);

impl<'d> Declared<'d> {
    fn of(document: &'d Document) -> Self {
        let tags = document.get("/tags").and_then(Value::as_array).into_iter().flatten();
        let mut declared = BTreeMap::new();
        for tag in tags {
            if let Some(name) = tag["name"].as_str() {
                declared.entry(name).or_insert(tag);
            }
        }
        Self(declared)
    }

    /// Returns a field of a tag.
    fn field(&self, name: &str, key: &str) -> Option<&'d str> {
        self.0.get(name)?.get(key)?.as_str()
    }

    /// Returns what prevents a tag from being in its parent.
    fn problem(&self, name: &'d str, parent: &'d str) -> Option<Message> {
        if !self.0.contains_key(parent) {
            return Some(messages::undeclared_parent_tag(parent));
        }
        let mut seen = BTreeSet::from([name]);
        let mut last = name;
        while let Some(parent) = self.field(last, "parent") {
            if !seen.insert(parent) {
                return Some(messages::circular_tag(name));
            }
            if seen.len() > MAX_NESTING {
                return Some(messages::deep_tag(name, MAX_NESTING));
            }
            last = parent;
        }
        None
    }

    /// Returns the documentation of a tag.
    fn docs(&self, name: &str) -> Option<String> {
        let docs = ["summary", "description"].map(|key| self.field(name, key));
        let docs: Vec<&str> = docs.into_iter().flatten().filter(|docs| *docs != name).collect();
        (!docs.is_empty()).then(|| docs.join("\n\n"))
    }
}

/// Returns the tag that an operation is listed under: the first one for navigation, if tags have kinds.
fn own_tag(document: &Document, declared: &Declared<'_>, operation: &Operation) -> Option<String> {
    let first = operation.tag.as_ref()?;
    let tags = document.get(&child(&operation.pointer, "tags"))?.as_array()?;
    let is_navigation = |name: &&str| declared.field(name, "kind").is_none_or(|kind| kind == "nav");
    if is_navigation(&first.as_str()) {
        return None;
    }
    tags.iter().filter_map(Value::as_str).find(is_navigation).map(str::to_owned)
}

/// Returns the parent of each tag, and adds parents without operations to the names.
fn parents<'d>(declared: &Declared<'d>, names: &mut Vec<String>) -> Vec<Option<usize>> {
    let mut parents: Vec<Option<usize>> = Vec::new();
    let mut next = 0;
    while let Some(name) = names.get(next).cloned() {
        next += 1;
        let known = declared.0.get_key_value(name.as_str());
        let parent = known.and_then(|(name, _)| {
            let parent = declared.field(name, "parent")?;
            declared.problem(name, parent).is_none().then_some(parent)
        });
        parents.push(parent.map(|parent| {
            let known = names.iter().position(|other| *other == parent);
            names.extend(known.is_none().then(|| parent.to_owned()));
            known.unwrap_or(names.len() - 1)
        }));
    }
    parents
}

/// Reports the tags without a valid parent.
fn report_parents(context: &mut Context<'_>) {
    let document = context.document;
    let declared = Declared::of(document);
    let tags = document.get("/tags").and_then(Value::as_array);
    for (index, tag) in tags.into_iter().flatten().enumerate() {
        let (Some(name), Some(parent)) = (tag["name"].as_str(), tag["parent"].as_str()) else {
            continue;
        };
        if let Some(message) = declared.problem(name, parent) {
            let location = Location::Pointer(child(&child("/tags", index), "parent"));
            context.diagnostics.report(location, message);
        }
    }
}

/// Returns the tags that need each type; empty if the type is always present.
fn needed_by(api: &Api) -> Vec<Vec<usize>> {
    let mut needed = vec![Vec::new(); api.types.len()];
    for (i, tag) in api.tags.iter().enumerate() {
        let operations = api.operations.iter().filter(|op| op.tag.as_ref() == Some(&tag.name));
        for id in api.reachable_types(operations.flat_map(|operation| operation.types())) {
            needed[id.0].push(i);
        }
    }
    let untagged = api.operations.iter().filter(|operation| operation.tag.is_none());
    let errors = api.error_bodies.iter().map(|body| &body.ty);
    let headers = api.error_headers.iter().flat_map(|headers| &headers.all);
    let errors = errors.chain(headers.map(|header| &header.ty));
    let errors = errors.chain(api.operations.iter().flat_map(|operation| operation.error_types()));
    // Webhooks belong to no operation, so their types are always present.
    let webhooks = api.webhooks.iter().filter_map(|webhook| webhook.body.as_ref());
    let always = untagged.flat_map(|operation| operation.types()).chain(errors).chain(webhooks);
    let common = api.reachable_types(always);
    for (id, tags) in needed.iter_mut().enumerate() {
        let is_common = tags.len() == api.tags.len() || tags.len() > MAX_NEEDING;
        if is_common || common.contains(&TypeId(id)) {
            tags.clear();
        }
    }
    needed
}
