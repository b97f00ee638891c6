//! Commands that neither run a command nor read events.
//!
//! | module | responsibility |
//! |---|---|
//! | `options` | options of everything that opens a scope |
//! | `start` | opens a scope for a later process to finish |
//! | `finish` | ends a scope that `start` has opened |
//! | `amend` | adds facts to an open scope |
//! | `flush` | delivers what waits |
//! | `status` | what is open, what waits, and what was rejected |
//! | `guide` | help, shell completions, man pages, and the message of the first run |
//! | `doctor` | what works, and how to fix what does not |
//! | `intake` | the API on this machine |

mod amend;
pub(crate) mod doctor;
mod finish;
mod flush;
pub(crate) mod guide;
#[cfg(feature = "intake")]
pub(crate) mod intake;
mod options;
mod start;
mod status;

pub(crate) use amend::{Amend, amend};
pub(crate) use finish::{Finish, finish};
pub(crate) use flush::{Flush, flush};
pub(crate) use options::ScopeOptions;
pub(crate) use start::{Start, start};
pub(crate) use status::{StatusOptions, status};
