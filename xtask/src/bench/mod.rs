//! `cargo xtask bench`: measures the compile time of generated code next to that of comparable
//! code, in one run, and the intake under load. `cargo bench` measures what runs within a process.
//!
//! | module | responsibility |
//! |---|---|
//! | `build` | a program that sends one event |
//! | `load` | the intake while it processes queries |
//! | `models` | many generated models |
//! | `project` | the crates that are measured |
//! | `report` | a command that is wrapped by `ci-report` |

mod build;
mod load;
mod models;
mod project;
mod report;

/// What to compare.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Bench {
    /// Compare `cargo check` of generated models and of the same structs with serde derives.
    Models {
        /// Number of models.
        #[arg(long, default_value_t = 3000)]
        count: usize,
    },
    /// Compare clean release builds of a program that sends one event: generated client and bare
    /// reqwest.
    Build {
        /// Number of builds of each.
        #[arg(long, default_value_t = 3)]
        runs: usize,
    },
    /// Measure how long the intake takes to accept events while it processes queries.
    Intake(load::Load),
    /// Measure what `ci-report run -- true` costs, paired with `true`.
    Report(report::Report),
}

/// Runs a comparison and prints it.
///
/// # Errors
/// Returns an error if a file cannot be written or a build fails.
pub fn run(bench: &Bench) -> Result<(), String> {
    match bench {
        Bench::Models { count } => models::run(*count),
        Bench::Build { runs } => build::run(*runs),
        Bench::Intake(load) => load::run(load),
        Bench::Report(report) => report::run(report),
    }
}
