//! Tags as optional parts of a crate: each has a module and a Cargo feature, so that users of a
//! large API compile only what they call.

use crate::diagnostics::{Location, messages};
use crate::ir::{Api, Operation, Tag, TypeId};
use crate::lower::context::state::Context;
use crate::names::{Scope, module_name, snake_name};
use crate::spec::Document;
use crate::text::child;
use serde_json::Value;
use std::collections::BTreeMap;

/// Features of the crate that are not tags.
const OTHER_FEATURES: &[&str] = &["blocking", "builders", "default", "full", "test-doubles"];

/// Splits operations and types by the first tag of each operation, if there are several tags.
pub(crate) fn split_by_tags(api: &mut Api, context: &mut Context<'_>) {
    report_parents(context);
    if !context.config.has_features() {
        return;
    }
    let mut names: Vec<String> = Vec::new();
    for operation in &mut api.operations {
        if let Some(own) = own_tag(context.document, operation) {
            operation.tag = Some(own);
        }
        if let Some(name) = operation.tag.as_ref().filter(|name| !names.contains(name)) {
            names.push(name.clone());
        }
    }
    if names.len() < 2 {
        return;
    }
    let parents = parents(context.document, &mut names);
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
        let docs = tag_docs(context.document, name);
        tags.push(Tag { name: name.clone(), module, parent: *parent, feature, docs });
    }
    api.tags = tags;
    for (type_tags, def) in needed_by(api).into_iter().zip(&mut api.types) {
        def.tags = type_tags;
    }
}

/// Returns the pointer of the declaration of a tag.
fn declaration(document: &Document, name: &str) -> Option<String> {
    let tags = document.get("/tags")?.as_array()?;
    let index = tags.iter().position(|tag| tag["name"].as_str() == Some(name))?;
    Some(child("/tags", index))
}

/// Returns a field of the declaration of a tag.
fn field(document: &Document, name: &str, key: &str) -> Option<String> {
    let field = document.get(&child(&declaration(document, name)?, key))?.as_str()?;
    Some(field.to_owned())
}

/// Returns the tag that an operation is listed under: the first one for navigation, if tags have kinds.
fn own_tag(document: &Document, operation: &Operation) -> Option<String> {
    let first = operation.tag.as_ref()?;
    let tags = document.get(&child(&operation.pointer, "tags"))?.as_array()?;
    let is_navigation =
        |name: &&str| field(document, name, "kind").is_none_or(|kind| kind == "nav");
    if is_navigation(&first.as_str()) {
        return None;
    }
    tags.iter().filter_map(Value::as_str).find(is_navigation).map(str::to_owned)
}

/// Returns the parent of each tag, and adds parents without operations to the names.
fn parents(document: &Document, names: &mut Vec<String>) -> Vec<Option<usize>> {
    let mut parents: Vec<Option<usize>> = Vec::new();
    let mut next = 0;
    while let Some(name) = names.get(next).cloned() {
        next += 1;
        let parent = field(document, &name, "parent").filter(|parent| {
            declaration(document, parent).is_some() && !is_in_circle(document, &name)
        });
        parents.push(parent.map(|parent| {
            let known = names.iter().position(|other| *other == parent);
            names.extend(known.is_none().then_some(parent));
            known.unwrap_or(names.len() - 1)
        }));
    }
    parents
}

/// Reports the tags without a valid parent.
fn report_parents(context: &mut Context<'_>) {
    let tags = context.document.get("/tags").and_then(Value::as_array);
    for (index, tag) in tags.into_iter().flatten().enumerate() {
        let (Some(name), Some(parent)) = (tag["name"].as_str(), tag["parent"].as_str()) else {
            continue;
        };
        let location = Location::Pointer(child(&child("/tags", index), "parent"));
        if declaration(context.document, parent).is_none() {
            context.diagnostics.report(location, messages::undeclared_parent_tag(parent));
        } else if is_in_circle(context.document, name) {
            context.diagnostics.report(location, messages::circular_tag(name));
        }
    }
}

/// Returns whether the parents of a tag lead back to a tag that was visited.
fn is_in_circle(document: &Document, name: &str) -> bool {
    let mut seen = vec![name.to_owned()];
    while let Some(parent) = seen.last().and_then(|name| field(document, name, "parent")) {
        if seen.contains(&parent) {
            return true;
        }
        seen.push(parent);
    }
    false
}

/// Returns the documentation of a tag.
fn tag_docs(document: &Document, name: &str) -> Option<String> {
    let docs = ["summary", "description"].map(|key| field(document, name, key));
    let docs: Vec<String> = docs.into_iter().flatten().filter(|docs| docs != name).collect();
    (!docs.is_empty()).then(|| docs.join("\n\n"))
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
        if common.contains(&TypeId(id)) || tags.len() == api.tags.len() {
            tags.clear();
        }
    }
    needed
}
