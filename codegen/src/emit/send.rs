//! How a request is sent, and what its answers become.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{Emit, double, operation, types};
use crate::ir::{Operation, Output, Status, SuccessAnswer, TypeName};

/// How a request comes to its answer.
fn execute(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let Some(doubles) = &emit.api.doubles else {
        return quote!(rt::Call::sent(&self.client.transport, request, read));
    };
    let (name, boxed, gate) = (&operation.name, &doubles.boxed, double::gate(doubles));
    quote! {
        #gate
        if let rt::Carrier::Double(double) = &self.client.carrier {
            return rt::Call::doubled(double, self, <dyn #boxed>::#name);
        }
        rt::Call::carried(&self.client.carrier, request, read)
    }
}

/// The methods that send a request: the whole, and what comes once it is put together.
pub(super) fn send(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let output = operation::answer_type(emit, operation);
    let execute = execute(emit, operation);
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
    }
}

/// What an answer becomes.
pub(super) fn read(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let output = operation::answer_type(emit, operation);
    let successes = match &operation.output {
        Output::Empty => quote!(200..=299 => Ok(answer.empty()),),
        Output::One(_) => quote!(200..=299 => Ok(answer.json()?),),
        Output::PerStatus { name, answers } => {
            let arms = answers.iter().map(|answer| success(emit, name, answer));
            quote!(#(#arms)*)
        }
    };
    let mut errors = operation.errors.clone();
    // The more precise a status, the earlier its arm.
    errors.sort_by_key(|(status, body)| (specificity(*status), *body, *status));
    let mut arms = Vec::new();
    for group in errors.chunk_by(|a, b| specificity(a.0) == specificity(b.0) && a.1 == b.1) {
        let patterns = group.iter().map(|(status, _)| pattern(*status));
        let name = &emit.api.error_bodies[group[0].1].name;
        arms.push(quote!(#(#patterns)|* => Err(answer.error(ErrorBody::#name)),));
    }
    let ends = operation.errors.iter().any(|(status, _)| *status == Status::Default);
    let rest = (!ends).then(|| quote!(_ => Err(answer.unexpected()),));
    quote! {
        fn read(answer: rt::Answer) -> Result<rt::Response<#output>, Error> {
            match answer.status() {
                #successes
                #(#arms)*
                #rest
            }
        }
    }
}

fn success(emit: Emit<'_>, output: &TypeName, answer: &SuccessAnswer) -> TokenStream {
    let (pattern, name) = (pattern(answer.status), &answer.name);
    match &answer.ty {
        Some(ty) => {
            let ty = types::nullable(emit, ty);
            quote!(#pattern => Ok(answer.json::<#ty>()?.map(#output::#name)),)
        }
        None => quote!(#pattern => Ok(answer.empty().map(|()| #output::#name)),),
    }
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
