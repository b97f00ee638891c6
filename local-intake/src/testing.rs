//! What tests share: events as plain readings see them, and how often properties are tried.

use proptest::prelude::ProptestConfig;
use serde_json::{Map, Value};

use crate::facts::{Facts, Vocabulary};

/// An event as it is searched and grouped.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) attributes: Map<String, Value>,
    pub(crate) tags: Vec<String>,
    pub(crate) level: &'static str,
}

impl Event {
    /// The same, as the store keeps it.
    pub(crate) fn facts(&self, vocabulary: &mut Vocabulary) -> Facts {
        let tags = self.tags.iter().filter_map(|tag| tag.split_once(':'));
        let tags = tags.chain([("ci_level", self.level)]);
        Facts::of_parts(&self.attributes, tags, vocabulary)
    }
}

/// So many cases. What fails is written down as a test, not in a file of seeds.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}
