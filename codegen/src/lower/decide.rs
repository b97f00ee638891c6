//! How the variant of a union's value is decided.
//!
//! By the JSON type where that is enough; among objects by an explicit discriminator, else
//! by a required property whose allowed values differ between the variants, else by
//! required properties that only one variant has. What none of these tells apart is tried.

use std::collections::BTreeSet;

use super::Lower;
use super::facts::{Facts, ObjectFacts};
use super::union::{Undecided, mapped_pointer};
use crate::diagnostic::{Place, code};
use crate::ir::{
    Api, Decision, JsonType, Presences, Rule, Shape, TypeId, TypeKind, Union, VariantIndex,
};

impl Lower<'_> {
    /// Decides every union, now that all types are known.
    pub(super) fn decide_unions(&mut self, api: &mut Api) {
        for undecided in std::mem::take(&mut self.undecided) {
            let TypeKind::Union(union) = &api.def(undecided.id).kind else {
                continue;
            };
            if leads_back(api, undecided.id) {
                let name = &api.def(undecided.id).name.0;
                let message = format!(
                    "`{name}` is a variant of itself, directly or through other unions: to decide it, it would have to be decided"
                );
                let place = Place::pointer(&undecided.pointer);
                self.diagnostics.error(&code::AMBIGUOUS_UNION, place, message);
                continue;
            }
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

    fn decide(&mut self, undecided: &Undecided, union: &Union, api: &Api) -> Decision {
        let facts: Vec<Facts> =
            union.variants.iter().map(|variant| Facts::of(&variant.ty, api)).collect();
        let mut decision = Decision::default();
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
                    self.decide_objects(undecided, union, &facts, &candidates)
                }
                _ => Rule::Try(candidates),
            };
            if let Rule::Try(variants) = &rule {
                let names: Vec<_> =
                    variants.iter().map(|&i| union.variants[i].name.0.as_str()).collect();
                let message = format!(
                    "nothing tells {} apart; they are tried in this order",
                    names.join(" and ")
                );
                self.diagnostics.warning(
                    &code::TRIED_UNION,
                    Place::pointer(&undecided.pointer),
                    message,
                );
            }
            decision.rules.push((json, rule));
        }
        decision
    }

    fn decide_objects(
        &mut self,
        undecided: &Undecided,
        union: &Union,
        facts: &[Facts],
        candidates: &[VariantIndex],
    ) -> Rule {
        if let Some(rule) = self.by_discriminator(undecided, union) {
            return rule;
        }
        let objects: Vec<(VariantIndex, &ObjectFacts)> =
            candidates.iter().filter_map(|&i| Some((i, facts[i].object.as_ref()?))).collect();
        if objects.len() < candidates.len() {
            // A variant that takes any object can only come last.
            return Rule::Try(candidates.to_vec());
        }
        let presences = by_presence(&objects);
        if let Some((property, arms)) = by_tag(&objects) {
            // Where every variant has one value, a new value is a new variant. Where one has
            // several, a new value is more likely one more of those.
            let closed = arms.iter().all(|(values, _)| values.len() == 1);
            let otherwise = if closed { None } else { presences };
            return Rule::Tag { property, arms, otherwise };
        }
        presences.map_or_else(|| Rule::Try(candidates.to_vec()), Rule::Presence)
    }

    /// The description's own discriminator: values that its mapping gives, and the names of
    /// the schemas for variants that it does not.
    fn by_discriminator(&mut self, undecided: &Undecided, union: &Union) -> Option<Rule> {
        let discriminator = undecided.discriminator.as_ref()?;
        let mut arms: Vec<(Vec<String>, VariantIndex)> = Vec::new();
        let mut add =
            |value: &str, variant: VariantIndex| match arms.iter_mut().find(|(_, v)| *v == variant)
            {
                Some((values, _)) => values.push(value.to_owned()),
                None => arms.push((vec![value.to_owned()], variant)),
            };
        let place = || {
            Place::pointer(
                undecided
                    .pointer
                    .rsplit_once('/')
                    .map_or(String::new(), |(at, _)| format!("{at}/discriminator")),
            )
        };
        for (value, target) in &discriminator.mapping {
            let pointer = Some(mapped_pointer(target));
            if let Some(variant) = undecided.targets.iter().position(|target| *target == pointer) {
                add(value, variant);
            }
        }
        for (variant, target) in undecided.targets.iter().enumerate() {
            let mapped = arms.iter().any(|(_, v)| *v == variant);
            if let (false, Some(target)) = (mapped, target) {
                let name = target
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .replace("~1", "/")
                    .replace("~0", "~");
                arms.push((vec![name], variant));
            }
        }
        let lacking = (0..union.variants.len()).find(|i| !arms.iter().any(|(_, v)| v == i));
        if let Some(lacking) = lacking {
            let message = format!(
                "no value of `{}` leads to the variant {}",
                discriminator.property_name, union.variants[lacking].name.0
            );
            self.diagnostics.warning(&code::BAD_DISCRIMINATOR, place(), message);
            return None;
        }
        Some(Rule::Tag { property: discriminator.property_name.clone(), arms, otherwise: None })
    }
}

/// Whether a union is among its own variants, or among those of the unions there.
fn leads_back(api: &Api, id: TypeId) -> bool {
    let (mut open, mut visited) = (vec![id], BTreeSet::new());
    while let Some(at) = open.pop() {
        let TypeKind::Union(union) = &api.def(at).kind else { continue };
        for variant in &union.variants {
            let Shape::Named(held) = api.resolve(&variant.ty).0.shape else { continue };
            if held == id {
                return true;
            }
            if visited.insert(held) {
                open.push(held);
            }
        }
    }
    false
}

/// The values of a property that lead to each variant.
type TagArms = Vec<(Vec<String>, VariantIndex)>;

/// A required property whose allowed values differ between all variants. One with a single
/// value for each is the better sign.
fn by_tag(objects: &[(VariantIndex, &ObjectFacts)]) -> Option<(String, TagArms)> {
    let (_, first) = objects.first()?;
    let candidates = first.tags.keys().filter_map(|property| {
        let mut seen = BTreeSet::new();
        let mut arms = Vec::new();
        for (variant, facts) in objects {
            let values = facts.tags.get(property)?;
            if !values.iter().all(|value| seen.insert(value)) {
                return None;
            }
            arms.push((values.clone(), *variant));
        }
        Some((property.clone(), arms))
    });
    candidates.min_by_key(|(_, arms)| arms.iter().map(|(values, _)| values.len()).max())
}

/// For each variant a required property that no other variant has; one may do without.
fn by_presence(objects: &[(VariantIndex, &ObjectFacts)]) -> Option<Presences> {
    let mut presences = Presences { arms: Vec::new(), otherwise: None };
    for (variant, facts) in objects {
        let elsewhere = |property: &&String| {
            objects
                .iter()
                .any(|(other, facts)| other != variant && facts.properties.contains(*property))
        };
        match facts.required.iter().find(|property| !elsewhere(property)) {
            Some(property) => presences.arms.push((property.clone(), *variant)),
            None if presences.otherwise.is_none() => presences.otherwise = Some(*variant),
            None => return None,
        }
    }
    Some(presences)
}

impl Decision {
    /// Whether some variant is found for every value that is not of an altogether wrong type:
    /// those are an error of the variant then.
    fn is_total(&self) -> bool {
        match self.rules.as_slice() {
            [(_, Rule::Presence(presences) | Rule::Tag { otherwise: Some(presences), .. })] => {
                presences.otherwise.is_some()
            }
            _ => false,
        }
    }
}
