//! Properties that have only one value, which callers need not set.

use crate::ir::{Api, Constant, Presence, Rule, Shape, Type, TypeId, TypeKind};
use crate::lower::context::state::Context;
use std::collections::BTreeSet;

/// Finds the properties that have one value and are always there, which nobody needs to give:
/// those that are required, those that tell the variants of a union apart, and those that mean
/// the same where they are left out. Any other that may be left out means something if it is not.
pub(crate) fn find_constants(api: &mut Api, _: &mut Context<'_>) {
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
fn tag_properties(api: &Api) -> BTreeSet<(TypeId, &str)> {
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
