//! The error type of an operation: an enum of the error responses that the document describes, and
//! of rejections.

use proc_macro2::TokenStream;
use quote::quote;

use super::reply::{self, Target};
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::operation::{headers, response, statuses};
use crate::ir::{DescribedError, ErrorOutput, Headers, Operation};

/// Returns the error type of an operation.
pub(super) fn ty(operation: &Operation) -> TokenStream {
    match &operation.error_output {
        Some(ErrorOutput { name, .. }) => quote!(#name),
        None => quote!(rt::Rejection),
    }
}

/// Returns the headers of all error responses; each type appears once.
pub(super) fn all_headers(output: &ErrorOutput) -> Vec<&Headers> {
    let mut all: Vec<&Headers> = Vec::new();
    for headers in output.responses.iter().filter_map(|response| response.headers.as_ref()) {
        if !all.iter().any(|known| known.name == headers.name) {
            all.push(headers);
        }
    }
    all
}

/// Returns the definition of the error type, if the document describes error responses.
pub(super) fn definition(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let output = operation.error_output.as_ref()?;
    let ErrorOutput { name, rejection, responses } = output;
    let comment = format!(" An error response to [`{}`].", operation.request.0);
    let variants = responses.iter().map(|response| variant(context, response));
    let mut contents = responses.iter().filter_map(|response| response.content.as_ref());
    // Bytes can be read only once, and cannot be compared.
    let derive = match contents.any(|(content, _)| content.is_incremental()) {
        true => quote!(#[derive(Debug)]),
        false => quote!(#[derive(Clone, Debug, PartialEq)]),
    };
    let constructors =
        responses.iter().filter_map(|response| constructor(context, operation, response));
    let statuses = responses.iter().map(|response| {
        let variant = &response.name;
        match statuses::only(response.status) {
            Some(status) => {
                let rest = (!fields(context, response).is_empty()).then(|| quote!((..)));
                quote!(Self::#variant #rest => #status,)
            }
            None => quote!(Self::#variant(status, ..) => status.code(),),
        }
    });
    let replies = responses.iter().map(reply_of);
    let request = is_selected(output).then(|| quote!(, request: &rt::Input));
    let headers = all_headers(output).into_iter().map(|all| {
        headers::definition(
            context,
            all,
            &format!("an error response to [`{}`]", operation.request.0),
        )
    });
    Some(quote! {
        #[doc = #comment]
        #derive
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A rejection with any status. Its body has the error format of the OpenAPI document.
            #rejection(rt::Rejection),
        }

        impl #name {
            #(#constructors)*

            /// Returns the status of the response.
            #[must_use]
            pub fn status(&self) -> u16 {
                match self {
                    #(#statuses)*
                    Self::#rejection(rejection) => rejection.status,
                }
            }

            fn reply(self #request) -> Result<rt::Reply, rt::Rejection> {
                Ok(match self {
                    #(#replies)*
                    Self::#rejection(rejection) => return Err(rejection),
                })
            }
        }

        rt::operation_error!(#name, #rejection);

        #(#headers)*
    })
}

/// Returns whether the request selects the media type of an error response.
fn is_selected(output: &ErrorOutput) -> bool {
    let mut contents = output.responses.iter().filter_map(|response| response.content.as_ref());
    contents.any(|(content, media)| reply::is_selected(content, media))
}

/// Returns the expression that converts an error into a reply.
pub(super) fn reply(output: &ErrorOutput) -> TokenStream {
    let request = is_selected(output).then(|| quote!(request));
    quote!(error.reply(#request))
}

fn variant(context: Context<'_>, response: &DescribedError) -> TokenStream {
    let meaning = docs::docs_or(Some(&response.docs), "an error response.");
    let comment = format!("{}: {}", response.status, meaning.trim());
    let comment = docs::comment([comment.as_str()]);
    let (name, fields) = (&response.name, fields(context, response));
    let status = statuses::field(response.status);
    let fields: Vec<_> = status.into_iter().chain(fields.into_iter().map(|(_, ty)| ty)).collect();
    match fields.is_empty() {
        true => quote!(#comment #name,),
        false => quote!(#comment #name(#(#fields),*),),
    }
}

/// Returns the fields of a variant after its status, each with its name as an argument.
fn fields(context: Context<'_>, response: &DescribedError) -> Vec<(TokenStream, TokenStream)> {
    let body = response.content.iter().map(|(content, _)| {
        let ty = response::content_type(context, content);
        (quote!(body), quote!(#ty))
    });
    let headers = response.headers.iter().map(|headers| {
        let name = &headers.name;
        (quote!(headers), quote!(#name))
    });
    body.chain(headers).collect()
}

/// Returns the function that creates a variant with a status.
fn constructor(
    context: Context<'_>,
    operation: &Operation,
    response: &DescribedError,
) -> Option<TokenStream> {
    let function = response.constructor.as_ref()?;
    let errors = operation.error_output.iter().flat_map(|output| &output.responses);
    let errors = errors.map(|response| response.status);
    // A redirect may be a success.
    let all = errors.chain(operation.success_statuses.iter().copied());
    let fields = fields(context, response);
    Some(statuses::constructor(function, (&response.name, response.status), all, &fields))
}

/// Returns the match arm that encodes a variant.
fn reply_of(response: &DescribedError) -> TokenStream {
    let variant = &response.name;
    let (status, status_field) = match statuses::only(response.status) {
        Some(status) => (quote!(#status), None),
        None => (quote!(status.code()), Some(quote!(status))),
    };
    let (headers, headers_field) = match &response.headers {
        Some(_) => (quote!(rt::HeaderMap::from(rt::Headers::from(headers))), Some(quote!(headers))),
        None => (quote!(rt::HeaderMap::new()), None),
    };
    let target = Target { status, headers };
    let body_field = response.content.as_ref().map(|_| quote!(body));
    let fields: Vec<_> = status_field.into_iter().chain(body_field).chain(headers_field).collect();
    let reply = match &response.content {
        Some((content, media)) => reply::reply(content, media, &target, &quote!(body)),
        None => reply::empty(&target),
    };
    match fields.is_empty() {
        true => quote!(Self::#variant => #reply,),
        false => quote!(Self::#variant(#(#fields),*) => #reply,),
    }
}
