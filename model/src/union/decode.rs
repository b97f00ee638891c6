//! Decoding a union.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::locate::{in_fragment, with_length};
use super::nesting::Nested;
use super::value::{Union, Value};
use crate::json::{Captured, CapturedVisitor, RAW_VALUE};

/// Decodes a [`Union`].
pub fn read<'de, T: Union, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(RAW_VALUE, UnionVisitor(PhantomData))
}

/// What a union expects. By this, a deserializer recognises one and can provide the value itself,
/// as the elements of a sequence, instead of its JSON.
pub(crate) const UNION: &str = "a value of a union";

struct UnionVisitor<T>(PhantomData<T>);

impl<T: Union> UnionVisitor<T> {
    fn decide<E: serde::de::Error>(json: &str) -> Result<T, E> {
        let Some(_nested) = Nested::start(json) else {
            return Err(E::custom("recursion limit exceeded"));
        };
        T::decide(Fragment(json)).map_err(|error| E::custom(with_length(json.len(), &error)))
    }
}

impl<'de, T: Union> Visitor<'de> for UnionVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(UNION)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        Self::decide(CapturedVisitor.visit_map(map)?.get())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        Self::decide(CapturedVisitor.visit_newtype_struct(deserializer)?.get())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        let json: Captured<'de> =
            seq.next_element()?.ok_or_else(|| A::Error::custom("no value"))?;
        T::decide(Element {
            json: json.get(),
            value: &RefCell::new(seq),
            is_trial: false,
            document: PhantomData,
        })
    }
}

/// A value that is decoded from its JSON.
#[derive(Clone, Copy)]
struct Fragment<'a>(&'a str);

impl Value for Fragment<'_> {
    type Error = serde_json::Error;

    fn json(&self) -> &str {
        self.0
    }

    fn read<T: DeserializeOwned + 'static>(self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0).map_err(|error| in_fragment(self.0, &error))
    }
}

/// A value that its deserializer provides as often as it is asked for.
struct Element<'v, 'de, S> {
    json: &'v str,
    value: &'v RefCell<S>,
    is_trial: bool,
    document: PhantomData<&'de str>,
}

impl<S> Clone for Element<'_, '_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Element<'_, '_, S> {}

impl<'de, S: SeqAccess<'de>> Value for Element<'_, 'de, S> {
    type Error = S::Error;

    fn json(&self) -> &str {
        self.json
    }

    fn read<T: DeserializeOwned + 'static>(self) -> Result<T, S::Error> {
        let mut value = self.value.borrow_mut();
        let decoded = match self.is_trial {
            true => value.next_element::<Trial<T>>()?.map(|trial| trial.0),
            false => value.next_element()?,
        };
        decoded.ok_or_else(|| S::Error::custom("no value"))
    }

    fn trial(self) -> Self {
        Self { is_trial: true, ..self }
    }

    fn reports(self) -> bool {
        !self.is_trial
    }
}

/// The name under which a deserializer is asked to decode a value as a trial, whose errors are
/// not problems of the document.
pub(crate) const TRIAL: &str = "$specwright::trial";

/// A value that is decoded to find out whether it fits.
struct Trial<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Trial<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TRIAL, TrialVisitor(PhantomData))
    }
}

struct TrialVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for TrialVisitor<T> {
    type Value = Trial<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Trial<T>, D::Error> {
        T::deserialize(deserializer).map(Trial)
    }
}
