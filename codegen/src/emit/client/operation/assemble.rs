//! How a request is assembled: checked first, then written part by part.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::context::Context;
use crate::emit::operation::{body, parameter};
use crate::ir::{Content, Operation, Output, Parameter, ParameterLocation, Style};

/// Returns the function that assembles the request.
pub(super) fn assemble(context: Context<'_>, operation: &Operation) -> TokenStream {
    let checks = checks(context, operation);
    let server = (!operation.servers.is_empty()).then(|| {
        let lists = context.api.operation_servers();
        let list = lists.iter().position(|servers| *servers == operation.servers);
        let list = Literal::usize_unsuffixed(list.unwrap_or_default());
        quote!(request.server(#list);)
    });
    let parameters = operation.parameters.iter().map(|parameter| {
        let (name, wire) = (&parameter.name, &parameter.wire);
        let (method, style) = (writer(context, parameter), parameter::style(parameter.style));
        let style = match parameter.style {
            Style::Urlencoded => body::table(&parameter.parts),
            _ => style,
        };
        if parameter.required {
            quote!(request.#method(#wire, #style, &self.#name)?;)
        } else {
            quote!(if let Some(value) = &self.#name { request.#method(#wire, #style, value)?; })
        }
    });
    let body = operation.body.as_ref().map(body::write);
    let open = open(operation);
    let accept = operation.accept.as_ref().map(|accept| {
        let (usual, field) = (&accept.default_value, &accept.field);
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

/// Returns the checks of all constraints, which run before the request is sent.
fn checks(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let parameters = operation.parameters.iter().filter_map(|parameter| {
        let name = &parameter.name;
        let value = if parameter.required {
            quote!(Some(&self.#name))
        } else {
            quote!(self.#name.as_ref())
        };
        parameter::check(context, parameter, &value)
    });
    let body = operation.body.iter().filter_map(|body| {
        let statements = body::statements(context, body)?;
        let value =
            if body.required { quote!(Some(&self.body)) } else { quote!(self.body.as_ref()) };
        Some(quote!(validator.part(#value, |validator, value| { #statements });))
    });
    let all: Vec<TokenStream> = parameters.chain(body).collect();
    (!all.is_empty()).then(|| {
        quote! {
            let mut validator = rt::Validator::new();
            #(#all)*
            validator.finish()?;
        }
    })
}

/// Returns the runtime's method that writes a parameter.
fn writer(context: Context<'_>, parameter: &Parameter) -> TokenStream {
    let is_secret = || context.api.has_secret(std::iter::once(&parameter.ty));
    match parameter.location {
        ParameterLocation::Path if is_secret() => quote!(secret_path),
        ParameterLocation::Header if is_secret() => quote!(secret_header),
        ParameterLocation::Query if parameter.is_reserved => quote!(query_reserved),
        ParameterLocation::QueryString if parameter.style == Style::Urlencoded => {
            quote!(query_form)
        }
        ParameterLocation::Path if parameter.is_reserved => quote!(path_reserved),
        ParameterLocation::Cookie if parameter.is_reserved => quote!(plain_cookie),
        location => parameter::method(location),
    }
}

/// Returns the call that keeps the response body open, if it is streamed. Responses with the listed
/// media types are still read completely.
fn open(operation: &Operation) -> Option<TokenStream> {
    let is_incremental = operation.output.contents().any(Content::is_incremental);
    let Output::Several { responses, .. } = &operation.output else {
        return is_incremental.then(|| quote!(request.open_unless(&[]);));
    };
    let contents = responses.iter().filter_map(|response| response.content.as_ref());
    let mut complete: Vec<&str> = contents
        .filter(|(content, _)| !content.is_incremental())
        .flat_map(|(_, media)| media.iter().map(String::as_str))
        .collect();
    complete.sort_unstable();
    complete.dedup();
    is_incremental.then(|| quote!(request.open_unless(&[#(#complete),*]);))
}
