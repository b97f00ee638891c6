//! How a request is sent, and what its answers become.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{Emit, answer, operation, text, types};
use crate::ir::{Content, Doubles, Name, Operation, Output, Status, Streamed, SuccessAnswer};

/// How a request comes to its answer.
fn execute(emit: Emit<'_>, name: &Name, is_open: bool) -> TokenStream {
    let method = if is_open { quote!(open) } else { quote!(execute) };
    let Some(Doubles { boxed, .. }) = &emit.api.doubles else {
        return quote!(let answer = self.client.transport.#method(request).await?;);
    };
    // Named by the trait: a method may have the name of one that every type has.
    quote! {
        let transport = match &self.client.carrier {
            rt::Carrier::Api(transport) => transport,
            rt::Carrier::Double(double) => return #boxed::#name(&**double, self.clone()).await,
        };
        let answer = transport.#method(request).await?;
    }
}

/// The methods that send a request: the whole, and what comes once it is put together.
pub(super) fn send(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let output = operation::answer_type(emit, operation);
    let is_open = operation.output.contents().any(Content::is_open);
    let successes = successes(emit, &operation.output, is_open);
    let execute = execute(emit, &operation.name, is_open);
    let (arms, refused) = if is_open || operation.stream.is_some() {
        let answer = if is_open { quote!(answer.whole().await?) } else { quote!(answer) };
        (quote!(_ => Err(Self::refused(#answer)),), Some(refused(emit, operation)))
    } else {
        (error_arms(emit, operation, |error| quote!(Err(#error))), None)
    };
    let stream = operation.stream.as_ref().map(|stream| self::stream(emit, stream));
    quote! {
        /// Sends the request.
        ///
        /// # Errors
        /// Fails where the request is not valid, does not get through, or is refused.
        pub async fn send(self) -> Result<rt::Response<#output>, Error> {
            let request = self.request()?;
            self.execute(request).await
        }

        #stream

        pub(crate) async fn execute(
            &self,
            request: rt::Request,
        ) -> Result<rt::Response<#output>, Error> {
            #execute
            match answer.status() {
                #successes
                #arms
            }
        }

        #refused
    }
}

/// The method that asks for a stream, where the usual answer is whole.
fn stream(emit: Emit<'_>, stream: &Streamed) -> TokenStream {
    let Streamed { method, double, accept, output } = stream;
    let ty = answer::output_type(emit, output);
    let accept = text(accept);
    let execute = execute(emit, double, true);
    let successes = successes(emit, output, true);
    let comment =
        format!(" Sends the request for a stream ({}).", stream.accept.replace(", ", ","));
    quote! {
        #[doc = #comment]
        ///
        /// # Errors
        /// Fails where the request is not valid, does not get through, or is refused, and where
        /// the answer is no stream.
        pub async fn #method(self) -> Result<rt::Response<#ty>, Error> {
            let mut request = self.request()?;
            request.accept(#accept);
            #execute
            match answer.status() {
                #successes
                _ => Err(Self::refused(answer.whole().await?)),
            }
        }
    }
}

/// What the answers become that mean success. Of one that is open, the body is still to come.
fn successes(emit: Emit<'_>, output: &Output, is_open: bool) -> TokenStream {
    let whole = if is_open { quote!(answer.whole().await?) } else { quote!(answer) };
    let (name, answers) = match output {
        Output::Empty => return quote!(200..=299 => Ok(#whole.empty()),),
        Output::One { content: Content::Json(_), .. } => {
            return quote!(200..=299 => Ok(#whole.json()?),);
        }
        Output::One { content, .. } => {
            let body = body(emit, content, &whole);
            return quote!(200..=299 => Ok(#body),);
        }
        Output::Several { name, answers } => (name, answers),
    };
    let value = |answer: &SuccessAnswer| {
        let variant = &answer.name;
        match &answer.content {
            Some((content, _)) => {
                let body = body(emit, content, &whole);
                quote!(Ok(#body.map(#name::#variant)))
            }
            None => quote!(Ok(#whole.empty().map(|()| #name::#variant))),
        }
    };
    let arms = answers.chunk_by(|a, b| a.status == b.status).map(|group| {
        let pattern = pattern(group[0].status);
        let [others @ .., last] = group else { return TokenStream::new() };
        if others.is_empty() {
            let value = value(last);
            return quote!(#pattern => #value,);
        }
        let media = |answer: &SuccessAnswer| answer.content.as_ref().map(|(_, media)| text(media));
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
fn body(emit: Emit<'_>, content: &Content, whole: &TokenStream) -> TokenStream {
    match content {
        Content::Json(ty) => {
            let ty = types::nullable(emit, ty);
            quote!(#whole.json::<#ty>()?)
        }
        Content::Text => quote!(#whole.text()?),
        Content::Bytes => quote!(answer.download()),
        Content::Events(Some(_)) => quote!(answer.events(Self::refused)?),
        Content::Events(None) => quote!(answer.text_events(Self::refused)?),
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
    errors.sort_by_key(|(status, body)| (specificity(*status), *body, *status));
    let groups = errors.chunk_by(|a, b| specificity(a.0) == specificity(b.0) && a.1 == b.1);
    let arms = groups.map(|group| {
        let patterns = group.iter().map(|(status, _)| pattern(*status));
        let name = &emit.api.error_bodies[group[0].1].name;
        let error = result(quote!(answer.error(ErrorBody::#name)));
        quote!(#(#patterns)|* => #error,)
    });
    let arms: Vec<_> = arms.collect();
    let ends = operation.errors.iter().any(|(status, _)| *status == Status::Default);
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
