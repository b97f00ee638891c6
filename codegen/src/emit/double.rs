//! Test doubles: a trait of the operations, each of which a double may have or not.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emit, answer, operation, syntax, tags, text};
use crate::ir::{Api, Name, Operation, Output, TestDoubleNames, Type, TypeName};

/// The file of the trait.
pub(super) fn double(emit: Emit<'_>, names: &TestDoubleNames) -> TokenStream {
    let module = syntax::path(emit.module);
    let operations = &emit.api.operations;
    let imports = imports(emit);
    let calls: Vec<Call<'_>> = operations.iter().flat_map(calls).collect();
    let methods = calls.iter().map(|call| method(emit, call));
    let boxed_methods = calls.iter().map(|call| boxed_method(emit, call));
    let forwards = calls.iter().map(|call| forward(emit, names, call));
    let any_names = operation::any_names(emit.api);
    let TestDoubleNames { operations, boxed_operations: boxed, implementation: any } = names;
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
pub(super) fn gate(api: &Api) -> Option<TokenStream> {
    let feature = api.test_doubles_feature()?;
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
    let uses = emit.uses(emit.api.operations.iter().flat_map(answers), None);
    let names = emit.api.operations.iter().flat_map(named);
    quote! {
        #(#uses)*
        use #module::operations::{#(#names),*};
    }
}

/// One way to call an operation, which is a method of a double.
struct Call<'a> {
    name: &'a Name,
    operation: &'a Operation,
    output: &'a Output,
    is_stream: bool,
}

/// The ways to call an operation.
fn calls(operation: &Operation) -> impl Iterator<Item = Call<'_>> {
    let whole =
        Call { name: &operation.name, operation, output: &operation.output, is_stream: false };
    let stream = operation.stream.as_ref().map(|stream| Call {
        name: &stream.test_double_method,
        operation,
        output: &stream.output,
        is_stream: true,
    });
    std::iter::once(whole).chain(stream)
}

/// The types of answers that are models.
fn answers(operation: &Operation) -> impl Iterator<Item = &Type> {
    // The others are behind the types that hold them.
    calls(operation)
        .filter(|call| call.output.name().is_none())
        .flat_map(|call| call.output.types())
}

/// The types of the file of an operation that its methods name.
pub(super) fn named(operation: &Operation) -> impl Iterator<Item = &TypeName> {
    let outputs = calls(operation).filter_map(|call| call.output.name());
    std::iter::once(&operation.request).chain(outputs)
}

fn method(emit: Emit<'_>, call: &Call<'_>) -> TokenStream {
    let Call { name, operation, output, is_stream } = call;
    let (request, answer) = (&operation.request, answer::output_type(emit, output));
    let of = operation.name.0.trim_start_matches("r#");
    let how = if *is_stream { ", asked for a stream" } else { "" };
    let comment = format!(" Answers [`Client::{of}`](super::Client::{of}){how}.");
    let called = text(name.0.trim_start_matches("r#"));
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

fn boxed_method(emit: Emit<'_>, call: &Call<'_>) -> TokenStream {
    let (name, request) = (call.name, &call.operation.request);
    let answer = answer::output_type(emit, call.output);
    let gate = tags::gate_of(emit.api, call.operation);
    quote!(#gate fn #name(&self, request: #request) -> rt::Pending<'_, #answer, Error>;)
}

fn forward(emit: Emit<'_>, names: &TestDoubleNames, call: &Call<'_>) -> TokenStream {
    let (name, request) = (call.name, &call.operation.request);
    let (answer, operations) = (answer::output_type(emit, call.output), &names.operations);
    let gate = tags::gate_of(emit.api, call.operation);
    quote! {
        #gate
        fn #name(&self, request: #request) -> rt::Pending<'_, #answer, Error> {
            Box::pin(#operations::#name(self, request))
        }
    }
}
