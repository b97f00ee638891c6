//! The file of an operation: its request, and its handler.

use proc_macro2::TokenStream;
use quote::quote;

use super::kind::parameter_type;
use super::output::output;
use super::{errors, formats, read, reply};
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::operation::{body, headers, metadata, response};
use crate::emit::rust::name::path;
use crate::emit::rust::ty;
use crate::ir::{Operation, Output, Type};

/// The note on a parameter that servers receive as a string.
const STRING_NOTE: &str =
    "Passed as it was sent: the server accepts other formats than the OpenAPI document declares.";

/// Returns the file of an operation.
pub(super) fn operation(context: Context<'_>, operation: &Operation) -> TokenStream {
    let module = path(context.module);
    let uses = context.uses(named_types(operation), None);
    let metadata = metadata(context, operation);
    let request = request(context, operation);
    let read = read::read(context, operation);
    let several = response::several(context, operation, output(operation));
    let headers = headers::success(context, operation);
    let errors = errors::definition(context, operation);
    let body_type = body::definition(context, operation);
    let formats = formats::formats(context, operation);
    let (run, reject) = (run(context, operation), reply::reject(context, operation));
    let (api, any) =
        (&context.api.server_names.api_trait, &context.api.server_names.implementation);
    let name = &operation.request;
    quote! {
        use #module::#api;
        #(#uses)*

        #metadata
        #formats
        #request
        #body_type
        #several
        #headers
        #errors

        #read

        impl<#any: #api> rt::Handler<#any> for #name {
            const OPERATION: &'static rt::Operation = &OPERATION;

            #run
            #reject
        }
    }
}

fn named_types(operation: &Operation) -> Vec<&Type> {
    let parameters =
        operation.parameters.iter().filter(|parameter| !parameter.is_string_for_servers);
    let mut named: Vec<&Type> = parameters.map(|parameter| &parameter.ty).collect();
    named.extend(body::types(operation));
    if let Output::Several { .. } = output(operation) {
        named.extend(output(operation).types());
    }
    named.extend(headers::types(operation));
    named.extend(operation.error_types());
    named
}

/// Returns the operation as data.
fn metadata(context: Context<'_>, operation: &Operation) -> TokenStream {
    let schemes = &context.api.security_schemes;
    metadata::operation(operation, |key| schemes.get(key).map(|scheme| scheme.id.as_str()), None)
}

/// Returns the type of the request.
fn request(context: Context<'_>, operation: &Operation) -> TokenStream {
    let comment = docs::operation::request(operation, &operation.request.0);
    let name = &operation.request;
    let optional = |ty: syn::Type, required: bool| if required { ty } else { ty::option(ty) };
    let parameters = operation.parameters.iter().map(|parameter| {
        let comment = docs::operation::parameter(parameter)
            .note(parameter.is_string_for_servers, STRING_NOTE);
        let ty = optional(parameter_type(context, parameter), parameter.required);
        let name = &parameter.name;
        quote!(#comment pub #name: #ty,)
    });
    let body = operation.body.as_ref().map(|body| {
        let comment = docs::comment([docs::docs_or(body.docs.as_deref(), "The body.")]);
        let ty = optional(body::ty(context, body), body.required);
        quote!(#comment pub body: #ty,)
    });
    let fields =
        if read::is_empty(operation) { quote!(;) } else { quote!({ #(#parameters)* #body }) };
    quote! {
        #comment
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name #fields
    }
}

/// Returns the method that handles a request.
fn run(context: Context<'_>, operation: &Operation) -> TokenStream {
    let (any, api) =
        (&context.api.server_names.implementation, &context.api.server_names.api_trait);
    let (authorize, method) = (&context.api.server_names.authorize, &operation.name);
    let typed = match (read::is_empty(operation), &operation.body) {
        (true, _) => quote!(Self),
        (false, Some(_)) => quote!(Self::read(&*api, request).await?),
        (false, None) => quote!(Self::read(request)?),
    };
    let reply = reply::of_response(context, operation);
    let call = quote!(#api::#method(&*api, typed, request.call()).await);
    let response = match &operation.error_output {
        Some(output) => {
            let reply = errors::reply(output);
            quote! {
                match #call {
                    Ok(response) => response,
                    Err(error) => return #reply,
                }
            }
        }
        None => quote!(#call?),
    };
    // Methods are called through the trait: they may have the name of an inherent method.
    quote! {
        async fn run(
            api: rt::Arc<#any>,
            request: &mut rt::Input,
        ) -> Result<rt::Reply, rt::Rejection> {
            #api::#authorize(&*api, &OPERATION, request.credentials())?;
            let typed = #typed;
            let response = #response;
            Ok(#reply)
        }
    }
}
