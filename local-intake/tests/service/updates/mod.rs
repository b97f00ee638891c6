//! Runs that are sent several times, retried or blocked, and the limits of events.

mod limits;
mod merging;
