//! The bodies of error answers, and the error of the whole client.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emit, answer, docs, types};
use crate::ir::{ErrorBodyIndex, Shape};

/// How many statuses are not told one by one.
const MANY: usize = 9;

/// The file of the errors.
pub(super) fn error(emit: Emit<'_>) -> TokenStream {
    let headers = emit.api.error_headers.as_ref();
    let bodies = emit.api.error_bodies.iter().map(|body| &body.ty);
    let header_types = headers.iter().flat_map(|headers| &headers.all).map(|header| &header.ty);
    let uses = emit.uses(bodies.chain(header_types), None);
    let headers = headers.map(|headers| answer::headers(emit, headers, "an error answer"));
    let variants = emit.api.error_bodies.iter().enumerate().map(|(i, body)| {
        let described = match body.ty.shape {
            Shape::Named(id) => emit.api.def(id).docs.as_deref(),
            _ => None,
        };
        let comment = docs::comment([meaning(emit, i, described).as_str()]);
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

/// When a body comes, and what that means. Where the description says different things of one
/// status, the body is what it is described as itself.
fn meaning(emit: Emit<'_>, body: ErrorBodyIndex, described: Option<&str>) -> String {
    let errors = emit.api.operations.iter().flat_map(|operation| &operation.errors);
    let errors = errors.filter(|error| error.body == body);
    let known: BTreeSet<_> = errors.map(|error| (error.status, error.docs.as_str())).collect();
    let statuses: BTreeSet<_> = known.iter().map(|(status, _)| *status).collect();
    let texts: BTreeSet<_> = known.iter().map(|(_, docs)| *docs).collect();
    let all: Vec<_> = statuses.iter().map(ToString::to_string).collect();
    let all = all.join(", ");
    match texts.first() {
        Some(text) if texts.len() == 1 && !text.is_empty() => format!("{all}: {text}"),
        _ if known.len() == statuses.len() && known.len() < MANY => {
            let item = |(status, docs): &(_, &str)| format!("- {status}: {}", docs::line(docs));
            let items: Vec<_> = known.iter().map(item).collect();
            let lead = described.map(|text| format!("{}\n\n", text.trim()));
            lead.unwrap_or_default() + &items.join("\n")
        }
        _ => format!("{all}: {}", docs::text_or(described, "a body that the description has.")),
    }
}
