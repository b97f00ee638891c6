//! The client.

use proc_macro2::TokenStream;
use quote::quote;

use super::{builder, environment, servers};
use crate::emit::client::operation::{self, names};
use crate::emit::context::Context;
use crate::emit::rust::name::path;
use crate::emit::{docs, features};
use crate::ir::{Api, TestDoubleNames};

/// Returns the file of the client.
pub(in crate::emit::client) fn client(context: Context<'_>) -> TokenStream {
    let module = path(context.module);
    let api = context.api;
    let operations: Vec<_> = features::untagged(api).collect();
    let needed = operations.iter().flat_map(|operation| names::required_types(context, operation));
    let uses = context.uses(needed, None);
    let requests = operations.iter().flat_map(|operation| names::call_names(operation));
    let imports =
        (!operations.is_empty()).then(|| quote!(use #module::operations::{#(#requests),*};));
    let methods = operations.iter().map(|operation| {
        let comment = docs::operation::method(operation);
        operation::method(context, operation, &comment, None)
    });
    let title = format!("A client for {}. Clones share their connections.", api.title);
    let comment = docs::comment([title.as_str()]);
    let statics = servers::statics(context);
    let from_env = environment::from_env(api);
    let config = servers::config(context);
    let unused = unused(api, operations.is_empty());
    let Backend { import, field, ty, built, from_test_double } = backend(context);
    let builder = builder::builder(context, &quote!(Client { #field: #built }));
    quote! {
        use #module::Error;
        #import
        #(#uses)*
        #imports

        #statics

        #comment
        #[derive(Clone, Debug)]
        pub struct Client {
            #unused
            pub(super) #field: #ty,
        }

        impl Client {
            #from_env

            /// Returns a builder, which sets credentials, the server address and other options.
            pub fn builder() -> ClientBuilder {
                ClientBuilder { config: #config }
            }

            #from_test_double

            #(#methods)*
        }

        #builder
    }
}

/// Returns the attribute of the field that is unused without operations.
fn unused(api: &Api, all_are_tagged: bool) -> Option<TokenStream> {
    if api.operations.is_empty() {
        return Some(quote!(#[expect(dead_code, reason = "there are no operations")]));
    }
    let features = api.tags.iter().map(|tag| &tag.feature);
    all_are_tagged.then(|| {
        quote! {
            #[cfg_attr(
                not(any(#(feature = #features),*)),
                allow(dead_code, reason = "no operations are enabled")
            )]
        }
    })
}

/// How a client makes its calls.
struct Backend {
    import: Option<TokenStream>,
    field: TokenStream,
    ty: TokenStream,
    built: TokenStream,
    from_test_double: Option<TokenStream>,
}

/// Returns the transport or, with test doubles, a choice between them.
fn backend(context: Context<'_>) -> Backend {
    let Some(names) = &context.api.test_doubles else {
        return Backend {
            import: None,
            field: quote!(transport),
            ty: quote!(rt::Transport),
            built: quote!(self.config.build()?),
            from_test_double: None,
        };
    };
    let TestDoubleNames { operations, boxed_operations: boxed, .. } = names;
    let module = path(context.module);
    let cfg = features::test_doubles(context.api);
    let dynamic = match context.api.test_doubles_feature() {
        None => quote!(dyn #boxed),
        Some(_) => quote!(TestDouble),
    };
    // Without the feature, the type of test doubles has no values.
    let alias = context.api.test_doubles_feature().map(|feature| {
        quote! {
            #[cfg(feature = #feature)]
            type TestDouble = dyn #boxed;
            #[cfg(not(feature = #feature))]
            type TestDouble = rt::NoTestDouble;
        }
    });
    Backend {
        import: Some(quote!(#cfg use #module::test_double::{#boxed, #operations}; #alias)),
        field: quote!(backend),
        ty: quote!(rt::Backend<#dynamic>),
        built: quote!(rt::Backend::Api(self.config.build()?)),
        from_test_double: Some(quote! {
            /// Creates a client that sends its requests to a test double instead of the API.
            #cfg
            pub fn from_test_double(test_double: impl #operations + 'static) -> Self {
                Self { backend: rt::Backend::TestDouble(rt::Arc::new(test_double)) }
            }
        }),
    }
}
