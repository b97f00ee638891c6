//! How the variant of a union's value is decided.
//!
//! The JSON type decides first. Strings are decided by the values of enums. Objects are decided by
//! the discriminator; otherwise by a required property whose values differ between variants,
//! otherwise by required properties that only one variant has, and so on among the remaining
//! variants. Variants that cannot be distinguished are decoded by trial.

use crate::diagnostics::{Location, conjunction, messages};
use crate::ir::{
    Api, Decision, JsonType, Rule, Shape, Type, TypeId, TypeKind, Union, VariantIndex,
};
use crate::lower::context::pending::PendingUnion;
use crate::lower::context::state::Context;
use crate::lower::passes::unions::discriminator::by_discriminator;
use crate::lower::passes::unions::facts::{ObjectFacts, ValueFacts};
use crate::lower::passes::unions::groups::{by_trial, by_values};
use crate::lower::passes::unions::objects::among_objects;
use std::collections::BTreeSet;

/// Decides every union.
pub(crate) fn decide_unions(api: &mut Api, context: &mut Context<'_>) {
    for mut pending in std::mem::take(&mut context.pending.unions) {
        remove_cycles(context, &mut pending, api);
        let TypeKind::Union(union) = &api.def(pending.id).kind else {
            continue;
        };
        let decision = decide(context, &pending, union, api);
        api.counts.unions += 1;
        if let TypeKind::Union(union) = &mut api.types[pending.id.0].kind {
            if is_total(&decision) {
                union.other = None;
            }
            union.decision = decision;
        }
    }
}

/// Removes variants that lead back to the union itself, directly or through other unions. They add
/// no values.
fn remove_cycles(context: &mut Context<'_>, pending: &mut PendingUnion, api: &mut Api) {
    let TypeKind::Union(union) = &api.def(pending.id).kind else { return };
    let variants = union.variants.iter();
    let stays: Vec<bool> =
        variants.map(|variant| !leads_to(api, &variant.ty, pending.id)).collect();
    if stays.iter().all(|stays| *stays) {
        return;
    }
    let name = &api.def(pending.id).name.0;
    let location = Location::pointer(&pending.pointer);
    context.diagnostics.report(location, messages::self_variant(name));
    let kind = &mut api.types[pending.id.0].kind;
    if let TypeKind::Union(union) = kind {
        let mut stays = stays.into_iter().cycle();
        union.variants.retain(|_| stays.next().unwrap_or(true));
        pending.targets.retain(|_| stays.next().unwrap_or(true));
        if union.variants.is_empty() {
            *kind = TypeKind::Alias(Type::plain(Shape::Json));
        }
    }
}

fn decide(context: &mut Context<'_>, pending: &PendingUnion, union: &Union, api: &Api) -> Decision {
    let facts: Vec<ValueFacts> =
        union.variants.iter().map(|variant| ValueFacts::new(&variant.ty, api)).collect();
    let mut decision = Decision::default();
    // Values of a base type with subtypes are objects. Unmapped values belong to the base.
    if pending.has_base
        && let Some(rule) = by_discriminator(context, pending, union, &facts)
    {
        decision.rules.push((JsonType::Object, rule));
        return decision;
    }
    for json in
        [JsonType::Object, JsonType::Array, JsonType::String, JsonType::Number, JsonType::Boolean]
    {
        let candidates: Vec<VariantIndex> =
            (0..facts.len()).filter(|&i| facts[i].types.contains(&json)).collect();
        let rule = match candidates.as_slice() {
            [] => continue,
            [only] => Rule::Only(*only),
            _ if json == JsonType::Object => {
                decide_objects(context, pending, union, &facts, candidates)
            }
            _ if json == JsonType::String => among_strings(&facts, candidates),
            _ => by_trial(&facts, candidates),
        };
        report_trials(context, pending, union, &rule);
        decision.rules.push((json, rule));
    }
    decision
}

/// Warns once per union, even if it has several groups of variants that are decoded by trial.
fn report_trials(context: &mut Context<'_>, pending: &PendingUnion, union: &Union, rule: &Rule) {
    let mut groups = rule.trials();
    groups.sort_unstable();
    groups.dedup();
    let Some((first, others)) = groups.split_first() else { return };
    let names: Vec<_> = first.iter().map(|&i| union.variants[i].name.0.as_str()).collect();
    let message = match others.len() {
        0 => messages::ambiguous_union(conjunction(&names)),
        others => messages::ambiguous_union_groups(conjunction(&names), others),
    };
    context.diagnostics.report(Location::pointer(&pending.pointer), message);
}

fn decide_objects(
    context: &mut Context<'_>,
    pending: &PendingUnion,
    union: &Union,
    facts: &[ValueFacts],
    candidates: Vec<VariantIndex>,
) -> Rule {
    if let Some(rule) = by_discriminator(context, pending, union, facts) {
        return rule;
    }
    let objects: Option<Vec<(VariantIndex, &ObjectFacts)>> =
        candidates.iter().map(|&i| Some((i, facts[i].object.as_ref()?))).collect();
    match objects {
        Some(objects) => among_objects(&objects, &mut Vec::new()),
        // A variant accepts any object.
        None => by_trial(facts, candidates),
    }
}

/// Returns whether a type is the union `id`, or a union with a variant that is.
fn leads_to(api: &Api, ty: &Type, id: TypeId) -> bool {
    let (mut open, mut visited) = (vec![ty], BTreeSet::new());
    while let Some(ty) = open.pop() {
        let Shape::Named(held) = api.resolve(ty).0.shape else { continue };
        if held == id {
            return true;
        }
        if let TypeKind::Union(union) = &api.def(held).kind
            && visited.insert(held)
        {
            open.extend(union.variants.iter().map(|variant| &variant.ty));
        }
    }
    false
}

/// Decides among strings: enum values select their enum, and other strings the variants that accept
/// any string.
fn among_strings(facts: &[ValueFacts], candidates: Vec<VariantIndex>) -> Rule {
    let (enums, strings): (Vec<_>, Vec<_>) =
        candidates.iter().copied().partition(|&i| facts[i].strings.is_some());
    let values = enums.iter().filter_map(|&i| Some((i, facts[i].strings.as_deref()?)));
    let Some(arms) = by_values(values) else { return by_trial(facts, candidates) };
    let otherwise = match (strings.as_slice(), enums.as_slice()) {
        ([], [first, ..]) => Rule::Only(*first),
        ([only], _) => Rule::Only(*only),
        _ => by_trial(facts, strings),
    };
    let decide = |variants: Vec<VariantIndex>| match variants.as_slice() {
        [only] => Rule::Only(*only),
        _ => by_trial(facts, variants),
    };
    let arms = arms.into_iter().map(|(values, variants)| (values, decide(variants))).collect();
    Rule::Tag { property: None, arms, otherwise: Some(Box::new(otherwise)) }
}

/// Returns whether every value has a known variant. Values of other JSON types are errors anyway.
fn is_total(decision: &Decision) -> bool {
    matches!(
        decision.rules.as_slice(),
        [(JsonType::Object, rule @ (Rule::Presence { .. } | Rule::Tag { .. }))] if rule.is_total()
    )
}
