//! The file of an operation.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{assemble, blocking, paging, request, responses, send};
use crate::emit::context::Context;
use crate::emit::features;
use crate::emit::operation::{body, headers, metadata, response};
use crate::emit::rust::name::path;
use crate::ir::Operation;

/// Returns the file of an operation.
pub(in crate::emit::client) fn operation(
    context: Context<'_>,
    operation: &Operation,
) -> TokenStream {
    let module = path(context.module);
    let uses = context.uses(operation.types(), None);
    let metadata = metadata(operation);
    let request = request::definition(context, operation);
    let test_double_import = context.api.test_doubles.as_ref().map(|names| {
        let (boxed, cfg) = (&names.boxed_operations, features::test_doubles(context.api));
        quote!(#cfg use #module::test_double::#boxed;)
    });
    let blocking_request = blocking::request(context, operation);
    let uses_blocking = blocking_request
        .is_some()
        .then(|| quote!(#[cfg(feature = "blocking")] use #module::blocking;));
    let setters = request::setters(context, operation);
    let new = request::new(context, operation);
    let send = send::send(context, operation);
    let read = responses::read(context, operation);
    let assemble = assemble::assemble(context, operation);
    let body_type = body::definition(context, operation);
    let tables = body::tables(operation);
    let outputs = [Some(&operation.output), operation.stream.as_ref().map(|of| &of.output)];
    let outputs = outputs.into_iter().flatten();
    let outputs = outputs.filter_map(|output| response::several(context, operation, output));
    let headers = headers::success(context, operation);
    let pages = paging::paging(context, operation);
    let stream = operation.paging.as_ref().map(|_| paging::methods());
    let name = &operation.request;
    let common = quote! {
        #new
        #setters

        /// Sets the timeout of each attempt, instead of the timeout of the client.
        pub fn timeout(mut self, value: rt::Duration) -> Self {
            self.timeout = Some(value);
            self
        }
    };
    let own = quote!(#send #stream #assemble);
    let client = request::client(context);
    let methods = match &context.api.blocking {
        None => quote!(impl #name { #common #own }),
        // Setters are shared by both clients; `send` belongs to the async client.
        Some(_) => quote! {
            impl<#client> #name<#client> { #common }
            /// With the asynchronous [`Client`].
            impl #name { #own }
        },
    };
    quote! {
        use #module::{Client, Error, ErrorBody};
        #test_double_import
        #(#uses)*
        #uses_blocking

        #metadata
        #(#tables)*
        #request

        #methods

        #read

        #body_type

        #(#outputs)*
        #headers
        #pages
        #blocking_request
    }
}

/// Returns the operation as static data.
fn metadata(operation: &Operation) -> TokenStream {
    let repeatable = operation.repeatable;
    let more = quote!(repeatable: #repeatable,);
    metadata::operation(operation, |index| Some(Literal::usize_unsuffixed(index)), Some(more))
}
