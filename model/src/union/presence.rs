//! Decisions by the properties that an object has.

use serde::de::Error as _;

use super::path::scalar;
use super::several::{Candidate, Decode, Several, violations};
use super::value::Value;
use crate::json::{Json, JsonView, is_key};
use crate::validate::Validate;

/// A property that only one variant requires.
pub struct Present<'a> {
    /// Its name.
    pub property: &'a str,
    /// Its only values; empty if it may have others.
    pub values: &'a [&'a str],
}

impl Present<'_> {
    fn is_in(&self, name: &str, value: JsonView<'_>) -> bool {
        let is_known = || {
            self.values.is_empty()
                || scalar(value).is_some_and(|value| self.values.contains(&value.as_ref()))
        };
        is_key(name, self.property) && !value.is_null() && is_known()
    }
}

/// Decodes the variant that requires a property of the object. If there are several, that which fits
/// best, and if none decodes, what it is `otherwise`: other variants may have the properties without
/// declaring them.
///
/// # Errors
/// Returns an error if no variant can be decoded.
pub fn by_presence<V: Value, T: 'static>(
    value: V,
    variants: &[(Present<'_>, Candidate<'_, V, T>)],
    otherwise: Option<Decode<V, T>>,
    unknown: Option<fn(Json) -> T>,
) -> Result<T, V::Error> {
    Presence { value, otherwise, unknown, violations: |_| 0 }.decode(variants)
}

/// As [`by_presence`]. Variants with fewer violated constraints fit better.
///
/// # Errors
/// Returns an error if no variant can be decoded.
pub fn by_valid_presence<V: Value, T: Validate + 'static>(
    value: V,
    variants: &[(Present<'_>, Candidate<'_, V, T>)],
    otherwise: Option<Decode<V, T>>,
    unknown: Option<fn(Json) -> T>,
) -> Result<T, V::Error> {
    Presence { value, otherwise, unknown, violations }.decode(variants)
}

/// A value whose variant is decided by the properties that it has.
struct Presence<V: Value, T> {
    value: V,
    otherwise: Option<Decode<V, T>>,
    unknown: Option<fn(Json) -> T>,
    violations: fn(&T) -> u32,
}

impl<V: Value, T: 'static> Presence<V, T> {
    fn decode(&self, variants: &[(Present<'_>, Candidate<'_, V, T>)]) -> Result<T, V::Error> {
        let mut present: Vec<usize> = Vec::new();
        for (name, value) in JsonView::new(self.value.json()).written_entries() {
            let mut all = variants.iter().enumerate();
            if let Some((index, _)) = all.find(|(_, (property, _))| property.is_in(name, value))
                && !present.contains(&index)
            {
                present.push(index);
            }
        }
        present.sort_unstable();
        let candidates = || present.iter().filter_map(|index| variants.get(*index));
        let candidates = candidates().map(|(_, candidate)| *candidate);
        match (present.as_slice(), self.otherwise, self.unknown) {
            ([], Some(otherwise), _) => otherwise(self.value),
            ([], None, Some(unknown)) => self.value.to_json().map(unknown),
            ([_] | [], ..) => {
                let decoders = candidates.map(|(_, decode)| decode).chain(self.otherwise);
                let decoded = self.several(variants).first(&decoders.collect::<Vec<_>>())?;
                decoded.ok_or_else(|| V::Error::custom("no variant fits"))
            }
            _ => self.several(variants).best(candidates, self.otherwise, self.violations),
        }
    }

    fn several(&self, variants: &[(Present<'_>, Candidate<'_, V, T>)]) -> Several<V, T> {
        // What is decoded otherwise may be decided by such a rule again, but for other properties.
        let first = variants.first().map(|(present, _)| present.property.as_ptr().addr());
        Several { value: self.value, rule: first.unwrap_or_default(), unknown: self.unknown }
    }
}
