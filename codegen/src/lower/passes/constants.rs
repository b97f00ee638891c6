//! Properties that have only one value, which callers need not set.

use crate::ir::{
    Api, Constant, Field, Integer, Presence, Rule, Shape, Type, TypeId, TypeKind, Union,
};
use crate::lower::context::pending::Discriminated;
use crate::lower::context::state::Context;
use std::collections::{BTreeMap, BTreeSet};

/// Finds the properties with only one value that callers need not set: required properties,
/// properties that select the variant of a union, and properties whose default is this value. Any
/// other optional property has a meaning when it is present.
pub(crate) fn find_constants(api: &mut Api, context: &mut Context<'_>) {
    open_enums(api, &context.pending.open_enums);
    let tags = tag_properties(api);
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
                && !of.is_open
                && is_shown(api, &field.ty)
            {
                found.push((i, f, *id));
            }
        }
    }
    for (i, f, id) in found {
        if let TypeKind::Struct(structure) = &mut api.types[i].kind {
            structure.fields[f].constant.get_or_insert(Constant::Enum(id));
            structure.fields[f].ty.is_secret = false;
        }
    }
    restrict_discriminators(api, &context.pending.discriminated);
}

/// Makes enums open whose schema is an alternative to any string.
fn open_enums(api: &mut Api, ids: &BTreeSet<TypeId>) {
    for id in ids {
        if let Shape::Named(id) = api.resolve(&Type::plain(Shape::Named(*id))).0.shape
            && let TypeKind::Enum(open) = &mut api.types[id.0].kind
        {
            open.is_open = true;
        }
    }
}

/// Returns the properties whose value selects a variant, with the type of that variant.
fn tag_properties(api: &Api) -> BTreeSet<(TypeId, &str)> {
    let mut tags = BTreeSet::new();
    for def in &api.types {
        let TypeKind::Union(union) = &def.kind else { continue };
        for (_, rule) in &union.decision.rules {
            let Rule::Tag { path, arms, .. } = rule else { continue };
            let [property] = path.as_slice() else { continue };
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

/// The values of a discriminator, and whether each is sent, and not only accepted.
type Values = BTreeMap<String, bool>;

/// Restricts discriminators that are plain strings or integers to the values that select their
/// struct. A single value is a constant.
fn restrict_discriminators(api: &mut Api, unions: &[Discriminated]) {
    let mut values: BTreeMap<(TypeId, &str), Values> = BTreeMap::new();
    for Discriminated { union: id, property, base, names } in unions {
        let TypeKind::Union(union) = &api.def(*id).kind else { continue };
        for (arm, variant) in selecting(union, property) {
            if Some(variant) == *base {
                continue;
            }
            for value in arm {
                for selected in selected(api, &union.variants[variant].ty, property, value) {
                    let known = values.entry((selected, property)).or_default();
                    *known.entry(value.clone()).or_default() |= !names.contains(value);
                }
            }
        }
    }
    for ((id, property), values) in values {
        let TypeKind::Struct(structure) = &api.def(id).kind else { continue };
        let field = structure.fields.iter().position(|field| field.wire == property);
        let Some((field, index)) =
            field.and_then(|i| Some((restricted(api, &structure.fields[i], &values)?, i)))
        else {
            continue;
        };
        if let TypeKind::Struct(structure) = &mut api.types[id.0].kind {
            structure.fields[index] = field;
        }
    }
}

/// Returns a field that is restricted to some values, if it is a plain string or integer.
fn restricted(api: &Api, field: &Field, values: &Values) -> Option<Field> {
    let mut field = field.clone();
    if !is_shown(api, &field.ty) {
        return None;
    }
    // The document shows the values.
    field.ty.is_secret = false;
    let (sent, accepted): (Vec<_>, Vec<_>) = values.iter().partition(|(_, is_sent)| **is_sent);
    let sent: Vec<String> = sent.into_iter().map(|(value, _)| value.clone()).collect();
    let accepted = accepted.into_iter().map(|(value, _)| value.clone());
    let (constant, accepted): (fn(String) -> Constant, Vec<String>) =
        match api.resolve(&field.ty).0.shape {
            Shape::String => (Constant::String, accepted.collect()),
            // A name is not an integer.
            Shape::Integer(integer) if are_integers(integer, &sent) => {
                (Constant::Integer, Vec::new())
            }
            _ => return None,
        };
    if !field.ty.constraints.values.is_empty() || field.constant.is_some() {
        return None;
    }
    if let ([only], Presence::Required | Presence::Optional) = (sent.as_slice(), field.presence) {
        field.constant = Some(constant(only.clone()));
    }
    field.ty.constraints.values = [sent, accepted].concat();
    Some(field)
}

/// Returns whether no alias hides the values of a type.
fn is_shown(api: &Api, ty: &Type) -> bool {
    !api.is_hidden(&Type { is_secret: false, ..ty.clone() })
}

fn are_integers(integer: Integer, values: &[String]) -> bool {
    let (lowest, highest) = integer.limits();
    let fits = |value: i128| (lowest..=highest).contains(&value);
    values.iter().all(|value| value.parse().is_ok_and(fits))
}

/// Returns the values of a property that select a single variant, with the variant.
fn selecting<'u>(union: &'u Union, property: &str) -> Vec<(&'u [String], usize)> {
    let mut found = Vec::new();
    for (_, rule) in &union.decision.rules {
        let Rule::Tag { path, arms, .. } = rule else { continue };
        if *path == [property] {
            found.extend(arms.iter().filter_map(|(values, rule)| match rule {
                Rule::Only(variant) => Some((values.as_slice(), *variant)),
                _ => None,
            }));
        }
    }
    found
}

/// Returns the structs that values of a type are if a property has a value.
fn selected(api: &Api, ty: &Type, property: &str, value: &str) -> BTreeSet<TypeId> {
    let (mut found, mut open, mut visited) = (BTreeSet::new(), vec![ty], BTreeSet::new());
    while let Some(ty) = open.pop() {
        let Shape::Named(id) = api.resolve(ty).0.shape else { continue };
        if !visited.insert(id) {
            continue;
        }
        match &api.def(id).kind {
            TypeKind::Struct(_) => {
                found.insert(id);
            }
            TypeKind::Union(union) => {
                let arms = selecting(union, property);
                let arm = arms.iter().find(|(values, _)| values.iter().any(|known| known == value));
                let others = union.variants.iter().enumerate().filter(|(i, _)| match arm {
                    Some((_, variant)) => i == variant,
                    // The value selects none of the variants that have values of their own.
                    None => !arms.iter().any(|(_, variant)| i == variant),
                });
                open.extend(others.map(|(_, variant)| &variant.ty));
            }
            TypeKind::Enum(_) | TypeKind::Alias(_) => {}
        }
    }
    found
}
