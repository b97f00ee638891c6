//! Encoding of responses and rejections.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::output::output;
use crate::emit::context::Context;
use crate::emit::operation::response;
use crate::ir::{Content, ErrorBodyIndex, ErrorResponse, Framing, Operation, Output, Status};

/// The status and the headers of a reply.
pub(super) struct Target {
    pub(super) status: TokenStream,
    pub(super) headers: TokenStream,
}

/// Returns the expression that encodes `response`.
pub(super) fn of_response(context: Context<'_>, operation: &Operation) -> TokenStream {
    let target = |status: TokenStream| Target { status, headers: quote!(response.headers) };
    let default_status = |fallback: u16| {
        let first = operation
            .success_statuses
            .first()
            .map(|first| status(*first, &operation.success_statuses));
        target(Literal::u16_unsuffixed(first.unwrap_or(fallback)).into_token_stream())
    };
    match output(operation) {
        Output::Empty => empty(&default_status(204)),
        Output::One { content, media } => {
            reply(content, media, &default_status(200), &quote!(response.body))
        }
        Output::Several { name, responses } => {
            let arms = responses.iter().map(|response| {
                let chosen = response::has_status(context, response).then(|| quote!(status));
                let target = target(match chosen {
                    Some(_) => quote!(status.code()),
                    None => {
                        let status = status(response.status, &operation.success_statuses);
                        Literal::u16_unsuffixed(status).into_token_stream()
                    }
                });
                let variant = &response.name;
                let (body, reply) = match &response.content {
                    Some((content, media)) => {
                        let body = quote!(body);
                        let reply = reply(content, media, &target, &body);
                        (Some(body), reply)
                    }
                    None => (None, empty(&target)),
                };
                let fields: Vec<_> = chosen.into_iter().chain(body).collect();
                match fields.is_empty() {
                    true => quote!(#name::#variant => #reply,),
                    false => quote!(#name::#variant(#(#fields),*) => #reply,),
                }
            });
            quote!(match response.body { #(#arms)* })
        }
    }
}

/// Returns the reply without a body.
pub(super) fn empty(Target { status, headers }: &Target) -> TokenStream {
    quote!(rt::Reply::empty(#status, #headers))
}

/// Returns whether the request selects the media type of a body.
pub(super) fn is_selected(content: &Content, media: &[String]) -> bool {
    matches!(content, Content::Json(_)) && json_media_types(media).len() > 1
}

/// Returns the media types of a JSON body. A range is not the media type of a body.
fn json_media_types(media: &[String]) -> Vec<&str> {
    let concrete = |media| if str::contains(media, '*') { "application/json" } else { media };
    let mut all: Vec<&str> = media.iter().map(|media| concrete(media.as_str())).collect();
    all.dedup();
    all
}

/// Returns the reply with a body. If JSON has several media types, the request selects one.
pub(super) fn reply(
    content: &Content,
    media: &[String],
    Target { status, headers }: &Target,
    body: &TokenStream,
) -> TokenStream {
    let own = media.first();
    match content {
        Content::Json(_) => {
            let media_type = match json_media_types(media).as_slice() {
                [] => quote!("application/json"),
                ["application/json"] => {
                    return quote!(rt::Reply::json(#status, #headers, &#body));
                }
                [only] => quote!(#only),
                all => quote!(request.preferred(&[#(#all),*])),
            };
            quote!(rt::Reply::json_as(#media_type, #status, #headers, &#body))
        }
        Content::PlainText(ty) => {
            let body = if ty.is_secret { quote!(#body.into_inner()) } else { body.clone() };
            quote!(rt::Reply::string(#own, #status, #headers, #body))
        }
        Content::Bytes => quote!(rt::Reply::bytes(#own, #status, #headers, #body)),
        Content::Events(Some(_)) => quote!(rt::Reply::events(#status, #headers, #body)),
        Content::Events(None) => quote!(rt::Reply::string_events(#status, #headers, #body)),
        Content::Values(_, framing) => {
            let part = match framing {
                Framing::Parts { media_type, .. } => Some(media_type),
                _ => None,
            };
            let framing = response::framing(framing);
            if let Some(part) = part {
                return quote! {
                    rt::Reply::parts(#own, #part, #framing, #status, #headers, #body)
                };
            }
            quote!(rt::Reply::values(#own, #framing, #status, #headers, #body))
        }
    }
}

/// Returns one status of a range: the first without a response of its own.
fn status(of: Status, all: &[Status]) -> u16 {
    let first = match of {
        Status::Code(code) => return code,
        Status::Range(1) => 101,
        Status::Range(hundreds) => hundreds * 100,
        Status::Default => 200,
    };
    let end = first / 100 * 100 + 100;
    (first..end).find(|code| !all.contains(&Status::Code(*code))).unwrap_or(first)
}

/// Returns the method that creates the response of a rejection, with the body that the OpenAPI
/// document has for its status.
pub(super) fn reject(context: Context<'_>, operation: &Operation) -> TokenStream {
    let any = &context.api.server_names.implementation;
    let (api, rejection_body) =
        (&context.api.server_names.api_trait, &context.api.server_names.describe_rejection);
    let mut errors = operation.errors.clone();
    // Arms of specific statuses come first.
    errors.sort_by_key(|error| (error.status, error.body));
    let Some(rest) = rest(&errors) else {
        return quote! {
            fn reject(api: &#any, rejection: &rt::Rejection) -> rt::Reply {
                rt::Reply::plain(rejection, #api::#rejection_body(api, rejection))
            }
        };
    };
    let body = |error: &ErrorResponse| {
        let method = &context.api.server_names.rejections[error.body];
        let media = media(error);
        quote!(rt::Reply::rejection(
            #media,
            rejection,
            #api::#method(api, rejection),
            || #api::#rejection_body(api, rejection),
        ))
    };
    let is_same = |a: &ErrorResponse, b: &ErrorResponse| a.body == b.body && media(a) == media(b);
    let is_one = errors.iter().all(|error| is_same(error, rest));
    let reply = if is_one {
        body(rest)
    } else {
        let mut arms = Vec::new();
        let code = |error: &ErrorResponse| match error.status {
            Status::Code(code) => Some(code),
            Status::Range(_) | Status::Default => None,
        };
        let codes = errors.iter().filter_map(code).collect();
        for group in errors.chunk_by(is_same) {
            let patterns = patterns(group.iter().map(|error| error.status), &codes);
            let body = body(&group[0]);
            if !patterns.is_empty() {
                arms.push(quote!(#(#patterns)|* => #body,));
            }
        }
        let rest = body(rest);
        quote!(match rejection.status { #(#arms)* _ => #rest, })
    };
    quote! {
        fn reject(api: &#any, rejection: &rt::Rejection) -> rt::Reply {
            #reply
        }
    }
}

/// Returns the error response for other statuses: the `default` response or, without one, the
/// most frequent body.
fn rest(errors: &[ErrorResponse]) -> Option<&ErrorResponse> {
    let default = errors.iter().find(|error| error.status == Status::Default);
    let count = |body: ErrorBodyIndex| errors.iter().filter(|error| error.body == body).count();
    let most_frequent = || errors.iter().rev().max_by_key(|error| count(error.body));
    default.or_else(most_frequent)
}

/// Returns the media type of an error response, which is not a range.
fn media(error: &ErrorResponse) -> &str {
    if error.media.contains('*') { "application/json" } else { &error.media }
}

/// Returns as few patterns as possible that match these statuses. A range does not match a code that
/// has a response of its own, so the patterns of all responses are disjoint.
fn patterns(statuses: impl Iterator<Item = Status>, codes: &BTreeSet<u16>) -> Vec<TokenStream> {
    let matched = |status| match status {
        Status::Code(code) => vec![code],
        Status::Range(hundreds) => {
            let all = hundreds * 100..=hundreds * 100 + 99;
            all.filter(|code| !codes.contains(code)).collect()
        }
        Status::Default => Vec::new(),
    };
    let matched: BTreeSet<u16> = statuses.flat_map(matched).collect();
    let matched: Vec<u16> = matched.into_iter().collect();
    let number = Literal::u16_unsuffixed;
    let pattern = |codes: &[u16]| {
        let (first, last) = (*codes.first()?, *codes.last()?);
        let (start, end) = (number(first), number(last));
        Some(if first == last { start.into_token_stream() } else { quote!(#start..=#end) })
    };
    matched.chunk_by(|code, next| code + 1 == *next).filter_map(pattern).collect()
}
