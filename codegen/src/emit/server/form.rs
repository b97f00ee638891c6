//! The ways in which a body may come, as the runtime has to know to read it.

use proc_macro2::TokenStream;
use quote::quote;

use super::kind;
use crate::emit::context::Context as Emit;
use crate::emit::operation::body;
use crate::ir::{Body, BodyEncoding, BodyFormat, Media, Operation};

/// Whether a body may be anything but JSON.
pub(super) fn has_ways(body: &Body) -> bool {
    let is_json = |way: &BodyFormat| matches!(way.encoding, BodyEncoding::Json);
    !body.only().is_some_and(|media| media.formats.iter().all(is_json))
}

/// The ways in which a body may come, each in the place by which it is known.
pub(super) fn ways(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    let body = operation.body.as_ref().filter(|body| has_ways(body))?;
    let ways =
        body.media().flat_map(|media| media.formats.iter().map(|way| entry(emit, media, way)));
    Some(quote! {
        /// What the body may be sent as.
        static BODY: &[rt::BodyFormat] = &[#(#ways),*];
    })
}

fn entry(emit: Emit<'_>, media: &Media, way: &BodyFormat) -> TokenStream {
    let media_type = &way.media_type;
    let parts = body::parts_of(&way.encoding).map(body::table);
    let kind = || kind::of_form(emit, &media.ty);
    let format = match &way.encoding {
        BodyEncoding::Json => quote!(rt::Format::Json),
        BodyEncoding::PlainText => {
            let kind = kind();
            quote!(rt::Format::Text(#kind))
        }
        BodyEncoding::Blob => quote!(rt::Format::Blob),
        BodyEncoding::Form(_) => {
            let kind = kind();
            quote!(rt::Format::Form(#kind, #parts))
        }
        BodyEncoding::Multipart(_) => {
            let kind = kind();
            quote!(rt::Format::Multipart(#kind, #parts))
        }
    };
    quote!(rt::BodyFormat { media_type: #media_type, format: #format })
}
