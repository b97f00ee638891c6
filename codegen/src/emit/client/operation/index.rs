//! The modules that list operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::names;
use crate::emit::features;
use crate::ir::{Api, Operation, Tag};

/// Returns the module that lists all operations.
pub(in crate::emit::client) fn root(api: &Api) -> TokenStream {
    let tags = tag_modules(api, None);
    let files = modules(features::untagged(api));
    quote! {
        //! The operations of the API: a request type for each.

        #tags
        #files
    }
}

/// Returns the `mod` items of the tags with a parent, or of those without one.
pub(in crate::emit::client) fn tag_modules(api: &Api, parent: Option<&Tag>) -> TokenStream {
    let parent = parent.and_then(|own| api.tags.iter().position(|tag| tag.name == own.name));
    let mut tags: Vec<&Tag> = api.tags.iter().filter(|tag| tag.parent == parent).collect();
    tags.sort_by(|a, b| a.module.cmp(&b.module));
    let tags = tags.iter().map(|tag| {
        let (module, feature) = (&tag.module, &tag.feature);
        quote!(#[cfg(feature = #feature)] pub mod #module;)
    });
    quote!(#(#tags)*)
}

/// Returns the `mod` and `use` items of operations.
pub(in crate::emit::client) fn modules<'a>(
    operations: impl Iterator<Item = &'a Operation>,
) -> TokenStream {
    let mut files: Vec<_> = operations.collect();
    files.sort_by(|a, b| a.module.cmp(&b.module));
    let modules = files.iter().map(|operation| &operation.module);
    let uses = files.iter().map(|operation| {
        let module = &operation.module;
        let names = names::type_names(operation);
        quote!(pub use #module::{#(#names),*};)
    });
    quote! {
        #(mod #modules;)*
        #(#uses)*
    }
}
