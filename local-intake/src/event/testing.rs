//! Helpers of unit tests and fuzzing: events as the reference implementations see them.

use serde_json::{Map, Value};

use super::facts::{Facts, Vocabulary};

/// An event as it is searched and grouped.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) attributes: Map<String, Value>,
    pub(crate) tags: Vec<String>,
    pub(crate) level: &'static str,
}

impl Event {
    /// Returns the event as the store keeps it.
    pub(crate) fn facts(&self, vocabulary: &mut Vocabulary) -> Facts {
        let tags = self.tags.iter().filter_map(|tag| tag.split_once(':'));
        let tags = tags.chain([("ci_level", self.level)]);
        Facts::from_json(&self.attributes, tags, vocabulary)
    }
}

/// Returns a configuration that runs this many cases. Failing cases are written as unit tests,
/// not kept in a file of seeds.
#[cfg(test)]
pub(crate) fn cases(cases: u32) -> proptest::prelude::ProptestConfig {
    use proptest::prelude::ProptestConfig;

    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}
