//! The error type of a client, and the bodies of error responses.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::model::types;
use crate::emit::operation::headers;
use crate::ir::{ErrorBodyIndex, Shape};

/// The number of statuses from which they are no longer listed one by one.
const MANY: usize = 9;

/// Returns the file of the errors.
pub(super) fn error(context: Context<'_>) -> TokenStream {
    let headers = context.api.error_headers.as_ref();
    let bodies = context.api.error_bodies.iter().map(|body| &body.ty);
    let header_types = headers.iter().flat_map(|headers| &headers.all).map(|header| &header.ty);
    let uses = context.uses(bodies.chain(header_types), None);
    let headers = headers.map(|headers| headers::definition(context, headers, "an error response"));
    let variants = context.api.error_bodies.iter().enumerate().map(|(i, body)| {
        let inherited = match body.ty.shape {
            Shape::Named(id) => context.api.def(id).docs.as_deref(),
            _ => None,
        };
        let comment = docs::comment([meaning(context, i, inherited).as_str()]);
        let (name, ty) = (&body.name, types::nullable(context, &body.ty));
        quote!(#comment #name(#ty),)
    });
    quote! {
        #(#uses)*

        /// The error of a failed call.
        pub type Error = rt::Error<ErrorBody>;

        /// The body of an error response.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum ErrorBody {
            #(#variants)*
            /// A body that the spec does not define or that does not match it, as a string.
            Other(String),
        }

        impl rt::ErrorBody for ErrorBody {
            fn other(body: String) -> Self {
                Self::Other(body)
            }
        }

        #headers
    }
}

/// Returns when a body is sent, and what it means. If the OpenAPI document describes one status
/// differently in several operations, the documentation of the body itself is used.
fn meaning(context: Context<'_>, body: ErrorBodyIndex, inherited: Option<&str>) -> String {
    let errors = context.api.operations.iter().flat_map(|operation| &operation.errors);
    let errors = errors.filter(|error| error.body == body);
    let known: BTreeSet<_> = errors.map(|error| (error.status, error.docs.as_str())).collect();
    let statuses: BTreeSet<_> = known.iter().map(|(status, _)| *status).collect();
    let meanings: BTreeSet<_> = known.iter().map(|(_, docs)| *docs).collect();
    let all: Vec<_> = statuses.iter().map(ToString::to_string).collect();
    let all = all.join(", ");
    match meanings.first() {
        Some(meaning) if meanings.len() == 1 && !meaning.is_empty() => format!("{all}: {meaning}"),
        _ if known.len() == statuses.len() && known.len() < MANY => {
            let item =
                |(status, docs): &(_, &str)| format!("- {status}: {}", docs::first_paragraph(docs));
            let items: Vec<_> = known.iter().map(item).collect();
            let lead = inherited.map(|docs| format!("{}\n\n", docs.trim()));
            lead.unwrap_or_default() + &items.join("\n")
        }
        _ => format!(
            "{all}: {}",
            docs::docs_or(inherited, "an error response with a documented body.")
        ),
    }
}
