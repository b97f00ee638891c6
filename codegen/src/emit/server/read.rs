//! Extraction of a request: the reverse of how a client builds it.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::formats;
use super::kind::{self, parameter_type};
use crate::emit::context::Context;
use crate::emit::operation::{body, parameter};
use crate::emit::rust::name::ident;
use crate::ir::{Body, BodyContent, Operation, Parameter, ParameterLocation, Style};

/// Returns whether a request has neither parameters nor a body.
pub(super) fn is_empty(operation: &Operation) -> bool {
    operation.parameters.is_empty() && operation.body.is_none()
}

/// Returns the function that extracts a request.
pub(super) fn read(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    if is_empty(operation) {
        return None;
    }
    // Exploded maps get the names that no other parameter has, so they come last.
    let mut ordered: Vec<_> = operation.parameters.iter().collect();
    ordered.sort_by_key(|parameter| takes_the_rest(context, parameter));
    let parameters = ordered.into_iter().map(|parameter| {
        let (name, wire, ty) =
            (local(operation, parameter), &parameter.wire, parameter_type(context, parameter));
        let (method, style) =
            (parameter::method(parameter.location), parameter::style(parameter.style));
        let kind = kind::of_parameter(context, parameter);
        let presence = presence(parameter.required);
        let is_plain_cookie =
            parameter.location == ParameterLocation::Cookie && parameter.is_reserved;
        let method = if is_plain_cookie { quote!(plain_cookie) } else { method };
        if parameter.style == Style::Urlencoded {
            let (kind, parts) =
                (kind::of_form(context, &parameter.ty), body::table(&parameter.parts));
            let is_required = parameter.required;
            return quote! {
                let #name: Option<#ty> =
                    request.query_form(#wire, #kind, #parts, #is_required).#presence();
            };
        }
        quote!(let #name: Option<#ty> = request.#method(#wire, #style, #kind).#presence();)
    });
    let checks = checks(context, operation);
    let body = operation.body.as_ref().map(|body| read_body(context, body));
    let api = &context.api.server_names.api_trait;
    let api = operation.body.as_ref().map(|_| quote!(api: &impl #api,));
    let asyncness = operation.body.as_ref().map(|_| quote!(async));
    let fields = operation.parameters.iter().map(|parameter| {
        let (field, name) = (&parameter.name, local(operation, parameter));
        let question = parameter.required.then(|| quote!(?));
        let is_short = question.is_none() && ident(&field.0) == name;
        if is_short { quote!(#field) } else { quote!(#field: #name #question) }
    });
    let body_field = operation.body.iter().map(|body| match body.required {
        true => quote!(body: body?),
        false => quote!(body),
    });
    let fields: Vec<_> = fields.chain(body_field).collect();
    let name = &operation.request;
    Some(quote! {
        impl #name {
            /// Extracts the request, or reports all problems in it.
            #asyncness fn read(#api request: &mut rt::Input) -> Result<Self, rt::Rejection> {
                #(#parameters)*
                #checks
                #body
                request.finish(|| Some(Self { #(#fields),* }))
            }
        }
    })
}

fn presence(required: bool) -> TokenStream {
    if required { quote!(required) } else { quote!(optional) }
}

fn read_body(context: Context<'_>, body: &Body) -> TokenStream {
    let (ty, statements) = (body::ty(context, body), body::statements(context, body));
    let (api, check) = (&context.api.server_names.api_trait, &body.check_method);
    let checks = quote! {
        |validator, value: &#ty| {
            #statements
            #api::#check(api, value, validator);
        }
    };
    if !formats::has_formats(body) {
        let method = if body.required { quote!(required_body) } else { quote!(optional_body) };
        return quote!(let body = request.#method(#checks).await?;);
    }
    let raw = if body.required { quote!(required_raw) } else { quote!(optional_raw) };
    let checked = body.name().map(|_| quote!(let body = request.checked(body, #checks);));
    let decoded = match &body.content {
        BodyContent::One(_) => quote!(request.decode(raw, #checks)),
        BodyContent::Several { name, alternatives } => {
            let mut first = 0;
            let last = alternatives.len().saturating_sub(1);
            let arms = alternatives.iter().enumerate().map(|(i, (variant, media))| {
                let indices = (first..first + media.formats.len()).map(Literal::usize_unsuffixed);
                let pattern = if i == last { quote!(_) } else { quote!(#(#indices)|*) };
                first += media.formats.len();
                quote!(#pattern => request.decode_as(raw, #name::#variant),)
            });
            quote!(match raw.format() { #(#arms)* })
        }
    };
    quote! {
        let body = match request.#raw(BODY).await? {
            Some(raw) => #decoded,
            None => None,
        };
        #checked
    }
}

/// Returns the validation of parameters, which is the same as in clients.
fn checks(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let parameters =
        operation.parameters.iter().filter(|parameter| !parameter.is_string_for_servers);
    let checks: Vec<_> = parameters
        .filter_map(|parameter| {
            let name = local(operation, parameter);
            parameter::check(context, parameter, &quote!(#name.as_ref()))
        })
        .collect();
    (!checks.is_empty()).then(|| quote!(request.check(|validator| { #(#checks)* });))
}

/// Returns the variable of a parameter. It has the name of the field, unless that is `validator`.
/// Fields are never named `request` or `body`.
fn local(operation: &Operation, parameter: &Parameter) -> Ident {
    let mut name = parameter.name.0.clone();
    if name == "validator" {
        while operation.parameters.iter().any(|other| other.name.0 == name) {
            name.push('_');
        }
    }
    ident(&name)
}

fn takes_the_rest(context: Context<'_>, parameter: &Parameter) -> bool {
    parameter.style == Style::FormExploded && kind::is_map(context, parameter)
}
