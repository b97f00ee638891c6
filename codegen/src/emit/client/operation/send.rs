//! How a request is sent.

use proc_macro2::TokenStream;
use quote::quote;

use super::paging;
use crate::emit::context::Context;
use crate::emit::operation::response;
use crate::emit::rust::name::ident;
use crate::emit::{docs, features};
use crate::ir::{Name, Operation, StreamedResponse};

/// Returns the methods that send a request.
pub(super) fn send(context: Context<'_>, operation: &Operation) -> TokenStream {
    let output = response::output_type(context, &operation.output);
    let execute = execute(context, &operation.name, quote!(self), "read");
    let stream = operation.stream.as_ref().map(|stream| self::stream(context, stream));
    quote! {
        /// Sends the request.
        ///
        /// # Errors
        /// Returns an error if the request is invalid, no response is received, or the API
        /// responds with an error.
        #[inline]
        pub fn send(self) -> rt::Call<#output, ErrorBody> {
            match self.request() {
                Ok(request) => self.execute(request),
                Err(error) => rt::Call::failed(error),
            }
        }

        #[inline]
        pub(crate) fn execute(&self, request: rt::Request) -> rt::Call<#output, ErrorBody> {
            #execute
        }

        #stream
    }
}

/// Returns the method that requests a stream, if the operation supports one.
fn stream(context: Context<'_>, stream: &StreamedResponse) -> TokenStream {
    let StreamedResponse { method, test_double_method, accept, body_flag, output } = stream;
    let ty = response::output_type(context, output);
    let comment = format!("Sends the request with {}.", docs::code(&format!("Accept: {accept}")));
    let set_flag = body_flag.as_ref().map(|steps| {
        let (slot, is_optional) = paging::slot(steps);
        let value = if is_optional { quote!(Some(true)) } else { quote!(true) };
        quote!(#slot = #value;)
    });
    let note = body_flag.as_ref().map(|_| "Sets `stream` to `true` in the body.");
    let comment = docs::comment([comment.as_str()].into_iter().chain(note));
    let this = if body_flag.is_some() { quote!(mut self) } else { quote!(self) };
    let execute = execute(context, test_double_method, quote!(&self), "read_stream");
    quote! {
        #comment
        ///
        /// # Errors
        /// Returns an error as [`Self::send`] does, and if the response is not a stream.
        #[inline]
        pub fn #method(#this) -> rt::Call<#ty, ErrorBody> {
            #set_flag
            match self.request() {
                Ok(mut request) => {
                    request.accept(#accept);
                    request.open_unless(&[]);
                    #execute
                }
                Err(error) => rt::Call::failed(error),
            }
        }
    }
}

/// Returns the code that sends a request. `read` is the function that decodes the response.
fn execute(context: Context<'_>, name: &Name, this: TokenStream, read: &str) -> TokenStream {
    let read = ident(read);
    let Some(names) = &context.api.test_doubles else {
        return quote!(rt::Call::to_api(&self.client.transport, request, #read));
    };
    let (boxed, cfg) = (&names.boxed_operations, features::test_doubles(context.api));
    quote! {
        #cfg
        if let rt::Backend::TestDouble(test_double) = &self.client.backend {
            return rt::Call::to_test_double(test_double, #this, <dyn #boxed>::#name);
        }
        rt::Call::to_backend(&self.client.backend, request, #read)
    }
}
