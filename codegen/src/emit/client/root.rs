//! The root of the generated code.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::emit::{docs, features};

/// Returns the root of the generated code. `front_page` is further documentation.
pub(super) fn root(context: Context<'_>, front_page: Option<String>) -> TokenStream {
    let api = context.api;
    let title =
        format!("{}: types, operations and client, generated from its description.", api.title);
    let comment = match front_page {
        Some(front_page) => docs::inner_comment(&format!("{title}\n\n{front_page}")),
        None => docs::inner_comment(&title),
    };
    let blocking = api.blocking.as_ref().map(|_| {
        quote! {
            #[cfg(feature = "blocking")]
            pub mod blocking;
        }
    });
    let (double, operations) = match &api.test_doubles {
        None => (None, None),
        Some(names) => {
            let (operations, cfg) = (&names.operations, features::test_doubles(api));
            (
                Some(quote!(
                    #cfg
                    mod double;
                )),
                Some(quote!(#cfg pub use double::#operations;)),
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
    quote! {
        #comment

        #blocking
        mod client;
        #double
        mod error;
        pub mod models;
        pub mod operations;
        #webhooks

        pub use client::{Client, ClientBuilder};
        #operations
        pub use error::{Error, ErrorBody #error_headers};
        /// What every generated client is made of: `Blob`, `Response`, `RetryPolicy` and others.
        #[doc(no_inline)]
        pub use specwright_runtime as runtime;
    }
}
