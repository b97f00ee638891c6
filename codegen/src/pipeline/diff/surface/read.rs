//! The items of one file that other modules can name.

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item as Syntax, TraitItem, UseTree, Visibility};

use super::render;
use super::{Item, ItemKind, Origin};

/// The items of one file.
#[derive(Debug)]
pub(super) struct FileItems {
    /// The module of the file.
    pub(super) module: Vec<String>,
    /// The public items, and the members of types, by their names.
    pub(super) items: Vec<(String, Item)>,
    /// The members that `impl` blocks add.
    pub(super) members: Vec<Member>,
    /// The modules that it declares.
    pub(super) modules: Vec<Module>,
    /// The items of other modules that it exports.
    pub(super) exports: Vec<Export>,
}

/// A member of a type.
#[derive(Debug)]
pub(super) struct Member {
    /// The path of the type as it is written.
    pub(super) owner: Vec<String>,
    /// Its arguments, if only some values of the type have the member.
    pub(super) arguments: String,
    /// What follows the path of the type, such as `::name` or `: Clone`.
    pub(super) suffix: String,
    pub(super) item: Item,
}

/// A module that a file declares.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) name: String,
    pub(super) is_public: bool,
    pub(super) features: Vec<Vec<String>>,
}

/// An item of another module that a file exports.
#[derive(Debug)]
pub(super) struct Export {
    /// Its path as it is written.
    pub(super) path: Vec<String>,
    /// Its name in the exporting module.
    pub(super) name: String,
    pub(super) features: Vec<Vec<String>>,
}

/// Reads a file, which is at a path such as `models/pet.rs`.
pub(super) fn read(path: &str, origin: Origin, file: &syn::File) -> FileItems {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let mut module: Vec<String> = stem.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    let items = FileItems {
        module,
        items: Vec::new(),
        members: Vec::new(),
        modules: Vec::new(),
        exports: Vec::new(),
    };
    let mut reader = Reader { file: items, origin };
    file.items.iter().for_each(|item| reader.item(item));
    reader.file
}

struct Reader {
    file: FileItems,
    origin: Origin,
}

impl Reader {
    fn item(&mut self, item: &Syntax) {
        match item {
            Syntax::Struct(of) if is_public(&of.vis) => {
                let name = of.ident.to_string();
                let shape = match &of.fields {
                    Fields::Named(_) => "struct",
                    Fields::Unnamed(_) => "tuple struct",
                    Fields::Unit => "unit struct",
                };
                let signature = format!("{shape}{}", render::generics(&of.generics));
                let mut item = self.create(ItemKind::Struct, signature, &of.attrs);
                item.is_open |= of.fields.iter().any(|field| !is_public(&field.vis));
                self.derives(&name, &of.attrs);
                self.file.items.push((name.clone(), item));
                for (i, field) in of.fields.iter().enumerate() {
                    if is_public(&field.vis) {
                        let of_field = field.ident.as_ref();
                        let field_name = of_field.map_or_else(|| i.to_string(), plain);
                        let item =
                            self.create(ItemKind::Field, render::ty(&field.ty), &field.attrs);
                        self.file.items.push((format!("{name}::{field_name}"), item));
                    }
                }
            }
            Syntax::Enum(of) if is_public(&of.vis) => {
                let name = of.ident.to_string();
                let signature = format!("enum{}", render::generics(&of.generics));
                let item = self.create(ItemKind::Enum, signature, &of.attrs);
                self.derives(&name, &of.attrs);
                self.file.items.push((name.clone(), item));
                for variant in &of.variants {
                    let types = variant.fields.iter().map(|field| render::ty(&field.ty));
                    let types = types.collect::<Vec<_>>().join(", ");
                    let item = self.create(ItemKind::Variant, format!("({types})"), &variant.attrs);
                    self.file.items.push((format!("{name}::{}", variant.ident), item));
                }
            }
            Syntax::Type(of) if is_public(&of.vis) => {
                let item = self.create(ItemKind::Alias, render::ty(&of.ty), &of.attrs);
                self.file.items.push((of.ident.to_string(), item));
            }
            Syntax::Fn(of) if is_public(&of.vis) => {
                let item = self.function(&of.sig, &of.attrs);
                self.file.items.push((plain(&of.sig.ident), item));
            }
            Syntax::Const(of) if is_public(&of.vis) => {
                let item = self.create(ItemKind::Constant, render::ty(&of.ty), &of.attrs);
                self.file.items.push((of.ident.to_string(), item));
            }
            Syntax::Trait(of) if is_public(&of.vis) => self.public_trait(of),
            Syntax::Impl(of) => self.implementation(of),
            Syntax::Mod(of) => self.file.modules.push(Module {
                name: plain(&of.ident),
                is_public: is_public(&of.vis),
                features: features(&of.attrs),
            }),
            Syntax::Use(of) if is_public(&of.vis) => {
                self.exports(&of.tree, &mut Vec::new(), &features(&of.attrs));
            }
            _ => {}
        }
    }

    fn create(&self, kind: ItemKind, signature: String, attributes: &[Attribute]) -> Item {
        Item {
            kind,
            signature,
            arguments: Vec::new(),
            features: features(attributes),
            is_deprecated: has(attributes, "deprecated"),
            is_open: has(attributes, "non_exhaustive"),
            origin: self.origin,
        }
    }

    fn function(&self, signature: &syn::Signature, attributes: &[Attribute]) -> Item {
        let mut item = self.create(ItemKind::Function, render::function(signature), attributes);
        item.arguments = render::arguments(signature);
        item
    }

    /// Adds the traits that a type derives.
    fn derives(&mut self, name: &str, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            let list = attribute.meta.require_list();
            let tokens = list.map(|list| list.tokens.to_string()).unwrap_or_default();
            for derived in tokens.split(',').map(str::trim).filter(|derived| !derived.is_empty()) {
                let derived = derived.replace(' ', "");
                let item = self.create(ItemKind::Implementation, String::new(), &[]);
                self.file.items.push((format!("{name}: {derived}"), item));
            }
        }
    }

    fn public_trait(&mut self, of: &syn::ItemTrait) {
        let name = of.ident.to_string();
        let bounds = of.supertraits.to_token_stream();
        let signature = format!("trait{}: {bounds}", render::generics(&of.generics));
        let item = self.create(ItemKind::Trait, signature, &of.attrs);
        self.file.items.push((name.clone(), item));
        for member in &of.items {
            let TraitItem::Fn(function) = member else { continue };
            let mut item = self.function(&function.sig, &function.attrs);
            // Implementations need not have a provided method.
            item.is_open = function.default.is_some();
            self.file.items.push((format!("{name}::{}", plain(&function.sig.ident)), item));
        }
    }

    fn implementation(&mut self, of: &syn::ItemImpl) {
        let syn::Type::Path(path) = &*of.self_ty else { return };
        let parameters: Vec<String> =
            of.generics.type_params().map(|parameter| parameter.ident.to_string()).collect();
        let owner: Vec<String> =
            path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        // An implementation for all types belongs to none of them.
        if owner.len() == 1 && parameters.contains(&owner[0]) {
            return;
        }
        let arguments = render::path(&path.path);
        let arguments = arguments.find('<').map(|at| arguments.split_at(at).1.to_owned());
        let is_general = |arguments: &String| {
            parameters.iter().any(|parameter| *arguments == format!("<{parameter}>"))
        };
        let arguments = arguments.filter(|arguments| !is_general(arguments)).unwrap_or_default();
        let shared = features(&of.attrs);
        let mut add = |suffix: String, mut item: Item| {
            item.features.extend(shared.iter().cloned());
            let (owner, arguments) = (owner.clone(), arguments.clone());
            self.file.members.push(Member { owner, arguments, suffix, item });
        };
        let new = |kind, signature, attributes: &[Attribute]| Item {
            kind,
            signature,
            arguments: Vec::new(),
            features: features(attributes),
            is_deprecated: has(attributes, "deprecated"),
            is_open: false,
            origin: self.origin,
        };
        if let Some((trait_path, _)) = &of.trait_ {
            if is_named(trait_path) {
                let name = render::path(trait_path);
                add(format!(": {name}"), new(ItemKind::Implementation, String::new(), &[]));
            }
            return;
        }
        for member in &of.items {
            match member {
                ImplItem::Fn(function) if is_public(&function.vis) => {
                    let signature = render::function(&function.sig);
                    let mut item = new(ItemKind::Function, signature, &function.attrs);
                    item.arguments = render::arguments(&function.sig);
                    add(format!("::{}", plain(&function.sig.ident)), item);
                }
                ImplItem::Const(constant) if is_public(&constant.vis) => {
                    let item = new(ItemKind::Constant, render::ty(&constant.ty), &constant.attrs);
                    add(format!("::{}", constant.ident), item);
                }
                _ => {}
            }
        }
    }

    fn exports(&mut self, tree: &UseTree, path: &mut Vec<String>, features: &[Vec<String>]) {
        match tree {
            UseTree::Path(of) => {
                path.push(of.ident.to_string());
                self.exports(&of.tree, path, features);
                path.pop();
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.exports(tree, path, features));
            }
            UseTree::Name(of) => self.export(path, &of.ident, &of.ident, features),
            UseTree::Rename(of) => self.export(path, &of.ident, &of.rename, features),
            _ => {}
        }
    }

    fn export(
        &mut self,
        path: &[String],
        exported: &syn::Ident,
        name: &syn::Ident,
        features: &[Vec<String>],
    ) {
        let path = path.iter().map(|part| part.trim_start_matches("r#").to_owned());
        let path = path.chain([plain(exported)]).collect();
        self.file.exports.push(Export { path, name: plain(name), features: features.to_vec() });
    }
}

/// Returns whether a program can name a trait. The others are part of how generated code works.
fn is_named(path: &syn::Path) -> bool {
    let segments: Vec<String> =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["rt", "Paged" | "Validate"] | ["rt", "serde", ..] => true,
        ["rt", ..] => false,
        _ => true,
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// Returns an identifier without `r#`.
fn plain(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

/// Returns the features that attributes name: one of each list is needed.
fn features(attributes: &[Attribute]) -> Vec<Vec<String>> {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let names = |attribute: &Attribute| {
        let written = attribute.meta.to_token_stream().to_string();
        let mut names: Vec<String> =
            written.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        names.sort();
        names
    };
    conditions.map(names).collect()
}
