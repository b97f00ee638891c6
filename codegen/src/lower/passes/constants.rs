//! Properties that have only one value, which callers need not set.

use crate::ir::{Api, Constant, Presence, Rule, Shape, Type, TypeId, TypeKind};
use crate::lower::context::state::Context;
use std::collections::BTreeSet;

/// Finds the properties with only one value that callers need not set: required properties,
/// properties that select the variant of a union, and properties whose default is this value. Any
/// other optional property has a meaning when it is present.
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

/// Returns the properties whose value selects a variant, with the type of that variant.
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
