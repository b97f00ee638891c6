//! Calls that wait for their answers: a second client, and what its requests do differently.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{Emit, answer, docs, environment, operation, syntax, tags};
use crate::ir::{Content, Operation, Output};

/// The file of the client.
pub(super) fn client(emit: Emit<'_>) -> TokenStream {
    let module = syntax::path(emit.module);
    let from_env = environment::blocking_from_env(emit.api);
    let operations: Vec<_> = tags::untagged(emit.api).collect();
    let needed = operations.iter().flat_map(|operation| operation::required_types(emit, operation));
    let uses = emit.uses(needed, None);
    let requests = operations.iter().flat_map(|operation| operation::call_names(operation));
    let imports =
        (!operations.is_empty()).then(|| quote!(use #module::operations::{#(#requests),*};));
    let methods = operations.iter().map(|operation| method(emit, operation));
    let title = format!("A client of {} whose calls wait for their answers.", emit.api.title);
    let title = docs::comment([title.as_str()]);
    quote! {
        //! The same client for programs without an async runtime.

        use #module::Error;
        #(#uses)*
        #imports

        #title
        ///
        /// Clones share their connections, and a thread that looks after them. Where an async
        /// runtime is at work, which must not be made to wait, every call is an error: there,
        /// [`Client`](super::Client) is the one to use.
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(super) inner: super::Client,
            pub(super) driver: rt::Driver,
        }

        impl Client {
            /// A client that makes the calls of another, and waits for them.
            ///
            /// # Errors
            /// Fails where no thread can be started.
            pub fn new(client: super::Client) -> Result<Self, Error> {
                Ok(Self { inner: client, driver: rt::Driver::start()? })
            }

            #from_env

            /// Waits for anything that the client behind this one does.
            ///
            /// # Errors
            /// Fails where an async runtime is at work.
            pub fn block_on<'a, F: IntoFuture>(
                &'a self,
                call: impl FnOnce(&'a super::Client) -> F,
            ) -> Result<F::Output, Error> {
                Ok(self.driver.block_on(async { call(&self.inner).await })?)
            }

            #(#methods)*
        }
    }
}

/// The method of that client which begins a request.
pub(super) fn method(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let comment = docs::of_call(operation);
    operation::client_method(emit, operation, &comment, Some(quote!(<Self>)))
}

/// What a request of that client does, in the file of the operation.
pub(super) fn request(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    emit.api.blocking.as_ref()?;
    let name = &operation.request;
    let output = waiting_type(emit, &operation.output);
    let (wait, stream) = (wait(&operation.output, quote!(send)), stream(emit, operation));
    let accept = operation::accept_field(operation).map(|name| quote!(#name: self.#name,));
    let parameters = operation.parameters.iter().map(|parameter| &parameter.name);
    let body = operation.body.as_ref().map(|_| quote!(body: self.body,));
    let pages = operation.paging.as_ref().map(|_| pages(operation));
    Some(quote! {
        #[cfg(feature = "blocking")]
        impl #name<blocking::Client> {
            /// Sends the request, and waits for the answer.
            ///
            /// # Errors
            /// Fails where the request is not valid, does not get through, or is refused, and
            /// where an async runtime is at work.
            pub fn send(self) -> Result<rt::Response<#output>, Error> {
                #wait
            }

            #stream
            #pages

            fn apart(self) -> (blocking::Client, #name) {
                let request = #name {
                    client: self.client.inner.clone(),
                    #(#parameters: self.#parameters,)*
                    #body
                    #accept
                    timeout: self.timeout,
                };
                (self.client, request)
            }
        }
    })
}

/// How a call waits for its answer. What comes bit by bit is waited for as it is read.
fn wait(output: &Output, method: TokenStream) -> TokenStream {
    let reader = match output {
        Output::One { content: Content::Bytes, .. } => quote!(Reader),
        Output::One { content, .. } if content.is_stream() => quote!(Iter),
        _ => {
            return quote! {
                let (client, request) = self.apart();
                client.driver.block_on(request.#method())?
            };
        }
    };
    quote! {
        let (client, request) = self.apart();
        let answer = client.driver.block_on(request.#method())??;
        Ok(answer.map(|body| rt::#reader::new(client.driver, body)))
    }
}

/// The type of what a call waits for.
fn waiting_type(emit: Emit<'_>, output: &Output) -> syn::Type {
    let ty = answer::output_type(emit, output);
    match output {
        Output::One { content: Content::Bytes, .. } => syntax::ty("rt::Reader"),
        Output::One { content, .. } if content.is_stream() => syntax::generic("rt::Iter", [ty]),
        _ => ty,
    }
}

/// The method that asks for a stream, where the usual answer is whole.
fn stream(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    let stream = operation.stream.as_ref()?;
    let (method, ty) = (&stream.method, waiting_type(emit, &stream.output));
    let wait = wait(&stream.output, method.to_token_stream());
    let comment = format!("Sends the request, and asks for `{}`.", stream.accept);
    let comment = docs::comment([comment.as_str()]);
    Some(quote! {
        #comment
        ///
        /// # Errors
        /// Fails as [`Self::send`] does, and where the answer is no stream.
        pub fn #method(self) -> Result<rt::Response<#ty>, Error> {
            #wait
        }
    })
}

/// The methods of a request whose answer is a page.
fn pages(operation: &Operation) -> TokenStream {
    let name = &operation.request;
    quote! {
        /// Sends the request and, as the entries are asked for, those for the pages behind it.
        pub fn iter(self) -> rt::Iter<rt::Items<#name>> {
            let (client, request) = self.apart();
            rt::Iter::new(client.driver, request.stream())
        }

        /// As [`Self::iter`], page by page.
        pub fn pages(self) -> rt::Iter<rt::Pages<#name>> {
            let (client, request) = self.apart();
            rt::Iter::new(client.driver, request.pages())
        }
    }
}
