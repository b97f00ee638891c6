//! Operations: the request, how it is put together, and what its answers become.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{
    Emit, answer, blocking, body, docs, double, ident, paging, request, send, syntax, text, types,
};
use crate::ir::{Accept, Api, Body, Name, Operation, Parameter, Type, TypeName};

/// The types that the file of an operation has.
pub(super) fn type_names(operation: &Operation) -> Vec<&TypeName> {
    let body = operation.body.as_ref().and_then(Body::name);
    let stream = operation.stream.iter().filter_map(|stream| stream.output.name());
    let answers = operation.output.name().into_iter().chain(stream);
    let headers = operation.headers.iter().map(|headers| &headers.name);
    std::iter::once(&operation.request).chain(body).chain(answers).chain(headers).collect()
}

/// Those of them that a client's method names.
pub(super) fn call_names(operation: &Operation) -> impl Iterator<Item = &TypeName> {
    [&operation.request].into_iter().chain(body::required_name(operation))
}

/// The types of what a request cannot do without.
pub(super) fn required_types<'a>(emit: Emit<'_>, operation: &'a Operation) -> Vec<&'a Type> {
    let body = operation.body.iter().filter(|body| body.required).filter_map(Body::only);
    let body = body.map(|media| &media.ty);
    let parameters = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .map(|parameter| &parameter.ty);
    // What a caller may give as anything that becomes a text has no name of its own.
    parameters.chain(body).filter(|ty| !types::is_plain_text_argument(emit, ty)).collect()
}

/// The file of an operation.
pub(super) fn operation(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let module = syntax::path(emit.module);
    let uses = emit.uses(operation.types(), None);
    let description = description(operation);
    let request = request_type(emit, operation);
    let uses_double = emit.api.test_doubles.as_ref().map(|names| {
        let (boxed, gate) = (&names.boxed_operations, double::gate(emit.api));
        quote!(#gate use #module::double::#boxed;)
    });
    let blocking_request = blocking::request(emit, operation);
    let uses_blocking = blocking_request
        .is_some()
        .then(|| quote!(#[cfg(feature = "blocking")] use #module::blocking;));
    let setters = operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.required)
        .map(|parameter| setter(emit, parameter));
    let body_setter = body_setter(emit, operation);
    let new = new(emit, operation);
    let send = send::send(emit, operation);
    let read = send::read(emit, operation);
    let assemble = request::assemble(emit, operation);
    let body_type = body::definition(emit, operation);
    let tables = body::tables(operation);
    let outputs = [Some(&operation.output), operation.stream.as_ref().map(|of| &of.output)];
    let outputs = outputs.into_iter().flatten();
    let outputs = outputs.filter_map(|output| answer::several(emit, operation, output));
    let headers = headers(emit, operation);
    let accept_setters = operation.accept.as_ref().map(accept_setters);
    let pages = paging::paging(emit, operation);
    let stream = operation.paging.as_ref().map(|_| paging::methods());
    let name = &operation.request;
    let common = quote! {
        #new
        #(#setters)*
        #body_setter
        #accept_setters

        /// How long this request may take, instead of the client's own limit.
        pub fn timeout(mut self, value: rt::Duration) -> Self {
            self.timeout = Some(value);
            self
        }
    };
    let own = quote!(#send #stream #assemble);
    let client = client(emit);
    let methods = match &emit.api.blocking {
        None => quote!(impl #name { #common #own }),
        // What both clients have, and what only one of them has.
        Some(_) => quote! {
            impl<#client> #name<#client> { #common }
            impl #name { #own }
        },
    };
    quote! {
        use #module::{Client, Error, ErrorBody};
        #uses_double
        #(#uses)*
        #uses_blocking

        #description
        #(#tables)*
        #request

        #methods

        #read

        #body_type

        #(#outputs)*
        #headers
        #pages
        #blocking_request
    }
}

/// The method of a client that begins a request of it.
pub(super) fn client_method(
    emit: Emit<'_>,
    operation: &Operation,
    comment: &docs::Docs,
    of: Option<TokenStream>,
) -> TokenStream {
    let (name, request) = (&operation.name, &operation.request);
    let arguments = required(emit, operation);
    let (names, types): (Vec<_>, Vec<_>) = arguments.iter().map(|(name, ty, _)| (name, ty)).unzip();
    let expect = many_arguments(names.len());
    quote! {
        #comment
        #expect
        pub fn #name(&self, #(#names: #types),*) -> #request #of {
            #request::new(self.clone(), #(#names),*)
        }
    }
}

/// What stands above a trait of all operations: clippy has ideas of what a method of some names
/// takes.
pub(super) fn any_names(api: &Api) -> Option<TokenStream> {
    let is_odd = |operation: &Operation| {
        ["from_", "into_", "to_"].iter().any(|prefix| operation.name.0.starts_with(prefix))
    };
    api.operations.iter().any(is_odd).then(|| {
        quote!(#[allow(clippy::wrong_self_convention, reason = "the description has these names")])
    })
}

/// Beside the client, six arguments are as many as clippy takes without a word.
fn many_arguments(count: usize) -> Option<TokenStream> {
    (count > 6).then(|| {
        quote!(#[expect(clippy::too_many_arguments, reason = "one for each that must be given")])
    })
}

/// What a request cannot do without: the name, the type of the argument and the value from
/// the argument.
pub(super) fn required<'o>(
    emit: Emit<'_>,
    operation: &'o Operation,
) -> Vec<(Ident, syn::Type, syn::Expr)> {
    let parameters = operation.parameters.iter().filter(|parameter| parameter.required);
    let parameters = parameters.map(|parameter: &'o Parameter| {
        let name = parameter.name.0.as_str();
        let (ty, value) = types::argument(emit, &parameter.ty, name);
        (ident(name), ty, value)
    });
    let body = operation.body.iter().filter(|body| body.required).map(|body| {
        let (ty, value) = body::argument(emit, body, "body");
        (ident("body"), ty, value)
    });
    parameters.chain(body).collect()
}

fn quote_name(parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    quote!(#name)
}

/// The operation as data.
fn description(operation: &Operation) -> TokenStream {
    let repeatable = operation.repeatable;
    let more = quote!(repeatable: #repeatable,);
    as_data(operation, |key| Some(Literal::usize_unsuffixed(key)), Some(more))
}

/// The operation as data. Each side names the keys that it needs in its own way, given their
/// places in [`Api::security_schemes`](crate::ir::Api::security_schemes), and may have more to say.
pub(super) fn as_data<K: ToTokens>(
    operation: &Operation,
    key: impl Fn(usize) -> Option<K>,
    more: Option<TokenStream>,
) -> TokenStream {
    let Operation { id, method, path, .. } = operation;
    let method = super::ident(method);
    let security = operation.security.iter().map(|keys| {
        let keys = keys.iter().filter_map(|place| key(*place));
        quote!(&[#(#keys),*])
    });
    quote! {
        static OPERATION: rt::Operation = rt::Operation {
            id: #id,
            method: rt::Method::#method,
            path: #path,
            security: &[#(#security),*],
            #more
        };
    }
}

fn request_type(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let comment = docs::of_operation(operation, &operation.request.0);
    let name = &operation.request;
    let optional = |ty: syn::Type, required: bool| if required { ty } else { syntax::option(ty) };
    let parameters = operation.parameters.iter().map(|parameter| {
        let (name, ty) =
            (&parameter.name, optional(types::ty(emit, &parameter.ty), parameter.required));
        let comment = match parameter.required {
            true => docs::of_parameter(parameter),
            false => set_by(name),
        };
        quote!(#comment pub #name: #ty,)
    });
    let body = operation.body.as_ref().map(|body| {
        let ty = optional(body::ty(emit, body), body.required);
        let comment = match body.required {
            true => docs::of_body(body),
            false => set_by(&Name("body".to_owned())),
        };
        quote!(#comment pub body: #ty,)
    });
    let accept = accept_field(operation).map(|name| quote!(#name: Option<&'static str>,));
    let generics = emit.api.blocking.as_ref().map(|names| {
        let client = &names.client;
        quote!(<#client = Client>)
    });
    let client = client(emit);
    quote! {
        #comment
        #[derive(Clone, Debug)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name #generics {
            client: #client,
            #(#parameters)*
            #body
            #accept
            timeout: Option<rt::Duration>,
        }
    }
}

/// The type of the client that a request goes through.
fn client(emit: Emit<'_>) -> TokenStream {
    match &emit.api.blocking {
        None => quote!(Client),
        Some(names) => names.client.to_token_stream(),
    }
}

fn new(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let required = required(emit, operation);
    let (names, types): (Vec<_>, Vec<_>) = required.iter().map(|(name, ty, _)| (name, ty)).unzip();
    let given = required.iter().map(|(name, _, value)| match value {
        syn::Expr::Path(_) => quote!(#name,),
        _ => quote!(#name: #value,),
    });
    let parameters =
        operation.parameters.iter().filter(|parameter| !parameter.required).map(quote_name);
    let body = operation.body.iter().filter(|body| !body.required).map(|_| quote!(body));
    let accept = accept_field(operation).map(|name| quote!(#name));
    let absent = parameters.chain(body).chain(accept);
    let expect = many_arguments(names.len());
    let client = client(emit);
    quote! {
        #expect
        pub(crate) fn new(client: #client, #(#names: #types),*) -> Self {
            Self { client, #(#given)* #(#absent: None,)* timeout: None }
        }
    }
}

/// The doc comment of a field that has a setter.
fn set_by(name: &Name) -> docs::Docs {
    docs::Docs::lines([format!("What [`Self::{}()`] sets.", name.0.trim_start_matches("r#"))])
}

fn setter(emit: Emit<'_>, parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    let comment = docs::of_parameter(parameter);
    let (argument, value) = types::argument(emit, &parameter.ty, "value");
    quote! {
        #comment
        pub fn #name(mut self, value: #argument) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

fn body_setter(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    let body = operation.body.as_ref().filter(|body| !body.required)?;
    let comment = docs::of_body(body);
    let (argument, value) = body::argument(emit, body, "value");
    Some(quote! {
        #comment
        pub fn body(mut self, value: #argument) -> Self {
            self.body = Some(#value);
            self
        }
    })
}

/// The field of a request that says in which media type the answer is wanted, if there is a
/// choice.
pub(super) fn accept_field(operation: &Operation) -> Option<&Name> {
    let accept = operation.accept.as_ref().filter(|accept| !accept.setters.is_empty())?;
    Some(&accept.field)
}

/// The methods that say in which media type the answer is wanted.
fn accept_setters(accept: &Accept) -> TokenStream {
    let field = &accept.field;
    let setters = accept.setters.iter().map(|(name, media)| {
        let comment = docs::comment([format!("Asks for `{media}` alone.").as_str()]);
        let media = text(media);
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

/// The type of what a success brings.
pub(super) fn answer_type(emit: Emit<'_>, operation: &Operation) -> syn::Type {
    answer::output_type(emit, &operation.output)
}

/// The types of headers.
pub(super) fn header_types(operation: &Operation) -> impl Iterator<Item = &Type> {
    operation.headers.iter().flat_map(|headers| &headers.all).map(|header| &header.ty)
}

/// The type of the headers of a success.
pub(super) fn headers(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    let of = format!("an answer to [`{}`]", operation.request.0);
    operation.headers.as_ref().map(|headers| answer::headers(emit, headers, &of))
}
