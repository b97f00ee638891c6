//! The search syntax: what a query asks for, and how it is read.
//!
//! ```
//! use datadog_ci_intake::query::Query;
//!
//! let query: Query = "ci_level:job -@ci.status:success @duration:>=2min".parse()?;
//! assert_eq!(query.to_string(), "ci_level:job -@ci.status:success @duration:>=120000000000");
//!
//! let error = "@ci.status:(error OR".parse::<Query>().unwrap_err();
//! assert_eq!(error.to_string(), "at character 21: something must follow `OR`");
//! # Ok::<(), datadog_ci_intake::query::QueryError>(())
//! ```

mod compile;
mod cursor;
#[cfg(test)]
pub(crate) mod naive;
mod parse;
mod pattern;
mod print;
#[cfg(test)]
mod tests;
mod value;

pub use compile::Compiled;
pub use pattern::{Pattern, Piece};
pub use value::{Bound, Comparison};

/// What a search asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// Every event.
    All,
    /// What all of these ask for.
    And(Vec<Query>),
    /// What one of these asks for.
    Or(Vec<Query>),
    /// What this does not ask for.
    Not(Box<Query>),
    /// A word or a phrase in any text of the event, whatever its case.
    Text(Pattern),
    /// A test of an attribute or a tag.
    Field(Field, Test),
}

/// What a test looks at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// An attribute by its path: `@ci.pipeline.name`.
    Attribute(String),
    /// A tag or one of the reserved names: `team`, `env`, `service`, `ci_level`.
    Tag(String),
}

/// A test of a value. An array passes if one of its elements does.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// There is a value.
    Exists,
    /// The value is this, in this case.
    Is(Pattern),
    /// The value is above or below a bound.
    Compare(Comparison, f64),
    /// The value lies within bounds; an end without a bound is open.
    Range {
        /// The lower bound, and whether it is within.
        low: Option<(Bound, bool)>,
        /// The upper bound, and whether it is within.
        high: Option<(Bound, bool)>,
    },
}

/// What is wrong with a query, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The character at which it went wrong, counted from 1.
    pub position: usize,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at character {}: {}", self.position, self.message)
    }
}

impl std::error::Error for QueryError {}

impl std::str::FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        parse::query(text)
    }
}
