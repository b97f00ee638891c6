//! The file of an operation: the request as it comes, how it is carried out and answered.

use proc_macro2::TokenStream;
use quote::quote;

use super::{answer, form, read};
use crate::emit::context::Context as Emit;
use crate::emit::docs;
use crate::emit::model::types;
use crate::emit::operation::{body, headers, metadata, response};
use crate::emit::rust::name::path;
use crate::emit::rust::ty;
use crate::ir::{Operation, Output, Parameter, Type};

/// What is said of a parameter that is taken as text.
const TEXT: &str = "Handed over as it came: the server takes other forms than the description has.";

/// The file of an operation.
pub(super) fn operation(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let module = path(emit.module);
    let uses = emit.uses(named_types(operation), None);
    let description = description(emit, operation);
    let request = request(emit, operation);
    let read = read::read(emit, operation);
    let output = response::several(emit, operation, super::served(operation));
    let headers = headers::success(emit, operation);
    let body_type = body::definition(emit, operation);
    let ways = form::ways(emit, operation);
    let (run, refuse) = (run(emit, operation), answer::reject(emit, operation));
    let (api, any) = (&emit.api.server_names.api_trait, &emit.api.server_names.implementation);
    let name = &operation.request;
    quote! {
        use #module::#api;
        #(#uses)*

        #description
        #ways
        #request
        #body_type
        #output
        #headers

        #read

        impl<#any: #api> rt::Handler<#any> for #name {
            const OPERATION: &'static rt::Operation = &OPERATION;

            #run
            #refuse
        }
    }
}

/// The type of a parameter on this side.
pub(super) fn parameter_type(emit: Emit<'_>, parameter: &Parameter) -> syn::Type {
    if parameter.is_string_for_servers {
        return ty::ty("String");
    }
    types::ty(emit, &parameter.ty)
}

fn named_types(operation: &Operation) -> Vec<&Type> {
    let parameters =
        operation.parameters.iter().filter(|parameter| !parameter.is_string_for_servers);
    let mut named: Vec<&Type> = parameters.map(|parameter| &parameter.ty).collect();
    named.extend(body::types(operation));
    if let Output::Several { .. } = super::served(operation) {
        named.extend(super::served(operation).types());
    }
    named.extend(headers::types(operation));
    named
}

/// The operation as data.
fn description(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let schemes = &emit.api.security_schemes;
    metadata::operation(operation, |key| schemes.get(key).map(|scheme| scheme.id.as_str()), None)
}

/// The type of the request.
fn request(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let comment = docs::operation::request(operation, &operation.request.0);
    let name = &operation.request;
    let optional = |ty: syn::Type, required: bool| if required { ty } else { ty::option(ty) };
    let parameters = operation.parameters.iter().map(|parameter| {
        let comment =
            docs::operation::parameter(parameter).note(parameter.is_string_for_servers, TEXT);
        let ty = optional(parameter_type(emit, parameter), parameter.required);
        let name = &parameter.name;
        quote!(#comment pub #name: #ty,)
    });
    let body = operation.body.as_ref().map(|body| {
        let comment = docs::comment([docs::docs_or(body.docs.as_deref(), "The body.")]);
        let ty = optional(body::ty(emit, body), body.required);
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

/// From the request that comes to the answer.
fn run(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let (any, api) = (&emit.api.server_names.implementation, &emit.api.server_names.api_trait);
    let (authorize, method) = (&emit.api.server_names.authorize, &operation.name);
    let typed = match (read::is_empty(operation), &operation.body) {
        (true, _) => quote!(Self),
        (false, Some(_)) => quote!(Self::read(&*api, request).await?),
        (false, None) => quote!(Self::read(request)?),
    };
    let answer = answer::reply_of(operation);
    // Named by the trait: a method may have the name of one that every type has.
    quote! {
        async fn run(
            api: rt::Arc<#any>,
            request: &mut rt::Input,
        ) -> Result<rt::Reply, rt::Rejection> {
            #api::#authorize(&*api, &OPERATION, request.credentials())?;
            let typed = #typed;
            let answer = #api::#method(&*api, typed, request.call()).await?;
            Ok(#answer)
        }
    }
}
