//! What a decision between variants may look at.
//!
//! A variant is decided before anything is decoded: by the JSON type, by a string, number or
//! boolean at a path of properties, or by which properties are present. The generator determines
//! which of these distinguishes the variants, and emits it as one `match`.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error as _};

use super::path::{scalar, scalar_at};
use crate::json::{Json, JsonView, Kind};
use crate::scalar::{fit, integers_from_str};

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
    fn read<T: DeserializeOwned + 'static>(self) -> Result<T, Self::Error>;

    /// The same value, decoded to find out whether a variant fits.
    #[must_use]
    fn trial(self) -> Self {
        self
    }

    /// Whether an error is a problem of the document, which must not be found by a trial only.
    fn reports(self) -> bool {
        false
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

    /// Decodes a variant that is an integer, or a list, map or tuple that contains integers.
    fn read_integers<T: DeserializeOwned + 'static>(self) -> Result<T, Self::Error> {
        integers_from_str(self.json()).or_else(|_| self.read())
    }

    /// Decodes a variant about whose properties nothing is declared.
    fn read_whole<T: DeserializeOwned + 'static>(self) -> Result<T, Self::Error> {
        fit::whole();
        self.read()
    }

    /// As [`read_whole`](Self::read_whole), for a variant that contains integers.
    fn read_whole_integers<T: DeserializeOwned + 'static>(self) -> Result<T, Self::Error> {
        fit::whole();
        self.read_integers()
    }

    /// The value as it was sent, if it has no known variant.
    fn to_json(self) -> Result<Json, Self::Error> {
        fit::unknown();
        self.json().parse().map_err(Self::Error::custom)
    }
}
