//! Requests of the blocking client.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::names;
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::operation::response;
use crate::emit::rust::ty;
use crate::ir::{Content, Operation, Output};

/// Returns the methods of a request of the blocking client.
pub(super) fn request(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    context.api.blocking.as_ref()?;
    let name = &operation.request;
    let output = waiting_type(context, &operation.output);
    let (wait, stream) = (wait(&operation.output, quote!(send)), stream(context, operation));
    let choices: Vec<_> = names::choice_fields(operation).collect();
    let parameters = operation.parameters.iter().map(|parameter| &parameter.name);
    let body = operation.body.as_ref().map(|_| quote!(body: self.body,));
    let pages = operation.paging.as_ref().map(|_| pages(operation));
    Some(quote! {
        /// With the [blocking client](blocking::Client).
        #[cfg(feature = "blocking")]
        impl #name<blocking::Client> {
            /// Sends the request and waits for the response.
            ///
            /// # Errors
            /// Returns an error if the request is invalid, no response is received, or the API
            /// responds with an error. Also returns an error inside an async runtime.
            #[inline]
            pub fn send(self) -> Result<rt::Response<#output>, Error> {
                #wait
            }

            #stream
            #pages

            fn into_async(self) -> (blocking::Client, #name) {
                let request = #name {
                    client: self.client.inner.clone(),
                    #(#parameters: self.#parameters,)*
                    #body
                    #(#choices: self.#choices,)*
                    timeout: self.timeout,
                };
                (self.client, request)
            }
        }
    })
}

/// Returns the code that waits for a response. A stream blocks while it is read.
fn wait(output: &Output, method: TokenStream) -> TokenStream {
    let reader = match output {
        Output::One { content: Content::Bytes, .. } => quote!(Reader),
        Output::One { content, .. } if content.is_stream() => quote!(Iter),
        _ => {
            return quote! {
                let (client, request) = self.into_async();
                client.driver.block_on(request.#method())?
            };
        }
    };
    quote! {
        let (client, request) = self.into_async();
        let response = client.driver.block_on(request.#method())??;
        Ok(response.map(|body| rt::#reader::new(client.driver, body)))
    }
}

/// Returns the type of the response that a call waits for.
fn waiting_type(context: Context<'_>, output: &Output) -> syn::Type {
    let ty = response::output_type(context, output);
    match output {
        Output::One { content: Content::Bytes, .. } => ty::ty("rt::Reader"),
        Output::One { content, .. } if content.is_stream() => ty::generic("rt::Iter", [ty]),
        _ => ty,
    }
}

/// Returns the method that requests a stream, if the operation supports one.
fn stream(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let stream = operation.stream.as_ref()?;
    let (method, ty) = (&stream.method, waiting_type(context, &stream.output));
    let wait = wait(&stream.output, method.to_token_stream());
    let comment =
        format!("Sends the request with `Accept: {}`, and waits for the response.", stream.accept);
    let comment = docs::comment([comment.as_str()]);
    Some(quote! {
        #comment
        ///
        /// # Errors
        /// Returns an error as [`Self::send`] does, and if the response is not a stream.
        #[inline]
        pub fn #method(self) -> Result<rt::Response<#ty>, Error> {
            #wait
        }
    })
}

/// Returns the methods that fetch all pages.
fn pages(operation: &Operation) -> TokenStream {
    let name = &operation.request;
    quote! {
        /// Returns an iterator over the entries of all pages, which are fetched lazily.
        pub fn iter(self) -> rt::Iter<rt::Items<#name>> {
            let (client, request) = self.into_async();
            rt::Iter::new(client.driver, request.stream())
        }

        /// Returns an iterator over all pages, which are fetched lazily.
        pub fn pages(self) -> rt::Iter<rt::Pages<#name>> {
            let (client, request) = self.into_async();
            rt::Iter::new(client.driver, request.pages())
        }
    }
}
