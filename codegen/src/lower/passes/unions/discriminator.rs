//! Decisions by the discriminator of the document.

use crate::diagnostics::{Location, messages};
use crate::ir::{JsonType, Rule, Union, VariantIndex};
use crate::lower::context::pending::{Discriminated, PendingUnion};
use crate::lower::context::state::Context;
use crate::lower::passes::unions::facts::{Facts, ObjectFacts, ValueFacts, VariantFacts};
use crate::lower::passes::unions::objects::Decider;
use crate::lower::passes::unions::tags::Object;
use crate::lower::schema::union::mapped_pointer;
use crate::spec::DEFAULT_MAPPING;
use crate::text::child;
use crate::text::pointer::{parent, unescape};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The values that select each variant.
type TagArms = Vec<(Vec<String>, VariantIndex)>;

/// Returns the rule of the document's discriminator. Values come from its mapping; for unmapped
/// variants, from the values that they declare, or else from the names of their schemas.
pub(crate) fn by_discriminator<'a>(
    context: &mut Context<'_>,
    pending: &PendingUnion,
    union: &Union,
    facts: &VariantFacts<'a>,
    all: &mut Facts<'a>,
) -> Option<Rule> {
    let discriminator = pending.discriminator.as_ref()?;
    let name = discriminator.property_name.as_str();
    let location = || Location::Pointer(child(parent(&pending.pointer), "discriminator"));
    // A variant about whose objects nothing is known may have it.
    let may_have = |facts: &Rc<ValueFacts<'_>>| {
        facts.object.as_ref().is_none_or(|object| object.property(name).is_some())
    };
    let mut objects = facts.iter().filter(|facts| facts.types.contains(&JsonType::Object));
    if !pending.has_base && !objects.any(may_have) {
        context.diagnostics.report(location(), messages::undeclared_discriminator(name));
        return None;
    }
    let mut arms: TagArms = Vec::new();
    for (value, target) in &discriminator.mapping {
        let pointer = Some(mapped_pointer(target));
        if let Some(variant) = pending.targets.iter().position(|target| *target == pointer) {
            match arms.iter_mut().find(|(_, mapped)| *mapped == variant) {
                Some((values, _)) => values.push(value.clone()),
                None => arms.push((vec![value.clone()], variant)),
            }
        }
    }
    let declared: Vec<Option<Vec<String>>> = facts
        .iter()
        .map(|facts| all.property_values(facts.object.as_ref()?.property(name)?))
        .collect();
    for (variant, target) in pending.targets.iter().enumerate() {
        match arms.iter().position(|(_, mapped)| *mapped == variant) {
            Some(arm) => {
                // What a variant declares selects it, too, if the mapping does not use it.
                let own = distinct_values(variant, &declared, &arms);
                let is_allowed =
                    |value| declared[variant].as_ref().is_none_or(|all| all.contains(value));
                if let (Some(value), false) =
                    (arms[arm].0.first(), arms[arm].0.iter().any(is_allowed))
                {
                    let variant = &union.variants[variant].name.0;
                    let message = messages::undeclared_mapping(value, variant);
                    context.diagnostics.report(location(), message);
                }
                arms[arm].0.extend(own);
            }
            None => {
                let values = own_values(variant, target.as_deref(), &declared, &arms);
                arms.extend((!values.is_empty()).then_some((values, variant)));
            }
        }
    }
    // Unmapped values belong to the default, or else to the base, which is the last variant.
    let default = default_variant(context, pending, &location());
    let base = default.or_else(|| pending.has_base.then(|| union.variants.len() - 1));
    let mut unmapped = (0..union.variants.len())
        .filter(|i| base != Some(*i) && !arms.iter().any(|(_, mapped)| mapped == i));
    if let Some(unmapped) = unmapped.next() {
        let variant = &union.variants[unmapped].name.0;
        let message = messages::unmapped_variant(name, variant);
        context.diagnostics.report(location(), message);
        base?;
    }
    let names = add_names(pending, &declared, &mut arms);
    // The default needs no values of its own.
    let arms = arms.into_iter().filter(|(_, variant)| default != Some(*variant));
    let arms = arms.map(|(values, variant)| (values, Rule::Only(variant)));
    let property = name.to_owned();
    context.pending.discriminated.push(Discriminated { union: pending.id, property, base, names });
    let otherwise = base.map(|base| Box::new(Rule::Only(base)));
    let absent = base.is_none().then(|| without_discriminator(name, facts, all)).flatten();
    let (path, arms) = (vec![name.to_owned()], arms.collect());
    Some(Rule::Tag { path, arms, otherwise, absent: absent.map(Box::new) })
}

/// Returns the variant for values that nothing maps (`defaultMapping`).
fn default_variant(
    context: &mut Context<'_>,
    pending: &PendingUnion,
    location: &Location,
) -> Option<VariantIndex> {
    let target = pending.discriminator.as_ref()?.extensions.get(DEFAULT_MAPPING)?.as_str()?;
    let pointer = Some(mapped_pointer(target));
    let variant = pending.targets.iter().position(|target| *target == pointer);
    if variant.is_none() {
        let message = messages::invalid_default_mapping(target);
        context.diagnostics.report(location.clone(), message);
    }
    variant
}

/// Adds the names of the schemas to the values of a mapping, unless they select another variant or
/// the schema has other values. Returns the added names.
fn add_names(
    pending: &PendingUnion,
    declared: &[Option<Vec<String>>],
    arms: &mut TagArms,
) -> BTreeSet<String> {
    let mut added = BTreeSet::new();
    for i in 0..arms.len() {
        let variant = arms[i].1;
        let target = pending.targets.get(variant).and_then(Option::as_deref);
        let Some(name) = schema_name(target) else { continue };
        let is_free = !arms.iter().any(|(known, _)| known.contains(&name));
        if is_free && declared.get(variant).is_none_or(Option::is_none) {
            added.insert(name.clone());
            arms[i].0.push(name);
        }
    }
    added
}

/// Returns the rule for objects without the discriminator, if a variant may be without it.
fn without_discriminator<'a>(
    name: &str,
    facts: &VariantFacts<'a>,
    all: &mut Facts<'a>,
) -> Option<Rule> {
    let is_optional = |facts: &ObjectFacts<'_>| !facts.property(name).is_some_and(|of| of.required);
    let objects = facts.iter().enumerate().filter(|(_, of)| of.types.contains(&JsonType::Object));
    let objects: Option<Vec<Object<'_, 'a>>> =
        objects.map(|(i, facts)| Some((i, facts.object.as_ref()?))).collect();
    // Any object may be a value of a variant about which nothing is known.
    let mut objects = objects?;
    objects.retain(|(_, facts)| is_optional(facts));
    Decider::new(all, objects.len()).without(name, &objects)
}

/// Returns the name of a schema.
fn schema_name(target: Option<&str>) -> Option<String> {
    target?.strip_prefix("/components/schemas/").map(unescape)
}

/// Returns the values of an unmapped variant. Values that its schema declares take precedence over
/// its name, which the specification only uses as a fallback.
fn own_values(
    variant: VariantIndex,
    target: Option<&str>,
    declared: &[Option<Vec<String>>],
    arms: &TagArms,
) -> Vec<String> {
    let name = schema_name(target);
    let is_free = |value: &String| !arms.iter().any(|(known, _)| known.contains(value));
    let Some(values) = declared.get(variant).and_then(Option::as_ref) else {
        return name.filter(is_free).into_iter().collect();
    };
    let distinct = distinct_values(variant, declared, arms);
    if !distinct.is_empty() {
        return distinct;
    }
    // If all variants declare the same values, the schema names assign them.
    let plain = |value: &str| -> String {
        value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let named = name.and_then(|name| {
        let same = values.iter().find(|value| **value == name);
        same.or_else(|| values.iter().find(|value| plain(value) == plain(&name))).cloned()
    });
    named.filter(is_free).into_iter().collect()
}

/// Returns the values that only one variant declares and that the mapping does not use.
fn distinct_values(
    variant: VariantIndex,
    declared: &[Option<Vec<String>>],
    arms: &TagArms,
) -> Vec<String> {
    let Some(values) = declared.get(variant).and_then(Option::as_ref) else { return Vec::new() };
    let is_free = |value: &String| !arms.iter().any(|(known, _)| known.contains(value));
    let is_shared = |value: &String| {
        let mut others = declared.iter().enumerate().filter(|(other, _)| *other != variant);
        others.any(|(_, values)| values.as_ref().is_some_and(|values| values.contains(value)))
    };
    values.iter().filter(|value| is_free(value) && !is_shared(value)).cloned().collect()
}
