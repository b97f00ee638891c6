//! Decisions by the discriminator of the document.

use crate::diagnostics::{Location, messages};
use crate::ir::{Rule, Union, VariantIndex};
use crate::lower::context::pending::PendingUnion;
use crate::lower::context::state::Context;
use crate::lower::passes::unions::facts::ValueFacts;
use crate::lower::schema::union::mapped_pointer;
use crate::text::child;
use crate::text::pointer::{parent, unescape};

/// The values that select each variant.
type TagArms = Vec<(Vec<String>, VariantIndex)>;

/// Returns the rule of the document's discriminator. Values come from its mapping; for unmapped
/// variants, from the values that they declare, or else from the names of their schemas.
pub(crate) fn by_discriminator(
    context: &mut Context<'_>,
    pending: &PendingUnion,
    union: &Union,
    facts: &[ValueFacts],
) -> Option<Rule> {
    let discriminator = pending.discriminator.as_ref()?;
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
    let declared: Vec<Option<&[String]>> = facts
        .iter()
        .map(|facts| facts.object.as_ref()?.tag(&discriminator.property_name, false))
        .collect();
    for (variant, target) in pending.targets.iter().enumerate() {
        if !arms.iter().any(|(_, mapped)| *mapped == variant) {
            let values = own_values(variant, target.as_deref(), &declared, &arms);
            arms.extend((!values.is_empty()).then_some((values, variant)));
        }
    }
    // Unmapped values belong to the base, which is the last variant.
    let base = pending.has_base.then(|| union.variants.len() - 1);
    let mut unmapped = (0..union.variants.len())
        .filter(|i| base != Some(*i) && !arms.iter().any(|(_, mapped)| mapped == i));
    if let Some(unmapped) = unmapped.next() {
        let variant = &union.variants[unmapped].name.0;
        let message = messages::unmapped_variant(&discriminator.property_name, variant);
        let location = Location::Pointer(child(parent(&pending.pointer), "discriminator"));
        context.diagnostics.report(location, message);
        base?;
    }
    let arms = arms.into_iter().map(|(values, variant)| (values, Rule::Only(variant)));
    let property = Some(discriminator.property_name.clone());
    let otherwise = base.map(|base| Box::new(Rule::Only(base)));
    Some(Rule::Tag { property, arms: arms.collect(), otherwise })
}

/// Returns the values of an unmapped variant. Values that its schema declares take precedence over
/// its name, which the specification only uses as a fallback.
fn own_values(
    variant: VariantIndex,
    target: Option<&str>,
    declared: &[Option<&[String]>],
    arms: &TagArms,
) -> Vec<String> {
    let name = target.and_then(|pointer| pointer.strip_prefix("/components/schemas/"));
    let name = name.map(unescape);
    let is_free = |value: &String| !arms.iter().any(|(known, _)| known.contains(value));
    let Some(values) = declared.get(variant).copied().flatten() else {
        return name.filter(is_free).into_iter().collect();
    };
    let is_shared = |value: &String| {
        let mut others = declared.iter().enumerate().filter(|(other, _)| *other != variant);
        others.any(|(_, values)| values.is_some_and(|values| values.contains(value)))
    };
    let distinct: Vec<String> =
        values.iter().filter(|value| is_free(value) && !is_shared(value)).cloned().collect();
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
