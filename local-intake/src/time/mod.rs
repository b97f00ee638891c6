//! Time: the clock, timestamps in requests, units and time zones.
//!
//! Timestamps and durations are nanoseconds; timestamps count from 1970-01-01T00:00:00Z.
//!
//! | module | responsibility |
//! |---|---|
//! | `clock` | the clock of the intake, which tests can set |
//! | `timestamp` | parsing `from`, `to` and the times of events |
//! | `units` | units of time in queries and intervals |
//! | `zone` | `options.timezone` and `options.time_offset` |

mod clock;
mod timestamp;
mod units;
mod zone;

pub use clock::Clock;
pub(crate) use timestamp::{
    DEFAULT_FROM, DEFAULT_TO, parse_any_date_time, parse_date_time, parse_timestamp,
};
#[cfg(any(test, feature = "pages"))]
pub(crate) use units::SECOND;
pub(crate) use units::{DAY, MILLISECOND, unit};
pub(crate) use zone::{Offsets, Zone};
