//! Events: what was sent, the attributes it is searched by, and validation.
//!
//! | module | responsibility |
//! |---|---|
//! | `attributes` | which property of a sent event becomes which attribute |
//! | `facts` | an event as interned names and values, for queries and aggregations |
//! | `level` | pipeline, stage, job or step |
//! | `repository` | the parts of a repository URL |
//! | `rules` | validation beyond the schema |
//! | `sent` | access to an event as it was sent |
//! | `tree` | an event as nested JSON, for responses |

mod attributes;
pub(crate) mod facts;
mod level;
mod repository;
mod rules;
mod sent;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod tree;

pub use level::Level;
pub(crate) use rules::check_request;
pub(crate) use sent::SentEvent;
pub(crate) use tree::attributes;
