//! Timestamps and dates, as they were sent.
//!
//! | module | responsibility |
//! |---|---|
//! | `clock` | times of day |
//! | `written` | values in another notation than Rust writes |
//! | `date` | dates |
//! | `timestamp` | timestamps |

mod clock;
mod date;
mod timestamp;
mod written;

pub(crate) use clock::offset_of;
pub use date::Date;
pub use timestamp::Timestamp;
pub use written::strict;
pub(crate) use written::{Validity, is_strict};
