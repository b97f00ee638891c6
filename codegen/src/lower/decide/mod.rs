//! How the variant of a union's value is decided.
//!
//! By the JSON type where that is enough; among texts by the values of enums; among objects by
//! an explicit discriminator, else by a required property whose allowed values differ between
//! variants, else by required properties that only one variant has, and again so among those
//! that are left. What none of these tells apart is tried.

mod discriminator;
mod objects;

use std::collections::BTreeSet;

use self::objects::among_objects;
use super::Lower;
use super::facts::{Facts, ObjectFacts};
use super::union::Undecided;
use crate::diagnostics::{Location, conjunction, messages};
use crate::ir::{
    Api, Decision, JsonType, Rule, Shape, Type, TypeId, TypeKind, Union, VariantIndex,
};

impl Lower<'_> {
    /// Decides every union, now that all types are known.
    pub(super) fn decide_unions(&mut self, api: &mut Api) {
        for mut undecided in std::mem::take(&mut self.pending.unions) {
            self.take_out_circles(&mut undecided, api);
            let TypeKind::Union(union) = &api.def(undecided.id).kind else {
                continue;
            };
            let decision = self.decide(&undecided, union, api);
            api.counts.unions += 1;
            if let TypeKind::Union(union) = &mut api.types[undecided.id.0].kind {
                if decision.is_total() {
                    union.other = None;
                }
                union.decision = decision;
            }
        }
    }

    /// A union that is a variant of itself, directly or through other unions, has no more values
    /// for that.
    fn take_out_circles(&mut self, undecided: &mut Undecided, api: &mut Api) {
        let TypeKind::Union(union) = &api.def(undecided.id).kind else { return };
        let variants = union.variants.iter();
        let stays: Vec<bool> =
            variants.map(|variant| !leads_to(api, &variant.ty, undecided.id)).collect();
        if stays.iter().all(|stays| *stays) {
            return;
        }
        let name = &api.def(undecided.id).name.0;
        let location = Location::pointer(&undecided.pointer);
        self.diagnostics.report(location, messages::self_variant(name));
        let kind = &mut api.types[undecided.id.0].kind;
        if let TypeKind::Union(union) = kind {
            let mut stays = stays.into_iter().cycle();
            union.variants.retain(|_| stays.next().unwrap_or(true));
            undecided.targets.retain(|_| stays.next().unwrap_or(true));
            if union.variants.is_empty() {
                *kind = TypeKind::Alias(Type::plain(Shape::Json));
            }
        }
    }

    fn decide(&mut self, undecided: &Undecided, union: &Union, api: &Api) -> Decision {
        let facts: Vec<Facts> =
            union.variants.iter().map(|variant| Facts::of(&variant.ty, api)).collect();
        let mut decision = Decision::default();
        // What heirs are made from is an object, and whatever leads to none of them is its own.
        if undecided.has_base
            && let Some(rule) = self.by_discriminator(undecided, union, &facts)
        {
            decision.rules.push((JsonType::Object, rule));
            return decision;
        }
        for json in [
            JsonType::Object,
            JsonType::Array,
            JsonType::String,
            JsonType::Number,
            JsonType::Boolean,
        ] {
            let candidates: Vec<VariantIndex> =
                (0..facts.len()).filter(|&i| facts[i].types.contains(&json)).collect();
            let rule = match candidates.as_slice() {
                [] => continue,
                [only] => Rule::Only(*only),
                _ if json == JsonType::Object => {
                    self.decide_objects(undecided, union, &facts, candidates)
                }
                _ if json == JsonType::String => among_texts(&facts, candidates),
                _ => tried(&facts, candidates),
            };
            self.warn_of_tries(undecided, union, &rule);
            decision.rules.push((json, rule));
        }
        decision
    }

    /// Warns once of a union, however many groups of its variants can only be tried.
    fn warn_of_tries(&mut self, undecided: &Undecided, union: &Union, rule: &Rule) {
        let mut groups = rule.trials();
        groups.sort_unstable();
        groups.dedup();
        let Some((first, others)) = groups.split_first() else { return };
        let names: Vec<_> = first.iter().map(|&i| union.variants[i].name.0.as_str()).collect();
        let message = match others.len() {
            0 => messages::ambiguous_union(conjunction(&names)),
            others => messages::ambiguous_union_groups(conjunction(&names), others),
        };
        self.diagnostics.report(Location::pointer(&undecided.pointer), message);
    }

    fn decide_objects(
        &mut self,
        undecided: &Undecided,
        union: &Union,
        facts: &[Facts],
        candidates: Vec<VariantIndex>,
    ) -> Rule {
        if let Some(rule) = self.by_discriminator(undecided, union, facts) {
            return rule;
        }
        let objects: Option<Vec<(VariantIndex, &ObjectFacts)>> =
            candidates.iter().map(|&i| Some((i, facts[i].object.as_ref()?))).collect();
        match objects {
            Some(objects) => among_objects(&objects, &mut Vec::new()),
            // Some variant takes any object.
            None => tried(facts, candidates),
        }
    }
}

/// Whether a type is a union, or is among the variants of unions which it is.
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

/// The values that lead to each set of variants.
type Groups = Vec<(Vec<String>, Vec<VariantIndex>)>;

/// In turn, what takes least first: behind what takes everything, nothing would have a turn.
fn tried(facts: &[Facts], mut candidates: Vec<VariantIndex>) -> Rule {
    candidates.sort_by_key(|&i| facts[i].breadth);
    Rule::Trial(candidates)
}

/// Texts: the known values of enums are theirs, and others are those of what takes any.
fn among_texts(facts: &[Facts], candidates: Vec<VariantIndex>) -> Rule {
    let (known, open): (Vec<_>, Vec<_>) =
        candidates.iter().copied().partition(|&i| facts[i].texts.is_some());
    let values = known.iter().filter_map(|&i| Some((i, facts[i].texts.as_deref()?)));
    let Some(arms) = by_values(values) else { return tried(facts, candidates) };
    let otherwise = match (open.as_slice(), known.as_slice()) {
        ([], [first, ..]) => Rule::Only(*first),
        ([only], _) => Rule::Only(*only),
        _ => tried(facts, open),
    };
    let decide = |variants: Vec<VariantIndex>| match variants.as_slice() {
        [only] => Rule::Only(*only),
        _ => tried(facts, variants),
    };
    let arms = arms.into_iter().map(|(values, variants)| (values, decide(variants))).collect();
    Rule::Tag { property: None, arms, otherwise: Some(Box::new(otherwise)) }
}

/// The values that lead to the same variants, for each such set of variants.
fn by_values<'f>(tagged: impl Iterator<Item = (VariantIndex, &'f [String])>) -> Option<Groups> {
    let mut variants_of: Vec<(&String, Vec<VariantIndex>)> = Vec::new();
    for (variant, values) in tagged {
        for value in values {
            match variants_of.iter_mut().find(|(known, _)| *known == value) {
                Some((_, variants)) if variants.contains(&variant) => {}
                Some((_, variants)) => variants.push(variant),
                None => variants_of.push((value, vec![variant])),
            }
        }
    }
    let mut arms = Groups::new();
    for (value, variants) in variants_of {
        match arms.iter_mut().find(|(_, known)| *known == variants) {
            Some((values, _)) => values.push(value.clone()),
            None => arms.push((vec![value.clone()], variants)),
        }
    }
    (!arms.is_empty()).then_some(arms)
}

impl Decision {
    /// Whether some variant is found for every value that is not of an altogether wrong type:
    /// those are an error of the variant then.
    fn is_total(&self) -> bool {
        matches!(
            self.rules.as_slice(),
            [(JsonType::Object, rule @ (Rule::Presence { .. } | Rule::Tag { .. }))] if rule.is_total()
        )
    }
}
