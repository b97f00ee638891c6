//! `cargo xtask bench`: what generated code costs to compile, beside what it is compared
//! with, in one run. What runs within a process is measured by `cargo bench`.

mod build;
mod models;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::root;

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

/// What a command took.
#[derive(Clone, Copy, Debug)]
struct Cost {
    seconds: f64,
    /// The greatest memory of any one process of it.
    mebibytes: f64,
}

/// Runs a command to its end under `/usr/bin/time`, which knows the memory of its children.
fn measure(directory: &Path, arguments: &[&str]) -> Result<Cost, String> {
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%e %M", "cargo"])
        .args(arguments)
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .current_dir(directory)
        .stdout(Stdio::null())
        .output()
        .map_err(|error| {
            format!("error: /usr/bin/time cannot be run ({error}); install the package `time`")
        })?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!(
            "error: `cargo {}` in {} failed:\n{text}",
            arguments.join(" "),
            directory.display()
        ));
    }
    let last = text.lines().last().unwrap_or_default();
    let mut numbers = last.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(seconds)), Some(Ok(kibibytes))) => {
            Ok(Cost { seconds, mebibytes: kibibytes / 1024.0 })
        }
        _ => Err(format!("error: /usr/bin/time printed `{last}`")),
    }
}

/// An empty directory for one comparison.
fn workplace(name: &str) -> Result<PathBuf, String> {
    let directory = root().join("target/compare").join(name);
    if directory.exists() {
        fs::remove_dir_all(&directory)
            .map_err(|error| format!("error: cannot empty {}: {error}", directory.display()))?;
    }
    Ok(directory)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let failed = |error| format!("error: cannot write {}: {error}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(failed)?;
    fs::write(path, text).map_err(failed)
}

/// Writes the files of a small crate. It takes the versions that this workspace is locked to.
fn write_crate(directory: &Path, manifest: &str, main: (&str, &str)) -> Result<(), String> {
    write(&directory.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"))?;
    write(&directory.join(main.0), main.1)?;
    let lock = root().join("Cargo.lock");
    fs::copy(&lock, directory.join("Cargo.lock"))
        .map_err(|error| format!("error: cannot copy {}: {error}", lock.display()))?;
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
