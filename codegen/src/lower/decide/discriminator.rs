//! How the description itself decides the variant of an object.

use crate::diagnostic::{Place, code};
use crate::ir::{Rule, Union, VariantIndex};
use crate::lower::Lower;
use crate::lower::facts::Facts;
use crate::lower::union::{Undecided, mapped_pointer};

/// The values that lead to each variant.
type TagArms = Vec<(Vec<String>, VariantIndex)>;

impl Lower<'_> {
    /// The description's own discriminator: values that its mapping gives, the known values of the
    /// property for variants without a name, and the names of the schemas for others.
    pub(super) fn by_discriminator(
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
                .and_then(|facts| facts.object.as_ref()?.tag(&discriminator.property_name, false));
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
