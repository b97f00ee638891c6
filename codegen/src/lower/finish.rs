//! What can only be known once all types are there: which properties may be `null`, which
//! have one value, which types need a pointer, and which have constraints.

use std::collections::BTreeSet;

use crate::ir::{
    Additional, Api, Constant, Field, Literals, Presence, Rule, Shape, Struct, Type, TypeDef,
    TypeId, TypeKind,
};

/// What is larger, in bytes, is behind a pointer where another value or none may stand in its
/// place: four texts. Structs stay small to move, and do not grow with each level below them.
const LARGE: usize = 96;

/// Settles when properties are there, from whether their types have `null`. Returns those
/// (`Schema.property`) that were to have three states but have no `null`.
pub(super) fn presences(api: &mut Api) -> Vec<String> {
    let before = three_state(api);
    each_field(
        api,
        |api, field| {
            let Field { presence, default, ty, .. } = field;
            let (presence, default) = (*presence, default.clone());
            let nullable = api.is_nullable(ty);
            let inherited = match ty.shape {
                Shape::Named(id) => api.def(id).default.clone(),
                _ => None,
            };
            (
                match presence {
                    Presence::Required if nullable => Presence::RequiredNullable,
                    Presence::ThreeState if !nullable => Presence::Optional,
                    other => other,
                },
                default.or(inherited),
            )
        },
        |field, (presence, default)| {
            field.presence = presence;
            field.default = default;
        },
    );
    let after = three_state(api);
    before.into_iter().filter(|key| !after.contains(key)).collect()
}

/// The properties with three states.
fn three_state(api: &Api) -> Vec<String> {
    let mut keys = Vec::new();
    for def in &api.types {
        if let TypeKind::Struct(structure) = &def.kind {
            let owner = def.schema_name.as_ref().unwrap_or(&def.name.0);
            let fields =
                structure.fields.iter().filter(|field| field.presence == Presence::ThreeState);
            keys.extend(fields.map(|field| format!("{owner}.{}", field.wire)));
        }
    }
    keys
}

/// An alias that holds itself, directly or in lists and maps of itself, has no form in Rust.
/// Returns those that do: the first of each circle, and whether it leads straight back.
pub(super) fn break_alias_circles(api: &mut Api) -> Vec<(TypeId, bool)> {
    let mut broken = Vec::new();
    for i in 0..api.types.len() {
        let TypeKind::Alias(ty) = &api.types[i].kind else {
            continue;
        };
        if expands_to(api, ty, TypeId(i)) {
            broken.push((TypeId(i), matches!(ty.shape, Shape::Named(_))));
            api.types[i].kind = TypeKind::Alias(Type::plain(Shape::Json));
        }
    }
    broken
}

/// Whether writing a type out, alias by alias, would come to the type `id`.
fn expands_to(api: &Api, ty: &Type, id: TypeId) -> bool {
    let mut visited = BTreeSet::new();
    let mut ty = ty;
    loop {
        match &ty.shape {
            Shape::List(inner) | Shape::Map(inner) => ty = inner,
            Shape::Named(next) if *next == id => return true,
            Shape::Named(next) => match &api.def(*next).kind {
                TypeKind::Alias(target) if visited.insert(*next) => ty = target,
                _ => return false,
            },
            _ => return false,
        }
    }
}

/// Finds the properties that have one value and are always there, which nobody needs to give:
/// those that are required, those that tell the variants of a union apart, and those that mean
/// the same where they are left out. Any other that may be left out means something if it is not.
pub(super) fn constants(api: &mut Api) {
    let tags = tags(api);
    let mut found = Vec::new();
    for (i, def) in api.types.iter().enumerate() {
        let TypeKind::Struct(structure) = &def.kind else { continue };
        for (f, field) in structure.fields.iter().enumerate() {
            let is_there = match field.presence {
                Presence::Required => true,
                Presence::Optional => {
                    field.default.is_some() || tags.contains(&(TypeId(i), field.wire.as_str()))
                }
                _ => false,
            };
            if let (true, (Type { shape: Shape::Named(id), .. }, Some(TypeKind::Enum(of)))) =
                (is_there, api.resolve(&field.ty))
                && of.values.len() == 1
            {
                found.push((i, f, *id));
            }
        }
    }
    for (i, f, id) in found {
        if let TypeKind::Struct(structure) = &mut api.types[i].kind {
            structure.fields[f].constant.get_or_insert(Constant::Enum(id));
        }
    }
}

/// The properties whose value leads to one variant, with the type of that variant.
fn tags(api: &Api) -> BTreeSet<(TypeId, &str)> {
    let mut tags = BTreeSet::new();
    for def in &api.types {
        let TypeKind::Union(union) = &def.kind else { continue };
        for (_, rule) in &union.decision.rules {
            let Rule::Tag { property: Some(property), arms, .. } = rule else { continue };
            for (_, rule) in arms {
                if let Rule::Only(variant) = rule
                    && let Shape::Named(id) = api.resolve(&union.variants[*variant].ty).0.shape
                {
                    tags.insert((id, property.as_str()));
                }
            }
        }
    }
    tags
}

fn each_field<T>(
    api: &mut Api,
    find: impl Fn(&Api, &Field) -> T,
    mut set: impl FnMut(&mut Field, T),
) {
    for i in 0..api.types.len() {
        let found: Vec<T> = match &api.types[i].kind {
            TypeKind::Struct(structure) => {
                structure.fields.iter().map(|field| find(api, field)).collect()
            }
            _ => continue,
        };
        if let TypeKind::Struct(structure) = &mut api.types[i].kind {
            structure.fields.iter_mut().zip(found).for_each(|(field, found)| set(field, found));
        }
    }
}

/// Puts pointers where a type would hold itself, and where a variant of a union or a field
/// that may be absent is large.
pub(super) fn boxes(api: &mut Api) {
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
    size(api, ty, LARGE, &mut Vec::new()) > LARGE
}

/// About how many bytes a value takes, without what it points to; no longer counted where that
/// is more than `most`, because types that hold many others would be counted for ever.
fn size(api: &Api, ty: &Type, most: usize, visited: &mut Vec<TypeId>) -> usize {
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
            let part = if boxed { 8 } else { self::size(api, part, most - own, visited) };
            size = size.max(own + part);
        } else {
            size += if boxed { 8 } else { self::size(api, part, most - size, visited) };
        }
    }
    visited.pop();
    size
}

/// Finds the types with constraints, their own or of values within them.
pub(super) fn constraints(api: &mut Api) {
    loop {
        let found: Vec<usize> = (0..api.types.len())
            .filter(|&i| !api.types[i].constrained && is_constrained_def(api, &api.types[i]))
            .collect();
        if found.is_empty() {
            return;
        }
        for i in found {
            api.types[i].constrained = true;
        }
    }
}

fn is_constrained_def(api: &Api, def: &TypeDef) -> bool {
    match &def.kind {
        TypeKind::Enum(_) => false,
        TypeKind::Alias(ty) => api.is_constrained(ty),
        TypeKind::Union(union) => {
            union.variants.iter().any(|variant| api.is_constrained(&variant.ty))
        }
        TypeKind::Struct(Struct { fields, additional }) => {
            fields.iter().any(|field| api.is_constrained(&field.ty))
                || matches!(additional, Additional::Typed(ty) if api.is_constrained(ty))
        }
    }
}
