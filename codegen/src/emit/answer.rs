//! What answers are in Rust: the types of their bodies, and of their headers.

use proc_macro2::TokenStream;
use quote::quote;

use super::syntax::{self, generic};
use super::{Emit, docs, text, types};
use crate::config::Target;
use crate::ir::{
    Content, Framing, Header, HeaderFormat, Headers, Operation, Output, SuccessResponse,
};

/// The type of what an answer brings.
pub(super) fn output_type(emit: Emit<'_>, output: &Output) -> syn::Type {
    match output {
        Output::Empty => syntax::tuple_type([]),
        Output::One { content, .. } => content_type(emit, content),
        Output::Several { name, .. } => syntax::ty(&name.0),
    }
}

/// The type of the body of an answer.
pub(super) fn content_type(emit: Emit<'_>, content: &Content) -> syn::Type {
    let stream = |name, item| match emit.target {
        Target::Client => generic(name, [item, syntax::ty("Error")]),
        Target::Server { .. } => generic(name, [item]),
    };
    match (content, &emit.target) {
        (Content::Json(ty), _) => types::nullable(emit, ty),
        (Content::Text, _) => syntax::ty("String"),
        (Content::Bytes, Target::Client) => syntax::ty("rt::Download"),
        (Content::Bytes, Target::Server { .. }) => syntax::ty("rt::Blob"),
        (Content::Events(Some(ty)), _) => stream("rt::EventStream", types::nullable(emit, ty)),
        (Content::Events(None), _) => stream("rt::EventStream", syntax::ty("String")),
        (Content::Values(ty, _), _) => stream("rt::JsonLines", types::nullable(emit, ty)),
    }
}

/// How values are told apart.
pub(super) fn framing(framing: Framing) -> TokenStream {
    match framing {
        Framing::Lines => quote!(rt::Framing::Lines),
        Framing::Sequence => quote!(rt::Framing::Sequence),
    }
}

/// The enum of several kinds of success.
pub(super) fn several(
    emit: Emit<'_>,
    operation: &Operation,
    output: &Output,
) -> Option<TokenStream> {
    let Output::Several { name, responses: answers } = output else {
        return None;
    };
    let comment = format!(" What [`{}`] can bring.", operation.request.0);
    let variants = answers.iter().map(|answer| {
        let meaning = docs::text_or(answer.docs.as_deref(), "a success.");
        let comment = docs::comment([format!("{}: {}", answer.status, meaning.trim()).as_str()]);
        let name = &answer.name;
        match &answer.content {
            Some((content, _)) => {
                let ty = content_type(emit, content);
                quote!(#comment #name(#ty),)
            }
            None => quote!(#comment #name,),
        }
    });
    // Bytes and streams are read once, and are equal to nothing.
    let derive = match output.contents().any(Content::is_incremental) {
        true => quote!(#[derive(Debug)]),
        false => quote!(#[derive(Clone, Debug, PartialEq)]),
    };
    let methods: Vec<_> = answers.iter().filter_map(|answer| into(emit, answer)).collect();
    let methods = (!methods.is_empty()).then(|| quote!(impl #name { #(#methods)* }));
    Some(quote! {
        #[doc = #comment]
        #derive
        pub enum #name {
            #(#variants)*
        }

        #methods
    })
}

/// The method that takes one kind of success out of the enum of all.
fn into(emit: Emit<'_>, answer: &SuccessResponse) -> Option<TokenStream> {
    let (into, (content, media)) = (answer.into.as_ref()?, answer.content.as_ref()?);
    let (variant, ty) = (&answer.name, content_type(emit, content));
    let comment = docs::comment([format!("What came as `{media}`, if it did.").as_str()]);
    Some(quote! {
        #comment
        #[must_use]
        pub fn #into(self) -> Option<#ty> {
            match self {
                Self::#variant(body) => Some(body),
                _ => None,
            }
        }
    })
}

/// The type of the headers of an answer: read by a client, written by a server.
pub(super) fn headers(emit: Emit<'_>, headers: &Headers, of: &str) -> TokenStream {
    let name = &headers.name;
    let comment = format!(" The headers of {of}. Each is there if it came, and can be read.");
    let fields = headers.all.iter().map(|header| {
        let fallback = format!("The header `{}`.", header.wire);
        let text = docs::text_or(header.docs.as_deref(), &fallback);
        let wire = docs::wire("In the header", &header.name, &header.wire);
        let wire = wire.filter(|_| text != fallback);
        let comment = docs::comment([text].into_iter().chain(wire.as_deref()));
        let comment = comment.deprecated(header.deprecated);
        let (name, ty) = (&header.name, types::ty(emit, &header.ty));
        quote!(#comment pub #name: Option<#ty>,)
    });
    let conversion = match emit.target {
        Target::Client => {
            let fields = headers.all.iter().map(read);
            quote! {
                impl From<&rt::Headers> for #name {
                    fn from(headers: &rt::Headers) -> Self {
                        Self { #(#fields)* }
                    }
                }
            }
        }
        Target::Server { .. } => {
            let fields = headers.all.iter().map(|Header { name, wire, .. }| {
                let wire = text(wire);
                quote!(all.write(#wire, &headers.#name);)
            });
            quote! {
                impl From<#name> for rt::Headers {
                    fn from(headers: #name) -> Self {
                        let mut all = Self::default();
                        #(#fields)*
                        all
                    }
                }
            }
        }
    };
    quote! {
        #[doc = #comment]
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct #name {
            #(#fields)*
        }

        #conversion
    }
}

fn read(header: &Header) -> TokenStream {
    let (name, wire) = (&header.name, text(&header.wire));
    let form = match header.format {
        HeaderFormat::String => quote!(Text),
        HeaderFormat::Value => quote!(Value),
        HeaderFormat::Strings => quote!(Texts),
        HeaderFormat::Values => quote!(Values),
    };
    quote!(#name: headers.read(#wire, rt::HeaderForm::#form),)
}
