//! The table in a module's documentation lists exactly its modules.

use std::collections::BTreeSet;

use super::report::Finding;
use super::source::{Crate, Module, ModulePath, Tree};

const RULE: &str = "module tables";
/// How many modules a library may have without a table.
const WITHOUT: usize = 3;

/// Compares the tables with the declared modules.
pub(super) fn check(tree: &Tree, crates: &[Crate]) -> Vec<Finding> {
    crates.iter().flat_map(|krate| of_crate(tree, krate)).collect()
}

fn of_crate(tree: &Tree, krate: &Crate) -> Vec<Finding> {
    let of_file = |(path, module): (&ModulePath, &Module)| {
        if !module.scope.inline.is_empty() {
            return Vec::new();
        }
        let contents = tree.file(&module.file).map_or("", |file| &file.contents);
        compare(krate, contents, path, module)
    };
    krate.handwritten().flat_map(of_file).collect()
}

fn compare(krate: &Crate, contents: &str, path: &ModulePath, module: &Module) -> Vec<Finding> {
    let file = &module.file;
    let declared: BTreeSet<&str> =
        module.scope.files.iter().map(|declaration| declaration.name.as_str()).collect();
    let listed = listed(contents);
    let finding = |line, message: String| Finding::new(RULE, file, line, message);
    if listed.is_empty() {
        let needs_table = path.is_empty() && declared.len() > WITHOUT && file.ends_with("/lib.rs");
        let message = format!("{} modules and no table of them; add one", declared.len());
        return if needs_table { vec![finding(1, message)] } else { Vec::new() };
    }
    let names: BTreeSet<&str> = listed.iter().map(|(name, _)| *name).collect();
    let missing = module.scope.files.iter().filter(|of| !names.contains(of.name.as_str()));
    let missing = missing
        .map(|of| finding(of.line, format!("`{}` is missing from the table; add it", of.name)));
    // Inline modules and modules of other crates may be listed.
    let is_other = |name: &str| {
        krate.modules.contains_key(&[&path[..], &[name.to_owned()]].concat())
            || module.scope.uses.iter().any(|import| import.is_reexport && import.name == name)
    };
    let unknown = listed.iter().filter(|(name, _)| !declared.contains(name) && !is_other(name));
    let unknown = unknown
        .map(|(name, line)| finding(*line, format!("`{name}` is not a module; remove the row")));
    missing.chain(unknown).collect()
}

/// The names in the first column of the first table, with their lines.
fn listed(contents: &str) -> Vec<(&str, usize)> {
    // A README that is part of the documentation may come first.
    let lines = contents.lines().enumerate().filter(|(_, line)| !line.starts_with("#!["));
    let rows = lines
        .map_while(|(i, line)| Some((line.strip_prefix("//!")?.trim(), i + 1)))
        .skip_while(|(row, _)| !row.starts_with("| module"))
        .take_while(|(row, _)| row.starts_with('|'));
    rows.skip(2)
        .flat_map(|(row, line)| {
            let cell = row.trim_start_matches('|').split('|').next().unwrap_or_default();
            cell.split('`').skip(1).step_by(2).map(move |name| (name, line))
        })
        .collect()
}
