//! Types with constraints.

use crate::config::Target;
use crate::ir::{Additional, Api, BodyContent, Operation, Shape, Struct, Type, TypeId, TypeKind};
use crate::lower::context::state::Context;

/// Finds the types that have constraints, or contain types that have.
///
/// Nearly every response has timestamps. Their format is checked only in the types that requests
/// contain, and in those that are checked anyway, so that the others need no code.
pub(crate) fn find_constrained(api: &mut Api, context: &mut Context<'_>) {
    propagate(api);
    let sent = api.operations.iter().flat_map(|operation| operation.sent_types());
    let sent = api.reachable_types(sent);
    // A server decodes only what has its format.
    if context.config.layout.target == Target::Client {
        api.operations.iter_mut().flat_map(sent_types_mut).for_each(add_format);
    }
    // The types that contain those with a format are checked, too.
    for _ in 0..2 {
        for (i, def) in api.types.iter_mut().enumerate() {
            if def.constrained || sent.contains(&TypeId(i)) {
                parts_mut(&mut def.kind).into_iter().for_each(add_format);
            }
        }
        propagate(api);
    }
}

fn sent_types_mut(operation: &mut Operation) -> impl Iterator<Item = &mut Type> {
    let (one, several) = match operation.body.as_mut().map(|body| &mut body.content) {
        Some(BodyContent::One(media)) => (Some(media), None),
        Some(BodyContent::Several { alternatives, .. }) => (None, Some(alternatives)),
        None => (None, None),
    };
    let media = one.into_iter().chain(several.into_iter().flatten().map(|(_, media)| media));
    let parameters = operation.parameters.iter_mut().map(|parameter| &mut parameter.ty);
    parameters.chain(media.map(|media| &mut media.ty))
}

/// Adds the format of timestamps, dates and base64 to the constraints of a type.
fn add_format(ty: &mut Type) {
    match &mut ty.shape {
        Shape::Timestamp => ty.constraints.format = Some("date-time"),
        Shape::Date => ty.constraints.format = Some("date"),
        Shape::Base64 => ty.constraints.format = Some("base64"),
        Shape::Base64Url => ty.constraints.format = Some("base64url"),
        Shape::List(inner) | Shape::Map(inner) => add_format(inner),
        Shape::Tuple(tuple) => {
            let tuple = &mut **tuple;
            let all = tuple.items.iter_mut().chain(&mut tuple.optional).chain(&mut tuple.rest);
            all.for_each(add_format);
        }
        _ => {}
    }
}

/// Records the types that have constraints, or contain types that have.
fn propagate(api: &mut Api) {
    // The types that contain each type.
    let mut containers: Vec<Vec<usize>> = vec![Vec::new(); api.types.len()];
    let mut open = Vec::new();
    for (i, def) in api.types.iter().enumerate() {
        // A type of the user checks itself.
        if def.replaced.is_some() {
            continue;
        }
        if matches!(&def.kind, TypeKind::Struct(structure) if has_own(structure)) {
            open.push(i);
        }
        let mut parts = parts(&def.kind);
        while let Some(ty) = parts.pop() {
            match &ty.shape {
                _ if !ty.constraints.is_empty() => open.push(i),
                Shape::Named(part) => containers[part.0].push(i),
                Shape::List(inner) | Shape::Map(inner) => parts.push(inner),
                Shape::Tuple(tuple) => parts.extend(tuple.types()),
                _ => {}
            }
        }
    }
    while let Some(i) = open.pop() {
        if !std::mem::replace(&mut api.types[i].constrained, true) {
            open.append(&mut containers[i]);
        }
    }
}

/// Returns whether a struct has constraints other than those of its fields.
fn has_own(structure: &Struct) -> bool {
    structure.rules.is_some() || matches!(structure.additional, Additional::Forbid)
}

/// Returns the types that a definition is made of.
fn parts(kind: &TypeKind) -> Vec<&Type> {
    match kind {
        TypeKind::Enum(_) => Vec::new(),
        TypeKind::Alias(ty) => vec![ty],
        TypeKind::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
        TypeKind::Struct(Struct { fields, additional, .. }) => {
            let additional = match additional {
                Additional::Typed(ty) => Some(ty),
                _ => None,
            };
            fields.iter().map(|field| &field.ty).chain(additional).collect()
        }
    }
}

/// As [`parts`], mutable.
fn parts_mut(kind: &mut TypeKind) -> Vec<&mut Type> {
    match kind {
        TypeKind::Enum(_) => Vec::new(),
        TypeKind::Alias(ty) => vec![ty],
        TypeKind::Union(union) => {
            union.variants.iter_mut().map(|variant| &mut variant.ty).collect()
        }
        TypeKind::Struct(Struct { fields, additional, .. }) => {
            let additional = match additional {
                Additional::Typed(ty) => Some(ty),
                _ => None,
            };
            fields.iter_mut().map(|field| &mut field.ty).chain(additional).collect()
        }
    }
}
