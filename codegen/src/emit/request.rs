//! How a request is put together: checked first, then part by part.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Emit, body, send, text, validate};
use crate::ir::{Operation, Parameter, ParameterLocation, Style};

/// How the request is put together from its parts.
pub(super) fn assemble(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let checks = checks(emit, operation);
    let server = (!operation.servers.is_empty()).then(|| {
        let lists = emit.api.operation_servers();
        let list = lists.iter().position(|servers| *servers == operation.servers);
        let list = Literal::usize_unsuffixed(list.unwrap_or_default());
        quote!(request.server(#list);)
    });
    let parameters = operation.parameters.iter().map(|parameter| {
        let (name, wire) = (&parameter.name, text(&parameter.wire));
        let (method, style) = (writer(parameter), style(parameter.style));
        if parameter.required {
            quote!(request.#method(#wire, #style, &self.#name)?;)
        } else {
            quote!(if let Some(value) = &self.#name { request.#method(#wire, #style, value)?; })
        }
    });
    let body = operation.body.as_ref().map(body::write);
    let open = send::open(operation);
    let accept = operation.accept.as_ref().map(|accept| {
        let (usual, field) = (text(&accept.default_value), &accept.field);
        match accept.setters.is_empty() {
            true => quote!(request.accept(#usual);),
            false => quote!(request.accept(self.#field.unwrap_or(#usual));),
        }
    });
    quote! {
        #[inline]
        pub(crate) fn request(&self) -> Result<rt::Request, Error> {
            #checks
            let mut request = rt::Request::new(&OPERATION);
            #server
            #(#parameters)*
            #body
            #accept
            #open
            request.timeout(self.timeout);
            Ok(request)
        }
    }
}

/// Constraints are checked before anything is sent.
fn checks(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    let parameters = operation.parameters.iter().filter_map(|parameter| {
        let name = &parameter.name;
        let value = if parameter.required {
            quote!(Some(&self.#name))
        } else {
            quote!(self.#name.as_ref())
        };
        parameter_check(emit, parameter, &value)
    });
    let body = operation.body.iter().filter_map(|body| {
        let statements = body::statements(emit, body)?;
        let value =
            if body.required { quote!(Some(&self.body)) } else { quote!(self.body.as_ref()) };
        Some(quote!(checks.part(#value, |checks, value| { #statements });))
    });
    let all: Vec<TokenStream> = parameters.chain(body).collect();
    (!all.is_empty()).then(|| {
        quote! {
            let mut checks = rt::Checks::new();
            #(#all)*
            checks.finish()?;
        }
    })
}

/// The checks of a parameter, whose value may be absent, if it has constraints.
pub(super) fn parameter_check(
    emit: Emit<'_>,
    parameter: &Parameter,
    value: &TokenStream,
) -> Option<TokenStream> {
    emit.api.is_constrained(&parameter.ty).then(|| {
        let wire = text(&parameter.wire);
        let body = validate::statements(emit, &parameter.ty);
        quote!(checks.field(#wire, #value, |checks, value| { #body });)
    })
}

/// The method of a request for a place.
pub(super) fn method(place: ParameterLocation) -> TokenStream {
    match place {
        ParameterLocation::Path => quote!(path),
        ParameterLocation::Query => quote!(query),
        ParameterLocation::Header => quote!(header),
        ParameterLocation::Cookie => quote!(cookie),
    }
}

/// The method of a request that writes a parameter.
fn writer(parameter: &Parameter) -> TokenStream {
    match parameter.location {
        ParameterLocation::Query if parameter.is_reserved => quote!(query_reserved),
        place => method(place),
    }
}

pub(super) fn style(style: Style) -> TokenStream {
    match style {
        Style::Simple => quote!(rt::Style::Simple),
        Style::SimpleExploded => quote!(rt::Style::SimpleExploded),
        Style::Label => quote!(rt::Style::Label),
        Style::LabelExploded => quote!(rt::Style::LabelExploded),
        Style::Matrix => quote!(rt::Style::Matrix),
        Style::MatrixExploded => quote!(rt::Style::MatrixExploded),
        Style::Form => quote!(rt::Style::Form),
        Style::FormExploded => quote!(rt::Style::FormExploded),
        Style::SpaceDelimited => quote!(rt::Style::SpaceDelimited),
        Style::PipeDelimited => quote!(rt::Style::PipeDelimited),
        Style::DeepObject => quote!(rt::Style::DeepObject),
        Style::Segments => quote!(rt::Style::Segments),
        Style::Json => quote!(rt::Style::Json),
    }
}
