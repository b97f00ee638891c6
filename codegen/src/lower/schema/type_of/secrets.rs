//! Values that are not shown: those with `format: password` or `x-sensitive`, and strings that are
//! `writeOnly`.
//!
//! A string that is only sent to the server is usually a password or a key, alone or within another
//! value. Numbers, booleans, dates and enums are rather references and options.

use crate::ir::{Shape, Type, TypeKind};
use crate::lower::context::combinations::SchemaPart;
use crate::lower::context::index::{PASSWORD, SENSITIVE, WRITE_ONLY};
use crate::lower::context::state::{Context, MAX_DEPTH};
use crate::lower::schema::all_of::leaves_of;
use crate::lower::schema::classify::{SchemaClass, classify};
use crate::lower::schema::combine::{Combined, combine_leaves};
use crate::select::local_pointer;
use crate::text::child;
use openapiv3::{AnySchema, ReferenceOr, Schema};
use serde_json::Value;

/// What the document specifies about showing a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Secrecy {
    None,
    WriteOnly,
    Secret,
}

/// Makes a type secret if the schema, parameter or header at a pointer requires it.
pub(crate) fn hide_at(context: &mut Context<'_>, pointer: &str, ty: &mut Type) {
    if context.index.has_secrets {
        let secrecy = secrecy_of(context, pointer);
        apply(context, secrecy, ty);
    }
}

/// Makes a type secret if one of the references from a pointer to the parameter or header that it
/// means requires it.
pub(crate) fn hide_along(context: &mut Context<'_>, pointer: &str, ty: &mut Type) {
    let mut at = pointer.to_owned();
    // References can form a cycle, which is reported elsewhere.
    for _ in 0..32 {
        let reference = context.document.get(&child(&at, "$ref")).and_then(Value::as_str);
        let Some(target) = reference.and_then(local_pointer) else { return };
        hide_at(context, &at, ty);
        at = target;
    }
}

/// Makes a type secret if one of the schemas that describe it requires it.
pub(crate) fn hide_parts(context: &mut Context<'_>, parts: &[SchemaPart], ty: &mut Type) {
    if context.index.has_secrets {
        let secrecy = secrecy_of_parts(context, parts);
        apply(context, secrecy, ty);
    }
}

/// Returns whether a definition of this kind is secret as a whole. The type of an
/// alias is secret instead.
pub(crate) fn hide_definition(
    context: &mut Context<'_>,
    parts: &[SchemaPart],
    kind: &mut TypeKind,
) -> bool {
    if !context.index.has_secrets {
        return false;
    }
    let secrecy = secrecy_of_parts(context, parts);
    match kind {
        TypeKind::Alias(ty) => {
            apply(context, secrecy, ty);
            false
        }
        TypeKind::Enum(_) => secrecy == Secrecy::Secret,
        TypeKind::Struct(_) | TypeKind::Union(_) => secrecy != Secrecy::None,
    }
}

fn apply(context: &mut Context<'_>, secrecy: Secrecy, ty: &mut Type) {
    // The bytes of a file are never shown.
    if ty.shape != Shape::Blob {
        ty.is_secret |=
            secrecy == Secrecy::Secret || secrecy == Secrecy::WriteOnly && has_strings(context, ty);
    }
}

fn secrecy_of_parts(context: &mut Context<'_>, parts: &[SchemaPart]) -> Secrecy {
    let leaves = leaves_of(context, parts);
    let pointers =
        parts.iter().map(|part| &part.pointer).chain(leaves.iter().map(|leaf| &leaf.pointer));
    pointers.map(|pointer| secrecy_of(context, pointer)).max().unwrap_or(Secrecy::None)
}

fn secrecy_of(context: &Context<'_>, pointer: &str) -> Secrecy {
    let Some(entries) = context.document.get(pointer) else { return Secrecy::None };
    let is_true = |key: &str| entries.get(key) == Some(&Value::Bool(true));
    let is_password = entries.get("format").is_some_and(|format| *format == PASSWORD);
    if is_true(SENSITIVE) || is_password {
        Secrecy::Secret
    } else if is_true(WRITE_ONLY) {
        Secrecy::WriteOnly
    } else {
        Secrecy::None
    }
}

/// Returns whether values of a type may contain strings.
fn has_strings(context: &mut Context<'_>, ty: &Type) -> bool {
    match &ty.shape {
        Shape::String | Shape::Base64 | Shape::Base64Url | Shape::Json | Shape::JsonObject => true,
        Shape::Timestamp
        | Shape::Date
        | Shape::Boolean
        | Shape::Integer(_)
        | Shape::Number
        | Shape::Blob => false,
        Shape::List(item) | Shape::Map(item) => has_strings(context, item),
        Shape::Tuple(tuple) => tuple.types().any(|ty| has_strings(context, ty)),
        // The type may not be defined yet.
        Shape::Named(id) => {
            let pointer = context.types.def(*id).pointer.clone();
            has_strings_at(context, &pointer, 0)
        }
    }
}

/// Returns whether values of a schema may contain strings.
fn has_strings_at(context: &mut Context<'_>, pointer: &str, depth: usize) -> bool {
    // Lists can contain each other.
    if depth > MAX_DEPTH {
        return true;
    }
    let parts = match context.types.combinations.parts.get(pointer) {
        Some(parts) => parts.clone(),
        None => match context.document.typed::<ReferenceOr<Schema>>(pointer) {
            Some(Ok(schema)) => vec![SchemaPart::new(schema, pointer.to_owned())],
            _ => return true,
        },
    };
    let leaves = leaves_of(context, &parts);
    match combine_leaves(context, leaves) {
        Combined::Plain(plain) => has_strings_schema(context, &plain.schema, &plain.pointer, depth),
        _ => true,
    }
}

fn has_strings_schema(
    context: &mut Context<'_>,
    schema: &AnySchema,
    pointer: &str,
    depth: usize,
) -> bool {
    match (classify(schema), schema.typ.as_deref(), schema.format.as_deref()) {
        (SchemaClass::Enum, ..) | (_, Some("integer" | "number" | "boolean"), _) => false,
        (_, Some("string"), Some("date" | "date-time")) => false,
        (_, Some("array"), _) if schema.items.is_some() => {
            has_strings_at(context, &child(pointer, "items"), depth + 1)
        }
        _ => true,
    }
}
