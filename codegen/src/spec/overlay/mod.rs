//! OpenAPI overlays: documents that repair or reduce an OpenAPI document without editing it.
//!
//! | module | responsibility |
//! |---|---|
//! | `apply` | application of an overlay |
//! | `check` | the structure of an overlay document |
//! | `conformance` | what the test suites of overlays and of JSONPath check |
//! | `fuzzing` | the check of the fuzz target |
//! | `json_path` | the locations that a JSONPath selects |

mod apply;
mod check;
pub mod conformance;
#[cfg(feature = "fuzzing")]
pub(super) mod fuzzing;
mod json_path;

pub(super) use apply::apply;
