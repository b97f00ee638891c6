//! The modules that list operations.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::emit::features;
use crate::emit::rust::attribute;
use crate::emit::rust::name::path;
use crate::ir::{Api, Operation, Tag};

/// Returns the module that lists all operations.
pub(in crate::emit::client) fn root(context: Context<'_>) -> TokenStream {
    let api = context.api;
    let tags = tag_modules(api, None);
    let files = modules(context, features::untagged(api));
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
    context: Context<'_>,
    operations: impl Iterator<Item = &'a Operation>,
) -> TokenStream {
    let mut files: Vec<_> = operations.collect();
    files.sort_by(|a, b| a.module.cmp(&b.module));
    let modules = files.iter().map(|operation| &operation.module);
    let uses = files.iter().map(|operation| {
        let module = &operation.module;
        let names = operation.type_names();
        quote!(pub use #module::{#(#names),*};)
    });
    let former = files.iter().map(|operation| former_names(context, operation));
    quote! {
        #(mod #modules;)*
        #(#uses)*
        #(#former)*
    }
}

/// Returns the deprecated aliases of the types of an operation.
fn former_names(context: Context<'_>, operation: &Operation) -> TokenStream {
    let module = path(context.module);
    let types = operation.former.iter().flat_map(|former| &former.types);
    let aliases = types.map(|(former, name)| {
        let attributes = attribute::former(&name.0);
        let client = context.api.blocking.as_ref().filter(|_| *name == operation.request);
        let (parameter, argument) = match client.map(|names| &names.client) {
            Some(client) => (quote!(<#client = #module::Client>), quote!(<#client>)),
            None => (TokenStream::new(), TokenStream::new()),
        };
        quote! {
            #(#attributes)*
            pub type #former #parameter = #name #argument;
        }
    });
    quote!(#(#aliases)*)
}
