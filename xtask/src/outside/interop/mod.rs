//! `cargo xtask interop`: checks the intake with programs that others wrote.
//!
//! The checks are in `tests/interop`; this module runs them. Programs that cannot be installed are
//! left out if that is allowed.
//!
//! | module | responsibility |
//! |---|---|
//! | `clients` | Datadog's published clients for Python and Node.js |
//! | `random` | random requests made from the OpenAPI document |

mod clients;
mod random;

use super::row::{Row, finish};
use super::tools::Obstacle;

/// How to run the checks.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Arguments {
    /// Pass if Python, Node.js or their package indexes are not available.
    #[arg(long)]
    pub if_possible: bool,
    /// Maximum number of random requests to each operation, in memory and on disk.
    #[arg(long, value_name = "N", default_value_t = Self::CASES)]
    pub cases: u32,
    /// Seed of the random requests.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u32,
}

impl Arguments {
    const CASES: u32 = 100;
}

/// Runs some checks.
type Check<'c> = &'c dyn Fn() -> Result<Vec<Row>, Obstacle>;

/// Runs the checks and prints their results.
///
/// # Errors
/// Returns an error if a check fails, or if they cannot run and `if_possible` is not set.
pub fn run(arguments: Arguments) -> Result<(), String> {
    let mut rows = Vec::new();
    let random = || random::run(arguments.cases, arguments.seed);
    let all: [(&str, Check<'_>); 3] = [
        ("Datadog's Python client", &clients::python),
        ("Datadog's client for Node.js", &clients::node),
        ("random requests", &random),
    ];
    for (name, check) in all {
        match check() {
            Ok(results) => rows.extend(results),
            Err(Obstacle::Machine(reason)) if arguments.if_possible => {
                println!("skipped: {name}, because {reason}");
            }
            Err(Obstacle::Machine(reason)) => {
                return Err(format!("error: {name} cannot run here, because {reason}"));
            }
            Err(Obstacle::Failure(error)) => return Err(error),
        }
    }
    finish(&rows)
}
