//! The public paths of the items of all files: modules that are public, and items that they export.

use std::collections::{BTreeMap, HashMap};

use super::implied::remove_implied;
use super::read::{Export, FileItems, Member, read};
use super::same::{SameFiles, same_files};
use super::{Item, ItemKind, Origin, Surface};
use crate::config::Config;
use crate::emit;
use crate::ir::{Api, TypeId};
use crate::output::{LARGE_STACK, SMALL_STACK, features_of_crate, parallel_map};

/// The number of types that cannot be nested too deeply for a small stack.
const FEW_TYPES: usize = 200;

/// A generated file that is not valid Rust, which is a bug in an emitter.
pub(in crate::pipeline::diff) type InvalidFile = (String, syn::Error);

/// Returns the public APIs of the old and of the new code, without the items of files that are the
/// same in both.
///
/// # Errors
/// Returns an error if a generated file is not valid Rust.
pub(in crate::pipeline::diff) fn surfaces(
    old: (&Api, &Config),
    new: (&Api, &Config),
) -> Result<[Surface; 2], InvalidFile> {
    let same = same_files(old, new);
    Ok([surface(old, &same)?, surface(new, &same)?])
}

fn surface((api, config): (&Api, &Config), same: &SameFiles) -> Result<Surface, InvalidFile> {
    let mut files = emit::files(api, &config.layout.target);
    files.retain(|file| !same.contains(&file.path()));
    let origins = Origins::new(api);
    let stack = if api.types.len() > FEW_TYPES { LARGE_STACK } else { SMALL_STACK };
    let read = parallel_map(&files, stack, |file| {
        let path = file.path();
        let syntax = file.syntax(api, config);
        let syntax = syntax.map_err(|error| (path.clone(), error))?;
        Ok(read(&path, origins.of(file.source()), &syntax))
    });
    let read = read.into_iter().collect::<Result<Vec<FileItems>, InvalidFile>>()?;
    let mut surface = Surface::default();
    Assembly::new(read).assemble(&mut surface);
    if let Some(package) = &config.layout.package {
        for (name, enables) in features_of_crate(package, api) {
            surface.items.insert(format!("feature {name}"), feature(enables));
        }
        remove_implied(&mut surface);
    }
    for item in surface.items.iter().filter(|(_, item)| item.kind == ItemKind::Alias) {
        let name = item.0.rsplit("::").next().unwrap_or_default();
        surface.aliases.insert(name.to_owned(), item.1.signature.clone());
    }
    Ok(surface)
}

/// Returns the item of a feature. What it enables is in its arguments.
fn feature(enables: Vec<String>) -> Item {
    Item {
        kind: ItemKind::Feature,
        signature: String::new(),
        arguments: enables,
        features: Vec::new(),
        is_deprecated: false,
        is_open: true,
        origin: Origin::Api,
    }
}

/// The types and operations by their addresses in the IR.
struct Origins<'a> {
    types: HashMap<&'a str, TypeId>,
    operations: HashMap<&'a str, usize>,
}

impl<'a> Origins<'a> {
    fn new(api: &'a Api) -> Self {
        let types = api.types.iter().enumerate();
        let operations = api.operations.iter().enumerate();
        Self {
            types: types.map(|(i, def)| (def.name.0.as_str(), TypeId(i))).collect(),
            operations: operations.map(|(i, of)| (of.request.0.as_str(), i)).collect(),
        }
    }

    fn of(&self, source: emit::Source<'_>) -> Origin {
        let found = match source {
            emit::Source::Type(def) => {
                self.types.get(def.name.0.as_str()).map(|id| Origin::Type(*id))
            }
            emit::Source::Operation(operation) => {
                self.operations.get(operation.request.0.as_str()).map(|i| Origin::Operation(*i))
            }
            emit::Source::Api => None,
        };
        found.unwrap_or(Origin::Api)
    }
}

/// The files while their items get public paths.
struct Assembly {
    files: BTreeMap<Vec<String>, FileItems>,
    /// The public path of each type, by its name. Of several, the shortest comes first.
    types: BTreeMap<String, Vec<String>>,
    /// The features of each declared module, by the declaring module and its name.
    declared: BTreeMap<(Vec<String>, String), Vec<Vec<String>>>,
}

impl Assembly {
    fn new(files: Vec<FileItems>) -> Self {
        let mut declared = BTreeMap::new();
        for file in &files {
            for inner in &file.modules {
                declared.insert((file.module.clone(), inner.name.clone()), inner.features.clone());
            }
        }
        let files = files.into_iter().map(|file| (file.module.clone(), file)).collect();
        Self { files, types: BTreeMap::new(), declared }
    }

    fn assemble(mut self, surface: &mut Surface) {
        self.module(&[], "", &[], surface);
        let paths = surface.items.iter().filter(|(_, item)| {
            matches!(
                item.kind,
                ItemKind::Struct | ItemKind::Enum | ItemKind::Alias | ItemKind::Trait
            )
        });
        for (path, _) in paths {
            let name = path.rsplit("::").next().unwrap_or_default().to_owned();
            self.types.entry(name).or_default().push(path.clone());
        }
        self.types.values_mut().for_each(|paths| paths.sort_by_key(String::len));
        let files = std::mem::take(&mut self.files);
        for file in files.into_values() {
            for member in file.members {
                self.member(&file.module, member, surface);
            }
        }
    }

    /// Adds the items of a public module.
    fn module(
        &self,
        module: &[String],
        path: &str,
        features: &[Vec<String>],
        surface: &mut Surface,
    ) {
        let Some(file) = self.files.get(module) else { return };
        for (name, item) in &file.items {
            insert(surface, join(path, name), item, features);
        }
        for export in &file.exports {
            self.export(file, path, export, features, surface);
        }
        for inner in file.modules.iter().filter(|inner| inner.is_public) {
            let inner_path = join(path, &inner.name);
            let mut features = features.to_vec();
            features.extend(inner.features.iter().cloned());
            let item = Item {
                kind: ItemKind::Module,
                signature: String::new(),
                arguments: Vec::new(),
                features: Vec::new(),
                is_deprecated: false,
                is_open: true,
                origin: Origin::Api,
            };
            insert(surface, inner_path.clone(), &item, &features);
            let mut module = module.to_vec();
            module.push(inner.name.clone());
            self.module(&module, &inner_path, &features, surface);
        }
    }

    /// Adds an item that a public module exports, with its members.
    fn export(
        &self,
        file: &FileItems,
        path: &str,
        export: &Export,
        features: &[Vec<String>],
        surface: &mut Surface,
    ) {
        let mut features = features.to_vec();
        features.extend(export.features.iter().cloned());
        let (name, parents) = match export.path.split_last() {
            Some((name, parents)) => (name, parents),
            None => return,
        };
        let mut module = file.module.clone();
        module.extend(parents.iter().filter(|part| *part != "self").cloned());
        let Some(from) = self.files.get(&module).filter(|_| !parents.is_empty()) else {
            let item = Item {
                kind: ItemKind::Import,
                signature: export.path.join("::"),
                arguments: Vec::new(),
                features: Vec::new(),
                is_deprecated: false,
                is_open: true,
                origin: Origin::Api,
            };
            insert(surface, join(path, &export.name), &item, &features);
            return;
        };
        let own = file.modules.iter().find(|inner| parents.first() == Some(&inner.name));
        features.extend(own.into_iter().flat_map(|inner| inner.features.iter().cloned()));
        for (item_name, item) in &from.items {
            let rest = item_name.strip_prefix(name.as_str());
            if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with(':')) {
                insert(surface, join(path, &format!("{}{rest}", export.name)), item, &features);
            }
        }
    }

    /// Adds a member of a type that an `impl` block defines.
    fn member(&self, module: &[String], member: Member, surface: &mut Surface) {
        let Some(owner) = self.owner(module, &member.owner) else { return };
        // The member exists only where its type does, and where its module is compiled.
        let mut features = surface.items.get(owner).map(|item| item.features.clone());
        let mut at = Vec::new();
        for part in module {
            let declared = self.declared.get(&(at.clone(), part.clone()));
            features.get_or_insert_default().extend(declared.into_iter().flatten().cloned());
            at.push(part.clone());
        }
        let path = format!("{owner}{}{}", member.arguments, member.suffix);
        insert(surface, path, &member.item, &features.unwrap_or_default());
    }

    /// Returns the public path of a type.
    fn owner(&self, module: &[String], written: &[String]) -> Option<&String> {
        let paths = self.types.get(written.last()?)?;
        let mut before: Vec<&str> = written.iter().map(String::as_str).collect();
        before.pop();
        let of_module = |wanted: &str| {
            paths.iter().find(|path| path.rsplit("::").nth(1).unwrap_or_default() == wanted)
        };
        match before.last() {
            // The parent of a module of the root is the root.
            Some(&"super") if module.len() == 1 => of_module("").or(paths.first()),
            Some(&"super" | &"crate" | &"self") => paths.first(),
            Some(parent) => of_module(parent).or(paths.first()),
            None => module.last().and_then(|own| of_module(own)).or(paths.first()),
        }
    }
}

fn insert(surface: &mut Surface, path: String, item: &Item, features: &[Vec<String>]) {
    let mut item = item.clone();
    item.features.extend(features.iter().cloned());
    item.features.sort();
    item.features.dedup();
    surface.items.insert(path, item);
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") }
}
