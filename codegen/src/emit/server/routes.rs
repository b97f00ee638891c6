//! The routes of all operations.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::emit::operation::metadata;
use crate::emit::rust::item;
use crate::emit::rust::name::path;
use crate::ir::SecurityScheme;

/// Returns the file of the routes.
pub(super) fn routes(context: Context<'_>) -> TokenStream {
    let module = path(context.module);
    let runtime = item::import_runtime(context.runtime());
    let requests: Vec<_> =
        context.api.operations.iter().map(|operation| &operation.request).collect();
    let imports =
        (!requests.is_empty()).then(|| quote!(use #module::operations::{#(#requests),*};));
    let schemes = context.api.security_schemes.iter().map(|scheme| {
        let SecurityScheme { id, credential, .. } = scheme;
        let credential = metadata::credential(credential);
        quote!(rt::Scheme { id: #id, credential: #credential })
    });
    let (api, any) =
        (&context.api.server_names.api_trait, &context.api.server_names.implementation);
    let rejection_body = &context.api.server_names.describe_rejection;
    quote! {
        use #module::#api;
        #imports
        #runtime

        static SCHEMES: &[rt::Scheme] = &[#(#schemes),*];

        /// Returns a router for all operations. Other requests are rejected with 404 or 405.
        pub fn router<#any: #api>(api: rt::Arc<#any>, limits: rt::Limits) -> rt::Router {
            rt::Routes::new(api, SCHEMES, limits, #api::#rejection_body)
                #(.with::<#requests>())*
                .router()
        }
    }
}
