//! Decoding a value that may be of one of several variants.

use serde::de::Error as _;

use super::trial::{Outcome, Trial};
use super::value::Value;
use crate::json::Json;
use crate::scalar::fit::{Counting, Misfit};
use crate::validate::{Validate, Validator};

/// How a variant is decoded.
pub type Decode<V, T> = fn(V) -> Result<T, <V as Value>::Error>;

/// A variant's name, and how it is decoded.
pub type Candidate<'n, V, T> = (&'n str, Decode<V, T>);

/// The number of bytes of the message of a value that no variant fits. It contains those of the
/// values inside.
const MAX_MESSAGE: usize = 1000;

/// Decodes the variant that fits best, where they cannot be distinguished. A value with properties
/// that its variants forbid is an `unknown` one.
///
/// # Errors
/// Returns an error if no variant can be decoded, with the reason of each.
pub fn best_match<V: Value, T: 'static>(
    value: V,
    candidates: &[Candidate<'_, V, T>],
    unknown: fn(Json) -> T,
) -> Result<T, V::Error> {
    let several = Several { value, rule: 0, unknown: Some(unknown) };
    several.best(candidates.iter().copied(), None, |_| 0)
}

/// As [`best_match`]. Variants with fewer violated constraints fit better.
///
/// # Errors
/// Returns an error if no variant can be decoded, with the reason of each.
pub fn best_valid<V: Value, T: Validate + 'static>(
    value: V,
    candidates: &[Candidate<'_, V, T>],
    unknown: fn(Json) -> T,
) -> Result<T, V::Error> {
    let several = Several { value, rule: 0, unknown: Some(unknown) };
    several.best(candidates.iter().copied(), None, violations)
}

/// A value that may be of one of several variants.
pub(super) struct Several<V, T> {
    pub(super) value: V,
    /// Distinguishes the rules of one union that are applied to the same value; `0` for one that
    /// contains no other rule.
    pub(super) rule: usize,
    /// The variant of a value with properties that its variants forbid, if there is one.
    pub(super) unknown: Option<fn(Json) -> T>,
}

impl<V: Value, T: 'static> Several<V, T> {
    /// Decodes the variant that fits best; the first of equal ones, and if none decodes, what the
    /// value is `otherwise`. A variant without any misfit ends the search.
    pub(super) fn best<'n>(
        &self,
        candidates: impl Iterator<Item = Candidate<'n, V, T>> + Clone,
        otherwise: Option<Decode<V, T>>,
        violations: fn(&T) -> u32,
    ) -> Result<T, V::Error>
    where
        V: 'n,
    {
        let last = candidates.clone().count();
        let candidates = candidates.chain(otherwise.map(|decode| ("otherwise", decode)));
        let value = self.value.trial();
        let trial = Trial::start::<T>(value.json(), self.rule);
        match (trial.known(), self.unknown) {
            (Some(Outcome::Fits(index)), _) => {
                if let Some((_, decode)) = candidates.clone().nth(index) {
                    trial.spend()?;
                    return decode(value);
                }
            }
            (Some(Outcome::Unknown), Some(unknown)) => return value.to_json().map(unknown),
            (Some(Outcome::None(message)), _) => return Err(V::Error::custom(message)),
            _ => {}
        }
        let mut counting = Counting::start();
        let mut best: Option<(Misfit, usize, T)> = None;
        let mut reasons = Vec::new();
        for (index, (name, decode)) in candidates.enumerate() {
            if index == last && best.is_some() {
                break;
            }
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
        match (best, self.unknown) {
            (Some((misfit, ..)), Some(unknown)) if misfit.forbidden > 0 => {
                trial.remember(|| Outcome::Unknown);
                counting.choose(Misfit { unknown: 1, ..Misfit::default() });
                value.to_json().map(unknown)
            }
            (Some((_, index, decoded)), _) => {
                trial.remember(|| Outcome::Fits(index));
                Ok(decoded)
            }
            (None, _) => {
                let message = no_variant_fits(&reasons);
                trial.remember(|| Outcome::None(message.clone()));
                Err(V::Error::custom(message))
            }
        }
    }

    /// Decodes the first variant that decodes. If there is none, the error is that of the first.
    pub(super) fn first(&self, decoders: &[Decode<V, T>]) -> Result<Option<T>, V::Error> {
        let (first, value) = match decoders {
            [] => return Ok(None),
            [only] => return only(self.value).map(Some),
            [first, ..] => (first, self.value.trial()),
        };
        let trial = Trial::start::<T>(value.json(), self.rule);
        match trial.known() {
            Some(Outcome::Fits(index)) => {
                if let Some(decode) = decoders.get(index) {
                    trial.spend()?;
                    return decode(value).map(Some);
                }
            }
            Some(Outcome::None(message)) => return Err(V::Error::custom(message)),
            _ => {}
        }
        let mut counting = Counting::start();
        let mut reason = None;
        for (index, decode) in decoders.iter().enumerate() {
            trial.spend()?;
            counting.next_variant();
            match decode(value) {
                Ok(decoded) => {
                    counting.choose(counting.misfit());
                    trial.remember(|| Outcome::Fits(index));
                    return Ok(Some(decoded));
                }
                Err(error) => reason = reason.or(Some(error)),
            }
        }
        let Some(reason) = reason else { return Ok(None) };
        trial.remember(|| Outcome::None(reason.to_string()));
        // A trial does not collect the problems of a document.
        if self.value.reports() { first(self.value).map(Some) } else { Err(reason) }
    }
}

/// Counts the violated constraints of a value.
pub(super) fn violations<T: Validate>(value: &T) -> u32 {
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
