//! The store: merged events in memory, ordered by time.
//!
//! A run may be sent several times. The [`Store`] merges these updates into one event and keeps
//! each state of it as a version, so that a listing in progress still sees the state at its start.
//!
//! | module | responsibility |
//! |---|---|
//! | `events` | inserting and reading events |
//! | `id` | event ids and cursors |
//! | `limits` | how much is kept |
//! | `listing` | pages of events that stay consistent while events arrive |
//! | `reading` | reading events while others arrive |
//! | `retention` | removing what exceeds the limits |
//! | `runs` | what follows from other events of a run |
//! | `shared` | the store as requests use it |
//! | `stored` | events and updates in the public API |
//! | `updates` | the updates of an event, and its states |

mod events;
mod id;
mod limits;
mod listing;
mod reading;
mod retention;
mod runs;
mod shared;
mod stored;
#[cfg(test)]
pub(crate) mod tests;
mod updates;

pub(crate) use id::{cursor, last_event, position_after};
pub(crate) use limits::Retention;
pub(crate) use listing::{Progress, Range};
pub(crate) use shared::{Selection, SharedStore, View};
pub(crate) use stored::{Origin, Selected, Submission};
pub use stored::{StoredEvent, Update};
