//! Commands around reporting and reading.
//!
//! | module | responsibility |
//! |---|---|
//! | `guide` | help, shell completions, man pages, and the message of the first run |
//! | `doctor` | `doctor`: what works, and how to fix what does not |
//! | `intake` | `intake`: the API on this machine |

pub(crate) mod doctor;
pub(crate) mod guide;
#[cfg(feature = "intake")]
pub(crate) mod intake;
