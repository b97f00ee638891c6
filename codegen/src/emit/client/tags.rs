//! Operations by tag: a module and feature per tag, with the methods of the client.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::{self, names};
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::rust::name::path;
use crate::ir::Tag;

/// Returns the module of a tag.
pub(super) fn module(context: Context<'_>, tag: &Tag) -> TokenStream {
    let api = context.api;
    let of_tag: Vec<_> = api.operations.iter().filter(|operation| operation.is_of(tag)).collect();
    let mut comment = tag.name.clone();
    if let Some(docs) = &tag.docs {
        comment = format!("{comment}\n\n{docs}");
    }
    let comment = docs::inner_comment(&comment);
    let module = path(context.module);
    let needed = of_tag.iter().flat_map(|operation| names::required_types(context, operation));
    let methods = of_tag.iter().map(|operation| {
        let comment = docs::operation::method(operation);
        operation::method(context, operation, &comment, None)
    });
    let methods: TokenStream = methods.collect();
    let uses = context.uses_within(needed, &methods);
    let blocking = api.blocking.as_ref().map(|_| {
        let methods = of_tag.iter().map(|operation| operation::blocking_method(context, operation));
        quote! {
            #[cfg(feature = "blocking")]
            impl #module::blocking::Client {
                #(#methods)*
            }
        }
    });
    let files = operation::modules(context, of_tag.iter().copied());
    let within = operation::tag_modules(api, Some(tag));
    // A tag that only contains others has no methods.
    if of_tag.is_empty() {
        return quote!(#comment #within);
    }
    quote! {
        #comment

        #within
        #files

        use #module::Client;
        #(#uses)*

        impl Client {
            #methods
        }

        #blocking
    }
}
