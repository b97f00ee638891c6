//! Tags as optional parts of a crate: each has a module and a Cargo feature, so that users of a
//! large API compile only what they call.

use crate::ir::{Api, Tag, TypeId};
use crate::lower::context::state::Context;
use crate::names::{Scope, module_name, snake_name};
use crate::spec::Document;
use crate::text::child;

/// Features of the crate that are not tags.
const OTHER_FEATURES: &[&str] = &["blocking", "builders", "default", "full", "test-doubles"];

/// Splits operations and types by the first tag of each operation, if there are several tags.
pub(crate) fn split_by_tags(api: &mut Api, context: &mut Context<'_>) {
    if !context.config.has_features() {
        return;
    }
    let mut names: Vec<&str> = Vec::new();
    for name in api.operations.iter().filter_map(|operation| operation.tag.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.len() < 2 {
        return;
    }
    let mut modules = Scope::with(&["mod", "operations"]);
    for operation in api.operations.iter().filter(|operation| operation.tag.is_none()) {
        modules.take(&operation.module.0);
    }
    let mut features = Scope::with(OTHER_FEATURES);
    let tags = names.into_iter().map(|name| {
        let module = modules.free_name(&module_name(&snake_name(name).0));
        let feature = module.0.trim_start_matches("r#").trim_matches('_').replace('_', "-");
        let feature = features.free(&feature);
        Tag { name: name.to_owned(), module, feature, docs: tag_docs(context.document, name) }
    });
    api.tags = tags.collect();
    for (type_tags, def) in needed_by(api).into_iter().zip(&mut api.types) {
        def.tags = type_tags;
    }
}

/// Returns the documentation of a tag.
fn tag_docs(document: &Document, name: &str) -> Option<String> {
    let tags = document.get("/tags")?.as_array()?;
    let index = tags.iter().position(|tag| tag["name"].as_str() == Some(name))?;
    let docs = document.get(&child(&child("/tags", index), "description"))?.as_str()?;
    Some(docs.to_owned())
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
