//! How values are shown.
//!
//! | module | responsibility |
//! |---|---|
//! | `chart` | bars and lines over time |
//! | `format` | durations, times, numbers and statuses |

mod chart;
mod format;

pub(super) use chart::{Bar, Chart, Series, spark};
pub(super) use format::{Status, Time, count, duration, percent, short_sha, shortened, web_url};
