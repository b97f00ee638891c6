//! What becomes of answers and refusals.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::emit::context::Context as Emit;
use crate::emit::operation::response;
use crate::ir::{Content, ErrorBodyIndex, ErrorResponse, Operation, Output, Status};

/// The reply that `answer` is.
pub(super) fn reply_of(operation: &Operation) -> TokenStream {
    let usual = |fallback: u16| {
        let first = operation
            .success_statuses
            .first()
            .map(|first| status(*first, &operation.success_statuses));
        Literal::u16_unsuffixed(first.unwrap_or(fallback))
    };
    match super::served(operation) {
        Output::Empty => {
            let status = usual(204);
            quote!(rt::Reply::empty(#status, answer.headers))
        }
        Output::One { content, media } => {
            let status = usual(200);
            reply(content, None, media, &status, &quote!(answer.body))
        }
        Output::Several { name, responses: answers } => {
            let arms = answers.iter().map(|answer| {
                let status =
                    Literal::u16_unsuffixed(status(answer.status, &operation.success_statuses));
                let variant = &answer.name;
                match &answer.content {
                    Some((content, media)) => {
                        let is_told_apart = answer.into.as_ref().map(|_| media.as_str());
                        let reply = reply(content, is_told_apart, media, &status, &quote!(body));
                        quote!(#name::#variant(body) => #reply,)
                    }
                    None => quote!(#name::#variant => rt::Reply::empty(#status, answer.headers),),
                }
            });
            quote!(match answer.body { #(#arms)* })
        }
    }
}

/// The reply with a body. JSON is sent as `application/json`, unless media types tell answers
/// apart.
fn reply(
    content: &Content,
    told_apart: Option<&str>,
    media: &str,
    status: &Literal,
    body: &TokenStream,
) -> TokenStream {
    let own = media;
    match content {
        Content::Json(_) => match told_apart.filter(|media| *media != "application/json") {
            None => quote!(rt::Reply::json(#status, answer.headers, &#body)),
            Some(_) => quote!(rt::Reply::json_as(#own, #status, answer.headers, &#body)),
        },
        Content::PlainText => quote!(rt::Reply::text(#own, #status, answer.headers, #body)),
        Content::Bytes => quote!(rt::Reply::bytes(#own, #status, answer.headers, #body)),
        Content::Events(Some(_)) => quote!(rt::Reply::events(#status, answer.headers, #body)),
        Content::Events(None) => quote!(rt::Reply::text_events(#status, answer.headers, #body)),
        Content::Values(_, framing) => {
            let framing = response::framing(*framing);
            quote!(rt::Reply::values(#own, #framing, #status, answer.headers, #body))
        }
    }
}

/// One status of a range: the first that has no answer of its own.
fn status(of: Status, all: &[Status]) -> u16 {
    match of {
        Status::Code(code) => code,
        Status::Range(_) | Status::Default => {
            (200..300).find(|code| !all.contains(&Status::Code(*code))).unwrap_or(200)
        }
    }
}

/// The method that answers a refusal with the body that the description has for its status.
pub(super) fn reject(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let any = &emit.api.server_names.implementation;
    let (api, describe) =
        (&emit.api.server_names.api_trait, &emit.api.server_names.describe_rejection);
    let mut errors = operation.errors.clone();
    // The more precise a status, the earlier its arm.
    errors.sort_by_key(|error| (error.status, error.body));
    let Some(rest) = rest(&errors) else {
        return quote! {
            fn reject(api: &#any, rejection: &rt::Rejection) -> rt::Reply {
                rt::Reply::plain(rejection, #api::#describe(api, rejection))
            }
        };
    };
    let body = |error: &ErrorResponse| {
        let method = &emit.api.server_names.rejections[error.body];
        let media = media(error);
        quote!(rt::Reply::rejection(#media, rejection, &#api::#method(api, rejection)))
    };
    let is_same = |a: &ErrorResponse, b: &ErrorResponse| a.body == b.body && media(a) == media(b);
    let is_one = errors.iter().all(|error| is_same(error, rest));
    let reply = if is_one {
        body(rest)
    } else {
        let mut arms = Vec::new();
        for group in errors.chunk_by(is_same) {
            let patterns = patterns(group.iter().map(|error| error.status));
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

/// The body of a refusal for which there is no status: that of all others or, without one,
/// the one that the most statuses have.
fn rest(errors: &[ErrorResponse]) -> Option<&ErrorResponse> {
    let default = errors.iter().find(|error| error.status == Status::Default);
    let count = |body: ErrorBodyIndex| errors.iter().filter(|error| error.body == body).count();
    let most = || errors.iter().rev().max_by_key(|error| count(error.body));
    default.or_else(most)
}

/// The media type of an error: a range is not what anything is.
fn media(error: &ErrorResponse) -> &str {
    if error.media.contains('*') { "application/json" } else { &error.media }
}

/// The patterns of statuses, as few as they can be.
fn patterns(statuses: impl Iterator<Item = Status>) -> Vec<TokenStream> {
    let range = |status| match status {
        Status::Code(code) => Some((code, code)),
        Status::Range(hundreds) => Some((hundreds * 100, hundreds * 100 + 99)),
        Status::Default => None,
    };
    let mut ranges: Vec<(u16, u16)> = statuses.filter_map(range).collect();
    ranges.sort_unstable();
    ranges.dedup_by(|next, before| {
        let meets = next.0 <= before.1 + 1;
        if meets {
            before.1 = before.1.max(next.1);
        }
        meets
    });
    let number = Literal::u16_unsuffixed;
    let pattern = |(first, last): (u16, u16)| match (number(first), number(last)) {
        (code, _) if first == last => code.into_token_stream(),
        (first, last) => quote!(#first..=#last),
    };
    ranges.into_iter().map(pattern).collect()
}
