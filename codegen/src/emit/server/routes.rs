//! The routes to all operations.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context as Emit;
use crate::emit::operation::metadata;
use crate::emit::rust::item;
use crate::emit::rust::name::path;
use crate::ir::SecurityScheme;

/// The file of the routes.
pub(super) fn routes(emit: Emit<'_>) -> TokenStream {
    let module = path(emit.module);
    let runtime = item::import_runtime(emit.runtime());
    let requests: Vec<_> = emit.api.operations.iter().map(|operation| &operation.request).collect();
    let imports =
        (!requests.is_empty()).then(|| quote!(use #module::operations::{#(#requests),*};));
    let schemes = emit.api.security_schemes.iter().map(|scheme| {
        let SecurityScheme { id, credential, .. } = scheme;
        let credential = metadata::credential(credential);
        quote!(rt::Scheme { id: #id, credential: #credential })
    });
    let (api, any) = (&emit.api.server_names.api_trait, &emit.api.server_names.implementation);
    let describe = &emit.api.server_names.describe_rejection;
    quote! {
        use #module::#api;
        #imports
        #runtime

        static SCHEMES: &[rt::Scheme] = &[#(#schemes),*];

        /// The routes to every operation. What no operation has is answered with 404 or 405.
        pub fn router<#any: #api>(api: rt::Arc<#any>, limits: rt::Limits) -> rt::Router {
            rt::Routes::new(api, SCHEMES, limits, #api::#describe)
                #(.with::<#requests>())*
                .router()
        }
    }
}
