//! The CI Visibility Pipelines API on one's own machine: the whole of it, without an account.
//!
//! [`LocalIntake`] runs in a test's own process; the program of the same name runs beside
//! anything else. What is generated from the description ([`generated`]) reads requests and
//! routes them; what they do is written by hand:
//!
//! | module | its one job |
//! |---|---|
//! | [`event`] | from what is sent to what is searched, and the rules that events keep |
//! | [`facts`] | an event as names and values, both interned |
//! | [`store`] | events merged from their updates, ordered by time, listed while more arrive |
//! | [`query`] | the search syntax: parser, printer, evaluator |
//! | [`aggregate`] | groups and functions |
//! | [`time`] | the forms of a moment |
//! | `intake`, `service` | the operations, without HTTP and with it |
//! | `journal` | events on disk |
//! | `faults`, `rate_limit`, `requests`, `control`, `local` | what testers need |
//!
//! What is not known of the service, and what was decided here, is in `DIFFERENCES.md`.

pub mod aggregate;
mod clock;
mod control;
pub mod event;
pub mod facts;
mod faults;
// Formatted by the generator: another formatter would be drift.
#[rustfmt::skip]
pub mod generated;
mod intake;
mod journal;
mod keys;
mod local;
mod problem;
pub mod query;
mod rate_limit;
mod requests;
mod service;
mod shared;
pub mod store;
mod sync;
#[cfg(test)]
mod testing;
pub mod time;
#[cfg(test)]
mod workload;

pub use clock::Clock;
pub use faults::Fault;
pub use local::{Builder, LocalIntake};
pub use rate_limit::RateLimit;
pub use requests::Recorded;
pub use shared::IntakeError;
