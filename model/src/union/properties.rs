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
#[derive(Clone, Default)]
struct Common {
    required: usize,
    known: usize,
    has_others: bool,
}

/// Returns the variant whose required properties the object has, and that knows most of its
/// properties. Closed variants take only objects whose properties they know all.
pub(super) fn closest(object: JsonView<'_>, variants: &[Properties<'_>]) -> Option<usize> {
    let mut common = vec![Common::default(); variants.len()];
    for (name, value) in object.written_entries() {
        for (variant, common) in variants.iter().zip(&mut common) {
            let knows = |names: &[&str]| names.iter().any(|known| is_key(name, known));
            if knows(variant.required) {
                common.known += 1;
                common.required += usize::from(!value.is_null());
            } else if knows(variant.optional) {
                common.known += 1;
            } else {
                common.has_others = true;
            }
        }
    }
    let candidates = variants.iter().zip(&common).enumerate();
    let fitting = candidates.filter(|(_, (variant, has))| !(variant.is_closed && has.has_others));
    let best = fitting.min_by_key(|(_, (variant, has))| {
        (variant.required.len().saturating_sub(has.required), Reverse(has.known))
    });
    best.map(|(index, _)| index)
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
    fn required_properties_count_more_than_known_ones() {
        let variants =
            [properties(&["id", "end"], &["a"], false), properties(&["id"], &["b", "c"], false)];
        assert_eq!(chosen(r#"{"id":1,"b":1,"c":1,"end":1}"#, &variants), Some(1));
        assert_eq!(chosen(r#"{"id":1,"b":1,"a":1,"end":1}"#, &variants), Some(0));
        assert_eq!(chosen(r#"{"id":1,"a":1,"end":null}"#, &variants), Some(1));
        assert_eq!(chosen(r#"{"other":1}"#, &variants), Some(1));
    }
}
