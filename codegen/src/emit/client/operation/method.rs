//! The methods of a client that create a request.

use proc_macro2::TokenStream;
use quote::quote;

use super::names;
use crate::emit::context::Context;
use crate::emit::docs::{self, Docs};
use crate::emit::rust::attribute;
use crate::ir::Operation;

/// The number of arguments up to which clippy does not warn.
const MAX_ARGUMENTS: usize = 7;

/// Returns the method of a client that creates a request.
pub(in crate::emit::client) fn method(
    context: Context<'_>,
    operation: &Operation,
    comment: &Docs,
    generics: Option<TokenStream>,
) -> TokenStream {
    let (name, request) = (&operation.name, &operation.request);
    let arguments = names::required(context, operation);
    let (names, types): (Vec<_>, Vec<_>) = arguments.iter().map(|(name, ty, _)| (name, ty)).unzip();
    let expect = many_arguments(names.len());
    let attributes = attribute::former(&format!("Self::{}", name.0));
    let former = operation.former.iter().map(|former| {
        let former = &former.name;
        quote! {
            #(#attributes)*
            #expect
            pub fn #former(&self, #(#names: #types),*) -> #request #generics {
                self.#name(#(#names),*)
            }
        }
    });
    quote! {
        #comment
        #expect
        pub fn #name(&self, #(#names: #types),*) -> #request #generics {
            #request::new(self.clone(), #(#names),*)
        }
        #(#former)*
    }
}

/// Returns the method of the blocking client that creates a request.
pub(in crate::emit::client) fn blocking_method(
    context: Context<'_>,
    operation: &Operation,
) -> TokenStream {
    let comment = docs::operation::blocking_method(operation);
    method(context, operation, &comment, Some(quote!(<Self>)))
}

/// Returns the attribute for a function with so many arguments, including the client, that clippy
/// warns.
pub(in crate::emit::client) fn many_arguments(count: usize) -> Option<TokenStream> {
    (count >= MAX_ARGUMENTS)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "one per required value")]))
}
