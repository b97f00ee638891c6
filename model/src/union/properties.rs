//! Decisions by the names of an object's properties.

use std::cmp::Reverse;

use serde::de::Error as _;

use super::several::{Candidate, Several};
use super::value::Value;
use crate::json::{Json, JsonView, is_key};

/// The names of the properties of a variant.
pub struct Properties<'a> {
    /// The required properties, which are not `null`.
    pub required: &'a [&'a str],
    /// The other ones.
    pub optional: &'a [&'a str],
    /// Whether there are no other properties.
    pub is_closed: bool,
}

/// What an object has in common with a variant.
#[derive(Clone)]
struct Common {
    variant: usize,
    /// How many required properties are missing.
    missing: usize,
    known: usize,
    /// Whether there are properties that the variant does not allow.
    has_others: bool,
}

/// Decodes the variant whose properties are most like those of the object; the first of equal ones.
/// If it does not decode, another one may whose required properties the object has. A closed variant
/// does not have other properties; an object that has is an `unknown` one.
///
/// # Errors
/// Returns an error if no variant can be decoded.
pub fn by_properties<V: Value, T: 'static>(
    value: V,
    variants: &[(Properties<'_>, Candidate<'_, V, T>)],
    unknown: Option<fn(Json) -> T>,
) -> Result<T, V::Error> {
    let order = closest(JsonView::new(value.json()), variants.iter().map(|(of, _)| of));
    let decoders = order.iter().filter_map(|index| variants.get(*index));
    let decoders: Vec<_> = decoders.map(|(_, (_, decode))| *decode).collect();
    match (Several { value, rule: 0, unknown }.first(&decoders)?, unknown) {
        (Some(decoded), _) => Ok(decoded),
        (None, Some(unknown)) => value.to_json().map(unknown),
        (None, None) => Err(V::Error::custom("no variant fits")),
    }
}

/// Returns the variant whose required properties the object has, and that knows most of its
/// properties, and after it the other ones whose required properties it has. Closed variants take
/// only objects whose properties they know all, unless each other variant that does requires a
/// property that is missing.
fn closest<'p, 'v: 'p>(
    object: JsonView<'_>,
    variants: impl Iterator<Item = &'p Properties<'v>> + Clone,
) -> Vec<usize> {
    let common = variants.clone().enumerate().map(|(variant, of)| Common {
        variant,
        missing: of.required.len(),
        known: 0,
        has_others: false,
    });
    let mut common: Vec<Common> = common.collect();
    for (name, value) in object.written_entries() {
        for (variant, common) in variants.clone().zip(&mut common) {
            let knows = |names: &[&str]| names.iter().any(|known| is_key(name, known));
            if knows(variant.required) {
                common.known += 1;
                common.missing = common.missing.saturating_sub(usize::from(!value.is_null()));
            } else if knows(variant.optional) {
                common.known += 1;
            } else {
                common.has_others |= variant.is_closed;
            }
        }
    }
    common.sort_by_key(|common| (common.has_others, common.missing, Reverse(common.known)));
    let Some(fitting) = common.first().filter(|first| !first.has_others) else { return Vec::new() };
    let mut others = common.iter().filter(|common| common.has_others);
    match others.next().filter(|other| fitting.missing > 0 && other.missing == 0) {
        Some(other) => vec![other.variant],
        None => {
            let others = common.iter().skip(1).filter(|of| !of.has_others && of.missing == 0);
            [fitting].into_iter().chain(others).map(|common| common.variant).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn properties<'a>(
        required: &'a [&'a str],
        optional: &'a [&'a str],
        is_closed: bool,
    ) -> Properties<'a> {
        Properties { required, optional, is_closed }
    }

    fn chosen(json: &str, variants: &[Properties<'_>]) -> Option<usize> {
        closest(JsonView::new(json), variants.iter()).first().copied()
    }

    #[test]
    fn closed_variants_have_no_other_properties() {
        let variants =
            [properties(&[], &["name", "exact"], true), properties(&[], &["from", "to"], true)];
        assert_eq!(chosen(r#"{"exact":true}"#, &variants), Some(0));
        assert_eq!(chosen(r#"{"to":1,"from":2}"#, &variants), Some(1));
        assert_eq!(chosen("{}", &variants), Some(0));
        for other in [r#"{"name":1,"to":2}"#, r#"{"name":1,"more":2}"#, r#"{"more":2}"#] {
            assert_eq!(chosen(other, &variants), None, "{other}");
        }
    }

    #[test]
    fn a_closed_variant_is_better_than_none() {
        let variants = [properties(&["number"], &[], true), properties(&["letter"], &[], false)];
        assert_eq!(chosen(r#"{"number":1,"new":2}"#, &variants), Some(0));
        assert_eq!(chosen(r#"{"letter":1,"number":2}"#, &variants), Some(1));
        assert_eq!(chosen(r#"{"new":1}"#, &variants), Some(1));
    }

    #[test]
    fn required_properties_count_more_than_known_ones() {
        let variants =
            [properties(&["id", "end"], &["a"], false), properties(&["id"], &["b", "c"], false)];
        assert_eq!(chosen(r#"{"id":1,"b":1,"c":1,"end":1}"#, &variants), Some(1));
        assert_eq!(chosen(r#"{"id":1,"b":1,"a":1,"end":1}"#, &variants), Some(0));
        assert_eq!(chosen(r#"{"id":1,"a":1,"end":null}"#, &variants), Some(1));
        assert_eq!(chosen(r#"{"other":1}"#, &variants), Some(1));
    }
}
