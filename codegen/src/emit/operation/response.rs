//! The types of response bodies.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::config::Target;
use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::model::types;
use crate::emit::operation::statuses;
use crate::emit::rust::ty::{self, generic};
use crate::ir::{Content, Framing, Operation, Output, SuccessResponse};

/// Returns the type of an operation's successful response.
pub(in crate::emit) fn output_type(context: Context<'_>, output: &Output) -> syn::Type {
    match output {
        Output::Empty => ty::tuple([]),
        Output::One { content, .. } => content_type(context, content),
        Output::Several { name, .. } => ty::ty(&name.0),
    }
}

/// Returns the type of the body of a response.
pub(in crate::emit) fn content_type(context: Context<'_>, content: &Content) -> syn::Type {
    let stream = |name, item| match context.target {
        Target::Client => generic(name, [item, ty::ty("Error")]),
        Target::Server { .. } => generic(name, [item]),
    };
    match (content, &context.target) {
        (Content::Json(ty) | Content::PlainText(ty), _) => types::nullable(context, ty),
        (Content::Bytes, Target::Client) => ty::ty("rt::Download"),
        (Content::Bytes, Target::Server { .. }) => ty::ty("rt::Blob"),
        (Content::Events(Some(ty)), _) => stream("rt::EventStream", types::nullable(context, ty)),
        (Content::Events(None), _) => stream("rt::EventStream", ty::ty("String")),
        (Content::Values(ty, _), _) => stream("rt::JsonLines", types::nullable(context, ty)),
    }
}

/// Returns how a stream of JSON values is delimited.
pub(in crate::emit) fn framing(framing: &Framing) -> TokenStream {
    match framing {
        Framing::Lines => quote!(rt::Framing::Lines),
        Framing::JsonLines => quote!(rt::Framing::JsonLines),
        Framing::Sequence => quote!(rt::Framing::Sequence),
        Framing::Parts { is_string: false, .. } => quote!(rt::Framing::Parts),
        Framing::Parts { is_string: true, .. } => quote!(rt::Framing::StringParts),
    }
}

/// Returns the enum of an operation with several successful responses.
pub(in crate::emit) fn several(
    context: Context<'_>,
    operation: &Operation,
    output: &Output,
) -> Option<TokenStream> {
    let Output::Several { name, responses } = output else {
        return None;
    };
    let comment = format!(" A successful response to [`{}`].", operation.request.0);
    let variants = responses.iter().map(|response| {
        let meaning = docs::docs_or(response.docs.as_deref(), "a successful response.");
        let comment = docs::comment([format!("{}: {}", response.status, meaning.trim()).as_str()]);
        let name = &response.name;
        let status = has_status(context, response).then(|| quote!(rt::ResponseStatus));
        let fields: Vec<_> = status.into_iter().chain(body_type(context, response)).collect();
        match fields.is_empty() {
            true => quote!(#comment #name,),
            false => quote!(#comment #name(#(#fields),*),),
        }
    });
    // Bytes and streams can be read only once, and cannot be compared.
    let derive = match output.contents().any(Content::is_incremental) {
        true => quote!(#[derive(Debug)]),
        false => quote!(#[derive(Clone, Debug, PartialEq)]),
    };
    let statuses = || responses.iter().map(|response| response.status);
    let constructors = responses.iter().filter_map(|response| {
        let function = response.constructor.as_ref()?;
        let variant = (&response.name, response.status);
        let body: Vec<_> =
            body_type(context, response).map(|ty| (quote!(body), ty)).into_iter().collect();
        has_status(context, response)
            .then(|| statuses::constructor(function, variant, statuses(), &body))
    });
    let into = responses.iter().filter_map(|response| into(context, response));
    let methods: Vec<_> = constructors.chain(into).collect();
    let methods = (!methods.is_empty()).then(|| quote!(impl #name { #(#methods)* }));
    Some(quote! {
        #[doc = #comment]
        #derive
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }

        #methods
    })
}

/// Returns whether a variant has a field for its status.
pub(in crate::emit) fn has_status(context: Context<'_>, response: &SuccessResponse) -> bool {
    matches!(context.target, Target::Server { .. }) && response.constructor.is_some()
}

fn body_type(context: Context<'_>, response: &SuccessResponse) -> Option<TokenStream> {
    response.content.as_ref().map(|(content, _)| content_type(context, content).to_token_stream())
}

/// Returns the method that extracts the body of one variant.
fn into(context: Context<'_>, response: &SuccessResponse) -> Option<TokenStream> {
    let (into, (content, media)) = (response.into.as_ref()?, response.content.as_ref()?);
    let status = has_status(context, response).then(|| quote!(_,));
    let (variant, ty) = (&response.name, content_type(context, content));
    let media = media.iter().map(|media| docs::code(media)).collect::<Vec<_>>().join(" or ");
    let comment =
        docs::comment([format!("Returns the body if its media type is {media}.").as_str()]);
    Some(quote! {
        #comment
        #[must_use]
        pub fn #into(self) -> Option<#ty> {
            match self {
                Self::#variant(#status body) => Some(body),
                _ => None,
            }
        }
    })
}
