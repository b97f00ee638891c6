//! Unions that contain themselves as variants, directly or through other unions.

use crate::diagnostics::{Location, messages};
use crate::ir::{Api, Shape, Type, TypeId, TypeKind, TypeName, Union, Variant};
use crate::lower::context::pending::PendingUnion;
use crate::lower::context::state::Context;
use std::collections::BTreeMap;

/// Removes variants that lead back to their union: they add no values of their own. Unions that
/// contain each other have the same values, so each gets the other variants of all of them.
pub(crate) fn break_union_cycles(
    api: &mut Api,
    context: &mut Context<'_>,
    unions: &mut [PendingUnion],
) {
    let groups = groups(api, unions);
    let group_of: BTreeMap<TypeId, usize> =
        unions.iter().zip(&groups).map(|(union, group)| (union.id, *group)).collect();
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, group) in groups.iter().enumerate() {
        members.entry(*group).or_default().push(i);
    }
    for (group, members) in members {
        let leads_back =
            |ty: &Type| target(api, ty).is_some_and(|id| group_of.get(&id) == Some(&group));
        // The variants of each union that do not lead back, with the pointers of their schemas.
        let mut kept: Vec<Vec<(Variant, Option<String>)>> = Vec::new();
        let mut is_cycle = false;
        for &member in &members {
            let pending = &unions[member];
            let variants = variants(api, pending.id).iter();
            let with_targets = variants.zip(pending.targets.iter().cloned());
            let (back, others): (Vec<_>, Vec<_>) =
                with_targets.partition(|(variant, _)| leads_back(&variant.ty));
            is_cycle |= !back.is_empty();
            kept.push(
                others.into_iter().map(|(variant, target)| (variant.clone(), target)).collect(),
            );
        }
        if !is_cycle {
            continue;
        }
        for (i, &member) in members.iter().enumerate() {
            let pending = &mut unions[member];
            let own = kept[i].iter();
            let others = kept.iter().enumerate().filter(|(other, _)| *other != i);
            let all = own.chain(others.flat_map(|(_, variants)| variants));
            replace_variants(api, pending, all);
            let name = &api.def(pending.id).name.0;
            let location = Location::pointer(&pending.pointer);
            context.diagnostics.report(location, messages::self_variant(name));
        }
    }
}

fn replace_variants<'v>(
    api: &mut Api,
    pending: &mut PendingUnion,
    all: impl Iterator<Item = &'v (Variant, Option<String>)>,
) {
    let TypeKind::Union(Union { variants, other, .. }) = &mut api.types[pending.id.0].kind else {
        return;
    };
    variants.clear();
    pending.targets.clear();
    for (variant, target) in all {
        if variants.iter().any(|known| known.ty == variant.ty) {
            continue;
        }
        let is_taken = |name: &str| {
            let mut names = variants.iter().map(|variant| &variant.name).chain(other.as_ref());
            names.any(|taken| taken.0 == name)
        };
        let name = &variant.name.0;
        let mut candidates = (2..).map(|n| format!("{name}{n}"));
        let name = match is_taken(name) {
            true => candidates.find(|name| !is_taken(name)).unwrap_or_default(),
            false => name.clone(),
        };
        variants.push(Variant { name: TypeName(name), ..variant.clone() });
        pending.targets.push(target.clone());
    }
    if variants.is_empty() {
        api.types[pending.id.0].kind = TypeKind::Alias(Type::plain(Shape::Json));
    }
}

fn variants(api: &Api, id: TypeId) -> &[Variant] {
    match &api.def(id).kind {
        TypeKind::Union(union) => &union.variants,
        _ => &[],
    }
}

/// Returns the union that a type is.
fn target(api: &Api, ty: &Type) -> Option<TypeId> {
    let Shape::Named(id) = api.resolve(ty).0.shape else { return None };
    matches!(api.def(id).kind, TypeKind::Union(_)).then_some(id)
}

/// What is known about a union while the groups are searched (Tarjan's algorithm).
#[derive(Clone, Copy, Default)]
struct Visit {
    /// When it was found, from `1`; `0` if it was not.
    found: usize,
    /// The earliest union of its group that is known.
    low: usize,
    is_open: bool,
}

/// Returns a number for each union. Unions that contain each other have the same.
fn groups(api: &Api, unions: &[PendingUnion]) -> Vec<usize> {
    let index: BTreeMap<TypeId, usize> =
        unions.iter().enumerate().map(|(i, union)| (union.id, i)).collect();
    let edges: Vec<Vec<usize>> = unions
        .iter()
        .map(|union| {
            let targets = variants(api, union.id).iter();
            targets.filter_map(|variant| index.get(&target(api, &variant.ty)?).copied()).collect()
        })
        .collect();
    let mut groups = vec![0; unions.len()];
    let mut visits = vec![Visit::default(); unions.len()];
    let (mut found, mut group, mut open) = (0, 0, Vec::new());
    for root in 0..unions.len() {
        // Chains of unions can be long, so this does not recurse.
        let mut path = vec![(root, 0_usize)];
        while let Some((union, next)) = path.pop() {
            if next == 0 {
                if visits[union].found > 0 {
                    continue;
                }
                found += 1;
                visits[union] = Visit { found, low: found, is_open: true };
                open.push(union);
            }
            if let Some(previous) = next.checked_sub(1).and_then(|edge| edges[union].get(edge))
                && visits[*previous].is_open
            {
                visits[union].low = visits[union].low.min(visits[*previous].low);
            }
            if let Some(inner) = edges[union].get(next) {
                path.push((union, next + 1));
                if visits[*inner].found == 0 {
                    path.push((*inner, 0));
                }
                continue;
            }
            if visits[union].low == visits[union].found {
                while let Some(member) = open.pop() {
                    visits[member].is_open = false;
                    groups[member] = group;
                    if member == union {
                        break;
                    }
                }
                group += 1;
            }
        }
    }
    groups
}
