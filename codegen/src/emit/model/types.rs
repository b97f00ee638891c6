//! IR types as Rust types.

use quote::ToTokens;
use syn::{Expr, Type as Syntax};

use crate::emit::context::Context;
use crate::emit::rust::expr::{self, method};
use crate::emit::rust::ty::{self, generic, impl_generic, impl_into_iterator, option};
use crate::ir::{Field, Presence, Shape, Type, TypeKind};

/// Returns the type of a present value that is not null.
pub(in crate::emit) fn ty(context: Context<'_>, ty: &Type) -> Syntax {
    let name = match &ty.shape {
        Shape::String => "String",
        Shape::Timestamp => "rt::Timestamp",
        Shape::Date => "rt::Date",
        Shape::Boolean => "bool",
        Shape::Base64 => "rt::Base64",
        Shape::Base64Url => "rt::Base64Url",
        Shape::Int8 => "i8",
        Shape::Int16 => "i16",
        Shape::Int32 => "i32",
        Shape::Int64 => "i64",
        Shape::Uint8 => "u8",
        Shape::Uint16 => "u16",
        Shape::Uint32 => "u32",
        Shape::Uint64 => "u64",
        Shape::Number => "rt::Number",
        Shape::Blob => "rt::Blob",
        Shape::Json => "rt::Json",
        Shape::JsonObject => "rt::JsonObject",
        Shape::List(item) => return generic("Vec", [nullable(context, item)]),
        Shape::Map(value) => return map(nullable(context, value)),
        Shape::Named(id) => &context.api.def(*id).name.0,
    };
    ty::ty(name)
}

/// Returns a map from strings to a type.
pub(super) fn map(value: Syntax) -> Syntax {
    generic("rt::BTreeMap", [ty::ty("String"), value])
}

/// Returns a type with all aliases expanded. Two types are equal if these strings are equal.
pub(in crate::emit) fn expanded(context: Context<'_>, source: &Type) -> String {
    let inner = |item: &Type| match context.api.is_nullable(item) && !is_json(context, item) {
        true => format!("Option<{}>", expanded(context, item)),
        false => expanded(context, item),
    };
    let (target, _) = context.api.resolve(source);
    match &target.shape {
        Shape::List(item) => format!("Vec<{}>", inner(item)),
        Shape::Map(value) => format!("Map<{}>", inner(value)),
        _ => ty(context, target).to_token_stream().to_string(),
    }
}

/// Returns a type, in an `Option` if its schema allows `null`.
pub(in crate::emit) fn nullable(context: Context<'_>, source: &Type) -> Syntax {
    let inner = ty(context, source);
    // Free-form JSON represents `null` itself.
    match context.api.is_nullable(source) && !is_json(context, source) {
        true => option(inner),
        false => inner,
    }
}

/// Whether a type is free-form JSON, which represents `null` itself.
pub(in crate::emit) fn is_json(context: Context<'_>, ty: &Type) -> bool {
    context.api.resolve(ty).0.shape == Shape::Json
}

/// Returns the type of a present field that is not null.
pub(super) fn field_inner(context: Context<'_>, field: &Field) -> Syntax {
    let inner = ty(context, &field.ty);
    if field.boxed { generic("Box", [inner]) } else { inner }
}

/// Returns the type of a field of a struct.
pub(super) fn field(context: Context<'_>, field: &Field) -> Syntax {
    let inner = field_inner(context, field);
    match field.presence {
        Presence::Required => inner,
        Presence::RequiredNullable | Presence::Optional => option(inner),
        Presence::ThreeState => generic("rt::Nullable", [inner]),
    }
}

/// Returns the type of the argument of a setter, and the value made of the argument `name`.
/// Strings accept `&str`, and lists of strings any iterator of them.
pub(in crate::emit) fn argument(context: Context<'_>, source: &Type, name: &str) -> (Syntax, Expr) {
    let plain = || ty(context, source);
    let string = || impl_generic("Into", ty::ty("String"));
    let value = expr::name(name);
    let collect = |value, with| {
        let values = method(method(value, "into_iter", []), "map", [expr::name(with)]);
        method(values, "collect", [])
    };
    let (target, kind) = context.api.resolve(source);
    match (&target.shape, kind) {
        (Shape::String | Shape::Base64 | Shape::Base64Url | Shape::Number | Shape::Blob, _)
        | (_, Some(TypeKind::Enum(_) | TypeKind::Union(_))) => {
            (impl_generic("Into", plain()), method(value, "into", []))
        }
        (Shape::List(item), _) if is_string(context, item) => {
            (impl_into_iterator(string()), collect(value, "Into::into"))
        }
        (Shape::Map(item), _) if is_string(context, item) => {
            let entry = ty::tuple([string(), string()]);
            (impl_into_iterator(entry), collect(value, "rt::string_entry"))
        }
        _ => (plain(), value),
    }
}

/// Whether the argument of a setter accepts any iterator of strings, and so does not use the
/// type itself.
pub(in crate::emit) fn is_string_iterator(context: Context<'_>, source: &Type) -> bool {
    match &context.api.resolve(source).0.shape {
        Shape::List(item) | Shape::Map(item) => is_string(context, item),
        _ => false,
    }
}

fn is_string(context: Context<'_>, ty: &Type) -> bool {
    context.api.resolve(ty).0.shape == Shape::String && !context.api.is_nullable(ty)
}
