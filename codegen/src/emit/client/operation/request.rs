//! The type of a request, and its setters.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{method, names};
use crate::emit::context::Context;
use crate::emit::docs::{self, Docs};
use crate::emit::model::types;
use crate::emit::operation::body;
use crate::emit::rust::ty;
use crate::ir::{Accept, Body, Name, Operation, Parameter};

/// Returns the type of a request.
pub(super) fn definition(context: Context<'_>, operation: &Operation) -> TokenStream {
    let comment = docs::operation::request(operation, &operation.request.0);
    let name = &operation.request;
    let optional = |ty: syn::Type, required: bool| if required { ty } else { ty::option(ty) };
    let parameters = operation.parameters.iter().map(|parameter| {
        let (name, ty) =
            (&parameter.name, optional(types::ty(context, &parameter.ty), parameter.required));
        let comment = match parameter.required {
            true => docs::operation::parameter(parameter),
            false => set_by(name),
        };
        quote!(#comment pub #name: #ty,)
    });
    let body = operation.body.as_ref().map(|body| {
        let ty = optional(body::ty(context, body), body.required);
        let comment = match body.required {
            true => docs::operation::body(body),
            false => set_by(&Name("body".to_owned())),
        };
        quote!(#comment pub body: #ty,)
    });
    let choices = names::choice_fields(operation);
    let generics = context.api.blocking.as_ref().map(|names| {
        let client = &names.client;
        quote!(<#client = Client>)
    });
    let client = client(context);
    quote! {
        #comment
        #[derive(Clone, Debug)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name #generics {
            client: #client,
            #(#parameters)*
            #body
            #(#choices: Option<&'static str>,)*
            timeout: Option<rt::Duration>,
        }
    }
}

/// Returns the type of the client that a request uses.
pub(super) fn client(context: Context<'_>) -> TokenStream {
    match &context.api.blocking {
        None => quote!(Client),
        Some(names) => names.client.to_token_stream(),
    }
}

/// Returns the function that creates a request.
pub(super) fn new(context: Context<'_>, operation: &Operation) -> TokenStream {
    let required = names::required(context, operation);
    let (names, types): (Vec<_>, Vec<_>) = required.iter().map(|(name, ty, _)| (name, ty)).unzip();
    let required_fields = required.iter().map(|(name, _, value)| match value {
        syn::Expr::Path(_) => quote!(#name,),
        _ => quote!(#name: #value,),
    });
    let parameters = operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.required)
        .map(|parameter| parameter.name.to_token_stream());
    let body = operation.body.iter().filter(|body| !body.required).map(|_| quote!(body));
    let choices = names::choice_fields(operation).map(|name| quote!(#name));
    let absent = parameters.chain(body).chain(choices);
    let expect = method::many_arguments(names.len());
    let client = client(context);
    quote! {
        #expect
        pub(crate) fn new(client: #client, #(#names: #types),*) -> Self {
            Self { client, #(#required_fields)* #(#absent: None,)* timeout: None }
        }
    }
}

/// Returns the documentation of a field that has a setter.
fn set_by(name: &Name) -> Docs {
    Docs::lines([format!("Set by [`Self::{}()`].", name.0.trim_start_matches("r#"))])
}

/// Returns the setters of optional parameters, of an optional body and of media types.
pub(super) fn setters(context: Context<'_>, operation: &Operation) -> TokenStream {
    let parameters = operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.required)
        .map(|parameter| setter(context, parameter));
    let body = body_setter(context, operation);
    let choice = operation.body.as_ref().and_then(content_type_setters);
    let accept = operation.accept.as_ref().map(accept_setters);
    quote!(#(#parameters)* #body #choice #accept)
}

fn setter(context: Context<'_>, parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    let comment = docs::operation::parameter_setter(parameter);
    let (argument, value) = types::argument(context, &parameter.ty, "value");
    quote! {
        #comment
        pub fn #name(mut self, value: #argument) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

fn body_setter(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let body = operation.body.as_ref().filter(|body| !body.required)?;
    let comment = docs::operation::body_setter(body);
    let (argument, value) = body::argument(context, body, "value");
    Some(quote! {
        #comment
        pub fn body(mut self, value: #argument) -> Self {
            self.body = Some(#value);
            self
        }
    })
}

/// Returns the methods that select the media type of the body.
fn content_type_setters(body: &Body) -> Option<TokenStream> {
    let choice = body.content_type.as_ref()?;
    let default = body.only().and_then(|media| media.formats.first());
    Some(choice_setters(&choice.field, &choice.setters, |media| match default {
        Some(default) if default.media_type == media => {
            format!("Sends the body as {}, which is the default.", docs::code(media))
        }
        _ => format!("Sends the body as {}.", docs::code(media)),
    }))
}

/// Returns the methods that select the media type of the response.
fn accept_setters(accept: &Accept) -> TokenStream {
    choice_setters(&accept.field, &accept.setters, |media| {
        format!("Accepts only {} as the media type of the response.", docs::code(media))
    })
}

fn choice_setters(
    field: &Name,
    setters: &[(Name, String)],
    comment: impl Fn(&str) -> String,
) -> TokenStream {
    let setters = setters.iter().map(|(name, media)| {
        let comment = docs::comment([comment(media).as_str()]);
        quote! {
            #comment
            pub fn #name(mut self) -> Self {
                self.#field = Some(#media);
                self
            }
        }
    });
    quote!(#(#setters)*)
}
