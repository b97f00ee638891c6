//! Timestamps and dates, as they were sent.
//!
//! | module | responsibility |
//! |---|---|
//! | `clock` | times of day |
//! | `notation` | the usual notation |
//! | `calendar` | dates and instants as numbers |
//! | `written` | values in another notation than Rust writes |
//! | `date` | dates |
//! | `timestamp` | timestamps |
//! | `jiff` | conversions to and from the types of jiff |

mod calendar;
mod clock;
mod date;
#[cfg(feature = "jiff")]
mod jiff;
mod notation;
mod timestamp;
mod written;

pub(crate) use clock::offset_of;
pub use date::Date;
pub use timestamp::Timestamp;
pub use written::{ParseTimeError, strict};
pub(crate) use written::{Validity, is_strict};
