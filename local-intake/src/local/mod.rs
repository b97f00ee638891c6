//! A running intake, in the process of a test or of the program.
//!
//! | module | responsibility |
//! |---|---|
//! | `intake` | starting, using and stopping an intake |
//! | `program` | the program without its `main` (feature `program`) |

mod intake;
#[cfg(feature = "program")]
pub mod program;

pub use intake::{LocalIntake, LocalIntakeBuilder};
