//! The types of response headers: decoded by a client, encoded by a server.

use proc_macro2::TokenStream;
use quote::quote;

use crate::config::Target;
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::model::types;
use crate::ir::{Header, HeaderFormat, Headers, Operation, Type};

/// Returns the types that the headers of an operation use.
pub(in crate::emit) fn types(operation: &Operation) -> impl Iterator<Item = &Type> {
    operation.headers.iter().flat_map(|headers| &headers.all).map(|header| &header.ty)
}

/// Returns the type of the headers of successful responses, if the OpenAPI document has any.
pub(in crate::emit) fn success(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let response = format!("a response to [`{}`]", operation.request.0);
    operation.headers.as_ref().map(|headers| definition(context, headers, &response))
}

/// Returns the type of headers. `response` names the response in its documentation.
pub(in crate::emit) fn definition(
    context: Context<'_>,
    headers: &Headers,
    response: &str,
) -> TokenStream {
    let name = &headers.name;
    let comment =
        format!(" The headers of {response}. A header is `None` if it is absent or invalid.");
    let fields = headers.all.iter().map(|header| {
        let fallback = format!("The header {}.", docs::code(&header.wire));
        let docs = docs::docs_or(header.docs.as_deref(), &fallback);
        let wire = docs::wire_name("Header", &header.name, &header.wire);
        let wire = wire.filter(|_| docs != fallback);
        let comment = docs::comment([docs].into_iter().chain(wire.as_deref()));
        let comment = comment.deprecated(header.deprecated);
        let (name, ty) = (&header.name, types::ty(context, &header.ty));
        quote!(#comment pub #name: Option<#ty>,)
    });
    // The headers of a client are read, those of a server are constructed by its handlers.
    let (conversion, exhaustive) = match context.target {
        Target::Client => (decoder(headers), Some(quote!(#[non_exhaustive]))),
        Target::Server { .. } => (encoder(headers), None),
    };
    quote! {
        #[doc = #comment]
        #[derive(Clone, Debug, Default, PartialEq)]
        #exhaustive
        pub struct #name {
            #(#fields)*
        }

        #conversion
    }
}

fn decoder(headers: &Headers) -> TokenStream {
    let name = &headers.name;
    let fields = headers.all.iter().map(|header| {
        let (name, wire) = (&header.name, &header.wire);
        let form = match header.format {
            HeaderFormat::String => quote!(String),
            HeaderFormat::Value => quote!(Value),
            HeaderFormat::Strings => quote!(Strings),
            HeaderFormat::Values => quote!(Values),
            HeaderFormat::StringsBy(delimiter) => quote!(StringsBy(#delimiter)),
            HeaderFormat::ValuesBy(delimiter) => quote!(ValuesBy(#delimiter)),
        };
        quote!(#name: headers.read(#wire, rt::HeaderFormat::#form),)
    });
    quote! {
        impl From<&rt::Headers> for #name {
            fn from(headers: &rt::Headers) -> Self {
                Self { #(#fields)* }
            }
        }
    }
}

fn encoder(headers: &Headers) -> TokenStream {
    let name = &headers.name;
    let fields = headers.all.iter().map(|Header { name, wire, format, .. }| match format {
        HeaderFormat::StringsBy(delimiter) | HeaderFormat::ValuesBy(delimiter) => {
            quote!(all.write_by(#wire, &headers.#name, #delimiter);)
        }
        _ => quote!(all.write(#wire, &headers.#name);),
    });
    quote! {
        impl From<#name> for rt::Headers {
            fn from(headers: #name) -> Self {
                let mut all = Self::default();
                #(#fields)*
                all
            }
        }
    }
}
