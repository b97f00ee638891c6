//! Boxed fields and variants.

use crate::ir::{Api, Field, Literals, Presence, Shape, Type, TypeId, TypeKind};
use crate::lower::context::state::Context;
use std::collections::BTreeSet;

/// The size in bytes above which optional fields and variants are boxed: four strings. This keeps
/// structs cheap to move and independent of the depth of their types.
const LARGE: usize = 96;

/// The number of types in each other without a box. The compiler allows 128.
const MAX_DEPTH: usize = 32;

/// Boxes fields and variants that contain their own type, and large variants and optional fields.
pub(crate) fn add_boxes(api: &mut Api, _: &mut Context<'_>) {
    let (groups, inner_first) = groups(api);
    // Types found later are contained in types found earlier. Starting with the inner types keeps a
    // union of boxed variants small.
    for i in (0..api.types.len()).rev() {
        let id = TypeId(i);
        let boxed: Vec<bool> = match &api.types[i].kind {
            TypeKind::Struct(structure) => {
                let wants = |field: &Field| {
                    let may_be_absent = field.presence != Presence::Required;
                    holds(api, &field.ty, id, &groups) || may_be_absent && is_large(api, &field.ty)
                };
                structure.fields.iter().map(wants).collect()
            }
            TypeKind::Union(union) => {
                let wants = |ty: &Type| holds(api, ty, id, &groups) || is_large(api, ty);
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
    limit_depth(api, &inner_first);
}

/// Boxes fields and variants whose type contains many others in each other.
fn limit_depth(api: &mut Api, inner_first: &[usize]) {
    let mut depths = vec![0_usize; api.types.len()];
    for &i in inner_first {
        let depth_of = |ty: &Type| match ty.shape {
            Shape::Named(id) => depths[id.0] + 1,
            _ => 0,
        };
        let mut deepest = 0;
        let mut limit = |ty: &Type, boxed: &mut bool| {
            *boxed |= depth_of(ty) > MAX_DEPTH;
            if !*boxed {
                deepest = deepest.max(depth_of(ty));
            }
        };
        match &mut api.types[i].kind {
            TypeKind::Struct(structure) => {
                structure.fields.iter_mut().for_each(|field| limit(&field.ty, &mut field.boxed))
            }
            TypeKind::Union(union) => {
                union.variants.iter_mut().for_each(|variant| limit(&variant.ty, &mut variant.boxed))
            }
            // Its own depth is that of the type.
            TypeKind::Alias(ty) => deepest = depth_of(ty).saturating_sub(1),
            TypeKind::Enum(_) => {}
        }
        depths[i] = deepest;
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

/// Returns whether a value of `ty` would contain a value of the type `id`. Only types of one group
/// contain each other.
fn holds(api: &Api, ty: &Type, id: TypeId, groups: &[usize]) -> bool {
    let mut visited = BTreeSet::new();
    let mut queue = vec![ty];
    while let Some(ty) = queue.pop() {
        let Shape::Named(held) = ty.shape else { continue };
        if held == id {
            return true;
        }
        if groups[held.0] == groups[id.0] && visited.insert(held) {
            queue.extend(
                self::held(api, ty).into_iter().filter(|(_, boxed)| !boxed).map(|(ty, _)| ty),
            );
        }
    }
    false
}

/// Returns the group of each type: types that contain each other, without lists and maps, have the
/// same group (Tarjan's algorithm, without recursion). Also returns the types with inner ones first.
fn groups(api: &Api) -> (Vec<usize>, Vec<usize>) {
    const NEW: usize = usize::MAX;
    let parts = |id: usize| -> Vec<usize> {
        let ty = Type::plain(Shape::Named(TypeId(id)));
        let held = held(api, &ty).into_iter();
        held.filter_map(|(ty, _)| match ty.shape {
            Shape::Named(id) => Some(id.0),
            _ => None,
        })
        .collect()
    };
    let count = api.types.len();
    let (mut order, mut lowest, mut groups) =
        (vec![NEW; count], vec![NEW; count], vec![NEW; count]);
    let (mut next, mut pending, mut inner_first) = (0, Vec::new(), Vec::new());
    for root in 0..count {
        let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut enter = Some(root).filter(|root| order[*root] == NEW);
        loop {
            if let Some(id) = enter.take() {
                (order[id], lowest[id]) = (next, next);
                next += 1;
                pending.push(id);
                open.push((id, parts(id)));
            }
            let Some((id, left)) = open.last_mut() else { break };
            let id = *id;
            match left.pop() {
                Some(part) if order[part] == NEW => enter = Some(part),
                Some(part) if groups[part] == NEW => lowest[id] = lowest[id].min(order[part]),
                Some(_) => {}
                None => {
                    open.pop();
                    inner_first.push(id);
                    if let Some((around, _)) = open.last() {
                        lowest[*around] = lowest[*around].min(lowest[id]);
                    }
                    while lowest[id] == order[id] && groups[id] == NEW {
                        let Some(member) = pending.pop() else { break };
                        groups[member] = id;
                    }
                }
            }
        }
    }
    (groups, inner_first)
}

/// Returns whether a value takes more than [`LARGE`] bytes, without its heap allocations.
fn is_large(api: &Api, ty: &Type) -> bool {
    size_of(api, ty, LARGE, &mut Visits::default()) > LARGE
}

/// The types that were visited to estimate the size of one.
#[derive(Default)]
struct Visits {
    /// The types around the current one.
    open: Vec<TypeId>,
    count: usize,
}

/// The number of types from which a type counts as large.
const MAX_VISITS: usize = 1000;

/// Estimates the size of a value in bytes, without its heap allocations. Stops at `limit`, and after
/// [`MAX_VISITS`]: an exact size takes exponential time for deeply nested types.
fn size_of(api: &Api, ty: &Type, limit: usize, visited: &mut Visits) -> usize {
    visited.count += 1;
    if visited.count > MAX_VISITS {
        return LARGE + 1;
    }
    let id = match &ty.shape {
        Shape::Boolean => return 1,
        Shape::Integer(integer) => return usize::from(integer.bits / 8),
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
        Shape::Named(id) if visited.open.contains(id) => return 8,
        Shape::Named(id) => match &api.def(*id).kind {
            // A chain of aliases can be long.
            TypeKind::Alias(_) => match api.resolve(ty) {
                (Type { shape: Shape::Named(_), .. }, None) => return 8,
                (target, _) => return size_of(api, target, limit, visited),
            },
            _ => *id,
        },
    };
    visited.open.push(id);
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
    visited.open.pop();
    size
}
