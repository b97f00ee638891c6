//! The store: merged events in memory, ordered by time.
//!
//! A run may be sent several times. The [`Store`] merges these updates into one event and keeps
//! each state of it as a version, so that a listing in progress still sees the state at its start.
//!
//! | module | responsibility |
//! |---|---|
//! | `events` | inserting and reading events |
//! | `history` | the updates of an event |
//! | `id` | event ids and cursors |
//! | `listing` | pages of events that stay consistent while events arrive |
//! | `merge` | merging the updates of a run |
//! | `retention` | removing what exceeds the limits |
//! | `runs` | execution times of pipelines |
//! | `scan` | reading in slices |
//! | `shared` | the store as requests use it |
//! | `stored` | events and updates in the public API |
//! | `version` | the states of an event, and their order |

mod events;
mod history;
mod id;
mod listing;
mod merge;
mod retention;
mod runs;
mod scan;
mod shared;
mod stored;
#[cfg(test)]
pub(crate) mod tests;
mod version;

pub(crate) use id::{cursor, last_event};
pub(crate) use listing::{Progress, Range};
pub(crate) use retention::Retention;
pub(crate) use shared::SharedStore;
pub(crate) use stored::{Origin, Submission};
pub use stored::{StoredEvent, Update};
