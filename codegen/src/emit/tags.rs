//! Operations by tag: a module for each, behind a feature, with the methods of the client.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emit, blocking, docs, double, operation, syntax};
use crate::ir::{Api, Operation, Tag};

/// What stands above an item that some tags need; nothing if it is always there.
pub(super) fn gate(api: &Api, tags: &[usize]) -> Option<TokenStream> {
    let mut features = tags.iter().map(|tag| api.tags[*tag].feature.as_str());
    match (features.next(), tags.len()) {
        (None, _) => None,
        (Some(feature), 1) => Some(quote!(#[cfg(feature = #feature)])),
        (Some(first), _) => Some(quote!(#[cfg(any(feature = #first, #(feature = #features),*))])),
    }
}

/// What stands above what belongs to an operation.
pub(super) fn gate_of(api: &Api, operation: &Operation) -> Option<TokenStream> {
    let tag = api.tags.iter().position(|tag| operation.is_of(tag))?;
    gate(api, &[tag])
}

/// The operations that have no module of a tag, and so belong to all.
pub(super) fn untagged(api: &Api) -> impl Iterator<Item = &Operation> {
    api.operations.iter().filter(|operation| !api.tags.iter().any(|tag| operation.is_of(tag)))
}

/// The module of a tag within that of all operations.
pub(super) fn module(emit: Emit<'_>, tag: &Tag) -> TokenStream {
    let api = emit.api;
    let of_tag: Vec<_> = api.operations.iter().filter(|operation| operation.is_of(tag)).collect();
    let mut comment = tag.name.clone();
    if let Some(text) = &tag.docs {
        comment = format!("{comment}\n\n{text}");
    }
    let comment = docs::inner_comment(&comment);
    let module = syntax::path(emit.module);
    let needed = of_tag.iter().flat_map(|operation| operation::required_types(emit, operation));
    let methods = of_tag.iter().map(|operation| {
        let comment = docs::of_method(operation);
        operation::client_method(emit, operation, &comment, None)
    });
    let methods: TokenStream = methods.collect();
    let uses = emit.uses_within(needed, &methods);
    let blocking = api.blocking.as_ref().map(|_| {
        let methods = of_tag.iter().map(|operation| blocking::method(emit, operation));
        quote! {
            #[cfg(feature = "blocking")]
            impl #module::blocking::Client {
                #(#methods)*
            }
        }
    });
    let files = super::operation_modules(of_tag.iter().copied());
    quote! {
        #comment

        #files

        use #module::Client;
        #(#uses)*

        impl Client {
            #methods
        }

        #blocking
    }
}

/// Imports of what all operations have, each where its tag is.
pub(super) fn all(emit: Emit<'_>) -> Vec<TokenStream> {
    let module = syntax::path(emit.module);
    let tags = emit.api.tags.iter().map(|tag| {
        let (tag, feature) = (&tag.module, &tag.feature);
        quote!(#[cfg(feature = #feature)] use #module::operations::#tag::*;)
    });
    let names: Vec<_> = untagged(emit.api).flat_map(double::named).collect();
    let others = (!names.is_empty()).then(|| quote!(use #module::operations::{#(#names),*};));
    tags.chain(others).collect()
}
