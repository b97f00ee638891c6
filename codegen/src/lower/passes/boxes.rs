//! Boxed fields and variants.

use crate::ir::{Api, Field, Literals, Presence, Shape, Type, TypeId, TypeKind};
use crate::lower::context::state::Context;
use std::collections::BTreeSet;

/// The size in bytes above which optional fields and variants are boxed: four strings. This keeps
/// structs cheap to move and independent of the depth of their types.
const LARGE: usize = 96;

/// Boxes fields and variants that contain their own type, and large variants and optional fields.
pub(crate) fn add_boxes(api: &mut Api, _: &mut Context<'_>) {
    // Types found later are contained in types found earlier. Starting with the inner types keeps a
    // union of boxed variants small.
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

/// Returns the types that a type contains directly, and whether each is boxed. Lists and maps do
/// not count; tuples do.
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
        Shape::Tuple(tuple) => {
            tuple.items.iter().chain(&tuple.optional).map(|ty| (ty, false)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns whether a value of `ty` would contain a value of the type `id`.
fn holds(api: &Api, ty: &Type, id: TypeId) -> bool {
    let mut visited = BTreeSet::new();
    let mut queue = vec![ty];
    while let Some(ty) = queue.pop() {
        if let Shape::Named(held) = ty.shape {
            if held == id {
                return true;
            }
            if !visited.insert(held) {
                continue;
            }
        }
        queue.extend(held(api, ty).into_iter().filter(|(_, boxed)| !boxed).map(|(ty, _)| ty));
    }
    false
}

/// Returns whether a value takes more than [`LARGE`] bytes, without its heap allocations.
fn is_large(api: &Api, ty: &Type) -> bool {
    size_of(api, ty, LARGE, &mut Vec::new()) > LARGE
}

/// Estimates the size of a value in bytes, without its heap allocations. Stops at `limit`: an exact
/// size takes exponential time for deeply nested types.
fn size_of(api: &Api, ty: &Type, limit: usize, visited: &mut Vec<TypeId>) -> usize {
    let id = match &ty.shape {
        Shape::Boolean | Shape::Int8 | Shape::Uint8 => return 1,
        Shape::Int16 | Shape::Uint16 => return 2,
        Shape::Int32 | Shape::Uint32 => return 4,
        Shape::Int64 | Shape::Uint64 => return 8,
        Shape::Timestamp
        | Shape::Date
        | Shape::Base64
        | Shape::Base64Url
        | Shape::Number
        | Shape::Json
        | Shape::JsonObject => return 16,
        Shape::String | Shape::List(_) | Shape::Map(_) => return 24,
        Shape::Tuple(tuple) => {
            let items = tuple.items.iter().chain(&tuple.optional);
            return items.map(|ty| size_of(api, ty, limit, visited)).sum::<usize>() + 24;
        }
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
    let base_size = size;
    for (part, boxed) in held(api, ty) {
        if size > limit {
            break;
        }
        if let TypeKind::Union(_) = kind {
            let part = if boxed { 8 } else { size_of(api, part, limit - base_size, visited) };
            size = size.max(base_size + part);
        } else {
            size += if boxed { 8 } else { size_of(api, part, limit - size, visited) };
        }
    }
    visited.pop();
    size
}
