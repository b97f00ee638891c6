//! Servers, security schemes, tags, and the information about the API.

use std::collections::{BTreeMap, BTreeSet};

use super::site::{Site, Step};
use super::walker::Walker;
use crate::ir::{Api, Operation, Server, ServerVariable};
use crate::pipeline::diff::change::Direction;
use crate::pipeline::diff::table::kinds;

pub(super) fn compare_setup(walker: &mut Walker<'_>) {
    let site = Site::new(Step::Api);
    let (old, new) = (walker.old, walker.new);
    let info = ["info"];
    let part = site.part(Step::Part("the information", &info, ["", ""]));
    if old.title != new.title || old.version != new.version {
        let predicate = format!(
            "changes from `{} {}` to `{} {}`",
            old.title, old.version, new.title, new.version
        );
        walker.report(kinds::INFO, &part, &predicate);
    }
    if old.docs != new.docs {
        walker.report(kinds::DOCUMENTATION, &part, "has other documentation");
    }
    walker.within(Direction::Request, |walker| {
        let all = |api: &Api| -> Vec<Server> {
            [&api.server].into_iter().chain(&api.more_servers).cloned().collect()
        };
        compare_servers(walker, &site, &all(old), &all(new));
    });
    compare_schemes(walker, &site);
    compare_tags(walker, &site);
}

pub(super) fn compare_servers(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: &[Server],
    new: &[Server],
) {
    if old == new {
        return;
    }
    let label = |server: &Server| format!("server `{}`", server.url);
    let is_declared = |server: &&Server| !server.url.is_empty();
    for b in new.iter().filter(is_declared) {
        let label = label(b);
        let part = site.part(Step::Part(&label, &["servers"], ["", ""]));
        match old.iter().find(|a| a.url == b.url) {
            None => walker.report_added(kinds::SERVER_ADDED, &part),
            Some(a) => {
                if a.docs != b.docs || a.name != b.name {
                    walker.quietly(|walker| {
                        walker.report(kinds::DOCUMENTATION, &part, "has other documentation");
                    });
                }
                compare_variables(walker, &part, &a.variables, &b.variables);
            }
        }
    }
    for a in old.iter().filter(is_declared) {
        if new.iter().all(|b| a.url != b.url) {
            let label = label(a);
            let part = site.part(Step::Part(&label, &["servers"], ["", ""]));
            walker.report_removed(kinds::SERVER_REMOVED, &part);
        }
    }
    let first = |servers: &[Server]| servers.first().map(|server| server.url.clone());
    let part = site.part(Step::Part("the default server", &["servers"], ["", ""]));
    match (first(old), first(new)) {
        (Some(a), Some(b)) if a != b => {
            let predicate = format!("changes from `{a}` to `{b}`");
            walker.report(kinds::DEFAULT_SERVER_CHANGED, &part, &predicate);
        }
        _ => {}
    }
}

fn compare_variables(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: &[ServerVariable],
    new: &[ServerVariable],
) {
    let (old_api, new_api) = (walker.old, walker.new);
    for b in new {
        let label = format!("variable `{}`", b.wire);
        let Some(a) = old.iter().find(|a| a.wire == b.wire) else {
            let part = site.part(Step::Part(&label, &[], ["", setter(new_api, b)]));
            walker.report_added(kinds::SERVER_VARIABLE_ADDED, &part);
            continue;
        };
        let part = site.part(Step::Part(&label, &[], [setter(old_api, a), setter(new_api, b)]));
        walker.compare_docs(&part, [&a.docs, &b.docs], [false; 2]);
        if a.default != b.default {
            let predicate = format!("changes its default from `{}` to `{}`", a.default, b.default);
            walker.report(kinds::SERVER_DEFAULT_CHANGED, &part, &predicate);
        }
        // Without values, any value is possible.
        for value in b.values.iter().filter(|value| !a.values.contains(value)) {
            let kind = match a.values.is_empty() {
                true => kinds::SERVER_VALUE_REMOVED,
                false => kinds::SERVER_VALUE_ADDED,
            };
            walker.report(kind, &part, &format!("lists the value `{value}`"));
        }
        for value in a.values.iter().filter(|value| !b.values.contains(value)) {
            let kind = match b.values.is_empty() {
                true => kinds::SERVER_VALUE_ADDED,
                false => kinds::SERVER_VALUE_REMOVED,
            };
            walker.report(kind, &part, &format!("no longer lists the value `{value}`"));
        }
    }
    for a in old.iter().filter(|a| new.iter().all(|b| a.wire != b.wire)) {
        let label = format!("variable `{}`", a.wire);
        let part = site.part(Step::Part(&label, &[], [setter(old_api, a), ""]));
        walker.report_removed(kinds::SERVER_VARIABLE_REMOVED, &part);
    }
}

/// Returns the builder method that sets a variable. All servers share it.
fn setter<'a>(api: &'a Api, variable: &ServerVariable) -> &'a str {
    let shared = api.variables.iter().find(|shared| shared.wire == variable.wire);
    shared.map_or("", |shared| &shared.name.0)
}

fn compare_schemes(walker: &mut Walker<'_>, site: &Site<'_>) {
    let (old, new) = (&walker.old.security_schemes, &walker.new.security_schemes);
    for b in new {
        let label = format!("security scheme `{}`", b.id);
        let keys = ["components", "securitySchemes", &b.id];
        let Some(a) = old.iter().find(|a| a.id == b.id) else {
            let part = site.part(Step::Part(&label, &keys, ["", &b.name.0]));
            walker.report_added(kinds::SCHEME_ADDED, &part);
            continue;
        };
        let part = site.part(Step::Part(&label, &keys, [&a.name.0, &b.name.0]));
        walker.compare_docs(&part, [&a.docs, &b.docs], [a.deprecated, b.deprecated]);
        if a.credential != b.credential {
            walker.within(Direction::Request, |walker| {
                walker.report(kinds::SCHEME_CHANGED, &part, "is sent differently");
            });
        }
        if a.name != b.name || a.env != b.env {
            walker.report(kinds::SCHEME_RENAMED, &part, "has another name in Rust");
        }
    }
    for a in old.iter().filter(|a| new.iter().all(|b| a.id != b.id)) {
        let label = format!("security scheme `{}`", a.id);
        let keys = ["components", "securitySchemes", &a.id];
        let part = site.part(Step::Part(&label, &keys, [&a.name.0, ""]));
        walker.report_removed(kinds::SCHEME_REMOVED, &part);
    }
}

/// Compares which credentials an operation accepts.
pub(super) fn compare_security(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: &Operation,
    new: &Operation,
) {
    let keys = ["security"];
    let part = site.part(Step::Part("the security", &keys, ["", ""]));
    compare_scopes(walker, &part, old, new);
    let (a, b) = (alternatives(walker.old, old), alternatives(walker.new, new));
    if a == b {
        return;
    }
    let is_open = |all: &BTreeSet<BTreeSet<&str>>| all.iter().any(BTreeSet::is_empty);
    match (is_open(&a), is_open(&b)) {
        (true, false) => {
            walker.report(kinds::SECURITY_REQUIRED, &part, "requires credentials");
            return;
        }
        (false, true) => {
            walker.report(kinds::SECURITY_OPTIONAL, &part, "no longer requires credentials");
            return;
        }
        _ => {}
    }
    for alternative in &b {
        if !a.iter().any(|old| old.is_subset(alternative)) {
            let predicate = format!("accepts {}", listed(alternative));
            walker.report(kinds::SECURITY_ADDED, &part, &predicate);
        }
    }
    for alternative in &a {
        // Fewer credentials than before are enough.
        if !b.iter().any(|new| new.is_subset(alternative)) {
            let predicate = format!("no longer accepts {}", listed(alternative));
            walker.report(kinds::SECURITY_REMOVED, &part, &predicate);
        }
    }
}

/// The sets of scopes with which each set of schemes is accepted.
type Scopes<'a> = BTreeMap<BTreeSet<&'a str>, Vec<BTreeSet<String>>>;

/// Compares the scopes that the same credentials need.
fn compare_scopes(walker: &mut Walker<'_>, site: &Site<'_>, old: &Operation, new: &Operation) {
    let (old, new) = (scopes(walker.old, old), scopes(walker.new, new));
    for (schemes, after) in &new {
        let Some(before) = old.get(schemes) else { continue };
        let lacks = |from: &[BTreeSet<String>], to: &[BTreeSet<String>]| {
            from.iter().any(|from| !to.iter().any(|to| to.is_subset(from)))
        };
        let only = |from: &[BTreeSet<String>], to: &[BTreeSet<String>]| -> Vec<String> {
            let all: BTreeSet<&String> = from.iter().flatten().collect();
            let others: BTreeSet<&String> = to.iter().flatten().collect();
            all.difference(&others).map(|scope| format!(" `{scope}`")).collect()
        };
        if lacks(before, after) {
            let added = only(after, before).join(",");
            walker.report(kinds::SCOPE_ADDED, site, &format!("requires other scopes:{added}"));
        }
        if lacks(after, before) {
            let removed = only(before, after).join(",");
            let predicate = format!("no longer requires some scopes:{removed}");
            walker.report(kinds::SCOPE_REMOVED, site, &predicate);
        }
    }
}

fn scopes<'a>(api: &'a Api, operation: &Operation) -> Scopes<'a> {
    let mut all = Scopes::new();
    for (schemes, scopes) in operation.security.iter().zip(&operation.scopes) {
        let ids = schemes.iter().filter_map(|index| api.security_schemes.get(*index));
        let ids: Vec<&str> = ids.map(|scheme| scheme.id.as_str()).collect();
        let labelled = ids
            .iter()
            .zip(scopes)
            .flat_map(|(id, scopes)| scopes.iter().map(move |scope| format!("{scope} of {id}")));
        let labelled = labelled.collect();
        all.entry(ids.into_iter().collect()).or_default().push(labelled);
    }
    all
}

fn compare_tags(walker: &mut Walker<'_>, site: &Site<'_>) {
    let (old, new) = (walker.old, walker.new);
    let modules = |api: &Api, index: usize| -> Vec<String> {
        let modules = api.tags.get(index).map(|tag| tag.modules(&api.tags));
        modules.into_iter().flatten().map(|module| module.0.clone()).collect()
    };
    for (i, b) in new.tags.iter().enumerate() {
        let label = format!("tag `{}`", b.name);
        let Some((position, a)) = old.tags.iter().enumerate().find(|(_, a)| a.name == b.name)
        else {
            let part = site.part(Step::Part(&label, &["tags"], ["", &b.feature]));
            walker.report_added(kinds::TAG_ADDED, &part);
            continue;
        };
        let part = site.part(Step::Part(&label, &["tags"], [&a.feature, &b.feature]));
        walker.compare_docs(&part, [&a.docs, &b.docs], [false; 2]);
        if a.feature != b.feature || modules(old, position) != modules(new, i) {
            walker.report(kinds::TAG_RENAMED, &part, "has another feature or module");
        }
    }
    for a in old.tags.iter().filter(|a| new.tags.iter().all(|b| a.name != b.name)) {
        let label = format!("tag `{}`", a.name);
        let part = site.part(Step::Part(&label, &["tags"], [&a.feature, ""]));
        walker.report_removed(kinds::TAG_REMOVED, &part);
    }
}

/// Returns the sets of schemes that an operation accepts. An empty set needs no credentials.
fn alternatives<'a>(api: &'a Api, operation: &Operation) -> BTreeSet<BTreeSet<&'a str>> {
    if operation.security.is_empty() {
        return BTreeSet::from([BTreeSet::new()]);
    }
    let ids = |schemes: &Vec<usize>| {
        let schemes = schemes.iter().filter_map(|index| api.security_schemes.get(*index));
        schemes.map(|scheme| scheme.id.as_str()).collect()
    };
    operation.security.iter().map(ids).collect()
}

fn listed(schemes: &BTreeSet<&str>) -> String {
    let shown: Vec<String> = schemes.iter().map(|scheme| format!("`{scheme}`")).collect();
    shown.join(" with ")
}
