//! The updates of an event, and its states after each of them.
//!
//! | module | responsibility |
//! |---|---|
//! | `history` | the last updates as they were received |
//! | `merge` | merging all of them into one event |
//! | `order` | the order of all versions, and of those of each run |
//! | `version` | the states of an event |

mod history;
mod merge;
mod order;
mod version;

pub(super) use history::History;
pub(super) use merge::Updates;
pub(super) use order::{Bounds, Candidates, Order};
pub(super) use version::{Position, Version, Versions};
