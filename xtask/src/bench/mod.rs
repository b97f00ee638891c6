//! `cargo xtask bench`: what generated code costs to compile, beside what it is compared
//! with, in one run. What runs within a process is measured by `cargo bench`.

mod build;
mod models;

use std::fs;
use std::path::{Path, PathBuf};

use crate::timed::{self, Cost, lock, write};
use crate::workspace::root;

/// What to compare.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Bench {
    /// `cargo check` of generated models, beside the same structs with serde's derives.
    Models {
        /// How many models.
        #[arg(long, default_value_t = 3000)]
        count: usize,
    },
    /// A clean release build of a program that sends one event, beside the same on bare reqwest.
    Build {
        /// How often each is built.
        #[arg(long, default_value_t = 3)]
        runs: usize,
    },
}

/// Runs a comparison and prints it.
///
/// # Errors
/// Fails where something cannot be written or built.
pub fn run(bench: &Bench) -> Result<(), String> {
    match bench {
        Bench::Models { count } => models::run(*count),
        Bench::Build { runs } => build::run(*runs),
    }
}

/// Runs a command of Cargo to its end, which must be a good one.
fn measure(directory: &Path, arguments: &[&str]) -> Result<Cost, String> {
    let cost = timed::measure(&mut timed::cargo(directory, arguments))?;
    match &cost.failed {
        None => Ok(cost),
        Some(told) => Err(format!(
            "error: `cargo {}` in {} failed:\n{told}",
            arguments.join(" "),
            directory.display()
        )),
    }
}

/// An empty directory for one comparison.
fn workplace(name: &str) -> Result<PathBuf, String> {
    let directory = root()?.join("target/compare").join(name);
    if directory.exists() {
        fs::remove_dir_all(&directory)
            .map_err(|error| format!("error: cannot empty {}: {error}", directory.display()))?;
    }
    Ok(directory)
}

/// Writes the files of a small crate. It takes the versions that this workspace is locked to.
fn write_crate(directory: &Path, manifest: &str, main: (&str, &str)) -> Result<(), String> {
    write(&directory.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"))?;
    write(&directory.join(main.0), main.1)?;
    lock(directory)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
