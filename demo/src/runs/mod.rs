//! The runs that are sent.
//!
//! | module | responsibility |
//! |---|---|
//! | `random` | reproducible pseudo-random numbers and ids |
//! | `plan` | planned runs, and their schedules |
//! | `story` | the runs that are shown in detail |
//! | `events` | the events of a planned run at a point in time |
//! | `history` | earlier runs, for the statistics |

mod events;
mod history;
mod plan;
mod random;
mod story;

pub(crate) use events::events_at;
pub(crate) use history::{PIPELINES, events as earlier_events};
pub(crate) use story::Story;
