//! Helpers that every other module may use.
//!
//! | module | responsibility |
//! |---|---|
//! | `error` | the error of starting an intake or keeping events |
//! | `problems` | collecting all validation errors of a request, in the service's wording |
//! | `sync` | locking without poisoning |

mod error;
mod problems;
mod sync;

pub use error::IntakeError;
pub(crate) use problems::{Problems, invalid};
pub(crate) use sync::{lock, read, write};
