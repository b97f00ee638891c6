//! The trait for test doubles, with a method per operation.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::emit::features;
use crate::emit::operation::{metadata, response};
use crate::emit::rust::attribute;
use crate::emit::rust::name::path;
use crate::ir::{Name, Operation, Output, Tag, TestDoubleNames, Type, TypeName};

/// Returns the file of the trait.
pub(super) fn test_double(context: Context<'_>, names: &TestDoubleNames) -> TokenStream {
    let module = path(context.module);
    let operations = &context.api.operations;
    let imports = imports(context);
    let calls: Vec<Call<'_>> = operations.iter().flat_map(calls).collect();
    let methods = calls.iter().map(|call| method(context, call));
    let boxed_methods = calls.iter().map(|call| boxed_method(context, call));
    let forwards = calls.iter().map(|call| forward(context, names, call));
    let any_names = metadata::allow_any_name(context.api);
    let TestDoubleNames { operations, boxed_operations: boxed, implementation: any } = names;
    quote! {
        use #module::Error;
        #imports

        /// The operations of the API, which a test double implements.
        ///
        /// Implement the methods that a test calls. The others return an error that names the
        /// method. [`Client::from_test_double`](super::Client::from_test_double) creates a client
        /// that uses the test double. Requests are validated first, and calls are not retried.
        #any_names
        pub trait #operations: Send + Sync {
            #(#methods)*
        }

        /// The object-safe version of the trait, which a client stores.
        #any_names
        pub(super) trait #boxed: Send + Sync {
            #(#boxed_methods)*
        }

        impl<#any: #operations> #boxed for #any {
            #(#forwards)*
        }
    }
}

/// Returns the imports of the methods. With features, some of them may not exist.
fn imports(context: Context<'_>) -> TokenStream {
    let module = path(context.module);
    if !context.api.tags.is_empty() {
        let (uses, operations) = (context.uses(None, None), tagged_imports(context));
        return quote! {
            #[allow(unused_imports, reason = "with few tags, no method may use a model")]
            use #module::models::*;
            #(#operations)*
            #(#uses)*
        };
    }
    let uses = context.uses(context.api.operations.iter().flat_map(response_types), None);
    let names = context.api.operations.iter().flat_map(request_names);
    quote! {
        #(#uses)*
        use #module::operations::{#(#names),*};
    }
}

/// Returns the imports of all operations, each with the feature of its tag.
fn tagged_imports(context: Context<'_>) -> Vec<TokenStream> {
    let module = path(context.module);
    let all = &context.api.tags;
    let has_operations = |tag: &&Tag| context.api.operations.iter().any(|one| one.is_of(tag));
    let tags = all.iter().filter(has_operations).map(|tag| {
        let (path, feature) = (tag.modules(all), &tag.feature);
        quote!(#[cfg(feature = #feature)] use #module::operations::#(#path)::*::*;)
    });
    let names: Vec<_> = features::untagged(context.api).flat_map(request_names).collect();
    let others = (!names.is_empty()).then(|| quote!(use #module::operations::{#(#names),*};));
    tags.chain(others).collect()
}

/// A method of a test double: an operation, or its streaming variant.
struct Call<'a> {
    name: &'a Name,
    operation: &'a Operation,
    output: &'a Output,
    is_stream: bool,
}

impl<'a> Call<'a> {
    /// Returns the former names of the method.
    fn former(&self) -> impl Iterator<Item = &'a Name> {
        let is_stream = self.is_stream;
        let all = self.operation.former.iter();
        all.filter_map(move |former| match is_stream {
            true => former.stream.as_ref(),
            false => Some(&former.name),
        })
    }
}

/// Returns the methods for an operation.
fn calls(operation: &Operation) -> impl Iterator<Item = Call<'_>> {
    let complete =
        Call { name: &operation.name, operation, output: &operation.output, is_stream: false };
    let stream = operation.stream.as_ref().map(|stream| Call {
        name: &stream.test_double_method,
        operation,
        output: &stream.output,
        is_stream: true,
    });
    std::iter::once(complete).chain(stream)
}

/// Returns the models that responses use.
fn response_types(operation: &Operation) -> impl Iterator<Item = &Type> {
    // Other outputs have a type in the file of their operation.
    calls(operation)
        .filter(|call| call.output.name().is_none())
        .flat_map(|call| call.output.types())
}

/// Returns the types of an operation's file that the methods use.
fn request_names(operation: &Operation) -> impl Iterator<Item = &TypeName> {
    let outputs = calls(operation).filter_map(|call| call.output.name());
    std::iter::once(&operation.request).chain(outputs)
}

fn method(context: Context<'_>, call: &Call<'_>) -> TokenStream {
    let Call { name, operation, output, is_stream } = call;
    let (request, output) = (&operation.request, response::output_type(context, output));
    let method = operation.name.0.trim_start_matches("r#");
    let calls = if *is_stream { "streaming calls" } else { "calls" };
    let comment = format!(" Handles {calls} of [`Client::{method}`](super::Client::{method}).");
    let called = name.0.trim_start_matches("r#");
    let cfg = features::operation(context.api, operation);
    let signature = quote! {
        (
            &self,
            request: #request,
        ) -> impl rt::Future<Output = Result<rt::Response<#output>, Error>> + Send
    };
    // Each method calls the one with its former name, which a test double may implement.
    let former: Vec<&Name> = call.former().collect();
    let reason = "a test double may have the former name";
    let calls = former.iter().map(|former| {
        let expect = quote!(#[expect(deprecated, reason = #reason)]);
        (Some(expect), quote!(self.#former(request)))
    });
    let last = (None, quote!(rt::not_implemented(#called, request)));
    let names = [*name].into_iter().chain(former.iter().copied());
    let attributes = attribute::former(&format!("Self::{}", name.0));
    let methods = names.zip(calls.chain([last])).enumerate();
    let methods = methods.map(|(index, (name, (expect, body)))| {
        let docs = match index {
            0 => quote!(#[doc = #comment]),
            _ => quote!(#(#attributes)*),
        };
        quote!(#cfg #docs #expect fn #name #signature { #body })
    });
    quote!(#(#methods)*)
}

fn boxed_method(context: Context<'_>, call: &Call<'_>) -> TokenStream {
    let (name, request) = (call.name, &call.operation.request);
    let output = response::output_type(context, call.output);
    let cfg = features::operation(context.api, call.operation);
    quote!(#cfg fn #name(&self, request: #request) -> rt::Pending<'_, #output, Error>;)
}

fn forward(context: Context<'_>, names: &TestDoubleNames, call: &Call<'_>) -> TokenStream {
    let (name, request) = (call.name, &call.operation.request);
    let (output, operations) = (response::output_type(context, call.output), &names.operations);
    let cfg = features::operation(context.api, call.operation);
    quote! {
        #cfg
        fn #name(&self, request: #request) -> rt::Pending<'_, #output, Error> {
            Box::pin(#operations::#name(self, request))
        }
    }
}
