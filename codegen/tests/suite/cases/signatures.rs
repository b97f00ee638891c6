//! What users of generated code see: public signatures name public types, and a new property or value
//! does not break users.

use std::collections::BTreeSet;
use std::path::Path;

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Fields, ImplItem, Item, ItemImpl, ItemMod, ItemTrait, TraitItem, UseTree, Visibility,
};

use crate::case::{Comparison, cases};

/// Traits that only generated code uses. Rustdoc does not show what implements a hidden trait.
const INTERNAL_TRAITS: [&str; 0] = [];

#[test]
fn public_signatures_name_public_types() {
    let mut comparison = Comparison::default();
    let hidden = [hidden("client-runtime"), hidden("server-runtime")];
    assert!(hidden.iter().all(|hidden| hidden.contains("Operation") || hidden.contains("Input")));
    for case in cases("generate").unwrap() {
        let outputs = [case.client().unwrap(), case.server().unwrap()];
        for (output, hidden) in outputs.iter().zip(&hidden) {
            for (file, source) in output.files.iter().filter(|(file, _)| file.ends_with(".rs")) {
                let problem = |what: String| format!("{} {file}: {what}", case.name());
                if source.contains("__private") {
                    comparison.fail(problem("names `__private`".to_owned()));
                }
                for signature in syn::parse_file(source).unwrap().items.iter().flat_map(signatures)
                {
                    let used = runtime_names(&signature);
                    for name in used.iter().filter(|name| hidden.contains(*name)) {
                        if !INTERNAL_TRAITS.contains(&name.as_str()) {
                            comparison.fail(problem(format!("`{name}` in `{signature}`")));
                        }
                    }
                }
            }
        }
    }
    comparison.finish();
}

#[test]
fn public_types_of_a_client_are_not_exhaustive() {
    let mut comparison = Comparison::default();
    for case in cases("generate").unwrap() {
        let output = case.client().unwrap();
        for (file, source) in output.files.iter().filter(|(file, _)| file.ends_with(".rs")) {
            for item in syn::parse_file(source).unwrap().items {
                let (name, attrs) = match item {
                    Item::Struct(item)
                        if is_public(&item.vis) && is_constructible(&item.fields) =>
                    {
                        (item.ident, item.attrs)
                    }
                    Item::Enum(item) if is_public(&item.vis) => (item.ident, item.attrs),
                    _ => continue,
                };
                if !attrs.iter().any(|attr| attr.path().is_ident("non_exhaustive")) {
                    comparison.fail(format!("{} {file}: {name} is exhaustive", case.name()));
                }
            }
        }
    }
    comparison.finish();
}

/// Returns whether a struct literal can create the type. Tuples, which wrap a type of the user, never get
/// another field.
fn is_constructible(fields: &Fields) -> bool {
    matches!(fields, Fields::Named(fields) if fields.named.iter().all(|field| is_public(&field.vis)))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns the names that a runtime exports for generated code only, and that are not items of other
/// crates.
fn hidden(runtime: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(runtime).join("src/lib.rs");
    let items = syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap().items;
    let (mut public, mut hidden) = (BTreeSet::new(), BTreeSet::new());
    for item in &items {
        match item {
            Item::Use(item) if is_public(&item.vis) && !is_hidden(&item.attrs) => {
                names(&item.tree, &mut public);
            }
            Item::Mod(ItemMod { ident, content: Some((_, items)), .. }) if ident == "__private" => {
                for item in items {
                    let Item::Use(item) = item else { continue };
                    let tree = item.tree.to_token_stream().to_string();
                    if ["crate ", "specwright_model "].iter().any(|from| tree.starts_with(from)) {
                        names(&item.tree, &mut hidden);
                    }
                }
            }
            _ => {}
        }
    }
    hidden.difference(&public).cloned().collect()
}

fn is_hidden(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| attr.to_token_stream().to_string().contains("hidden"))
}

fn names(tree: &UseTree, all: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => names(&path.tree, all),
        UseTree::Group(group) => group.items.iter().for_each(|tree| names(tree, all)),
        UseTree::Name(name) => _ = all.insert(name.ident.to_string()),
        UseTree::Rename(rename) => _ = all.insert(rename.rename.to_string()),
        UseTree::Glob(_) => {}
    }
}

/// Returns the names after `rt::` in a signature.
fn runtime_names(signature: &str) -> Vec<String> {
    let parts = signature.split("rt :: ").skip(1);
    let name = |part: &str| part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    parts.map(name).collect()
}

/// Returns the public signatures of an item: types of fields, arguments and results, and bounds.
fn signatures(item: &Item) -> Vec<String> {
    match item {
        Item::Struct(item) if is_public(&item.vis) => {
            let fields = item.fields.iter().filter(|field| is_public(&field.vis));
            fields.map(|field| tokens(&field.ty)).chain([tokens(&item.generics)]).collect()
        }
        Item::Enum(item) if is_public(&item.vis) => {
            let fields = item.variants.iter().flat_map(|variant| &variant.fields);
            fields.map(|field| tokens(&field.ty)).collect()
        }
        Item::Type(item) if is_public(&item.vis) => vec![tokens(&item.ty)],
        Item::Const(item) if is_public(&item.vis) => vec![tokens(&item.ty)],
        Item::Fn(item) if is_public(&item.vis) => vec![tokens(&item.sig)],
        Item::Trait(item) if is_public(&item.vis) => of_trait(item),
        Item::Impl(item) => of_impl(item),
        _ => Vec::new(),
    }
}

fn of_trait(item: &ItemTrait) -> Vec<String> {
    let bounds: &Punctuated<_, _> = &item.supertraits;
    let functions = item.items.iter().filter_map(|item| match item {
        TraitItem::Fn(function) if !is_hidden(&function.attrs) => Some(tokens(&function.sig)),
        TraitItem::Type(ty) => Some(tokens(&ty.bounds)),
        _ => None,
    });
    functions.chain([tokens(&bounds), tokens(&item.generics)]).collect()
}

fn of_impl(item: &ItemImpl) -> Vec<String> {
    let is_inherent = item.trait_.is_none();
    let functions = item.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) if is_public(&function.vis) && !is_hidden(&function.attrs) => {
            Some(tokens(&function.sig))
        }
        ImplItem::Const(constant) if is_public(&constant.vis) => Some(tokens(&constant.ty)),
        _ => None,
    });
    functions.filter(|_| is_inherent).chain([tokens(&item.generics)]).collect()
}

fn tokens(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
