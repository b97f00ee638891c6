//! The bodies of error answers, and the error of the whole client.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emit, answer, docs, types};
use crate::ir::Shape;

/// The file of the errors.
pub(super) fn error(emit: Emit<'_>) -> TokenStream {
    let headers = emit.api.error_headers.as_ref();
    let bodies = emit.api.error_bodies.iter().map(|body| &body.ty);
    let header_types = headers.iter().flat_map(|headers| &headers.all).map(|header| &header.ty);
    let uses = emit.uses(bodies.chain(header_types), None);
    let headers = headers.map(|headers| answer::headers(emit, headers, "an error answer"));
    let variants = emit.api.error_bodies.iter().map(|body| {
        let described = match body.ty.shape {
            Shape::Named(id) => emit.api.def(id).docs.as_deref(),
            _ => None,
        };
        let comment = docs::comment([docs::text_or(described, "A body that the description has.")]);
        let (name, ty) = (&body.name, types::nullable(emit, &body.ty));
        quote!(#comment #name(#ty),)
    });
    quote! {
        #(#uses)*

        /// Why a call failed.
        pub type Error = rt::Error<ErrorBody>;

        /// The body of an error answer.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum ErrorBody {
            #(#variants)*
            /// A body that the description does not have, or that breaks it, as its text.
            Other(String),
        }

        impl rt::ErrorBody for ErrorBody {
            fn other(text: String) -> Self {
                Self::Other(text)
            }
        }

        #headers
    }
}
