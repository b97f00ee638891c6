//! The trait that a server implements.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context as Emit;
use crate::emit::docs;
use crate::emit::model::types;
use crate::emit::operation::{body, metadata, response};
use crate::emit::rust::name::path;
use crate::ir::{Body, ErrorBody, Name, Operation, Output, Type};

/// The file of the trait.
pub(super) fn api(emit: Emit<'_>) -> TokenStream {
    let api = emit.api;
    let bodies = api.error_bodies.iter().map(|body| &body.ty);
    let uses = emit.uses(bodies.chain(api.operations.iter().flat_map(named)), None);
    let module = path(emit.module);
    let operations = api.operations.iter().flat_map(|operation| {
        let body = operation.body.as_ref().and_then(Body::name);
        let names = std::iter::once(&operation.request).chain(body);
        names.chain(super::served(operation).name())
    });
    let operations: Vec<_> = operations.collect();
    let imports =
        (!operations.is_empty()).then(|| quote!(use #module::operations::{#(#operations),*};));
    let title = format!("A server of {}.", super::title(emit));
    let comment = docs::comment([title.as_str()].into_iter().chain(api.docs.as_deref()));
    let (name, authorize) = (&api.server_names.api_trait, &api.server_names.authorize);
    let describe = &api.server_names.describe_rejection;
    let refusals = api.error_bodies.iter().zip(&api.server_names.rejections);
    let refusals = refusals.map(|(body, method)| rejection(emit, body, method));
    let checks = api.operations.iter().filter_map(|operation| check(emit, operation));
    let methods = api.operations.iter().map(|operation| method(emit, operation));
    let any_names = metadata::allow_any_name(api);
    quote! {
        #imports
        #(#uses)*

        #comment
        #any_names
        pub trait #name: Send + Sync + 'static {
            /// Whether the keys that came allow an operation, asked before the body is read.
            ///
            /// # Errors
            /// Fails with what the request is refused with.
            fn #authorize(
                &self,
                operation: &'static rt::Operation,
                keys: &rt::Credentials,
            ) -> Result<(), rt::Rejection>;

            /// The body of a refusal for which the description has none: problem details
            /// (RFC 9457), unless a server answers in another way.
            fn #describe(&self, rejection: &rt::Rejection) -> rt::RejectionBody {
                rt::RejectionBody::problem_details(rejection)
            }

            #(#refusals)*
            #(#checks)*
            #(#methods)*
        }
    }
}

/// The method that gives the body of a refusal.
fn rejection(emit: Emit<'_>, body: &ErrorBody, method: &Name) -> TokenStream {
    let ty = types::nullable(emit, &body.ty);
    let comment =
        format!(" The body of a refusal, where the description has `{}` for it.", body.name.0);
    quote! {
        #[doc = #comment]
        fn #method(&self, rejection: &rt::Rejection) -> #ty;
    }
}

/// The method that checks a body beyond what the description says of it.
fn check(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    let body = operation.body.as_ref()?;
    let (check, ty) = (&body.check_method, body::ty(emit, body));
    let name = operation.name.0.trim_start_matches("r#");
    let comment =
        format!(" Rules for the body of [`Self::{name}`] that the description cannot say.");
    Some(quote! {
        #[doc = #comment]
        /// What breaks them is told together with what breaks the description.
        fn #check(&self, body: &#ty, validator: &mut rt::Validator) {
            let _ = (body, validator);
        }
    })
}

/// The method that carries out an operation.
fn method(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let comment = docs::operation::request(operation, &operation.name.0);
    let (name, request) = (&operation.name, &operation.request);
    let answer = response::output_type(emit, super::served(operation));
    quote! {
        #comment
        fn #name(
            &self,
            request: #request,
            call: rt::Call,
        ) -> impl rt::Future<Output = Result<rt::Response<#answer>, rt::Rejection>> + Send;
    }
}

/// The types of bodies and answers, where they are models.
fn named(operation: &Operation) -> impl Iterator<Item = &Type> {
    let body = operation.body.as_ref().and_then(Body::only).map(|media| &media.ty);
    body.into_iter().chain(answer(operation))
}

/// The type that a method answers with, where it is one of the models.
fn answer(operation: &Operation) -> Option<&Type> {
    match super::served(operation) {
        Output::One { content, .. } => content.ty(),
        Output::Empty | Output::Several { .. } => None,
    }
}
