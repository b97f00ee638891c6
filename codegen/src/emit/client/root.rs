//! The root of the generated code.

use proc_macro2::TokenStream;
use quote::quote;

use super::front_page;
use crate::config::Package;
use crate::emit::context::Context;
use crate::emit::rust::item;
use crate::emit::{docs, features};

/// The number of models up to which the compiler's limit of 128 levels is never reached. A level of
/// models may take several, such as `Option`, `Box` and `Vec`.
const FEW_MODELS: usize = 25;

/// Returns the root of the generated code. A crate of its own has a front page.
pub(super) fn root(context: Context<'_>, package: Option<&Package>) -> TokenStream {
    let api = context.api;
    let comment = match package {
        Some(package) => front_page::front_page(context, &package.name),
        None => docs::inner_comment(&front_page::title(api)),
    };
    // Only the root of a crate may set it. Whether a request is `Send` depends on all its models.
    let recursion_limit = (package.is_some() && api.types.len() > FEW_MODELS)
        .then(|| quote!(#![recursion_limit = "512"]));
    let blocking = api.blocking.as_ref().map(|_| {
        quote! {
            #[cfg(feature = "blocking")]
            pub mod blocking;
        }
    });
    let (test_double, operations) = match &api.test_doubles {
        None => (None, None),
        Some(names) => {
            let (operations, cfg) = (&names.operations, features::test_doubles(api));
            (
                Some(quote!(
                    #cfg
                    mod test_double;
                )),
                Some(quote!(#cfg pub use test_double::#operations;)),
            )
        }
    };
    let error_headers = api.error_headers.as_ref().map(|headers| {
        let name = &headers.name;
        quote!(, #name)
    });
    let webhooks = (!api.webhooks.is_empty()).then(|| {
        quote!(
            pub mod webhooks;
        )
    });
    let check = item::runtime_check(context.runtime());
    quote! {
        #comment
        #recursion_limit

        #check

        #blocking
        mod client;
        mod error;
        pub mod models;
        pub mod operations;
        #test_double
        #webhooks

        pub use client::{Client, ClientBuilder};
        pub use error::{Error, ErrorBody #error_headers};
        #operations
        /// The types that all generated clients share, such as `Blob`, `Response` and `RetryPolicy`.
        #[doc(no_inline)]
        pub use specwright_runtime as runtime;
    }
}
