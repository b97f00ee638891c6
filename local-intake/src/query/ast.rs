//! Parsed queries.

use super::pattern::Pattern;
use super::value::{Bound, Comparison};

/// A parsed query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Query {
    /// Matches every event.
    All,
    And(Vec<Query>),
    Or(Vec<Query>),
    Not(Box<Query>),
    /// A word or phrase in any string of the event, case-insensitive.
    Phrase(Pattern),
    /// A test of an attribute or a tag.
    Field(Field, Test),
}

/// What a test is applied to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    /// An attribute by its path: `@ci.pipeline.name`.
    Attribute(String),
    /// A tag or a reserved name: `team`, `env`, `service`, `ci_level`.
    Tag(String),
}

impl Field {
    /// Returns the name of the facts that it refers to.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Attribute(path) => format!("@{path}"),
            Self::Tag(name) => name.clone(),
        }
    }
}

/// A test of a value. An array matches if any of its elements matches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    /// The value exists.
    Exists,
    /// The value matches the pattern, case-sensitive.
    Is(Pattern),
    Compare(Comparison, f64),
    /// The value is between two bounds. `None` is an open end.
    Range {
        /// The lower bound, and whether it is inclusive.
        low: Option<(Bound, bool)>,
        /// The upper bound, and whether it is inclusive.
        high: Option<(Bound, bool)>,
    },
}
