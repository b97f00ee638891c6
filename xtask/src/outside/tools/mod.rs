//! Programs from package indexes, installed below `target`.
//!
//! | module | responsibility |
//! |---|---|
//! | `npm` | packages of npm |
//! | `python` | virtual environments of Python |

pub(super) mod npm;
pub(super) mod python;

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
