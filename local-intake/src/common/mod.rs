//! Helpers that every other module may use.
//!
//! | module | responsibility |
//! |---|---|
//! | `chunks` | lists that grow without moving their values |
//! | `error` | the error of starting an intake or keeping events |
//! | `index` | finding numbered values by their hash |
//! | `memory` | the memory of responses |
//! | `problems` | collecting all validation errors of a request, in the service's wording |
//! | `sync` | locking without poisoning, and without overtaking writers |
//! | `turns` | how many queries run at a time |
//! | `work` | the time that a query may take |

mod chunks;
mod error;
mod index;
mod memory;
mod problems;
mod sync;
mod turns;
mod work;

pub(crate) use chunks::Chunks;
pub use error::IntakeError;
pub(crate) use index::Index;
pub(crate) use memory::{Granted, Memory};
pub(crate) use problems::{Problems, invalid};
pub(crate) use sync::{FairLock, lock, try_lock};
pub(crate) use turns::Turns;
pub(crate) use work::{Stopped, Work, WorkLimits};
