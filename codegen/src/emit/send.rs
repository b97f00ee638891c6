//! How a request is sent, and what its answers become.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{Emit, answer, docs, double, ident, operation, paging, text, types};
use crate::ir::{Content, Name, Operation, Output, Status, StreamedResponse, SuccessResponse};

/// How a request comes to its answer, which a function reads.
fn execute(emit: Emit<'_>, name: &Name, this: TokenStream, read: &str) -> TokenStream {
    let read = ident(read);
    let Some(doubles) = &emit.api.test_doubles else {
        return quote!(rt::Call::sent(&self.client.transport, request, #read));
    };
    let (boxed, gate) = (&doubles.boxed_operations, double::gate(emit.api));
    quote! {
        #gate
        if let rt::Carrier::Double(double) = &self.client.carrier {
            return rt::Call::doubled(double, #this, <dyn #boxed>::#name);
        }
        rt::Call::carried(&self.client.carrier, request, #read)
    }
}

/// The methods that send a request: the whole, and what comes once it is put together.
pub(super) fn send(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let output = operation::answer_type(emit, operation);
    let execute = execute(emit, &operation.name, quote!(self), "read");
    let stream = operation.stream.as_ref().map(|stream| self::stream(emit, stream));
    quote! {
        /// Sends the request.
        ///
        /// # Errors
        /// Fails where the request is not valid, does not get through, or is refused.
        pub fn send(self) -> rt::Call<#output, ErrorBody> {
            match self.request() {
                Ok(request) => self.execute(request),
                Err(error) => rt::Call::failed(error),
            }
        }

        pub(crate) fn execute(&self, request: rt::Request) -> rt::Call<#output, ErrorBody> {
            #execute
        }

        #stream
    }
}

/// The method that asks for a stream, where the usual answer is whole.
fn stream(emit: Emit<'_>, stream: &StreamedResponse) -> TokenStream {
    let StreamedResponse { method, test_double_method: double, accept, body_flag: switch, output } =
        stream;
    let ty = answer::output_type(emit, output);
    let comment = format!("Sends the request, and asks for `{accept}`.");
    let switch = switch.as_ref().map(|steps| {
        let (slot, is_optional) = paging::slot(steps);
        let value = if is_optional { quote!(Some(true)) } else { quote!(true) };
        quote!(#slot = #value;)
    });
    let told = switch.as_ref().map(|_| "The `stream` of its body becomes `true`.");
    let comment = docs::comment([comment.as_str()].into_iter().chain(told));
    let this = if switch.is_some() { quote!(mut self) } else { quote!(self) };
    let accept = text(accept);
    let execute = execute(emit, double, quote!(&self), "read_stream");
    quote! {
        #comment
        ///
        /// # Errors
        /// Fails where the request is not valid, does not get through, or is refused, and where
        /// the answer is no stream.
        pub fn #method(#this) -> rt::Call<#ty, ErrorBody> {
            #switch
            match self.request() {
                Ok(mut request) => {
                    request.accept(#accept);
                    request.open_unless(&[]);
                    #execute
                }
                Err(error) => rt::Call::failed(error),
            }
        }
    }
}

/// What is said of a request whose answer is left open: the media types of those that are read
/// whole all the same.
pub(super) fn open(operation: &Operation) -> Option<TokenStream> {
    let is_incremental = operation.output.contents().any(Content::is_incremental);
    let Output::Several { responses: answers, .. } = &operation.output else {
        return is_incremental.then(|| quote!(request.open_unless(&[]);));
    };
    let contents = answers.iter().filter_map(|answer| answer.content.as_ref());
    let mut whole: Vec<&str> = contents
        .filter(|(content, _)| !content.is_incremental())
        .map(|(_, media)| media.as_str())
        .collect();
    whole.sort_unstable();
    whole.dedup();
    is_incremental.then(|| quote!(request.open_unless(&[#(#whole),*]);))
}

/// What an answer becomes.
pub(super) fn read(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let output = operation::answer_type(emit, operation);
    let successes = successes(emit, &operation.output);
    let has_events = [Some(&operation.output), operation.stream.as_ref().map(|of| &of.output)];
    let mut contents = has_events.into_iter().flatten().flat_map(Output::contents);
    let is_shared =
        operation.stream.is_some() || contents.any(|content| matches!(content, Content::Events(_)));
    // What makes an error of an answer is needed more than once.
    let (arms, refused) = match is_shared {
        true => (quote!(_ => Err(refused(answer)),), Some(refused(emit, operation))),
        false => (error_arms(emit, operation, |error| quote!(Err(#error))), None),
    };
    let stream = operation.stream.as_ref().map(|stream| {
        let output = answer::output_type(emit, &stream.output);
        let successes = self::successes(emit, &stream.output);
        quote! {
            fn read_stream(answer: rt::Answer) -> Result<rt::Response<#output>, Error> {
                match answer.status() {
                    #successes
                    _ => Err(refused(answer)),
                }
            }
        }
    });
    quote! {
        fn read(answer: rt::Answer) -> Result<rt::Response<#output>, Error> {
            match answer.status() {
                #successes
                #arms
            }
        }

        #stream
        #refused
    }
}

/// What the answers become that mean success.
fn successes(emit: Emit<'_>, output: &Output) -> TokenStream {
    let (name, answers) = match output {
        Output::Empty => return quote!(200..=299 => Ok(answer.empty()),),
        Output::One { content: Content::Json(_), .. } => {
            return quote!(200..=299 => Ok(answer.json()?),);
        }
        Output::One { content, .. } => {
            let body = body(emit, content);
            return quote!(200..=299 => Ok(#body),);
        }
        Output::Several { name, responses: answers } => (name, answers),
    };
    let value = |answer: &SuccessResponse| {
        let variant = &answer.name;
        match &answer.content {
            Some((content, _)) => {
                let body = body(emit, content);
                quote!(Ok(#body.map(#name::#variant)))
            }
            None => quote!(Ok(answer.empty().map(|()| #name::#variant))),
        }
    };
    let arms = answers.chunk_by(|a, b| a.status == b.status).map(|group| {
        let pattern = match group[0].status {
            // What goes well of all that there is.
            Status::Default => quote!(200..=299),
            status => pattern(status),
        };
        let [others @ .., last] = group else { return TokenStream::new() };
        if others.is_empty() {
            let value = value(last);
            return quote!(#pattern => #value,);
        }
        let media =
            |answer: &SuccessResponse| answer.content.as_ref().map(|(_, media)| text(media));
        let all = group.iter().filter_map(media);
        let arms = others.iter().filter_map(|answer| {
            let (media, value) = (media(answer)?, value(answer));
            Some(quote!(#media => #value,))
        });
        let last = value(last);
        quote! {
            #pattern => match answer.media_type(&[#(#all),*])? {
                #(#arms)*
                _ => #last,
            },
        }
    });
    quote!(#(#arms)*)
}

/// What a body becomes.
fn body(emit: Emit<'_>, content: &Content) -> TokenStream {
    match content {
        Content::Json(ty) => {
            let ty = types::nullable(emit, ty);
            quote!(answer.json::<#ty>()?)
        }
        Content::Text => quote!(answer.text()?),
        Content::Bytes => quote!(answer.download()),
        Content::Events(Some(_)) => quote!(answer.events(refused)?),
        Content::Events(None) => quote!(answer.text_events(refused)?),
        Content::Values(_, framing) => {
            let framing = answer::framing(*framing);
            quote!(answer.lines(#framing)?)
        }
    }
}

/// The function that makes an error of an answer that means failure.
fn refused(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let body = match operation.errors.as_slice() {
        [] => quote!(answer.unexpected()),
        _ => {
            let arms = error_arms(emit, operation, |error| error);
            quote!(match answer.status() { #arms })
        }
    };
    quote! {
        fn refused(answer: rt::Answer) -> Error {
            #body
        }
    }
}

/// What the answers become that mean failure.
fn error_arms(
    emit: Emit<'_>,
    operation: &Operation,
    result: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let mut errors = operation.errors.clone();
    // The more precise a status, the earlier its arm.
    errors.sort_by_key(|error| (specificity(error.status), error.body, error.status));
    let groups =
        errors.chunk_by(|a, b| specificity(a.status) == specificity(b.status) && a.body == b.body);
    let arms = groups.map(|group| {
        let patterns = patterns(group.iter().map(|error| error.status));
        let name = &emit.api.error_bodies[group[0].body].name;
        let error = result(quote!(answer.error(ErrorBody::#name)));
        quote!(#patterns => #error,)
    });
    let arms: Vec<_> = arms.collect();
    let ends = operation.errors.iter().any(|error| error.status == Status::Default);
    let rest = (!ends).then(|| {
        let error = result(quote!(answer.unexpected()));
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

/// One pattern of statuses that are equally precise.
fn patterns(statuses: impl Iterator<Item = Status> + Clone) -> TokenStream {
    let hundreds = statuses.clone().filter_map(|status| match status {
        Status::Range(hundreds) => Some(Literal::u16_unsuffixed(hundreds)),
        Status::Code(_) | Status::Default => None,
    });
    let hundreds: Vec<_> = hundreds.collect();
    if hundreds.len() > 1 {
        // Only a whole arm has a condition, not each of its patterns.
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
            // A range would overlap with the statuses that are more precise.
            let hundreds = number(hundreds);
            quote!(status if status / 100 == #hundreds)
        }
        Status::Default => quote!(_),
    }
}
