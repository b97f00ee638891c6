//! How the variant of a union's value is decided.
//!
//! By the JSON type where that is enough; among texts by the values of enums; among objects by
//! an explicit discriminator, else by a required property whose allowed values differ between
//! variants, else by required properties that only one variant has, and again so among those
//! that are left. What none of these tells apart is tried.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::Lower;
use super::facts::{Facts, ObjectFacts};
use super::union::{Undecided, mapped_pointer};
use crate::diagnostic::{Place, code};
use crate::ir::{
    Api, Decision, JsonType, Rule, Shape, Type, TypeId, TypeKind, Union, VariantIndex,
};

impl Lower<'_> {
    /// Decides every union, now that all types are known.
    pub(super) fn decide_unions(&mut self, api: &mut Api) {
        for mut undecided in std::mem::take(&mut self.undecided) {
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
        let message = format!(
            "`{name}` is a variant of itself, directly or through other unions: this adds no value to it"
        );
        let place = Place::pointer(&undecided.pointer);
        self.diagnostics.warning(&code::AMBIGUOUS_UNION, place, message);
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
            for variants in rule.tried() {
                let names: Vec<_> =
                    variants.iter().map(|&i| union.variants[i].name.0.as_str()).collect();
                let message = format!(
                    "nothing tells {} apart; they are tried in this order",
                    names.join(" and ")
                );
                let place = Place::pointer(&undecided.pointer);
                self.diagnostics.warning(&code::TRIED_UNION, place, message);
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
        candidates: Vec<VariantIndex>,
    ) -> Rule {
        if let Some(rule) = self.by_discriminator(undecided, union, facts) {
            return rule;
        }
        let objects: Option<Vec<Object<'_>>> =
            candidates.iter().map(|&i| Some((i, facts[i].object.as_ref()?))).collect();
        match objects {
            Some(objects) => among_objects(&objects, &mut Vec::new()),
            // Some variant takes any object.
            None => tried(facts, candidates),
        }
    }

    /// The description's own discriminator: values that its mapping gives, the known values of the
    /// property for variants without a name, and the names of the schemas for others.
    fn by_discriminator(
        &mut self,
        undecided: &Undecided,
        union: &Union,
        facts: &[Facts],
    ) -> Option<Rule> {
        let discriminator = undecided.discriminator.as_ref()?;
        let mut arms: TagArms = Vec::new();
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
            let tags = facts
                .get(variant)
                .and_then(|facts| facts.object.as_ref()?.tags.get(&discriminator.property_name));
            if let (false, None, Some(values)) = (mapped, target, tags) {
                let is_free =
                    |value: &&String| !arms.iter().any(|(known, _)| known.contains(value));
                let values: Vec<String> = values.iter().filter(is_free).cloned().collect();
                if !values.is_empty() {
                    arms.push((values, variant));
                }
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
        let arms = arms.into_iter().map(|(values, variant)| (values, Rule::Only(variant)));
        let property = Some(discriminator.property_name.clone());
        let base = undecided.has_base.then(|| Box::new(Rule::Only(union.variants.len() - 1)));
        Some(Rule::Tag { property, arms: arms.collect(), otherwise: base })
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

/// The values that lead to each variant.
type TagArms = Vec<(Vec<String>, VariantIndex)>;

/// The values that lead to each set of variants.
type Groups = Vec<(Vec<String>, Vec<VariantIndex>)>;

/// A variant with what is known of its objects.
type Object<'a> = (VariantIndex, &'a ObjectFacts);

/// In turn, what takes least first: behind what takes everything, nothing would have a turn.
fn tried(facts: &[Facts], mut candidates: Vec<VariantIndex>) -> Rule {
    candidates.sort_by_key(|&i| facts[i].breadth);
    Rule::Try(candidates)
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

/// Objects: by the values of a property, or by which are there, and again so among the variants
/// that this leaves. Each property is asked for once.
fn among_objects(objects: &[Object<'_>], asked: &mut Vec<String>) -> Rule {
    if let [(only, _)] = objects {
        return Rule::Only(*only);
    }
    let Some((property, arms)) = by_tag(objects, asked) else {
        return by_presence(objects, asked).unwrap_or_else(|| try_objects(objects));
    };
    // Where every variant has one value, a new value is a new variant. Where one has several, a
    // new value is more likely one more of those.
    let is_closed = objects
        .iter()
        .all(|(_, facts)| facts.tags.get(&property).is_some_and(|values| values.len() == 1));
    let otherwise = match is_closed {
        true => None,
        false => untagged(objects, &property, asked),
    };
    asked.push(property.clone());
    let within = |variants: &[VariantIndex]| -> Vec<Object<'_>> {
        objects.iter().filter(|(i, _)| variants.contains(i)).copied().collect()
    };
    let arms = arms
        .into_iter()
        .map(|(values, variants)| (values, among_objects(&within(&variants), asked)))
        .collect();
    asked.pop();
    Rule::Tag { property: Some(property), arms, otherwise: otherwise.map(Box::new) }
}

/// What decides objects whose tag is none of those that are known.
fn untagged(objects: &[Object<'_>], property: &str, asked: &mut Vec<String>) -> Option<Rule> {
    let free: Vec<Object<'_>> =
        objects.iter().filter(|(_, facts)| !facts.tags.contains_key(property)).copied().collect();
    match free.as_slice() {
        [] => by_presence(objects, asked).filter(|rule| rule.tried().is_empty()),
        free => Some(among_objects(free, asked)),
    }
}

/// A required property whose allowed values tell most variants apart. Those that allow any value
/// are behind each of its values, too. One with a single value for each is the better sign.
fn by_tag(objects: &[Object<'_>], asked: &[String]) -> Option<(String, Groups)> {
    let mut properties: Vec<&String> = Vec::new();
    for property in objects.iter().flat_map(|(_, facts)| facts.tags.keys()) {
        if !properties.contains(&property) && !asked.contains(property) {
            properties.push(property);
        }
    }
    let candidates = properties.into_iter().filter_map(|property| {
        let tagged = objects.iter().filter_map(|(i, facts)| {
            facts.tags.get(property).map(|values| (*i, values.as_slice()))
        });
        let free = objects.iter().filter(|(_, facts)| !facts.tags.contains_key(property));
        let free: Vec<VariantIndex> = free.map(|(i, _)| *i).collect();
        let mut arms = by_values(tagged)?;
        arms.iter_mut().for_each(|(_, variants)| variants.extend(&free));
        let widest = arms.iter().map(|(_, variants)| variants.len()).max()?;
        let values = arms.iter().map(|(values, _)| values.len()).max()?;
        (widest < objects.len()).then_some((widest, values, property, arms))
    });
    let (_, _, property, arms) =
        candidates.min_by_key(|(widest, values, ..)| (*widest, *values))?;
    Some((property.clone(), arms))
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

/// By required properties that only one variant has; those without one are decided among
/// themselves.
fn by_presence(objects: &[Object<'_>], asked: &mut Vec<String>) -> Option<Rule> {
    let mut arms = Vec::new();
    let mut rest = Vec::new();
    for (variant, facts) in objects {
        let elsewhere = |property: &&String| {
            objects
                .iter()
                .any(|(other, facts)| other != variant && facts.properties.contains(*property))
        };
        match facts.required.iter().find(|property| !elsewhere(property)) {
            Some(property) => arms.push((property.clone(), *variant)),
            None => rest.push((*variant, *facts)),
        }
    }
    if arms.is_empty() {
        return None;
    }
    let otherwise = (!rest.is_empty()).then(|| Box::new(among_objects(&rest, asked)));
    Some(Rule::Presence { arms, otherwise })
}

/// In turn, what requires most first: it fits the fewest values.
fn try_objects(objects: &[Object<'_>]) -> Rule {
    let mut objects = objects.to_vec();
    objects.sort_by_key(|(_, facts)| Reverse(facts.required.len()));
    Rule::Try(objects.into_iter().map(|(i, _)| i).collect())
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
