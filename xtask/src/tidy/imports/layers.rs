//! The table of allowed dependencies, between crates and between modules.

use std::collections::{BTreeMap, BTreeSet};

use super::edges::Edge;
use crate::tidy::report::Finding;
use crate::tidy::settings::{FILE, Settings};
use crate::tidy::source::Tree;

const RULE: &str = "layers";

/// Compares the dependencies in the manifests with the table.
pub(super) fn check_crates(tree: &Tree, settings: &Settings) -> Vec<Finding> {
    let members: BTreeSet<&str> = tree.packages.iter().map(|member| member.name.as_str()).collect();
    let mut findings = Vec::new();
    for package in &tree.packages {
        let manifest = format!("{}/Cargo.toml", package.folder);
        let Some(allowed) = settings.crates.get(&package.name) else {
            let message = format!("`{}` is missing from [crates]; add it", package.name);
            findings.push(Finding::new(RULE, FILE, 1, message));
            continue;
        };
        let names = package.dependencies.iter().map(String::as_str);
        let used: BTreeSet<&str> = names.filter(|name| members.contains(name)).collect();
        let allowed: BTreeSet<&str> = allowed.iter().map(String::as_str).collect();
        for name in used.difference(&allowed) {
            let message =
                format!("dependency `{name}` is not allowed; remove it, or allow it in {FILE}");
            findings.push(Finding::new(RULE, &manifest, 1, message));
        }
        for name in allowed.difference(&used) {
            let message =
                format!("`{}` does not depend on `{name}`; remove the entry", package.name);
            findings.push(Finding::new(RULE, FILE, 1, message));
        }
    }
    let unknown = settings.crates.keys().filter(|name| !members.contains(name.as_str()));
    findings.extend(unknown.map(|name| {
        Finding::new(RULE, FILE, 1, format!("[crates] has unknown package `{name}`; remove it"))
    }));
    findings
}

/// Compares the imports between the top-level modules of a crate with the table.
pub(super) fn check_modules(folder: &str, edges: &[Edge], settings: &Settings) -> Vec<Finding> {
    let none = BTreeMap::new();
    let table = settings.modules.get(folder).unwrap_or(&none);
    let mut unused: BTreeSet<(&str, &str)> = table
        .iter()
        .flat_map(|(from, to)| to.iter().map(move |to| (from.as_str(), to.as_str())))
        .collect();
    let mut findings = Vec::new();
    let mut reported = BTreeSet::new();
    for edge in between(edges) {
        let (from, to) = (edge.from_module.as_str(), edge.to_module.as_str());
        let allowed = table.get(from).is_some_and(|allowed| allowed.iter().any(|name| name == to));
        if !allowed && reported.insert((from, to)) {
            let message = format!(
                "`{from}` must not import from `{to}` ({}); move the item, or allow it in {FILE}",
                edge.path
            );
            findings.push(Finding::new(RULE, &edge.from, edge.line, message));
        }
        unused.remove(&(from, to));
    }
    findings.extend(unused.into_iter().map(|(from, to)| {
        let message =
            format!("[modules.{folder}]: `{from}` does not import from `{to}`; remove the entry");
        Finding::new(RULE, FILE, 1, message)
    }));
    findings
}

/// Returns the imports between modules in the form of the table.
pub(super) fn found(folder: &str, edges: &[Edge]) -> String {
    let mut table: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in between(edges) {
        table.entry(&edge.from_module).or_default().insert(&edge.to_module);
    }
    let lines = table.iter().map(|(from, to)| format!("{from} = {to:?}\n").replace(['{', '}'], ""));
    let lines: String =
        lines.map(|line| line.replacen("= ", "= [", 1).replacen('\n', "]\n", 1)).collect();
    format!("[modules.{folder}]\n{lines}")
}

/// The imports between different modules. The root may import from all, so it has no row.
fn between(edges: &[Edge]) -> impl Iterator<Item = &Edge> {
    edges.iter().filter(|edge| edge.from_module != "lib" && edge.from_module != edge.to_module)
}
