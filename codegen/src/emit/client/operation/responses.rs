//! How responses are decoded, into successful values or errors.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::emit::context::Context;
use crate::emit::model::types;
use crate::emit::operation::response;
use crate::ir::{Content, Operation, Output, Status, SuccessResponse};

/// Returns the functions that decode a response.
pub(super) fn read(context: Context<'_>, operation: &Operation) -> TokenStream {
    let output = response::output_type(context, &operation.output);
    let successes = successes(context, operation, &operation.output);
    let has_events = [Some(&operation.output), operation.stream.as_ref().map(|of| &of.output)];
    let mut contents = has_events.into_iter().flatten().flat_map(Output::contents);
    let is_shared =
        operation.stream.is_some() || contents.any(|content| matches!(content, Content::Events(_)));
    // Several functions convert an error response, so the conversion is a function, too.
    let (arms, to_error) = match is_shared {
        true => (quote!(_ => Err(to_error(response)),), Some(to_error(context, operation))),
        false => (error_arms(context, operation, |error| quote!(Err(#error))), None),
    };
    let hide = hide(context, operation);
    let binding = if hide.is_some() { quote!(mut response) } else { quote!(response) };
    let stream = operation.stream.as_ref().map(|stream| {
        let output = response::output_type(context, &stream.output);
        let successes = self::successes(context, operation, &stream.output);
        quote! {
            #[inline]
            fn read_stream(#binding: rt::RawResponse) -> Result<rt::Response<#output>, Error> {
                #hide
                match response.status() {
                    #successes
                    _ => Err(to_error(response)),
                }
            }
        }
    });
    quote! {
        #[inline]
        fn read(#binding: rt::RawResponse) -> Result<rt::Response<#output>, Error> {
            #hide
            match response.status() {
                #successes
                #arms
            }
        }

        #stream
        #to_error
    }
}

/// Returns the calls that keep secrets of the response out of errors about it.
fn hide(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let api = context.api;
    let streamed = operation.stream.iter().flat_map(|stream| stream.output.types());
    let success = api.has_secret(operation.output.types().chain(streamed));
    let success = success.then(|| quote!(response.hide_body();));
    let errors = operation.errors.iter().map(|error| &api.error_bodies[error.body].ty);
    let error = api.has_secret(errors).then(|| quote!(response.hide_errors();));
    (success.is_some() || error.is_some()).then(|| quote!(#success #error))
}

/// Returns the match arms of successful responses.
fn successes(context: Context<'_>, operation: &Operation, output: &Output) -> TokenStream {
    let all = all_successes(operation);
    let (name, responses) = match output {
        Output::Empty => return quote!(#all => Ok(response.empty()),),
        Output::One { content: Content::Json(_), .. } => {
            return quote!(#all => Ok(response.json()?),);
        }
        Output::One { content, .. } => {
            let body = body(context, content);
            return quote!(#all => Ok(#body),);
        }
        Output::Several { name, responses } => (name, responses),
    };
    let value = |response: &SuccessResponse| {
        let variant = &response.name;
        match &response.content {
            Some((content, _)) => {
                let body = body(context, content);
                quote!(Ok(#body.map(#name::#variant)))
            }
            None => quote!(Ok(response.empty().map(|()| #name::#variant))),
        }
    };
    let arms = responses.chunk_by(|a, b| a.status == b.status).map(|group| {
        let pattern = match group[0].status {
            // The remaining successful statuses.
            Status::Default => quote!(200..=299),
            status => pattern(status),
        };
        let [others @ .., last] = group else { return TokenStream::new() };
        if others.is_empty() {
            let value = value(last);
            return quote!(#pattern => #value,);
        }
        let contents = group.iter().filter_map(|response| response.content.as_ref());
        let all = contents.flat_map(|(_, media)| media);
        let arms = others.iter().filter_map(|response| {
            let ((_, media), value) = (response.content.as_ref()?, value(response));
            Some(quote!(#(#media)|* => #value,))
        });
        let last = value(last);
        quote! {
            #pattern => match response.media_type(&[#(#all),*])? {
                #(#arms)*
                _ => #last,
            },
        }
    });
    quote!(#(#arms)*)
}

/// Returns the pattern of all successes. Redirects and the switch of protocols are successes if the
/// OpenAPI document has no other.
fn all_successes(operation: &Operation) -> TokenStream {
    let statuses = &operation.success_statuses;
    if statuses.contains(&Status::Range(3)) {
        return quote!(200..=399);
    }
    let others = statuses.iter().filter_map(|status| match *status {
        Status::Code(code @ (100..200 | 300..400)) => Some(Literal::u16_unsuffixed(code)),
        Status::Range(1) => Some(Literal::u16_unsuffixed(101)),
        _ => None,
    });
    quote!(200..=299 #(| #others)*)
}

/// Returns the expression that decodes the body of a response.
fn body(context: Context<'_>, content: &Content) -> TokenStream {
    match content {
        Content::Json(ty) => {
            let ty = types::nullable(context, ty);
            quote!(response.json::<#ty>()?)
        }
        Content::PlainText(ty) if context.api.is_hidden(ty) => {
            quote!(response.text()?.map(rt::Secret::from))
        }
        Content::PlainText(_) => quote!(response.text()?),
        Content::Bytes => quote!(response.download()),
        Content::Events(Some(_)) => quote!(response.events(to_error)?),
        Content::Events(None) => quote!(response.text_events(to_error)?),
        Content::Values(_, framing) => {
            let framing = response::framing(framing);
            quote!(response.lines(#framing)?)
        }
    }
}

/// Returns the function that converts an error response.
fn to_error(context: Context<'_>, operation: &Operation) -> TokenStream {
    let body = match operation.errors.as_slice() {
        [] => quote!(response.unexpected()),
        _ => {
            let arms = error_arms(context, operation, |error| error);
            quote!(match response.status() { #arms })
        }
    };
    quote! {
        #[inline]
        fn to_error(response: rt::RawResponse) -> Error {
            #body
        }
    }
}

/// Returns the match arms of error responses.
fn error_arms(
    context: Context<'_>,
    operation: &Operation,
    result: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let mut errors = operation.errors.clone();
    // The most specific statuses come first.
    errors.sort_by_key(|error| (specificity(error.status), error.body, error.status));
    let groups =
        errors.chunk_by(|a, b| specificity(a.status) == specificity(b.status) && a.body == b.body);
    let arms = groups.map(|group| {
        let patterns = patterns(group.iter().map(|error| error.status));
        let name = &context.api.error_bodies[group[0].body].name;
        let error = result(quote!(response.error(ErrorBody::#name)));
        quote!(#patterns => #error,)
    });
    let arms: Vec<_> = arms.collect();
    let ends = operation.errors.iter().any(|error| error.status == Status::Default);
    let rest = (!ends).then(|| {
        let error = result(quote!(response.unexpected()));
        quote!(_ => #error,)
    });
    quote!(#(#arms)* #rest)
}

fn specificity(status: Status) -> u8 {
    match status {
        Status::Code(_) => 0,
        Status::Range(_) => 1,
        Status::Default => 2,
    }
}

/// Returns one pattern for statuses that are equally specific.
fn patterns(statuses: impl Iterator<Item = Status> + Clone) -> TokenStream {
    let hundreds = statuses.clone().filter_map(|status| match status {
        Status::Range(hundreds) => Some(Literal::u16_unsuffixed(hundreds)),
        Status::Code(_) | Status::Default => None,
    });
    let hundreds: Vec<_> = hundreds.collect();
    if hundreds.len() > 1 {
        // A guard applies to the whole arm, not to one of its patterns.
        return quote!(status if matches!(status / 100, #(#hundreds)|*));
    }
    let patterns = statuses.map(pattern);
    quote!(#(#patterns)|*)
}

fn pattern(status: Status) -> TokenStream {
    let number = Literal::u16_unsuffixed;
    match status {
        Status::Code(code) => number(code).into_token_stream(),
        Status::Range(hundreds) => {
            // A range pattern would overlap the more specific statuses.
            let hundreds = number(hundreds);
            quote!(status if status / 100 == #hundreds)
        }
        Status::Default => quote!(_),
    }
}
