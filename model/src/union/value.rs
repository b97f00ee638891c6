//! What a decision between variants may look at.
//!
//! A variant is decided before anything is decoded: by the JSON type, by a string, number or
//! boolean at a path of properties, or by which properties are present. The generator determines
//! which of these distinguishes the variants, and emits it as one `match`.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error as _};

use super::path::{scalar, scalar_at};
use super::properties::{Properties, closest};
use super::trial::{Outcome, Trial};
use crate::json::{Json, JsonView, Kind};
use crate::scalar::fit::{self, Counting, Misfit};
use crate::validate::{Validate, Validator};

/// A union of an OpenAPI document.
pub trait Union: Sized {
    /// Decides the variant and decodes it.
    fn decide<V: Value>(value: V) -> Result<Self, V::Error>;
}

/// A value whose variant is decided.
pub trait Value: Copy {
    /// Why a variant cannot be decoded.
    type Error: serde::de::Error;

    /// The JSON of the value.
    fn json(&self) -> &str;

    /// Decodes the decided variant.
    fn read<T: DeserializeOwned>(self) -> Result<T, Self::Error>;

    /// The same value, decoded to find out whether a variant fits.
    #[must_use]
    fn trial(self) -> Self {
        self
    }

    /// The JSON type.
    fn kind(&self) -> Kind {
        Kind::of(self.json())
    }

    /// The string in a property of an object; for a number or a boolean, its JSON.
    fn tag(&self, property: &str) -> Option<Cow<'_, str>> {
        scalar(JsonView::new(self.json()).first(property)?)
    }

    /// The first string, number or boolean at a path of properties, which leads through the
    /// elements of arrays; see [`Value::tag`].
    fn tag_at(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        scalar_at(JsonView::new(self.json()), path)
    }

    /// Whether a property is one of these values.
    fn is(&self, property: &str, values: &[&str]) -> bool {
        self.tag(property).is_some_and(|value| values.contains(&value.as_ref()))
    }

    /// The variant, by its index, whose properties are most like those of the object; the first
    /// of equal ones. A closed variant has no other properties.
    fn closest(&self, variants: &[Properties<'_>]) -> Option<usize> {
        closest(JsonView::new(self.json()), variants)
    }

    /// The value of a string.
    fn text(&self) -> Option<Cow<'_, str>> {
        JsonView::new(self.json()).as_str()
    }

    /// Whether the value is an object that has all these properties, none of them `null`.
    fn has(&self, properties: &[&str]) -> bool {
        let view = JsonView::new(self.json());
        properties.iter().all(|name| view.first(name).is_some_and(|value| !value.is_null()))
    }

    /// Decodes a variant that is itself a union.
    fn decide<T: Union>(self) -> Result<T, Self::Error> {
        T::decide(self)
    }

    /// Decodes a variant about whose properties nothing is declared.
    fn read_whole<T: DeserializeOwned>(self) -> Result<T, Self::Error> {
        fit::whole();
        self.read()
    }

    /// The value as it was sent, if it has no known variant.
    fn to_json(self) -> Result<Json, Self::Error> {
        fit::unknown();
        self.json().parse().map_err(Self::Error::custom)
    }

    /// Decodes the variant that fits best, where they cannot be distinguished. A value with
    /// properties that its variants forbid is an `unknown` one.
    fn best_match<T: 'static>(
        self,
        candidates: &[Candidate<'_, Self, T>],
        unknown: fn(Json) -> T,
    ) -> Result<T, Self::Error> {
        best_match(self, candidates, unknown, |_| 0)
    }

    /// As [`Value::best_match`]. Variants with fewer violated constraints fit better.
    fn best_valid<T: Validate + 'static>(
        self,
        candidates: &[Candidate<'_, Self, T>],
        unknown: fn(Json) -> T,
    ) -> Result<T, Self::Error> {
        best_match(self, candidates, unknown, violations)
    }
}

/// A variant's name, and how it is decoded.
pub type Candidate<'n, V, T> = (&'n str, fn(V) -> Result<T, <V as Value>::Error>);

/// The number of bytes of the message of a value that no variant fits. It contains those of the
/// values inside.
const MAX_MESSAGE: usize = 1000;

/// Decodes the variant that fits best; the first of equal ones. A variant without any misfit ends
/// the search.
fn best_match<V: Value, T: 'static>(
    value: V,
    candidates: &[Candidate<'_, V, T>],
    unknown: fn(Json) -> T,
    violations: fn(&T) -> u32,
) -> Result<T, V::Error> {
    let value = value.trial();
    let trial = Trial::start::<T>(value.json());
    match trial.known() {
        Some(Outcome::Fits(index)) => {
            if let Some((_, decode)) = candidates.get(index) {
                trial.spend()?;
                return decode(value);
            }
        }
        Some(Outcome::Unknown) => return value.to_json().map(unknown),
        Some(Outcome::None(message)) => return Err(V::Error::custom(message)),
        None => {}
    }
    let mut counting = Counting::start();
    let mut best: Option<(Misfit, usize, T)> = None;
    let mut reasons = Vec::new();
    for (index, (name, decode)) in candidates.iter().enumerate() {
        trial.spend()?;
        counting.next_variant();
        match decode(value) {
            Ok(decoded) => {
                let counted = counting.misfit();
                let unknown = counted.unknown.saturating_add(violations(&decoded));
                let misfit = Misfit { unknown, ..counted };
                if best.as_ref().is_none_or(|(known, ..)| misfit < *known) {
                    // Violations are counted again for the trial around this one.
                    counting.choose(counted);
                    best = Some((misfit, index, decoded));
                }
                if misfit.is_none() {
                    break;
                }
            }
            Err(error) => reasons.push(format!("{name}: {error}")),
        }
    }
    match best {
        Some((misfit, index, decoded)) if misfit.forbidden == 0 => {
            trial.remember(|| Outcome::Fits(index));
            Ok(decoded)
        }
        Some(_) => {
            trial.remember(|| Outcome::Unknown);
            counting.choose(Misfit { unknown: 1, ..Misfit::default() });
            value.to_json().map(unknown)
        }
        None => {
            let message = no_variant_fits(&reasons);
            trial.remember(|| Outcome::None(message.clone()));
            Err(V::Error::custom(message))
        }
    }
}

/// Counts the violated constraints of a value.
fn violations<T: Validate>(value: &T) -> u32 {
    let error = Validator::run(value).err();
    error.map_or(0, |error| error.violations().len().try_into().unwrap_or(u32::MAX))
}

/// Describes why each variant does not fit; long reasons are shortened to equal parts.
fn no_variant_fits(reasons: &[String]) -> String {
    let each = MAX_MESSAGE / reasons.len().max(1);
    let reasons: Vec<_> = reasons
        .iter()
        .map(|reason| match reason.char_indices().nth(each) {
            Some((end, _)) => format!("{}\u{2026}", &reason[..end]),
            None => reason.clone(),
        })
        .collect();
    format!("no variant fits ({})", reasons.join("; "))
}
