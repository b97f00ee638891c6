//! Test doubles: a trait of the operations, each of which a double may have or not.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emit, operation, syntax, tags, text};
use crate::ir::{Doubles, Operation, Output, Type};

/// The file of the trait.
pub(super) fn double(emit: Emit<'_>, names: &Doubles) -> TokenStream {
    let module = syntax::path(emit.module);
    let operations = &emit.api.operations;
    let imports = imports(emit);
    let methods = operations.iter().map(|operation| method(emit, operation));
    let boxed_methods = operations.iter().map(|operation| boxed_method(emit, operation));
    let forwards = operations.iter().map(|operation| forward(emit, names, operation));
    let any_names = operation::any_names(emit.api);
    let Doubles { operations, boxed, any, .. } = names;
    quote! {
        use #module::Error;
        #imports

        /// What answers in the place of the API, in tests: each operation as a method.
        ///
        /// A double has those methods that its test needs; any other fails and says which one
        /// was called. [`Client::from_double`](super::Client::from_double) makes a client of it.
        /// What comes to it is valid, and nothing is tried again.
        #any_names
        pub trait #operations: Send + Sync {
            #(#methods)*
        }

        /// The same, as a client can hold it: futures of any type behind one.
        #any_names
        pub(super) trait #boxed: Send + Sync {
            #(#boxed_methods)*
        }

        impl<#any: #operations> #boxed for #any {
            #(#forwards)*
        }
    }
}

/// What stands above all that belongs to doubles.
pub(super) fn gate(names: &Doubles) -> Option<TokenStream> {
    let feature = names.feature?;
    Some(quote!(#[cfg(feature = #feature)]))
}

/// What the methods name. Behind features, not all of it is there.
fn imports(emit: Emit<'_>) -> TokenStream {
    let module = syntax::path(emit.module);
    if !emit.api.tags.is_empty() {
        let (uses, operations) = (emit.uses(None, None), tags::all(emit));
        return quote! {
            #[allow(unused_imports, reason = "with few tags, no method may name a model")]
            use #module::models::*;
            #(#operations)*
            #(#uses)*
        };
    }
    let uses = emit.uses(emit.api.operations.iter().flat_map(answer), None);
    let names = emit.api.operations.iter().flat_map(operation::type_names);
    quote! {
        #(#uses)*
        use #module::operations::{#(#names),*};
    }
}

/// The type that an operation answers with, where it is one of the models.
fn answer(operation: &Operation) -> Option<&Type> {
    match &operation.output {
        Output::One(ty) => Some(ty),
        Output::Empty | Output::PerStatus { .. } => None,
    }
}

fn method(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let (name, request) = (&operation.name, &operation.request);
    let answer = operation::answer_type(emit, operation);
    let called = name.0.trim_start_matches("r#");
    let comment = format!(" Answers [`Client::{called}`](super::Client::{called}).");
    let called = text(called);
    let gate = tags::gate_of(emit.api, operation);
    quote! {
        #gate
        #[doc = #comment]
        fn #name(
            &self,
            request: #request,
        ) -> impl rt::Future<Output = Result<rt::Response<#answer>, Error>> + Send {
            rt::not_doubled(#called, request)
        }
    }
}

fn boxed_method(emit: Emit<'_>, operation: &Operation) -> TokenStream {
    let (name, request) = (&operation.name, &operation.request);
    let answer = operation::answer_type(emit, operation);
    let gate = tags::gate_of(emit.api, operation);
    quote!(#gate fn #name(&self, request: #request) -> rt::Pending<'_, #answer, Error>;)
}

fn forward(emit: Emit<'_>, names: &Doubles, operation: &Operation) -> TokenStream {
    let (name, request) = (&operation.name, &operation.request);
    let (answer, operations) = (operation::answer_type(emit, operation), &names.operations);
    let gate = tags::gate_of(emit.api, operation);
    quote! {
        #gate
        fn #name(&self, request: #request) -> rt::Pending<'_, #answer, Error> {
            Box::pin(#operations::#name(self, request))
        }
    }
}
