//! Webhooks and callbacks: an enum, decoded by name.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::model::types;
use crate::emit::rust::ty;
use crate::ir::{Shape, Type, Webhook};

/// Returns the file of the webhooks.
pub(super) fn webhooks(context: Context<'_>) -> TokenStream {
    let name = &context.api.webhook_enum;
    let webhooks = &context.api.webhooks;
    let uses = context.uses(webhooks.iter().filter_map(|webhook| webhook.body.as_ref()), None);
    let variants = webhooks.iter().map(|webhook| {
        let (comment, variant) = (comment(webhook), &webhook.name);
        let body = webhook.body.as_ref().map(|body| {
            let ty = body_type(context, body);
            quote!((#ty))
        });
        quote!(#comment #variant #body,)
    });
    let ids: Vec<_> = webhooks.iter().map(|webhook| &webhook.id).collect();
    let names = webhooks.iter().map(|webhook| {
        let (variant, id) = (&webhook.name, &webhook.id);
        let body = webhook.body.as_ref().map(|_| quote!((_)));
        quote!(Self::#variant #body => #id,)
    });
    let arms = webhooks.iter().map(|webhook| {
        let (variant, id) = (&webhook.name, &webhook.id);
        let body = webhook.body.as_ref().map(|_| quote!((rt::read_body(body)?)));
        quote!(#id => Ok(Self::#variant #body),)
    });
    let has_body = webhooks.iter().any(|webhook| webhook.body.is_some());
    let body = if has_body { quote!(body) } else { quote!(_) };
    quote! {
        //! Requests that the API sends: webhooks, and callbacks of operations.

        #(#uses)*

        /// A webhook or callback, with its body.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }

        impl #name {
            /// The names of all webhooks and callbacks, as in the spec.
            pub const NAMES: &'static [&'static str] = &[#(#ids),*];

            /// Returns the name, as in the spec.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { #(#names)* }
            }

            /// Decodes the body of the webhook or callback with this name.
            ///
            /// # Errors
            /// Returns an error if the name is unknown, or the body does not match the spec.
            pub fn read(name: &str, #body: &[u8]) -> Result<Self, rt::ValidationError> {
                match name {
                    #(#arms)*
                    _ => Err(rt::unknown_webhook(name)),
                }
            }
        }
    }
}

/// Returns the type of a body. A model may be large, so it is boxed.
fn body_type(context: Context<'_>, body: &Type) -> syn::Type {
    let ty = types::nullable(context, body);
    match body.shape {
        Shape::Named(_) => ty::generic("Box", [ty]),
        _ => ty,
    }
}

fn comment(webhook: &Webhook) -> docs::Docs {
    let (id, method) = (docs::code(&webhook.id), docs::code(&webhook.method));
    let request = match &webhook.callback {
        Some((operation, expression)) => format!(
            "{id}: a {method} request to {}, a callback of {}.",
            docs::code(expression),
            docs::code(operation)
        ),
        None => format!("{id}: a {method} request."),
    };
    let paragraphs = [webhook.summary.as_deref(), webhook.docs.as_deref(), Some(request.as_str())];
    docs::comment(paragraphs.into_iter().flatten()).deprecated(webhook.deprecated)
}
