//! Which file imports from which.

use crate::tidy::source::{Crate, Module, ModulePath, Target};

/// A file or module that imports from another.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) line: usize,
    pub(super) to: String,
    /// The path as it is written.
    pub(super) path: String,
    /// The top-level modules; the root itself is called `lib`.
    pub(super) from_module: String,
    pub(super) to_module: String,
}

/// Returns the imports between the files of a crate.
pub(super) fn edges(krate: &Crate) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (path, module) in krate.handwritten() {
        let is_parent = is_parent(krate, path, module);
        let uses = module.scope.uses.iter().filter(|import| !(import.is_reexport && is_parent));
        for import in uses {
            let target = match krate.resolve(path, &import.path) {
                // A glob needs the module itself; any other import of a module only names it.
                Target::Module(target) if import.name == "*" => Some(target),
                Target::Item(target) => Some(target),
                _ => None,
            };
            edges.extend(target.and_then(|target| {
                edge(krate, (path, module), import.line, &import.path, &target)
            }));
        }
        for (named, line) in &module.scope.paths {
            if let Target::Item(target) = krate.resolve(path, named) {
                edges.extend(edge(krate, (path, module), *line, named, &target));
            }
        }
    }
    edges
}

/// Returns whether a module lists others, so that its re-exports are part of the list.
fn is_parent(krate: &Crate, path: &ModulePath, module: &Module) -> bool {
    let is_room = ["/lib.rs", "/main.rs", "/mod.rs"].iter().any(|end| module.file.ends_with(end));
    is_room || krate.modules.keys().any(|other| other.len() > path.len() && other.starts_with(path))
}

fn edge(
    krate: &Crate,
    (path, module): (&ModulePath, &Module),
    line: usize,
    named: &[String],
    target: &ModulePath,
) -> Option<Edge> {
    let to = &krate.modules.get(target)?.file;
    let top = |path: &ModulePath| path.first().map_or("lib", String::as_str).to_owned();
    (*to != module.file).then(|| Edge {
        from: module.file.clone(),
        line,
        to: to.clone(),
        path: named.join("::"),
        from_module: top(path),
        to_module: top(target),
    })
}
