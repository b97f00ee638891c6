//! The file of any type, and the module that lists all types.

use proc_macro2::TokenStream;
use quote::quote;

use super::fields::builder_name;
use super::{enums, integers, structs, types, unions, user};
use crate::emit::context::Context;
use crate::emit::rust::attribute;
use crate::emit::rust::name::ident;
use crate::emit::{docs, features};
use crate::ir::{Api, Literals, Shape, Type, TypeDef, TypeKind};

/// Returns the file of a type.
///
/// # Errors
/// Returns an error if the emitted tokens are not valid Rust, which is a bug in an emitter.
pub(in crate::emit) fn definition(context: Context<'_>, def: &TypeDef) -> syn::Result<syn::File> {
    if let Some(replaced) = &def.replaced {
        return user::definition(def, replaced).map(file);
    }
    let tokens = match &def.kind {
        // These two are most of the generated lines, and are built without tokens.
        TypeKind::Struct(structure) => {
            return structs::structure(context, def, structure).map(file);
        }
        TypeKind::Enum(values) if values.literals == Literals::Integers => {
            integers::enumeration(def, values)
        }
        TypeKind::Enum(values) => return Ok(file(enums::enumeration(def, values))),
        TypeKind::Union(union) => unions::union(context, def, union),
        TypeKind::Alias(ty) => alias(context, def, ty),
    };
    syn::parse2(tokens)
}

fn file(items: Vec<syn::Item>) -> syn::File {
    syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items }
}

fn alias(context: Context<'_>, def: &TypeDef, ty: &Type) -> TokenStream {
    let docs = docs::model::type_definition(def);
    let uses = context.uses([ty], Some(def));
    let name = &def.name;
    let ty = types::ty(context, ty);
    quote!(#(#uses)* #docs pub type #name = #ty;)
}

/// Whether the type of a field may be too long for clippy.
fn has_long_tuple(def: &TypeDef) -> bool {
    let is_long = |ty: &Type| matches!(&ty.shape, Shape::Tuple(tuple) if !tuple.is_exact());
    match &def.kind {
        TypeKind::Struct(structure) => structure.fields.iter().any(|field| is_long(&field.ty)),
        TypeKind::Alias(ty) => is_long(ty),
        TypeKind::Enum(_) | TypeKind::Union(_) => false,
    }
}

/// Returns the module that lists all types.
pub(in crate::emit) fn root(api: &Api) -> TokenStream {
    let mut files: Vec<&TypeDef> = api.types.iter().collect();
    files.sort_by(|a, b| a.module.cmp(&b.module));
    let modules = files.iter().map(|def| {
        let (module, cfg) = (&def.module, features::tags(api, &def.tags));
        let allow = has_long_tuple(def).then(|| {
            quote!(#[allow(clippy::type_complexity, reason = "the type of each element is part of the type")])
        });
        quote!(#cfg #allow mod #module;)
    });
    let uses = files.iter().map(|def| {
        let (module, name, cfg) = (&def.module, &def.name, features::tags(api, &def.tags));
        let has_builder = has_builder(def);
        let builder = ident(&builder_name(def));
        match (has_builder, api.builders_feature().map(attribute::cfg_feature)) {
            (true, None) => quote!(#cfg pub use #module::{#name, #builder};),
            (true, Some(builders)) => quote! {
                #cfg pub use #module::#name;
                #builders #cfg pub use #module::#builder;
            },
            (false, _) => quote!(#cfg pub use #module::#name;),
        }
    });
    let former = files.iter().map(|def| former_names(api, def));
    quote! {
        //! The types of the API.

        #(#modules)*
        #(#uses)*
        #(#former)*
    }
}

fn has_builder(def: &TypeDef) -> bool {
    matches!(def.kind, TypeKind::Struct(_)) && def.replaced.is_none()
}

/// Returns the deprecated aliases of a type.
fn former_names(api: &Api, def: &TypeDef) -> TokenStream {
    let cfg = features::tags(api, &def.tags);
    let builders = api.builders_feature().map(attribute::cfg_feature);
    let alias = |former: &str, name: &str| {
        let attributes = attribute::former(name);
        let (former, name) = (ident(former), ident(name));
        quote!(#(#attributes)* #cfg pub type #former = #name;)
    };
    let aliases = def.former.iter().map(|former| {
        let own = alias(&former.0, &def.name.0);
        let builder = has_builder(def).then(|| {
            let alias = alias(&format!("{}Builder", former.0), &builder_name(def));
            quote!(#builders #alias)
        });
        quote!(#own #builder)
    });
    quote!(#(#aliases)*)
}
