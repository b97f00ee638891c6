//! The blocking client.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::{self, names};
use super::setup::environment;
use crate::emit::context::Context;
use crate::emit::rust::name::path;
use crate::emit::{docs, features};

/// Returns the file of the blocking client.
pub(super) fn client(context: Context<'_>) -> TokenStream {
    let module = path(context.module);
    let from_env = environment::blocking_from_env(context.api);
    let operations: Vec<_> = features::untagged(context.api).collect();
    let needed = operations.iter().flat_map(|operation| names::required_types(context, operation));
    let uses = context.uses(needed, None);
    let requests = operations.iter().flat_map(|operation| names::call_names(operation));
    let imports =
        (!operations.is_empty()).then(|| quote!(use #module::operations::{#(#requests),*};));
    let methods = operations.iter().map(|operation| operation::blocking_method(context, operation));
    let title = format!("A client of {} whose calls wait for their answers.", context.api.title);
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
