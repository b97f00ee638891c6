//! The store: merged events in memory, ordered by time.
//!
//! A run may be sent several times. The [`Store`] merges these updates into one event and keeps
//! each state of it as a version, so that a listing in progress still sees the state at its start.
//!
//! | module | responsibility |
//! |---|---|
//! | `events` | inserting and reading events |
//! | `id` | event ids and cursors |
//! | `intervals` | unions of time intervals |
//! | `listing` | pages of events that stay consistent while events arrive |
//! | `merge` | merging the updates of a run |
//! | `runs` | execution times of pipelines |
//! | `stored` | events and updates in the public API |
//! | `version` | the states of an event, and their order |

mod events;
mod id;
mod intervals;
mod listing;
mod merge;
mod runs;
mod stored;
#[cfg(test)]
pub(crate) mod tests;
mod version;

pub(crate) use events::Store;
pub(crate) use id::{cursor, last_event};
pub(crate) use listing::{Progress, Range};
pub(crate) use stored::Submission;
pub use stored::{StoredEvent, Update};
