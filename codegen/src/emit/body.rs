//! Bodies of requests: their types, and how each is written.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Type as Syntax};

use super::{Emit, docs, request, syntax, text, types, validate};
use crate::ir::{Body, BodyContent, BodyEncoding, Media, Operation, Part, Type, TypeName};

/// The type of a body.
pub(super) fn ty(emit: Emit<'_>, body: &Body) -> Syntax {
    match &body.content {
        BodyContent::One(media) => types::ty(emit, &media.ty),
        BodyContent::Several { name, .. } => syntax::ty(&name.0),
    }
}

/// The type of the argument that gives a body, and the body from an argument of this name.
pub(super) fn argument(emit: Emit<'_>, body: &Body, name: &str) -> (Syntax, Expr) {
    match &body.content {
        BodyContent::One(media) => types::argument(emit, &media.ty, name),
        BodyContent::Several { .. } => {
            let value = syntax::method(syntax::name(name), "into", []);
            (syntax::implementing("Into", ty(emit, body)), value)
        }
    }
}

/// The types that a body is made of.
pub(super) fn named_types(operation: &Operation) -> impl Iterator<Item = &Type> {
    operation.body.iter().flat_map(Body::media).map(|media| &media.ty)
}

/// The type that a client's method names for a body that it takes.
pub(super) fn required_name(operation: &Operation) -> Option<&TypeName> {
    operation.body.as_ref().filter(|body| body.required)?.name()
}

/// The enum of several types.
pub(super) fn definition(emit: Emit<'_>, operation: &Operation) -> Option<TokenStream> {
    let body = operation.body.as_ref()?;
    let BodyContent::Several { name, alternatives } = &body.content else { return None };
    let comment = format!(" What the body of [`{}`] can be.", operation.request.0);
    let variants = alternatives.iter().map(|(variant, media)| {
        let (comment, ty) = (docs_of(media), types::nullable(emit, &media.ty));
        quote!(#comment #variant(#ty),)
    });
    let all: Vec<String> =
        alternatives.iter().map(|(_, media)| types::expanded(emit, &media.ty)).collect();
    let is_alone = |own: &String| all.iter().filter(|other| *other == own).count() == 1;
    let conversions = alternatives.iter().zip(&all).filter(|(_, own)| is_alone(own));
    let conversions = conversions.map(|((variant, media), _)| {
        let ty = types::nullable(emit, &media.ty);
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
        pub enum #name {
            #(#variants)*
        }

        #(#conversions)*
    })
}

fn docs_of(media: &Media) -> docs::Docs {
    let sent = media.formats.iter().filter(|way| matches!(way.encoding, BodyEncoding::Blob));
    let mut sent: Vec<_> = sent.map(|way| format!("`{}`", way.media_type)).collect();
    if sent.is_empty() {
        sent.extend(media.formats.first().map(|way| format!("`{}`", way.media_type)));
    }
    docs::comment([format!("Sent as {}.", sent.join(" or ")).as_str()])
}

/// What is said of a body beside the description: which types of bytes it takes.
pub(super) fn media_types(body: &Body) -> Option<String> {
    let media = body.only()?;
    let is_blob = media.formats.iter().all(|way| matches!(way.encoding, BodyEncoding::Blob));
    let names: Vec<_> = media.formats.iter().map(|way| format!("`{}`", way.media_type)).collect();
    is_blob.then(|| format!("It is sent as {}.", names.join(" or ")))
}

/// The tables that say how the properties of forms are written.
pub(super) fn tables(operation: &Operation) -> Vec<TokenStream> {
    let media: Vec<&Media> = operation.body.iter().flat_map(Body::media).collect();
    let tables = media.iter().enumerate().map(|(i, media)| {
        let way = media.formats.first()?;
        let parts = parts_of(&way.encoding).filter(|parts| !parts.is_empty())?;
        let (name, parts) = (table_name(i), table(parts));
        let comment = format!(" How the properties of a `{}` body are written.", way.media_type);
        Some(quote!(#[doc = #comment] static #name: &[rt::Part] = #parts;))
    });
    tables.flatten().collect()
}

/// The parts of a form of which the description says how they are written.
pub(super) fn parts_of(format: &BodyEncoding) -> Option<&[Part]> {
    match format {
        BodyEncoding::Form(parts) | BodyEncoding::Multipart(parts) => Some(parts),
        BodyEncoding::Json | BodyEncoding::Text | BodyEncoding::Blob => None,
    }
}

/// A list of parts as data.
pub(super) fn table(parts: &[Part]) -> TokenStream {
    let parts = parts.iter().map(|part| {
        let Part { wire, media_type, style, headers } = part;
        let or_none = |value: Option<TokenStream>| match value {
            Some(value) => quote!(Some(#value)),
            None => quote!(None),
        };
        let media_type = or_none(media_type.as_ref().map(|media_type| quote!(#media_type)));
        let style = or_none(style.map(request::style));
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

fn table_name(place: usize) -> proc_macro2::Ident {
    match place {
        0 => super::ident("PARTS"),
        _ => super::ident(&format!("PARTS{}", place + 1)),
    }
}

/// How a request is given its body.
pub(super) fn write(body: &Body) -> TokenStream {
    let value = if body.required { quote!(&self.body) } else { quote!(body) };
    let write = match &body.content {
        BodyContent::One(media) => {
            let call = call(0, media, &value);
            quote!(#call;)
        }
        BodyContent::Several { name, alternatives } => {
            let arms = alternatives.iter().enumerate().map(|(i, (variant, media))| {
                let call = call(i, media, &quote!(body));
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

fn call(place: usize, media: &Media, value: &TokenStream) -> TokenStream {
    let Some(way) = media.formats.first() else { return TokenStream::new() };
    let media_type = text(&way.media_type);
    let parts = parts_of(&way.encoding).map(|parts| {
        let name = table_name(place);
        if parts.is_empty() { quote!(&[]) } else { quote!(#name) }
    });
    match &way.encoding {
        BodyEncoding::Json if way.media_type == "application/json" => quote!(request.json(#value)?),
        BodyEncoding::Json => quote!(request.json_as(#media_type, #value)?),
        BodyEncoding::Text => quote!(request.text(#media_type, #value)?),
        BodyEncoding::Blob => quote!(request.blob(#media_type, #value)?),
        BodyEncoding::Form(_) => quote!(request.form(#parts, #value)?),
        BodyEncoding::Multipart(_) => quote!(request.multipart(#media_type, #parts, #value)?),
    }
}

/// The checks of `value`, a reference to a body, if it has constraints.
pub(super) fn statements(emit: Emit<'_>, body: &Body) -> Option<TokenStream> {
    match &body.content {
        BodyContent::One(media) => {
            emit.api.is_constrained(&media.ty).then(|| validate::statements(emit, &media.ty))
        }
        BodyContent::Several { name, alternatives } => {
            let is_constrained = |media: &Media| emit.api.is_constrained(&media.ty);
            let constrained = alternatives.iter().filter(|(_, media)| is_constrained(media));
            let arms: Vec<_> = constrained
                .map(|(variant, media)| {
                    let body = validate::statements(emit, &media.ty);
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
