//! The trait that a server implements.

use proc_macro2::TokenStream;
use quote::quote;

use super::errors;
use super::output::{output, title};
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::model::types;
use crate::emit::operation::{body, metadata, response};
use crate::emit::rust::name::path;
use crate::ir::{Body, ErrorBody, Name, Operation, Output, Type};

/// Returns the file of the trait.
pub(super) fn api(context: Context<'_>) -> TokenStream {
    let api = context.api;
    let bodies = api.error_bodies.iter().map(|body| &body.ty);
    let uses = context.uses(bodies.chain(api.operations.iter().flat_map(named)), None);
    let module = path(context.module);
    let operations = api.operations.iter().flat_map(|operation| {
        let body = operation.body.as_ref().and_then(Body::name);
        let names = std::iter::once(&operation.request).chain(body);
        let error = operation.error_output.as_ref().map(|output| &output.name);
        names.chain(output(operation).name()).chain(error)
    });
    let operations: Vec<_> = operations.collect();
    let imports =
        (!operations.is_empty()).then(|| quote!(use #module::operations::{#(#operations),*};));
    let summary = format!("A server of {}.", title(context));
    let comment = docs::comment([summary.as_str()].into_iter().chain(api.docs.as_deref()));
    let (name, authorize) = (&api.server_names.api_trait, &api.server_names.authorize);
    let rejection_body = &api.server_names.describe_rejection;
    let rejections = api.error_bodies.iter().zip(&api.server_names.rejections);
    let rejections = rejections.map(|(body, method)| rejection(context, body, method));
    let checks = api.operations.iter().filter_map(|operation| check(context, operation));
    let methods = api.operations.iter().map(|operation| method(context, operation));
    let any_names = metadata::allow_any_name(api);
    quote! {
        #imports
        #(#uses)*

        #comment
        #any_names
        pub trait #name: Send + Sync + 'static {
            /// Checks whether the credentials of a request allow an operation. Called before the
            /// body is read.
            ///
            /// # Errors
            /// Returns an error to reject the request.
            fn #authorize(
                &self,
                operation: &'static rt::Operation,
                credentials: &rt::Credentials,
            ) -> Result<(), rt::Rejection>;

            /// Returns the body of a rejection for which the OpenAPI document has none. Defaults to
            /// problem details (RFC 9457).
            fn #rejection_body(&self, rejection: &rt::Rejection) -> rt::RejectionBody {
                rt::RejectionBody::problem_details(rejection)
            }

            #(#rejections)*
            #(#checks)*
            #(#methods)*
        }
    }
}

/// Returns the method that creates the body of a rejection.
fn rejection(context: Context<'_>, body: &ErrorBody, method: &Name) -> TokenStream {
    let ty = types::nullable(context, &body.ty);
    let describe = context.api.server_names.describe_rejection.0.trim_start_matches("r#");
    let comment = format!(" Returns the body of a rejection whose schema is `{}`.", body.name.0);
    let fallback = format!(" If it cannot be built, the body is that of [`Self::{describe}`].");
    quote! {
        #[doc = #comment]
        #[doc = #fallback]
        fn #method(&self, rejection: &rt::Rejection) -> Result<#ty, rt::ValidationError>;
    }
}

/// Returns the method for rules that OpenAPI cannot express.
fn check(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let body = operation.body.as_ref()?;
    let (check, ty) = (&body.check_method, body::ty(context, body));
    let name = operation.name.0.trim_start_matches("r#");
    let comment =
        format!(" Validates the body of [`Self::{name}`] by rules that OpenAPI cannot express.");
    Some(quote! {
        #[doc = #comment]
        /// Violations are reported together with those of the OpenAPI document.
        fn #check(&self, body: &#ty, validator: &mut rt::Validator) {
            let _ = (body, validator);
        }
    })
}

/// Returns the method of an operation.
fn method(context: Context<'_>, operation: &Operation) -> TokenStream {
    let comment = docs::operation::request(operation, &operation.name.0);
    let (name, request) = (&operation.name, &operation.request);
    let (response, error) =
        (response::output_type(context, output(operation)), errors::ty(operation));
    quote! {
        #comment
        fn #name(
            &self,
            request: #request,
            call: rt::Call,
        ) -> impl rt::Future<Output = Result<rt::Response<#response>, #error>> + Send;
    }
}

/// Returns the types of the body and the response that are models.
fn named(operation: &Operation) -> impl Iterator<Item = &Type> {
    let body = operation.body.as_ref().and_then(Body::only).map(|media| &media.ty);
    body.into_iter().chain(response_type(operation))
}

/// Returns the type of the response, if it is a model.
fn response_type(operation: &Operation) -> Option<&Type> {
    match output(operation) {
        Output::One { content, .. } => content.ty(),
        Output::Empty | Output::Several { .. } => None,
    }
}
