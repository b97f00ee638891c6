//! The files of a server.

use proc_macro2::TokenStream;
use quote::quote;

use super::output::output;
use super::{api, errors, operation, routes};
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::rust::item;
use crate::ir::{Api, Body, Operation};

/// One file to generate.
#[derive(Clone, Copy)]
pub(crate) enum File<'a> {
    Root,
    Api,
    Routes,
    Operations,
    Operation(&'a Operation),
}

/// Returns all files of a server.
pub(in crate::emit) fn files(api: &Api) -> Vec<File<'_>> {
    let fixed = [File::Root, File::Api, File::Routes, File::Operations];
    fixed.into_iter().chain(api.operations.iter().map(File::Operation)).collect()
}

impl File<'_> {
    /// Returns the path in the generated module.
    pub(in crate::emit) fn path(self) -> String {
        match self {
            Self::Root => "mod.rs".to_owned(),
            Self::Api => "api.rs".to_owned(),
            Self::Routes => "routes.rs".to_owned(),
            Self::Operations => "operations/mod.rs".to_owned(),
            Self::Operation(operation) => format!("operations/{}.rs", operation.module.0),
        }
    }

    /// Returns the tokens.
    pub(in crate::emit) fn tokens(self, context: Context<'_>) -> TokenStream {
        match self {
            Self::Root => root(context),
            Self::Api => api::api(context),
            Self::Routes => routes::routes(context),
            Self::Operations => operations(context),
            Self::Operation(operation) => operation::operation(context, operation),
        }
    }
}

/// Returns the root of the generated code.
fn root(context: Context<'_>) -> TokenStream {
    let title = format!("{}: server code generated from the OpenAPI document.", context.api.title);
    let comment = docs::inner_comment(&title);
    let api = &context.api.server_names.api_trait;
    let check = item::runtime_check(context.runtime());
    quote! {
        #comment

        #check

        mod api;
        #[allow(dead_code, reason = "a server need not send every response of the document")]
        pub mod operations;
        mod routes;

        pub use api::#api;
        pub use routes::router;
    }
}

fn operations(context: Context<'_>) -> TokenStream {
    let mut files: Vec<_> = context.api.operations.iter().collect();
    files.sort_by(|a, b| a.module.cmp(&b.module));
    let modules = files.iter().map(|operation| &operation.module);
    let uses = files.iter().map(|operation| {
        let (module, request) = (&operation.module, &operation.request);
        let body = operation.body.as_ref().and_then(Body::name);
        let headers = operation.headers.iter().map(|headers| &headers.name);
        let errors = operation.error_output.iter().flat_map(|output| {
            let headers = errors::all_headers(output).into_iter().map(|headers| &headers.name);
            std::iter::once(&output.name).chain(headers)
        });
        let others = body.into_iter().chain(output(operation).name()).chain(headers);
        let others: Vec<_> = others.chain(errors).collect();
        match others.is_empty() {
            true => quote!(pub use #module::#request;),
            false => quote!(pub use #module::{#request, #(#others),*};),
        }
    });
    quote! {
        //! The requests of all operations.

        #(mod #modules;)*
        #(#uses)*
    }
}
