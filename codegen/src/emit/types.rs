//! Types as Rust writes them.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emit;
use crate::ir::{Field, Presence, Shape, Type, TypeKind};

/// A type, without whether it may be absent or null.
pub(super) fn ty(emit: Emit<'_>, ty: &Type) -> TokenStream {
    match &ty.shape {
        Shape::String => quote!(String),
        Shape::Timestamp => quote!(rt::Timestamp),
        Shape::Date => quote!(rt::Date),
        Shape::Boolean => quote!(bool),
        Shape::Int32 => quote!(i32),
        Shape::Int64 => quote!(i64),
        Shape::Uint64 => quote!(u64),
        Shape::Number => quote!(rt::Number),
        Shape::Json => quote!(rt::Json),
        Shape::JsonObject => quote!(rt::JsonObject),
        Shape::List(item) => {
            let item = nullable(emit, item);
            quote!(Vec<#item>)
        }
        Shape::Map(value) => {
            let value = nullable(emit, value);
            quote!(rt::BTreeMap<String, #value>)
        }
        Shape::Named(id) => {
            let name = &emit.api.def(*id).name;
            quote!(#name)
        }
    }
}

/// A type with every alias written out, so that two are one type exactly if these are equal.
pub(super) fn expanded(emit: Emit<'_>, of: &Type) -> String {
    let inner = |item: &Type| match emit.api.is_nullable(item) && !is_json(emit, item) {
        true => format!("Option<{}>", expanded(emit, item)),
        false => expanded(emit, item),
    };
    let (target, _) = emit.api.resolve(of);
    match &target.shape {
        Shape::List(item) => format!("Vec<{}>", inner(item)),
        Shape::Map(value) => format!("Map<{}>", inner(value)),
        _ => ty(emit, target).to_string(),
    }
}

/// A type that is an option where `null` is a value.
pub(super) fn nullable(emit: Emit<'_>, of: &Type) -> TokenStream {
    let inner = ty(emit, of);
    // Free-form JSON holds `null` itself.
    if emit.api.is_nullable(of) && !is_json(emit, of) { quote!(Option<#inner>) } else { inner }
}

/// Whether a type is free-form JSON, in which `null` is a value like any other.
pub(super) fn is_json(emit: Emit<'_>, ty: &Type) -> bool {
    emit.api.resolve(ty).0.shape == Shape::Json
}

/// The type of a field, without whether it may be absent or null.
pub(super) fn field_inner(emit: Emit<'_>, field: &Field) -> TokenStream {
    let inner = ty(emit, &field.ty);
    if field.boxed { quote!(Box<#inner>) } else { inner }
}

/// The type of a field of a struct.
pub(super) fn field(emit: Emit<'_>, field: &Field) -> TokenStream {
    let inner = field_inner(emit, field);
    match field.presence {
        Presence::Required => inner,
        Presence::RequiredNullable | Presence::Optional => quote!(Option<#inner>),
        Presence::ThreeState => quote!(rt::Nullable<#inner>),
    }
}

/// How a setter takes a value: the type of its argument, and the value from the argument
/// `value`. Text may come as `&str`, lists of text as anything that gives such.
pub(super) fn argument(emit: Emit<'_>, of: &Type) -> (TokenStream, TokenStream) {
    let plain = ty(emit, of);
    let (target, kind) = emit.api.resolve(of);
    match (&target.shape, kind) {
        (Shape::String | Shape::Number, _) | (_, Some(TypeKind::Enum(_) | TypeKind::Union(_))) => {
            (quote!(impl Into<#plain>), quote!(value.into()))
        }
        (Shape::List(item), _) if is_text(emit, item) => (
            quote!(impl IntoIterator<Item = impl Into<String>>),
            quote!(value.into_iter().map(Into::into).collect()),
        ),
        (Shape::Map(item), _) if is_text(emit, item) => (
            quote!(impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>),
            quote!(value.into_iter().map(|(name, value)| (name.into(), value.into())).collect()),
        ),
        _ => (plain, quote!(value)),
    }
}

/// Whether a setter takes a type as anything that becomes a text, so that the type itself
/// is not named.
pub(super) fn is_plain_text_argument(emit: Emit<'_>, of: &Type) -> bool {
    match &emit.api.resolve(of).0.shape {
        Shape::List(item) | Shape::Map(item) => is_text(emit, item),
        _ => false,
    }
}

fn is_text(emit: Emit<'_>, ty: &Type) -> bool {
    emit.api.resolve(ty).0.shape == Shape::String && !emit.api.is_nullable(ty)
}
