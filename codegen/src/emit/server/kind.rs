//! What a parameter is made of, as the runtime has to know to take its texts apart.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context as Emit;
use crate::ir::{Literals, Parameter, Shape, Style, Type, TypeId, TypeKind};

/// What a parameter is made of.
pub(super) fn of_parameter(emit: Emit<'_>, parameter: &Parameter) -> TokenStream {
    if parameter.is_string_for_servers {
        return quote!(rt::Kind::Text);
    }
    match parameter.style {
        Style::Json => return quote!(rt::Kind::Json),
        Style::DeepObject => return of_nested(emit, &parameter.ty, &mut Vec::new()),
        _ => {}
    }
    let (ty, definition) = emit.api.resolve(&parameter.ty);
    match (definition, &ty.shape) {
        (Some(TypeKind::Struct(structure)), _) => {
            let fields = structure.fields.iter().map(|field| {
                let (wire, kind) = (&field.wire, of_part(emit, &field.ty));
                quote!((#wire, #kind))
            });
            quote!(rt::Kind::Record(&[#(#fields),*]))
        }
        (None, Shape::List(item)) => {
            let kind = of_part(emit, item);
            quote!(rt::Kind::List(&#kind))
        }
        (None, Shape::Map(value)) => {
            let kind = of_part(emit, value);
            quote!(rt::Kind::Map(&#kind))
        }
        (None, Shape::JsonObject) => quote!(rt::Kind::Map(&rt::Kind::Any)),
        _ => of_part(emit, ty),
    }
}

/// What a form is made of: unlike those of a parameter, its parts have parts of their own.
pub(super) fn of_form(emit: Emit<'_>, ty: &Type) -> TokenStream {
    of_nested(emit, ty, &mut Vec::new())
}

/// What a value is made of whose parts have parts. Where a type comes within itself, the names
/// in the query say what is there.
fn of_nested(emit: Emit<'_>, ty: &Type, outer: &mut Vec<TypeId>) -> TokenStream {
    let (ty, definition) = emit.api.resolve(ty);
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
                    let (wire, kind) = (&field.wire, of_nested(emit, &field.ty, outer));
                    quote!((#wire, #kind))
                })
                .collect();
            outer.pop();
            quote!(rt::Kind::Record(&[#(#fields),*]))
        }
        (None, Shape::List(item)) => {
            let kind = of_nested(emit, item, outer);
            quote!(rt::Kind::List(&#kind))
        }
        (None, Shape::Map(value)) => {
            let kind = of_nested(emit, value, outer);
            quote!(rt::Kind::Map(&#kind))
        }
        (None, Shape::JsonObject) => quote!(rt::Kind::Map(&rt::Kind::Any)),
        (None, Shape::Blob) => quote!(rt::Kind::Blob),
        _ => of_part(emit, ty),
    }
}

/// Whether a parameter has names that nobody knows before.
pub(super) fn is_map(emit: Emit<'_>, parameter: &Parameter) -> bool {
    let (ty, definition) = emit.api.resolve(&parameter.ty);
    definition.is_none()
        && !parameter.is_string_for_servers
        && matches!(ty.shape, Shape::Map(_) | Shape::JsonObject)
}

/// What an element of a parameter is made of. What has parts of its own is JSON there.
fn of_part(emit: Emit<'_>, ty: &Type) -> TokenStream {
    let (ty, definition) = emit.api.resolve(ty);
    match (definition, &ty.shape) {
        (Some(TypeKind::Enum(of)), _) if of.literals == Literals::Integers => {
            quote!(rt::Kind::Json)
        }
        (Some(TypeKind::Enum(_)), _) | (None, Shape::String | Shape::Timestamp | Shape::Date) => {
            quote!(rt::Kind::Text)
        }
        (Some(TypeKind::Union(_)), _) | (None, Shape::Json) => quote!(rt::Kind::Any),
        _ => quote!(rt::Kind::Json),
    }
}
