//! OpenAPI overlays: documents that repair or reduce an OpenAPI document without editing it.
//!
//! | module | responsibility |
//! |---|---|
//! | `apply` | application of an overlay |
//! | `fuzzing` | the check of the fuzz target |

mod apply;
#[cfg(feature = "fuzzing")]
pub(super) mod fuzzing;

pub(super) use apply::apply;
