//! Whether all of a document is JSON that can be processed, including parts that are kept as JSON.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use specwright_model::json::is_sound;

use crate::reject::Problem;

/// Rejects what serde_json accepts in values that it skips: unlimited nesting, incomplete
/// surrogate pairs.
pub(super) fn check(json: &str) -> Result<(), Problem> {
    let Err(error) = serde_json::from_str::<Sound>(json) else { return Ok(()) };
    // A number beyond the range of an `f64` is kept as it is written.
    let is_out_of_range = error.to_string().starts_with("number out of range");
    if is_out_of_range && serde_json::from_str::<IgnoredAny>(json).is_ok() && is_sound(json) {
        return Ok(());
    }
    Err(Problem::new("", format!("the body is not JSON: {error}")))
}

/// Any value; nothing is kept of it.
struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SoundVisitor)
    }
}

struct SoundVisitor;

impl<'de> Visitor<'de> for SoundVisitor {
    type Value = Sound;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_str<E>(self, _: &str) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Sound, A::Error> {
        while items.next_element::<Sound>()?.is_some() {}
        Ok(Sound)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Sound, A::Error> {
        while entries.next_entry::<Sound, Sound>()?.is_some() {}
        Ok(Sound)
    }
}
