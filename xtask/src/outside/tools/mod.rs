//! What several checks use. Programs from package indexes are installed below `target`.
//!
//! | module | responsibility |
//! |---|---|
//! | `npm` | packages of npm |
//! | `python` | virtual environments of Python |
//! | `intake` | the intake, built and run as a program |
//! | `script` | programs that print a row for each check |

pub(super) mod intake;
pub(super) mod npm;
pub(super) mod python;
pub(super) mod script;

/// Why a check cannot run.
pub(super) enum Obstacle {
    /// The machine lacks a program, or has no network.
    Machine(String),
    /// Something else is wrong.
    Failure(String),
}

impl Obstacle {
    fn failure(message: String) -> Self {
        Self::Failure(format!("error: {message}"))
    }
}

impl From<String> for Obstacle {
    fn from(error: String) -> Self {
        Self::Failure(error)
    }
}
