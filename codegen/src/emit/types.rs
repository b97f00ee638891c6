//! Types as Rust writes them.

use quote::ToTokens;
use syn::{Expr, Type as Syntax};

use super::Emit;
use super::syntax::{self, generic, implementing, iterable, method, option};
use crate::ir::{Field, Presence, Shape, Type, TypeKind};

/// A type, without whether it may be absent or null.
pub(super) fn ty(emit: Emit<'_>, ty: &Type) -> Syntax {
    let name = match &ty.shape {
        Shape::String => "String",
        Shape::Timestamp => "rt::Timestamp",
        Shape::Date => "rt::Date",
        Shape::Boolean => "bool",
        Shape::Int32 => "i32",
        Shape::Int64 => "i64",
        Shape::Uint64 => "u64",
        Shape::Number => "rt::Number",
        Shape::Blob => "rt::Blob",
        Shape::Json => "rt::Json",
        Shape::JsonObject => "rt::JsonObject",
        Shape::List(item) => return generic("Vec", [nullable(emit, item)]),
        Shape::Map(value) => return map(nullable(emit, value)),
        Shape::Named(id) => &emit.api.def(*id).name.0,
    };
    syntax::ty(name)
}

/// A map of names.
pub(super) fn map(value: Syntax) -> Syntax {
    generic("rt::BTreeMap", [syntax::ty("String"), value])
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
        _ => ty(emit, target).to_token_stream().to_string(),
    }
}

/// A type that is an option where `null` is a value.
pub(super) fn nullable(emit: Emit<'_>, of: &Type) -> Syntax {
    let inner = ty(emit, of);
    // Free-form JSON holds `null` itself.
    if emit.api.is_nullable(of) && !is_json(emit, of) { option(inner) } else { inner }
}

/// Whether a type is free-form JSON, in which `null` is a value like any other.
pub(super) fn is_json(emit: Emit<'_>, ty: &Type) -> bool {
    emit.api.resolve(ty).0.shape == Shape::Json
}

/// The type of a field, without whether it may be absent or null.
pub(super) fn field_inner(emit: Emit<'_>, field: &Field) -> Syntax {
    let inner = ty(emit, &field.ty);
    if field.boxed { generic("Box", [inner]) } else { inner }
}

/// The type of a field of a struct.
pub(super) fn field(emit: Emit<'_>, field: &Field) -> Syntax {
    let inner = field_inner(emit, field);
    match field.presence {
        Presence::Required => inner,
        Presence::RequiredNullable | Presence::Optional => option(inner),
        Presence::ThreeState => generic("rt::Nullable", [inner]),
    }
}

/// How a setter takes a value: the type of its argument, and the value from the argument
/// of this name. Text may come as `&str`, lists of text as anything that gives such.
pub(super) fn argument(emit: Emit<'_>, of: &Type, name: &str) -> (Syntax, Expr) {
    let plain = || ty(emit, of);
    let text = || implementing("Into", syntax::ty("String"));
    let value = syntax::name(name);
    let each = |value, with| {
        let values = method(method(value, "into_iter", []), "map", [syntax::name(with)]);
        method(values, "collect", [])
    };
    let (target, kind) = emit.api.resolve(of);
    match (&target.shape, kind) {
        (Shape::String | Shape::Number | Shape::Blob, _)
        | (_, Some(TypeKind::Enum(_) | TypeKind::Union(_))) => {
            (implementing("Into", plain()), method(value, "into", []))
        }
        (Shape::List(item), _) if is_text(emit, item) => {
            (iterable(text()), each(value, "Into::into"))
        }
        (Shape::Map(item), _) if is_text(emit, item) => {
            let entry = syntax::tuple_type([text(), text()]);
            (iterable(entry), each(value, "rt::text_entry"))
        }
        _ => (plain(), value),
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
