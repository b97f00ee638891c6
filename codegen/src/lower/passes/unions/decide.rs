//! How the variant of a union's value is decided.
//!
//! The JSON type decides first. Strings are decided by the values of enums. Objects are decided by
//! the discriminator; otherwise by a required property whose values differ between variants,
//! otherwise by required properties that only one variant has, and so on among the remaining
//! variants; otherwise by a value further inside, or by the names of all properties. Variants that
//! cannot be distinguished are decoded by trial.

use crate::diagnostics::{Location, conjunction, messages};
use crate::ir::{Api, Decision, JsonType, Rule, TypeKind, Union, VariantIndex};
use crate::lower::context::pending::PendingUnion;
use crate::lower::context::state::Context;
use crate::lower::passes::unions::cycles::break_union_cycles;
use crate::lower::passes::unions::discriminator::by_discriminator;
use crate::lower::passes::unions::facts::{Facts, ValueFacts, VariantFacts};
use crate::lower::passes::unions::groups::{by_trial, by_values};
use crate::lower::passes::unions::objects::{Decider, names_of};
use crate::lower::passes::unions::overlap::is_certain;
use crate::lower::passes::unions::tags::Object;
use std::rc::Rc;

/// Decides every union.
pub(crate) fn decide_unions(api: &mut Api, context: &mut Context<'_>) {
    let mut unions = std::mem::take(&mut context.pending.unions);
    break_union_cycles(api, context, &mut unions);
    let mut facts = Facts::new(api);
    let mut decisions = Vec::new();
    for pending in &unions {
        if let TypeKind::Union(union) = &facts.api.def(pending.id).kind {
            decisions.push((pending.id, decide(context, pending, union, &mut facts)));
        }
    }
    for (id, decision) in decisions {
        api.counts.unions += 1;
        if let TypeKind::Union(union) = &mut api.types[id.0].kind {
            if is_total(&decision) {
                union.other = None;
            }
            union.decision = decision;
        }
    }
}

fn decide<'a>(
    context: &mut Context<'_>,
    pending: &PendingUnion,
    union: &'a Union,
    all: &mut Facts<'a>,
) -> Decision {
    let facts: Vec<Rc<ValueFacts<'a>>> =
        union.variants.iter().map(|variant| all.of(&variant.ty)).collect();
    let mut decision = Decision::default();
    // Values of a base type with subtypes are objects. Unmapped values belong to the base.
    if pending.has_base
        && let Some(rule) = by_discriminator(context, pending, union, &facts, all)
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
            // A union of one variant has all objects.
            [only] if json == JsonType::Object && facts.len() > 1 => only_object(&facts, *only),
            [only] => Rule::Only(*only),
            _ if json == JsonType::Object => {
                decide_objects(context, pending, union, &facts, all, candidates)
            }
            _ if json == JsonType::String => among_strings(&facts, candidates),
            _ => by_trial(&facts, candidates),
        };
        report_trials(context, pending, union, &rule, all);
        decision.rules.push((json, rule));
    }
    decision
}

/// Warns once per union, even if it has several groups of variants that are decoded by trial.
fn report_trials<'a>(
    context: &mut Context<'_>,
    pending: &PendingUnion,
    union: &'a Union,
    rule: &Rule,
    facts: &mut Facts<'a>,
) {
    let mut groups = rule.trials();
    groups.sort_unstable();
    groups.dedup();
    groups.retain(|variants| !is_certain(union, variants, facts));
    // The document has a discriminator, which decides wherever it is present.
    if context.pending.discriminated.iter().any(|of| of.union == pending.id) {
        return;
    }
    let Some((first, others)) = groups.split_first() else { return };
    let names: Vec<_> = first.iter().map(|&i| union.variants[i].name.0.as_str()).collect();
    let message = match others.len() {
        0 => messages::ambiguous_union(conjunction(&names)),
        others => messages::ambiguous_union_groups(conjunction(&names), others),
    };
    context.diagnostics.report(Location::pointer(&pending.pointer), message);
}

/// Decides about objects if only one variant is one: it may forbid their properties.
fn only_object(facts: &VariantFacts<'_>, variant: VariantIndex) -> Rule {
    match &facts[variant].object {
        Some(object) if object.closed => Rule::Properties(vec![(variant, names_of(object))]),
        _ => Rule::Only(variant),
    }
}

fn decide_objects<'a>(
    context: &mut Context<'_>,
    pending: &PendingUnion,
    union: &Union,
    facts: &VariantFacts<'a>,
    all: &mut Facts<'a>,
    candidates: Vec<VariantIndex>,
) -> Rule {
    if let Some(rule) = by_discriminator(context, pending, union, facts, all) {
        return rule;
    }
    let objects: Option<Vec<Object<'_, 'a>>> =
        candidates.iter().map(|&i| Some((i, facts[i].object.as_ref()?))).collect();
    match objects {
        Some(objects) => Decider::new(all, objects.len()).all(&objects),
        // A variant accepts any object.
        None => by_trial(facts, candidates),
    }
}

/// Decides among strings: enum values select their enum, and other strings the variants that accept
/// any string.
fn among_strings(facts: &VariantFacts<'_>, candidates: Vec<VariantIndex>) -> Rule {
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
    Rule::Tag { path: Vec::new(), arms, otherwise: Some(Box::new(otherwise)), absent: None }
}

/// Returns whether every value has a known variant. Values of other JSON types are errors anyway.
fn is_total(decision: &Decision) -> bool {
    matches!(
        decision.rules.as_slice(),
        [(JsonType::Object, rule @ (Rule::Presence { .. } | Rule::Tag { .. }))] if rule.is_total()
    )
}
