//! Decisions by the names of an object's properties.

use std::cmp::Reverse;

use crate::json::{JsonView, is_key};

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

/// Returns the variant whose required properties the object has, and that knows most of its
/// properties. Closed variants take only objects whose properties they know all, unless each other
/// variant that does requires a property that is missing.
pub(super) fn closest(object: JsonView<'_>, variants: &[Properties<'_>]) -> Option<usize> {
    let common = variants.iter().enumerate().map(|(variant, of)| Common {
        variant,
        missing: of.required.len(),
        known: 0,
        has_others: false,
    });
    let mut common: Vec<Common> = common.collect();
    for (name, value) in object.written_entries() {
        for (variant, common) in variants.iter().zip(&mut common) {
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
    let best = |has_others: bool| {
        let candidates = common.iter().filter(|common| common.has_others == has_others);
        candidates.min_by_key(|common| (common.missing, Reverse(common.known)))
    };
    let fitting = best(false)?;
    let other = best(true).filter(|other| fitting.missing > 0 && other.missing == 0);
    Some(other.unwrap_or(fitting).variant)
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
        closest(JsonView::new(json), variants)
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
