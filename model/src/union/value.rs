//! What a decision between variants may look at.
//!
//! A variant is decided before anything is decoded: by the JSON type, by the string in a
//! property, or by which properties are present. The generator determines which of these
//! distinguishes the variants, and emits it as one `match`.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error as _};

use super::trial::{Outcome, Trial};
use crate::json::{Json, JsonView, Kind};

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
        let view = JsonView::new(self.json()).first(property)?;
        match view.as_json().as_bytes().first() {
            Some(b'"') => view.as_str(),
            Some(b't' | b'f' | b'-' | b'0'..=b'9') => Some(Cow::Borrowed(view.as_json())),
            _ => None,
        }
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

    /// The value as it was sent.
    fn to_json(self) -> Result<Json, Self::Error> {
        self.json().parse().map_err(Self::Error::custom)
    }

    /// Decodes the first of these variants that fits, where they cannot be distinguished.
    fn first_match<T: 'static>(
        self,
        candidates: &[Candidate<'_, Self, T>],
    ) -> Result<T, Self::Error> {
        first_match(self, candidates)
    }
}

/// A variant's name, and how it is decoded.
pub type Candidate<'n, V, T> = (&'n str, fn(V) -> Result<T, <V as Value>::Error>);

/// The number of bytes of the message of a value that no variant fits. It contains those of the
/// values inside.
const MAX_MESSAGE: usize = 1000;

/// Decodes the first variant that fits.
fn first_match<V: Value, T: 'static>(
    value: V,
    candidates: &[Candidate<'_, V, T>],
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
        Some(Outcome::None(message)) => return Err(V::Error::custom(message)),
        None => {}
    }
    let mut reasons = Vec::new();
    for (index, (name, decode)) in candidates.iter().enumerate() {
        trial.spend()?;
        match decode(value) {
            Ok(decoded) => {
                trial.remember(|| Outcome::Fits(index));
                return Ok(decoded);
            }
            Err(error) => reasons.push(format!("{name}: {error}")),
        }
    }
    let message = no_variant_fits(&reasons);
    trial.remember(|| Outcome::None(message.clone()));
    Err(V::Error::custom(message))
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
