//! Variants grouped by the string values that select them, and by trial.

use crate::ir::{Rule, VariantIndex};
use crate::lower::passes::unions::facts::VariantFacts;
use std::collections::HashMap;

/// The values that select each set of variants.
pub(crate) type Groups = Vec<(Vec<String>, Vec<VariantIndex>)>;

/// Groups values by the variants that they select.
pub(crate) fn by_values<'f>(
    tagged: impl Iterator<Item = (VariantIndex, &'f [String])>,
) -> Option<Groups> {
    let mut variants_of: Vec<(&String, Vec<VariantIndex>)> = Vec::new();
    let mut indexes = HashMap::new();
    for (variant, values) in tagged {
        for value in values {
            let index = *indexes.entry(value).or_insert(variants_of.len());
            match variants_of.get_mut(index) {
                // The variants come one after the other.
                Some((_, variants)) if variants.last() == Some(&variant) => {}
                Some((_, variants)) => variants.push(variant),
                None => variants_of.push((value, vec![variant])),
            }
        }
    }
    let mut arms = Groups::new();
    let mut indexes = HashMap::new();
    for (value, variants) in variants_of {
        let index = *indexes.entry(variants.clone()).or_insert(arms.len());
        match arms.get_mut(index) {
            Some((values, _)) => values.push(value.clone()),
            None => arms.push((vec![value.clone()], variants)),
        }
    }
    (!arms.is_empty()).then_some(arms)
}

/// Returns a trial of the candidates, the most specific first. A variant that accepts everything
/// ends the trial.
pub(crate) fn by_trial(facts: &VariantFacts<'_>, mut candidates: Vec<VariantIndex>) -> Rule {
    candidates.sort_by_key(|&i| facts[i].breadth);
    Rule::Trial(candidates)
}
