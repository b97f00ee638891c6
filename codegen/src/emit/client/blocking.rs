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
    let title = format!("A blocking client for {}.", context.api.title);
    let title = docs::comment([title.as_str()]);
    quote! {
        //! The blocking client, for programs without an async runtime.

        use #module::Error;
        #(#uses)*
        #imports

        #title
        ///
        /// Clones share their connections and a background thread. Inside an async runtime, which
        /// must not be blocked, every call returns an error. Use [`Client`](super::Client) there.
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(super) inner: super::Client,
            pub(super) driver: rt::Driver,
        }

        impl Client {
            /// Creates a blocking client from an async one.
            ///
            /// # Errors
            /// Returns an error if the background thread cannot be started.
            pub fn new(client: super::Client) -> Result<Self, Error> {
                Ok(Self { inner: client, driver: rt::Driver::start()? })
            }

            #from_env

            /// Runs a future of the async client to completion.
            ///
            /// # Errors
            /// Returns an error if called inside an async runtime.
            pub fn block_on<'a, F: IntoFuture>(
                &'a self,
                call: impl FnOnce(&'a super::Client) -> F,
            ) -> Result<F::Output, Error> {
                Ok(self.driver.block_on(async { call(&self.inner).await })?)
            }

            #(#methods)*
        }

        /// Returns the async client with the same connections.
        impl From<Client> for super::Client {
            fn from(client: Client) -> Self {
                client.inner
            }
        }
    }
}
