//! The types of request bodies, and how they are sent and checked.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Expr, Type as Syntax};

use super::{parameter, response};
use crate::emit::context::Context;
use crate::emit::model::{types, validate};
use crate::emit::rust::expr;
use crate::emit::rust::name::ident;
use crate::emit::{docs, rust};
use crate::ir::{
    Body, BodyContent, BodyEncoding, BodyFormat, Media, Operation, Part, Type, TypeName,
};

/// Returns the type of a body.
pub(in crate::emit) fn ty(context: Context<'_>, body: &Body) -> Syntax {
    match &body.content {
        BodyContent::One(media) => types::ty(context, &media.ty),
        BodyContent::Several { name, .. } => rust::ty::ty(&name.0),
    }
}

/// Returns the type of the argument for a body, and the body made of the argument `name`.
pub(in crate::emit) fn argument(context: Context<'_>, body: &Body, name: &str) -> (Syntax, Expr) {
    match &body.content {
        BodyContent::One(media) => types::argument(context, &media.ty, name),
        BodyContent::Several { .. } => {
            let value = expr::method(expr::name(name), "into", []);
            (rust::ty::impl_generic("Into", ty(context, body)), value)
        }
    }
}

/// Returns the types that the body of an operation uses.
pub(in crate::emit) fn types(operation: &Operation) -> impl Iterator<Item = &Type> {
    operation.body.iter().flat_map(Body::media).map(|media| &media.ty)
}

/// Returns the enum that a client's method takes as its body.
pub(in crate::emit) fn required_name(operation: &Operation) -> Option<&TypeName> {
    operation.body.as_ref().filter(|body| body.required)?.name()
}

/// Returns the enum of a body with several media types.
pub(in crate::emit) fn definition(
    context: Context<'_>,
    operation: &Operation,
) -> Option<TokenStream> {
    let body = operation.body.as_ref()?;
    let BodyContent::Several { name, alternatives } = &body.content else { return None };
    let comment = format!(" The body of [`{}`].", operation.request.0);
    let variants = alternatives.iter().map(|(variant, media)| {
        let (comment, ty) = (variant_docs(media), types::nullable(context, &media.ty));
        quote!(#comment #variant(#ty),)
    });
    let all: Vec<String> =
        alternatives.iter().map(|(_, media)| types::expanded(context, &media.ty)).collect();
    let is_unique = |own: &String| all.iter().filter(|other| *other == own).count() == 1;
    let conversions = alternatives.iter().zip(&all).filter(|(_, own)| is_unique(own));
    let conversions = conversions.map(|((variant, media), _)| {
        let ty = types::nullable(context, &media.ty);
        quote! {
            impl From<#ty> for #name {
                fn from(body: #ty) -> Self {
                    Self::#variant(body)
                }
            }
        }
    });
    Some(quote! {
        #[doc = #comment]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }

        #(#conversions)*
    })
}

fn variant_docs(media: &Media) -> docs::Docs {
    let sent = media.formats.iter().filter(|format| matches!(format.encoding, BodyEncoding::Blob));
    let mut sent: Vec<_> = sent.map(|format| docs::code(&format.media_type)).collect();
    if sent.is_empty() {
        sent.extend(media.formats.first().map(|format| docs::code(&format.media_type)));
    }
    docs::comment([format!("Sent as {}.", sent.join(" or ")).as_str()])
}

/// Returns the static tables of how the properties of forms are encoded.
pub(in crate::emit) fn tables(operation: &Operation) -> Vec<TokenStream> {
    let media = operation.body.iter().flat_map(Body::media).enumerate();
    let tables = media.flat_map(|(i, media)| {
        let formats = written(media).iter().enumerate();
        formats.filter_map(move |(j, format)| {
            let parts = parts_of(&format.encoding).filter(|parts| !parts.is_empty())?;
            let (name, parts) = (table_name(i, j), table(parts));
            let media_type = docs::code(&format.media_type);
            let comment = format!("How the properties of a {media_type} body are encoded.");
            let comment = docs::Docs::lines([comment]);
            Some(quote!(#comment static #name: &[rt::Part] = #parts;))
        })
    });
    tables.collect()
}

/// Returns the formats that clients write: the first, unless the caller can choose.
fn written(media: &Media) -> &[BodyFormat] {
    match media.has_choice() {
        true => &media.formats,
        false => &media.formats[..media.formats.len().min(1)],
    }
}

/// Returns the parts of a form whose encoding the OpenAPI document defines.
pub(in crate::emit) fn parts_of(encoding: &BodyEncoding) -> Option<&[Part]> {
    match encoding {
        BodyEncoding::Form(parts) | BodyEncoding::Multipart(parts) => Some(parts),
        _ => None,
    }
}

/// Returns a list of parts as static data.
pub(in crate::emit) fn table(parts: &[Part]) -> TokenStream {
    let parts = parts.iter().map(|part| {
        let Part { wire, media_type, style, headers } = part;
        let or_none = |value: Option<TokenStream>| match value {
            Some(value) => quote!(Some(#value)),
            None => quote!(None),
        };
        let media_type = or_none(media_type.as_ref().map(|media_type| quote!(#media_type)));
        let style = or_none(style.map(parameter::style));
        let headers = headers.iter().map(|(name, value)| quote!((#name, #value)));
        quote! {
            rt::Part {
                name: #wire,
                media_type: #media_type,
                style: #style,
                headers: &[#(#headers),*],
            }
        }
    });
    quote!(&[#(#parts),*])
}

/// Returns the name of the table for a format of a type of the body.
fn table_name(index: usize, format: usize) -> Ident {
    match (index, format) {
        (0, 0) => ident("PARTS"),
        (_, 0) => ident(&format!("PARTS{}", index + 1)),
        _ => ident(&format!("PARTS{}_{}", index + 1, format + 1)),
    }
}

/// Returns the code that adds the body to a request.
pub(in crate::emit) fn write(body: &Body) -> TokenStream {
    let value = if body.required { quote!(&self.body) } else { quote!(body) };
    let write = match &body.content {
        BodyContent::One(media) => {
            let call = call(body, 0, media, &value);
            quote!(#call;)
        }
        BodyContent::Several { name, alternatives } => {
            let arms = alternatives.iter().enumerate().map(|(i, (variant, media))| {
                let call = call(body, i, media, &quote!(body));
                quote!(#name::#variant(body) => #call,)
            });
            quote!(match #value { #(#arms)* })
        }
    };
    match body.required {
        true => write,
        false => quote!(if let Some(body) = &self.body { #write }),
    }
}

/// Returns the call that writes a body, in the format that the caller chooses if there are several.
fn call(body: &Body, index: usize, media: &Media, value: &TokenStream) -> TokenStream {
    let Some(default) = media.formats.first() else { return TokenStream::new() };
    let Some(choice) = body.content_type.as_ref().filter(|_| media.has_choice()) else {
        return call_format(index, 0, default, value);
    };
    let field = &choice.field;
    let (json, others): (Vec<_>, Vec<_>) = (media.formats.iter().enumerate())
        .partition(|(_, format)| matches!(format.encoding, BodyEncoding::Json));
    let json: Vec<_> = json.iter().map(|(_, format)| &format.media_type).collect();
    let is_json = matches!(default.encoding, BodyEncoding::Json);
    let call_json = match json.as_slice() {
        [] => None,
        [only] => Some(quote!(request.json_as(#only, #value)?)),
        _ => Some(quote!(request.json_among(self.#field, &[#(#json),*], #value)?)),
    };
    let arms = others.iter().filter(|(at, _)| *at > 0).map(|(at, format)| {
        let (media_type, call) = (&format.media_type, call_format(index, *at, format, value));
        quote!(Some(#media_type) => #call,)
    });
    let arms: Vec<_> = arms.collect();
    let json_arm = call_json.as_ref().filter(|_| !is_json);
    let json_arm = json_arm.map(|call| quote!(Some(#(#json)|*) => #call,));
    let rest = match call_json.as_ref().filter(|_| is_json) {
        Some(call) if arms.is_empty() => return call.clone(),
        Some(call) => call.clone(),
        None => call_format(index, 0, default, value),
    };
    quote!(match self.#field { #(#arms)* #json_arm _ => #rest, })
}

fn call_format(index: usize, at: usize, format: &BodyFormat, value: &TokenStream) -> TokenStream {
    let media_type = &format.media_type;
    let parts = parts_of(&format.encoding).map(|parts| {
        let name = table_name(index, at);
        if parts.is_empty() { quote!(&[]) } else { quote!(#name) }
    });
    match &format.encoding {
        BodyEncoding::Json if format.media_type == "application/json" => {
            quote!(request.json(#value)?)
        }
        BodyEncoding::Json => quote!(request.json_as(#media_type, #value)?),
        BodyEncoding::PlainText => quote!(request.text(#media_type, #value)?),
        BodyEncoding::Blob => quote!(request.blob(#media_type, #value)?),
        BodyEncoding::Form(_) => quote!(request.form(#parts, #value)?),
        BodyEncoding::Multipart(_) => quote!(request.multipart(#media_type, #parts, #value)?),
        BodyEncoding::Values(framing) => {
            let framing = response::framing(framing);
            quote!(request.values(#media_type, #framing, #value)?)
        }
        BodyEncoding::Events => quote!(request.events(#value)?),
        BodyEncoding::Parts { prefix, rest } => {
            let is_default =
                rest.media_type.is_none() && rest.style.is_none() && rest.headers.is_empty();
            let rest = match is_default {
                true => quote!(&[]),
                false => table(std::slice::from_ref(rest)),
            };
            let prefix = table(prefix);
            quote!(request.parts(#media_type, #prefix, #rest, #value)?)
        }
    }
}

/// Returns the checks of `value`, a reference to a body, if it has constraints.
pub(in crate::emit) fn statements(context: Context<'_>, body: &Body) -> Option<TokenStream> {
    match &body.content {
        BodyContent::One(media) => {
            context.api.is_constrained(&media.ty).then(|| validate::statements(context, &media.ty))
        }
        BodyContent::Several { name, alternatives } => {
            let is_constrained = |media: &Media| context.api.is_constrained(&media.ty);
            let constrained = alternatives.iter().filter(|(_, media)| is_constrained(media));
            let arms: Vec<_> = constrained
                .map(|(variant, media)| {
                    let body = validate::statements(context, &media.ty);
                    (quote!(#name::#variant(value)), quote!({ #body }))
                })
                .collect();
            let has_others = arms.len() < alternatives.len();
            match arms.as_slice() {
                [] => None,
                [(pattern, body)] if has_others => Some(quote!(if let #pattern = value #body)),
                _ => {
                    let (patterns, bodies): (Vec<_>, Vec<_>) = arms.into_iter().unzip();
                    let rest = has_others.then(|| quote!(_ => {}));
                    Some(quote!(match value { #(#patterns => #bodies)* #rest }))
                }
            }
        }
    }
}
