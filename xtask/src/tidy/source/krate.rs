//! The modules of one crate, and which file defines what a path names.

use std::collections::BTreeMap;

use super::scope::{Scope, Use, scopes};
use super::tree::Tree;

/// How many re-exports are followed for one name.
const STEPS: usize = 12;

/// The path of a module below the root of its crate.
pub(in crate::tidy) type ModulePath = Vec<String>;

/// A module with the file that it is in.
#[derive(Debug)]
pub(in crate::tidy) struct Module {
    pub(in crate::tidy) file: String,
    pub(in crate::tidy) is_generated: bool,
    pub(in crate::tidy) scope: Scope,
}

/// The module tree of a library or program.
#[derive(Debug)]
pub(in crate::tidy) struct Crate {
    /// The folder of its package.
    pub(in crate::tidy) folder: String,
    pub(in crate::tidy) modules: BTreeMap<ModulePath, Module>,
}

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tidy) enum Target {
    Module(ModulePath),
    /// An item of a module.
    Item(ModulePath),
    /// Something that another crate or a generic parameter defines.
    External,
}

impl Crate {
    /// Reads the module tree of a root file such as `src/lib.rs`.
    fn read(tree: &Tree, folder: &str, root: &str) -> Self {
        let mut krate = Self { folder: folder.to_owned(), modules: BTreeMap::new() };
        krate.add(tree, root, Vec::new());
        krate
    }

    fn add(&mut self, tree: &Tree, file: &str, path: ModulePath) {
        let Some(source) = tree.file(file) else { return };
        let is_generated = source.is_generated;
        let mut children = Vec::new();
        for scope in scopes(&source.contents) {
            let path = [&path[..], &scope.inline].concat();
            for child in &scope.files {
                let found = locate(tree, file, &scope.inline, child.path.as_deref(), &child.name);
                children.extend(found.map(|file| (file, child_of(&path, &child.name))));
            }
            self.modules.insert(path, Module { file: file.to_owned(), is_generated, scope });
        }
        for (file, path) in children {
            self.add(tree, &file, path);
        }
    }

    /// Reads the libraries and programs of all packages.
    pub(in crate::tidy) fn of_workspace(tree: &Tree) -> Vec<Self> {
        let mut crates = Vec::new();
        for package in &tree.packages {
            let sources = format!("{}/src", package.folder);
            let programs = format!("{sources}/bin");
            let mut roots = vec![format!("{sources}/lib.rs"), format!("{sources}/main.rs")];
            let names = tree.folders.get(&programs).into_iter().flatten();
            roots.extend(names.map(|name| format!("{programs}/{name}")));
            crates.extend(roots.iter().map(|root| Self::read(tree, &package.folder, root)));
        }
        crates
    }

    /// Finds the module that defines a type named in `module`; that module itself if unknown.
    pub(in crate::tidy) fn definer(&self, module: &[String], name: &str) -> ModulePath {
        match self.defined(module, name, STEPS) {
            Some(Target::Item(definer)) => definer,
            _ => module.to_vec(),
        }
    }

    /// Returns the modules that people wrote.
    pub(in crate::tidy) fn handwritten(&self) -> impl Iterator<Item = (&ModulePath, &Module)> {
        self.modules.iter().filter(|(_, module)| !module.is_generated)
    }

    /// Resolves a path that is written in the module `from`.
    pub(in crate::tidy) fn resolve(&self, from: &[String], path: &[String]) -> Target {
        self.follow(from, path, STEPS)
    }

    fn follow(&self, from: &[String], path: &[String], steps: usize) -> Target {
        let Some(head) = path.first().filter(|_| steps > 0) else { return Target::External };
        let (mut at, rest) = match head.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (from.to_vec(), &path[1..]),
            "super" => {
                let levels = path.iter().take_while(|segment| *segment == "super").count();
                (from[..from.len().saturating_sub(levels)].to_vec(), &path[levels..])
            }
            _ => match self.head(from, head, steps) {
                Target::Module(module) => (module, &path[1..]),
                other => return other,
            },
        };
        for segment in rest {
            let child = child_of(&at, segment);
            if self.modules.contains_key(&child) {
                at = child;
                continue;
            }
            match self.item(&at, segment, steps - 1) {
                Target::Module(module) => at = module,
                other => return other,
            }
        }
        Target::Module(at)
    }

    /// What the first segment of a path names: a module below, or something imported.
    fn head(&self, from: &[String], head: &str, steps: usize) -> Target {
        let child = child_of(from, head);
        if self.modules.contains_key(&child) {
            return Target::Module(child);
        }
        match self.import(from, head) {
            Some(import) if import.path[0] != head => self.follow(from, &import.path, steps - 1),
            _ => Target::External,
        }
    }

    fn import(&self, module: &[String], name: &str) -> Option<&Use> {
        let uses = &self.modules.get(module)?.scope.uses;
        uses.iter().find(|import| import.name == name)
    }

    /// Finds the module that defines what `module` calls `name`.
    fn item(&self, module: &[String], name: &str, steps: usize) -> Target {
        self.defined(module, name, steps).unwrap_or_else(|| Target::Item(module.to_vec()))
    }

    fn defined(&self, module: &[String], name: &str, steps: usize) -> Option<Target> {
        let child = child_of(module, name);
        if self.modules.contains_key(&child) {
            return Some(Target::Module(child));
        }
        let scope = &self.modules.get(module)?.scope;
        if scope.defined.contains(name) {
            return Some(Target::Item(module.to_vec()));
        }
        if let Some(import) = self.import(module, name) {
            return Some(self.follow(module, &import.path, steps));
        }
        if module.is_empty() {
            let exporting = self.modules.iter().find(|(_, of)| of.scope.exported.contains(name));
            if let Some((exporting, _)) = exporting {
                return Some(Target::Item(exporting.clone()));
            }
        }
        let globs = scope.uses.iter().filter(|import| import.name == "*" && steps > 0);
        globs
            .filter_map(|glob| match self.follow(module, &glob.path, steps) {
                Target::Module(other) if other != module => self.defined(&other, name, steps - 1),
                _ => None,
            })
            .next()
    }
}

fn child_of(module: &[String], name: &str) -> ModulePath {
    let mut path = module.to_vec();
    path.push(name.trim_start_matches("r#").to_owned());
    path
}

/// Finds the file of `mod name;` in a file.
fn locate(
    tree: &Tree,
    file: &str,
    inline: &[String],
    path: Option<&str>,
    name: &str,
) -> Option<String> {
    let (folder, own) = file.rsplit_once('/')?;
    if let Some(path) = path {
        let mut parts: Vec<&str> = folder.split('/').collect();
        for part in path.split('/') {
            match part {
                ".." => drop(parts.pop()),
                "." => {}
                _ => parts.push(part),
            }
        }
        return Some(parts.join("/"));
    }
    let mut folder = folder.to_owned();
    if !["lib.rs", "main.rs", "mod.rs"].contains(&own) {
        folder = format!("{folder}/{}", own.trim_end_matches(".rs"));
    }
    let folder = inline.iter().fold(folder, |folder, module| format!("{folder}/{module}"));
    let name = name.trim_start_matches("r#");
    let files = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
    files.into_iter().find(|file| tree.file(file).is_some())
}
