//! The search syntax: parser, printer and evaluator.
//!
//! `ci_level:job -@ci.status:success @duration:>=2min` parses into a [`Query`]. Its printed form
//! parses into the same query. [`Query::compile`] prepares it for the events of a store.
//!
//! | module | responsibility |
//! |---|---|
//! | `ast` | parsed queries |
//! | `compile` | evaluation over facts |
//! | `cursor` | the tokens of a query |
//! | `error` | syntax errors |
//! | `fuzzing` | the check of the fuzz target |
//! | `parse` | the grammar |
//! | `pattern` | strings with wildcards |
//! | `print` | queries as strings |
//! | `value` | bounds and comparisons |

mod ast;
mod compile;
mod cursor;
mod error;
#[cfg(feature = "fuzzing")]
mod fuzzing;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod naive;
mod parse;
mod pattern;
mod print;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use ast::Query;
pub(crate) use compile::{Compiled, Unmatched};
#[cfg(feature = "fuzzing")]
pub use fuzzing::check_query;
