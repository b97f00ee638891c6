//! The server side: a trait to implement, the operations as they are received, and routes to
//! them. The models are those of a client.

mod answer;
mod api;
mod form;
mod kind;
mod operation;
mod read;
mod routes;

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context as Emit;
use super::docs;
use crate::ir::{Api, Body, Operation, Output};

/// One file to generate.
#[derive(Clone, Copy)]
pub(crate) enum File<'a> {
    Root,
    Api,
    Routes,
    Operations,
    Operation(&'a Operation),
}

/// Every file that a server of an API has.
pub(super) fn files(api: &Api) -> Vec<File<'_>> {
    let fixed = [File::Root, File::Api, File::Routes, File::Operations];
    fixed.into_iter().chain(api.operations.iter().map(File::Operation)).collect()
}

impl File<'_> {
    /// Its path within the generated module.
    pub(super) fn path(self) -> String {
        match self {
            Self::Root => "mod.rs".to_owned(),
            Self::Api => "api.rs".to_owned(),
            Self::Routes => "routes.rs".to_owned(),
            Self::Operations => "operations/mod.rs".to_owned(),
            Self::Operation(operation) => format!("operations/{}.rs", operation.module.0),
        }
    }

    /// Its tokens.
    pub(super) fn tokens(self, emit: Emit<'_>) -> TokenStream {
        match self {
            Self::Root => root(emit),
            Self::Api => api::api(emit),
            Self::Routes => routes::routes(emit),
            Self::Operations => operations(emit),
            Self::Operation(operation) => operation::operation(emit, operation),
        }
    }
}

/// The root of the generated code.
fn root(emit: Emit<'_>) -> TokenStream {
    let title = format!(
        "{}: a server's trait, operations and routes, generated from its description.",
        emit.api.title
    );
    let comment = docs::inner_comment(&title);
    let api = &emit.api.server_names.api_trait;
    quote! {
        #comment

        mod api;
        pub mod operations;
        mod routes;

        pub use api::#api;
        pub use routes::router;
    }
}

fn operations(emit: Emit<'_>) -> TokenStream {
    let mut files: Vec<_> = emit.api.operations.iter().collect();
    files.sort_by(|a, b| a.module.cmp(&b.module));
    let modules = files.iter().map(|operation| &operation.module);
    let uses = files.iter().map(|operation| {
        let (module, request) = (&operation.module, &operation.request);
        let body = operation.body.as_ref().and_then(Body::name);
        let headers = operation.headers.iter().map(|headers| &headers.name);
        let others: Vec<_> =
            body.into_iter().chain(served(operation).name()).chain(headers).collect();
        match others.is_empty() {
            true => quote!(pub use #module::#request;),
            false => quote!(pub use #module::{#request, #(#others),*};),
        }
    });
    quote! {
        //! The operations of the description, each as the request that comes for it.

        #(mod #modules;)*
        #(#uses)*
    }
}

/// What a server answers an operation with.
fn served(operation: &Operation) -> &Output {
    operation.server_output.as_ref().unwrap_or(&operation.output)
}

/// What a comment calls the API.
fn title(emit: Emit<'_>) -> &str {
    match emit.api.title.as_str() {
        "" => "an API",
        title => title,
    }
}
