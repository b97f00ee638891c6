//! A running intake, in the process of a test or of the program.
//!
//! | module | responsibility |
//! |---|---|
//! | `builder` | the settings of an intake, and starting it |
//! | `intake` | using and stopping an intake |
//! | `program` | the program without its `main` (feature `program`) |

mod builder;
mod intake;
#[cfg(feature = "program")]
pub mod program;

pub use builder::LocalIntakeBuilder;
pub use intake::LocalIntake;
