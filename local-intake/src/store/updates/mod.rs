//! The updates of an event, and its states after each of them.
//!
//! | module | responsibility |
//! |---|---|
//! | `history` | the last updates as they were received |
//! | `merge` | merging all of them into one event |
//! | `version` | the states of an event, and their order |

mod history;
mod merge;
mod version;

pub(super) use history::History;
pub(super) use merge::Updates;
pub(super) use version::{Position, Version, Versions};
