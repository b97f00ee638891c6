//! What a parameter consists of, as far as decoding depends on it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::emit::model::types;
use crate::emit::rust::ty;
use crate::ir::{Literals, Parameter, Shape, Style, Type, TypeId, TypeKind};

/// Returns the type of a parameter for servers.
pub(super) fn parameter_type(context: Context<'_>, parameter: &Parameter) -> syn::Type {
    if parameter.is_string_for_servers {
        let is_hidden = context.api.is_hidden(&parameter.ty);
        return ty::ty(if is_hidden { "rt::Secret<String>" } else { "String" });
    }
    types::ty(context, &parameter.ty)
}

/// Returns the kind of a parameter.
pub(super) fn of_parameter(context: Context<'_>, parameter: &Parameter) -> TokenStream {
    if parameter.is_string_for_servers {
        return quote!(rt::Kind::String);
    }
    match parameter.style {
        Style::Json => return quote!(rt::Kind::Json),
        Style::DeepObject => return of_nested(context, &parameter.ty, &mut Vec::new()),
        _ => {}
    }
    let (ty, definition) = context.api.declared(&parameter.ty);
    match (definition, &ty.shape) {
        (Some(TypeKind::Struct(structure)), _) => {
            let fields = structure.fields.iter().map(|field| {
                let (wire, kind) = (&field.wire, of_part(context, &field.ty));
                quote!((#wire, #kind))
            });
            quote!(rt::Kind::Object(&[#(#fields),*]))
        }
        (None, Shape::List(item)) => {
            let kind = of_part(context, item);
            quote!(rt::Kind::List(&#kind))
        }
        (None, Shape::Map(value)) => {
            let kind = of_part(context, value);
            quote!(rt::Kind::Map(&#kind))
        }
        (None, Shape::Tuple(_)) => quote!(rt::Kind::List(&rt::Kind::Any)),
        (None, Shape::JsonObject) => quote!(rt::Kind::Map(&rt::Kind::Any)),
        _ => of_part(context, ty),
    }
}

/// Returns the kind of a form. Unlike those of parameters, its properties may be nested.
pub(super) fn of_form(context: Context<'_>, ty: &Type) -> TokenStream {
    of_nested(context, ty, &mut Vec::new())
}

/// Returns the kinds of the first elements of a list, and that of all others.
pub(super) fn of_elements(context: Context<'_>, ty: &Type) -> (Vec<TokenStream>, TokenStream) {
    match &context.api.declared(ty).0.shape {
        Shape::List(item) => (Vec::new(), of_form(context, item)),
        Shape::Tuple(tuple) => {
            let first = tuple.items.iter().chain(&tuple.optional);
            let rest = tuple.rest.as_ref().map(|rest| of_form(context, rest));
            let first = first.map(|ty| of_form(context, ty)).collect();
            (first, rest.unwrap_or_else(|| quote!(rt::Kind::Any)))
        }
        _ => (Vec::new(), quote!(rt::Kind::Any)),
    }
}

/// Returns the kind of a nested value. A recursive type is decoded by the names that were sent.
fn of_nested(context: Context<'_>, ty: &Type, outer: &mut Vec<TypeId>) -> TokenStream {
    let (ty, definition) = context.api.declared(ty);
    match (definition, &ty.shape) {
        (Some(TypeKind::Struct(_)), Shape::Named(id)) if outer.contains(id) => {
            quote!(rt::Kind::Any)
        }
        (Some(TypeKind::Struct(structure)), Shape::Named(id)) => {
            outer.push(*id);
            let fields: Vec<_> = structure
                .fields
                .iter()
                .map(|field| {
                    let (wire, kind) = (&field.wire, of_nested(context, &field.ty, outer));
                    quote!((#wire, #kind))
                })
                .collect();
            outer.pop();
            quote!(rt::Kind::Object(&[#(#fields),*]))
        }
        (None, Shape::List(item)) => {
            let kind = of_nested(context, item, outer);
            quote!(rt::Kind::List(&#kind))
        }
        (None, Shape::Map(value)) => {
            let kind = of_nested(context, value, outer);
            quote!(rt::Kind::Map(&#kind))
        }
        (None, Shape::Tuple(_)) => quote!(rt::Kind::List(&rt::Kind::Any)),
        (None, Shape::JsonObject) => quote!(rt::Kind::Map(&rt::Kind::Any)),
        (None, Shape::Blob) => quote!(rt::Kind::Blob),
        _ => of_part(context, ty),
    }
}

/// Returns whether the names of a parameter are not known in advance.
pub(super) fn is_map(context: Context<'_>, parameter: &Parameter) -> bool {
    let (ty, definition) = context.api.declared(&parameter.ty);
    definition.is_none()
        && !parameter.is_string_for_servers
        && matches!(ty.shape, Shape::Map(_) | Shape::JsonObject)
}

/// Returns the kind of an element of a parameter. Nested values are JSON.
fn of_part(context: Context<'_>, ty: &Type) -> TokenStream {
    let (ty, definition) = context.api.declared(ty);
    match (definition, &ty.shape) {
        (Some(TypeKind::Enum(of)), _) if of.literals == Literals::Integers => {
            quote!(rt::Kind::Json)
        }
        (Some(TypeKind::Enum(_)), _)
        | (
            None,
            Shape::String | Shape::Timestamp | Shape::Date | Shape::Base64 | Shape::Base64Url,
        ) => {
            quote!(rt::Kind::String)
        }
        (Some(TypeKind::Union(_)), _) | (None, Shape::Json) => quote!(rt::Kind::Any),
        _ => quote!(rt::Kind::Json),
    }
}
