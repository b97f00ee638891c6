//! Commands that report.
//!
//! | module | responsibility |
//! |---|---|
//! | `options` | options of everything that opens a scope |
//! | `run` | runs a command as a scope |
//! | `start` | opens a scope for a later process to finish |
//! | `finish` | ends a scope that `start` has opened |
//! | `amend` | adds facts to an open scope |
//! | `flush` | delivers what waits |
//! | `status` | what is open, what waits, and what was rejected |

mod amend;
mod finish;
mod flush;
mod options;
pub(crate) mod run;
mod start;
mod status;

pub(crate) use amend::{Amend, amend};
pub(crate) use finish::{Finish, finish};
pub(crate) use flush::{Flush, flush};
pub(crate) use options::ScopeOptions;
pub(crate) use start::{Start, start};
pub(crate) use status::{StatusOptions, status};
