//! The methods of a type are in few files.

use std::collections::{BTreeMap, BTreeSet};

use super::report::Finding;
use super::source::Crate;

const RULE: &str = "methods";
const MOST: usize = 3;

/// Reports types with inherent `impl` blocks in too many files.
pub(super) fn check(crates: &[Crate]) -> Vec<Finding> {
    crates.iter().flat_map(of_crate).collect()
}

fn of_crate(krate: &Crate) -> Vec<Finding> {
    let mut types: BTreeMap<_, BTreeSet<(&str, usize)>> = BTreeMap::new();
    for (path, module) in krate.handwritten() {
        for (name, line) in &module.scope.impls {
            let files = types.entry((krate.definer(path, name), name)).or_default();
            if !files.iter().any(|(file, _)| *file == module.file) {
                files.insert((&module.file, *line));
            }
        }
    }
    let scattered = types.into_iter().filter(|(_, files)| files.len() > MOST);
    scattered
        .filter_map(|((_, name), files)| {
            let (file, line) = *files.first()?;
            let others: Vec<&str> = files.iter().skip(1).map(|(file, _)| *file).collect();
            let message = format!(
                "`{name}` has methods in {} files, {MOST} are allowed; split the type or use functions (also {})",
                files.len(),
                others.join(", ")
            );
            Some(Finding::new(RULE, file, line, message))
        })
        .collect()
}
