//! Decisions among objects without a discriminator.

use crate::ir::{Rule, VariantIndex};
use crate::lower::passes::unions::facts::ObjectFacts;
use crate::lower::passes::unions::groups::{Groups, by_values};
use std::cmp::Reverse;

/// A variant with what is known about its objects.
type Object<'a> = (VariantIndex, &'a ObjectFacts);

/// Decides among objects by the value of a property or by the presence of properties, and again
/// among the remaining variants. Each property is used once.
pub(crate) fn among_objects(objects: &[Object<'_>], used: &mut Vec<String>) -> Rule {
    if let [(only, _)] = objects {
        return Rule::Only(*only);
    }
    let Some((property, arms)) = by_tag(objects, used, true) else {
        return by_presence(objects, used)
            .or_else(|| by_optional_tag(objects, used))
            .unwrap_or_else(|| objects_by_trial(objects));
    };
    // If each variant has a single value, an unknown value means a new variant. If one has several,
    // it more likely means another value of that variant.
    let is_closed = objects
        .iter()
        .all(|(_, facts)| facts.tag(&property, true).is_some_and(|values| values.len() == 1));
    let otherwise = match is_closed {
        true => None,
        false => untagged(objects, &property, used),
    };
    used.push(property.clone());
    let arms = arms
        .into_iter()
        .map(|(values, variants)| (values, among_objects(&within(objects, &variants), used)))
        .collect();
    used.pop();
    Rule::Tag { property: Some(property), arms, otherwise: otherwise.map(Box::new) }
}

/// Decides among objects whose tag is unknown.
fn untagged(objects: &[Object<'_>], property: &str, used: &mut Vec<String>) -> Option<Rule> {
    let free: Vec<Object<'_>> =
        objects.iter().filter(|(_, facts)| facts.tag(property, true).is_none()).copied().collect();
    match free.as_slice() {
        [] => by_presence(objects, used).filter(|rule| rule.trials().is_empty()),
        free => Some(among_objects(free, used)),
    }
}

/// Returns the property with known values that distinguishes most variants. Variants that accept
/// any value are candidates for each value. A property with a single value per variant is
/// preferred.
fn by_tag(objects: &[Object<'_>], used: &[String], required: bool) -> Option<(String, Groups)> {
    let mut properties: Vec<&String> = Vec::new();
    for property in objects.iter().flat_map(|(_, facts)| facts.tags.keys()) {
        if !properties.contains(&property) && !used.contains(property) {
            properties.push(property);
        }
    }
    let candidates = properties.into_iter().filter_map(|property| {
        let (mut tagged, mut free) = (Vec::new(), Vec::new());
        for (i, facts) in objects {
            match facts.tag(property, required) {
                Some(values) => tagged.push((*i, values)),
                None => free.push(*i),
            }
        }
        let mut arms = by_values(tagged.into_iter())?;
        arms.iter_mut().for_each(|(_, variants)| variants.extend(&free));
        let widest = arms.iter().map(|(_, variants)| variants.len()).max()?;
        let values = arms.iter().map(|(values, _)| values.len()).max()?;
        (widest < objects.len()).then_some((widest, values, property, arms))
    });
    let (_, _, property, arms) =
        candidates.min_by_key(|(widest, values, ..)| (*widest, *values))?;
    Some((property.clone(), arms))
}

/// Decides by an optional property. Where it is present, it decides like a required one.
fn by_optional_tag(objects: &[Object<'_>], used: &[String]) -> Option<Rule> {
    let (property, arms) = by_tag(objects, used, false)?;
    let rule = |variants: &[VariantIndex]| match variants {
        [only] => Rule::Only(*only),
        _ => objects_by_trial(&within(objects, variants)),
    };
    let arms = arms.into_iter().map(|(values, variants)| (values, rule(&variants))).collect();
    let otherwise = Some(Box::new(objects_by_trial(objects)));
    Some(Rule::Tag { property: Some(property), arms, otherwise })
}

/// Returns the objects of the given variants.
fn within<'a>(objects: &[Object<'a>], variants: &[VariantIndex]) -> Vec<Object<'a>> {
    objects.iter().filter(|(i, _)| variants.contains(i)).copied().collect()
}

/// Decides by required properties that only one variant has. The others are decided among
/// themselves.
fn by_presence(objects: &[Object<'_>], used: &mut Vec<String>) -> Option<Rule> {
    let mut arms = Vec::new();
    let mut rest = Vec::new();
    for (variant, facts) in objects {
        let is_shared = |property: &&String| {
            objects
                .iter()
                .any(|(other, facts)| other != variant && facts.properties.contains(*property))
        };
        match facts.required.iter().find(|property| !is_shared(property)) {
            Some(property) => arms.push((property.clone(), *variant)),
            None => rest.push((*variant, *facts)),
        }
    }
    if arms.is_empty() {
        return None;
    }
    let otherwise = (!rest.is_empty()).then(|| Box::new(among_objects(&rest, used)));
    Some(Rule::Presence { arms, otherwise })
}

/// Returns a trial of the objects. Those with the most required properties come first: they match
/// the fewest values.
fn objects_by_trial(objects: &[Object<'_>]) -> Rule {
    let mut objects = objects.to_vec();
    objects.sort_by_key(|(_, facts)| Reverse(facts.required.len()));
    Rule::Trial(objects.into_iter().map(|(i, _)| i).collect())
}
