//! Boxed fields and variants.

use crate::ir::{Api, Field, Literals, Presence, Shape, Type, TypeId, TypeKind};
use crate::lower::context::state::Context;
use std::collections::BTreeSet;

/// What is larger, in bytes, is behind a pointer where another value or none may stand in its
/// place: four texts. Structs stay small to move, and do not grow with each level below them.
const LARGE: usize = 96;

/// Puts pointers where a type would hold itself, and where a variant of a union or a field
/// that may be absent is large.
pub(crate) fn add_boxes(api: &mut Api, _: &mut Context<'_>) {
    // What is found later lies within what was found before: the inner types go first, so that
    // a union of boxed variants is small itself.
    for i in (0..api.types.len()).rev() {
        let id = TypeId(i);
        let boxed: Vec<bool> = match &api.types[i].kind {
            TypeKind::Struct(structure) => {
                let wants = |field: &Field| {
                    let may_be_absent = field.presence != Presence::Required;
                    holds(api, &field.ty, id) || may_be_absent && is_large(api, &field.ty)
                };
                structure.fields.iter().map(wants).collect()
            }
            TypeKind::Union(union) => {
                let wants = |ty: &Type| holds(api, ty, id) || is_large(api, ty);
                union.variants.iter().map(|variant| wants(&variant.ty)).collect()
            }
            TypeKind::Enum(_) | TypeKind::Alias(_) => continue,
        };
        match &mut api.types[i].kind {
            TypeKind::Struct(structure) => structure
                .fields
                .iter_mut()
                .zip(boxed)
                .for_each(|(field, boxed)| field.boxed = boxed),
            TypeKind::Union(union) => union
                .variants
                .iter_mut()
                .zip(boxed)
                .for_each(|(variant, boxed)| variant.boxed = boxed),
            TypeKind::Enum(_) | TypeKind::Alias(_) => {}
        }
    }
}

/// The types that a type holds directly, neither behind a pointer nor in a list or map.
fn held<'a>(api: &'a Api, ty: &'a Type) -> Vec<(&'a Type, bool)> {
    match &ty.shape {
        Shape::Named(id) => match &api.def(*id).kind {
            TypeKind::Alias(ty) => vec![(ty, false)],
            TypeKind::Struct(structure) => {
                structure.fields.iter().map(|field| (&field.ty, field.boxed)).collect()
            }
            TypeKind::Union(union) => {
                union.variants.iter().map(|variant| (&variant.ty, variant.boxed)).collect()
            }
            TypeKind::Enum(_) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Whether a value of `ty` would hold a value of the type `id`.
fn holds(api: &Api, ty: &Type, id: TypeId) -> bool {
    let mut visited = BTreeSet::new();
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        if let Shape::Named(held) = ty.shape {
            if held == id {
                return true;
            }
            if !visited.insert(held) {
                continue;
            }
        }
        open.extend(held(api, ty).into_iter().filter(|(_, boxed)| !boxed).map(|(ty, _)| ty));
    }
    false
}

/// Whether a value takes more than [`LARGE`] bytes, without what it points to.
fn is_large(api: &Api, ty: &Type) -> bool {
    size_of(api, ty, LARGE, &mut Vec::new()) > LARGE
}

/// About how many bytes a value takes, without what it points to; no longer counted where that
/// is more than `most`, because types that hold many others would be counted for ever.
fn size_of(api: &Api, ty: &Type, most: usize, visited: &mut Vec<TypeId>) -> usize {
    let id = match &ty.shape {
        Shape::Boolean => return 1,
        Shape::Int32 => return 4,
        Shape::Int64 | Shape::Uint64 | Shape::Date => return 8,
        Shape::Timestamp | Shape::Number | Shape::Json | Shape::JsonObject => return 16,
        Shape::String | Shape::List(_) | Shape::Map(_) => return 24,
        Shape::Blob => return 40,
        Shape::Named(id) if visited.contains(id) => return 8,
        Shape::Named(id) => *id,
    };
    visited.push(id);
    let kind = &api.def(id).kind;
    let mut size = match kind {
        TypeKind::Enum(of) if of.literals == Literals::Integers => 16,
        TypeKind::Enum(_) | TypeKind::Struct(_) => 24,
        TypeKind::Union(_) => 8,
        TypeKind::Alias(_) => 0,
    };
    let own = size;
    for (part, boxed) in held(api, ty) {
        if size > most {
            break;
        }
        if let TypeKind::Union(_) = kind {
            let part = if boxed { 8 } else { size_of(api, part, most - own, visited) };
            size = size.max(own + part);
        } else {
            size += if boxed { 8 } else { size_of(api, part, most - size, visited) };
        }
    }
    visited.pop();
    size
}
