//! Runs, tables and time series in characters, for a terminal or a file.
//!
//! | module | responsibility |
//! |---|---|
//! | `strings` | visible characters only, and columns of a fixed width |
//! | `style` | colours and symbols |
//! | `time` | durations and timestamps |
//! | `sparkline` | time series in one line |
//! | `table` | rows with aligned columns |
//! | `found` | the events of a run that are drawn |
//! | `critical_path` | the jobs that determine the duration of a run |
//! | `parents` | which event is part of which |
//! | `tree` | a run as a tree with the times of its parts |
//! | `output` | what commands print on stdout |

mod critical_path;
mod found;
mod output;
mod parents;
mod sparkline;
mod strings;
mod style;
mod table;
mod time;
mod tree;

pub use critical_path::{CriticalJob, critical_path};
pub use found::Found;
pub(crate) use output::{Format, JsonSequence, Output, escape, note, terminal_width};
pub(crate) use parents::Parents;
pub use sparkline::sparkline;
pub use strings::{fit, visible, width};
pub use style::Style;
pub(crate) use table::{Align, Column, Table};
pub use time::duration;
pub(crate) use time::{nanoseconds, short_duration, timestamp};
pub use tree::{WIDTH, draw, draw_run};
