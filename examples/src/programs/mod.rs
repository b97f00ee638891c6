//! A program for each thing that people do. Each file is complete: its `main` works in a new package.
//!
//! | module | responsibility |
//! |---|---|
//! | `report` | reports a run as it happens |
//! | `outbox` | stores an event on disk before it is sent |
//! | `list` | lists events with filters |
//! | `time_series` | aggregates runs per hour |
//! | `blocking` | sends and reads without an async runtime |
//! | `serve` | serves an API, and calls it with generated clients |

pub(crate) mod blocking;
pub(crate) mod list;
pub(crate) mod outbox;
pub(crate) mod report;
pub(crate) mod serve;
pub(crate) mod time_series;
