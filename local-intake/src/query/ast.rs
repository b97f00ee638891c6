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

impl Query {
    /// Splits queries into the clauses that all of them have, and the other clauses of each.
    pub(crate) fn split_common(queries: Vec<Self>) -> (Self, Vec<Self>) {
        let clauses = |query| match query {
            Self::And(clauses) => clauses,
            Self::All => Vec::new(),
            other => vec![other],
        };
        let mut own: Vec<Vec<Self>> = queries.into_iter().map(clauses).collect();
        let mut common = own.first().cloned().unwrap_or_default();
        common.retain(|clause| own.iter().all(|clauses| clauses.contains(clause)));
        for clauses in &mut own {
            clauses.retain(|clause| !common.contains(clause));
        }
        (Self::all_of(common), own.into_iter().map(Self::all_of).collect())
    }

    /// Returns the string that an attribute must be equal to, if the query requires one.
    pub(crate) fn required(&self, attribute: &str) -> Option<&str> {
        match self {
            Self::And(clauses) => clauses.iter().find_map(|clause| clause.required(attribute)),
            Self::Field(Field::Attribute(path), Test::Is(pattern)) if path == attribute => {
                pattern.as_literal()
            }
            _ => None,
        }
    }

    fn all_of(mut clauses: Vec<Self>) -> Self {
        match clauses.len() {
            0 => Self::All,
            1 => clauses.remove(0),
            _ => Self::And(clauses),
        }
    }
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
