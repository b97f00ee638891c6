//! The formats that a body may have.

use proc_macro2::TokenStream;
use quote::quote;

use super::kind;
use crate::emit::context::Context;
use crate::emit::operation::{body, response};
use crate::ir::{Body, BodyEncoding, BodyFormat, Media, Operation};

/// Returns whether a body may have other formats than JSON, or other media types (YAML).
pub(super) fn has_formats(body: &Body) -> bool {
    let is_json = |format: &BodyFormat| {
        matches!(format.encoding, BodyEncoding::Json)
            && format.media_type.to_ascii_lowercase().contains("json")
    };
    !body.only().is_some_and(|media| media.formats.iter().all(is_json))
}

/// Returns the table of the formats that a body may have.
pub(super) fn formats(context: Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let body = operation.body.as_ref().filter(|body| has_formats(body))?;
    let formats = body
        .media()
        .flat_map(|media| media.formats.iter().map(|format| entry(context, media, format)));
    Some(quote! {
        /// The formats of the body.
        static BODY: &[rt::BodyFormat] = &[#(#formats),*];
    })
}

fn entry(context: Context<'_>, media: &Media, format: &BodyFormat) -> TokenStream {
    let media_type = &format.media_type;
    let parts = body::parts_of(&format.encoding).map(body::table);
    let kind = || kind::of_form(context, &media.ty);
    let format = match &format.encoding {
        BodyEncoding::Json => quote!(rt::Format::Json),
        BodyEncoding::PlainText => {
            let kind = kind();
            quote!(rt::Format::String(#kind))
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
        BodyEncoding::Values(framing) => {
            let framing = response::framing(framing);
            quote!(rt::Format::Values(#framing))
        }
        BodyEncoding::Events => {
            let (_, kind) = kind::of_elements(context, &media.ty);
            quote!(rt::Format::Events(#kind))
        }
        BodyEncoding::Parts { .. } => {
            let (prefix, kind) = kind::of_elements(context, &media.ty);
            quote!(rt::Format::Parts(&[#(#prefix),*], #kind))
        }
    };
    quote!(rt::BodyFormat { media_type: #media_type, format: #format })
}
