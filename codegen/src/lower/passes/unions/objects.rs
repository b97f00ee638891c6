//! Decisions among objects without a discriminator.

use crate::ir::{Present, PropertyNames, Rule, VariantIndex};
use crate::lower::passes::unions::facts::{Facts, ObjectFacts, PropertyFacts};
use crate::lower::passes::unions::overlap::are_alike;
use crate::lower::passes::unions::tags::{Chosen, Object, Path, choose, nested_tags, own_tags};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The number of rules in each other. Each is a conditional in the generated code, whose nesting the
/// compiler limits.
const MAX_DEPTH: usize = 24;

/// The number of lookups of properties that rules may take. Each compares the properties of all
/// variants with all variants.
const MAX_LOOKUPS: usize = 50_000_000;

/// What the rules of a union may list: this, and a multiple of its variants and their properties.
const MIN_ENTRIES: usize = 20_000;
const ENTRIES: usize = 20;

/// The number of variants up to which each pair is compared.
const MAX_COMPARED: usize = 100;

/// Decides among the objects of one union.
pub(crate) struct Decider<'f, 'a> {
    facts: &'f mut Facts<'a>,
    /// The tags that have decided already.
    used: Vec<Path>,
    /// The properties that are absent, so that their types do not matter.
    absent: Vec<String>,
    /// The number of rules that may still be made: the number of combinations of tags grows
    /// exponentially with that of tags.
    rules_left: usize,
    /// The number of lookups that rules may still take.
    lookups_left: usize,
    /// The number of variants and names that rules may still list. Each is generated code.
    entries_left: usize,
    /// The number of rules around the current one.
    depth: usize,
}

impl<'f, 'a> Decider<'f, 'a> {
    pub(crate) fn new(facts: &'f mut Facts<'a>, variants: usize) -> Self {
        Self {
            facts,
            used: Vec::new(),
            absent: Vec::new(),
            rules_left: 100 + 10 * variants,
            lookups_left: MAX_LOOKUPS,
            entries_left: 0,
            depth: 0,
        }
    }

    /// Decides among all objects of the union.
    pub(crate) fn all(&mut self, objects: &[Object<'_, 'a>]) -> Rule {
        self.within_entries(objects, |decider| decider.among(objects))
    }

    /// Decides, unless the rules would be much longer than the objects: then the objects are decoded
    /// by trial.
    fn within_entries(
        &mut self,
        objects: &[Object<'_, 'a>],
        decide: impl FnOnce(&mut Self) -> Rule,
    ) -> Rule {
        let properties: usize = objects.iter().map(|(_, facts)| facts.properties.len()).sum();
        self.entries_left = MIN_ENTRIES + (objects.len() + properties).saturating_mul(ENTRIES);
        let rule = decide(self);
        if self.entries_left > 0 { rule } else { self.by_trial(objects) }
    }

    /// Counts what a rule lists.
    fn list(&mut self, entries: usize) {
        self.entries_left = self.entries_left.saturating_sub(entries);
    }

    /// Decides by the value of a property or by the presence of properties, and again among the
    /// remaining variants. Each property is used once.
    pub(crate) fn among(&mut self, objects: &[Object<'_, 'a>]) -> Rule {
        if let [(only, _)] = objects {
            return Rule::Only(*only);
        }
        // Nothing is made of these rules.
        if self.entries_left == 0 {
            return Rule::Trial(Vec::new());
        }
        let is_allowed = self.depth < MAX_DEPTH && (self.depth == 0 || self.lookups_left > 0);
        let left = self.rules_left.checked_sub(1).filter(|_| is_allowed);
        let Some(left) = left else {
            self.list(objects.len());
            return self.by_trial(objects);
        };
        let properties: usize = objects.iter().map(|(_, facts)| facts.properties.len()).sum();
        self.lookups_left = self.lookups_left.saturating_sub(properties * objects.len());
        self.rules_left = left;
        self.depth += 1;
        let rule = self.decide(objects);
        self.list(match &rule {
            Rule::Only(_) => 1,
            Rule::Trial(variants) => variants.len(),
            Rule::Tag { arms, .. } => arms.iter().map(|(values, _)| values.len()).sum(),
            Rule::Presence { arms, .. } => arms.len(),
            Rule::Properties(variants) => {
                let names = |names: &PropertyNames| names.required.len() + names.optional.len();
                variants.iter().map(|(_, of)| 1 + names(of)).sum()
            }
        });
        self.depth -= 1;
        rule
    }

    fn decide(&mut self, objects: &[Object<'_, 'a>]) -> Rule {
        let own = own_tags(objects, self.facts, &self.used);
        if let Some(tag) = choose(&own, objects, true) {
            // Variants that have known values of it may be without it.
            return match tag.optional.len() > tag.free.len() {
                true => self.by_optional_tag(objects, tag),
                false => self.by_required_tag(objects, tag),
            };
        }
        let mut optional = choose(&own, objects, false);
        // A wrong constant excludes a variant, even if the object has what only that one requires.
        let decides = |tag: &mut Chosen<'_, 'a>| tag.arms.iter().all(|(_, of)| of.len() == 1);
        if let Some(tag) = optional.take_if(decides) {
            return self.by_optional_tag(objects, tag);
        }
        let by_names = match objects.iter().any(|(_, facts)| facts.closed) {
            true => self.by_properties(objects),
            false => self.by_presence(objects, false),
        };
        if let Some(rule) = by_names {
            return rule;
        }
        if let Some(tag) = optional {
            return self.by_optional_tag(objects, tag);
        }
        let nested = nested_tags(objects, self.facts, &self.used);
        match choose(&nested, objects, false) {
            Some(tag) => self.by_optional_tag(objects, tag),
            None => self.by_properties(objects).unwrap_or_else(|| self.by_trial(objects)),
        }
    }

    fn by_required_tag(&mut self, objects: &[Object<'_, 'a>], tag: Chosen<'_, 'a>) -> Rule {
        // If each variant has a single value, an unknown value means a new variant. If one has
        // several, it more likely means another value of that variant.
        let otherwise = match tag.is_exact {
            true => None,
            false => self.untagged(objects, &tag.free),
        };
        self.used.push(tag.path.clone());
        let arms = self.arms(objects, &tag);
        self.used.pop();
        Rule::Tag { path: tag.path, arms, otherwise: otherwise.map(Box::new), absent: None }
    }

    /// Decides among objects whose tag is unknown.
    fn untagged(&mut self, objects: &[Object<'_, 'a>], free: &[Object<'_, 'a>]) -> Option<Rule> {
        match free {
            [] if objects.iter().any(|(_, facts)| facts.closed) => self.by_properties(objects),
            [] => self.by_presence(objects, true).filter(|rule| rule.trials().is_empty()),
            free => Some(self.among(free)),
        }
    }

    /// Decides by a tag that may be absent. Where it is present, it decides like a required one.
    fn by_optional_tag(&mut self, objects: &[Object<'_, 'a>], tag: Chosen<'_, 'a>) -> Rule {
        self.used.push(tag.path.clone());
        let arms = self.arms(objects, &tag);
        let otherwise = match tag.free.as_slice() {
            _ if tag.is_exact => None,
            [] => self.by_properties(objects),
            free => Some(self.among(free)),
        };
        self.absent.extend(tag.path.first().cloned());
        let absent = self.without_tag(&tag.optional);
        self.absent.pop();
        self.used.pop();
        let absent = absent.filter(|rule| otherwise.as_ref() != Some(rule));
        let (otherwise, absent) = (otherwise.map(Box::new), absent.map(Box::new));
        Rule::Tag { path: tag.path, arms, otherwise, absent }
    }

    /// Decides among objects without the property that decides about the others.
    pub(crate) fn without(&mut self, name: &str, objects: &[Object<'_, 'a>]) -> Option<Rule> {
        self.used.push(vec![name.to_owned()]);
        self.absent.push(name.to_owned());
        let rule = (!objects.is_empty()).then(|| {
            self.within_entries(objects, |decider| {
                decider.without_tag(objects).unwrap_or_else(|| Rule::Trial(Vec::new()))
            })
        });
        self.absent.pop();
        self.used.pop();
        rule
    }

    /// Decides among objects without the tag that decides about the others.
    fn without_tag(&mut self, objects: &[Object<'_, 'a>]) -> Option<Rule> {
        match objects {
            [] => None,
            [(only, _)] => Some(Rule::Only(*only)),
            _ => Some(self.by_properties(objects).unwrap_or_else(|| self.among(objects))),
        }
    }

    fn arms(
        &mut self,
        objects: &[Object<'_, 'a>],
        tag: &Chosen<'_, 'a>,
    ) -> Vec<(Vec<String>, Rule)> {
        let arms = tag.arms.iter().map(|(values, variants)| {
            let within = objects.iter().filter(|(i, _)| variants.contains(i)).copied();
            let within: Vec<Object<'_, 'a>> = within.collect();
            (values.clone(), self.among(&within))
        });
        arms.collect()
    }

    /// Returns a trial of the objects. Those with the most required properties come first, then those
    /// with the most properties whose known values others include: they match the fewest values.
    fn by_trial(&self, objects: &[Object<'_, 'a>]) -> Rule {
        let has_values = |facts: &PropertyFacts<'a>| self.facts.property_values(facts).is_some();
        let properties = objects.iter().flat_map(|(_, facts)| &facts.properties);
        let properties = properties.filter(|_| self.lookups_left > 0);
        let wider = properties.filter(|(_, of)| !has_values(of)).map(|(name, _)| *name);
        let wider: BTreeSet<&str> = wider.collect();
        let known = |facts: &ObjectFacts<'a>| {
            let properties = facts.properties.iter();
            properties.filter(|(name, of)| wider.contains(name) && has_values(of)).count()
        };
        let mut objects: Vec<(VariantIndex, (usize, usize))> = objects
            .iter()
            .map(|(i, facts)| (*i, (facts.required().count(), known(facts))))
            .collect();
        objects.sort_by_key(|(_, counts)| Reverse(*counts));
        Rule::Trial(objects.into_iter().map(|(i, _)| i).collect())
    }

    /// Decides by required properties that only one variant has. The others are decided among
    /// themselves. A constant also excludes objects in which it has another value.
    fn by_presence(&mut self, objects: &[Object<'_, 'a>], is_guess: bool) -> Option<Rule> {
        let mut arms = Vec::new();
        let mut rest = Vec::new();
        for (variant, facts) in objects {
            let is_unique = |property: &&str| {
                let mut others = objects.iter().filter(|(other, _)| other != variant);
                others.all(|(_, facts)| facts.property(property).is_none())
            };
            let unique: Vec<&str> = facts.required().filter(is_unique).collect();
            let mut constants =
                unique.iter().filter_map(|name| Some((*name, self.constant(facts, name)?)));
            let chosen = constants.next();
            match chosen.or_else(|| Some((*unique.first()?, Vec::new()))) {
                Some((property, values)) => {
                    let property = property.to_owned();
                    arms.push(Present { property, values, variant: *variant });
                }
                None => rest.push((*variant, *facts)),
            }
        }
        if arms.is_empty() {
            return None;
        }
        let otherwise = (!rest.is_empty()).then(|| Box::new(self.among(&rest)));
        Some(Rule::Presence { arms, otherwise, is_guess })
    }

    /// Returns the only value of a property, if there is only one.
    fn constant(&self, facts: &ObjectFacts<'a>, property: &str) -> Option<Vec<String>> {
        let [ty] = facts.property(property)?.types.as_slice() else { return None };
        self.facts.values(ty).filter(|values| values.len() == 1)
    }

    /// Decides by the names of all properties, if they distinguish each variant from each other.
    fn by_properties(&self, objects: &[Object<'_, 'a>]) -> Option<Rule> {
        if objects.len() > MAX_COMPARED {
            return None;
        }
        for (i, (_, a)) in objects.iter().enumerate() {
            for (_, b) in objects.iter().skip(i + 1) {
                let names_differ = requires_more(a, b) || requires_more(b, a);
                // Without the value that distinguishes them, either is right.
                let has_difference = || !self.absent.is_empty() || has_difference(a, b);
                let agree = || are_alike(a, b, &self.absent, self.facts) && has_difference();
                if !names_differ && !agree() {
                    return None;
                }
            }
        }
        let mut variants: Vec<(VariantIndex, PropertyNames)> =
            objects.iter().map(|(variant, facts)| (*variant, names_of(facts))).collect();
        let (first, names) = variants.first()?;
        if variants.iter().all(|(_, other)| other == names) {
            if !names.closed {
                return Some(Rule::Only(*first));
            }
            variants.truncate(1);
        }
        Some(Rule::Properties(variants))
    }
}

/// Returns the names of the properties of a variant.
pub(crate) fn names_of(facts: &ObjectFacts<'_>) -> PropertyNames {
    let (required, optional): (Vec<_>, Vec<_>) =
        facts.properties.iter().partition(|(_, property)| property.required);
    let names = |properties: Vec<&(&str, _)>| -> Vec<String> {
        properties.into_iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let closed = facts.closed;
    PropertyNames { required: names(required), optional: names(optional), closed }
}

/// Returns whether `a` requires a property that `b` does not have.
fn requires_more(a: &ObjectFacts<'_>, b: &ObjectFacts<'_>) -> bool {
    a.required().any(|name| b.property(name).is_none())
}

/// Returns whether the names or the presence of properties differ.
fn has_difference(a: &ObjectFacts<'_>, b: &ObjectFacts<'_>) -> bool {
    let has_more = |a: &ObjectFacts<'_>, b: &ObjectFacts<'_>| {
        a.properties.iter().any(|(name, known)| {
            b.property(name).is_none_or(|other| known.required != other.required)
        })
    };
    a.closed != b.closed || has_more(a, b) || has_more(b, a)
}
