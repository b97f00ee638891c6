//! `cargo xtask corpus`: a folder of descriptions of real APIs, each generated, and if that is
//! asked for compiled, held against its own examples, and mutilated.

mod check;
mod descriptions;
mod examples;
pub mod mutate;
pub mod one;
mod report;
mod table;

use std::path::PathBuf;
use std::process::Command;

use descriptions::Description;
use one::Made;
use report::Report;

use crate::workspace::{cargo, replace_process, root};

/// What is done with the descriptions of a folder.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// The folder: .yaml, .yml and .json, each perhaps with .gz behind.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Compile what is generated, with warnings denied.
    #[arg(long)]
    pub check: bool,
    /// A description that can only be generated in part is no failure.
    #[arg(long)]
    pub partial: bool,
    /// Decode every example as the type that it belongs to, encode it, and compare.
    #[arg(long)]
    pub examples: bool,
    /// Mutilate parts of the descriptions this often instead: the generator must survive each.
    #[arg(long, value_name = "ROUNDS", conflicts_with_all = ["check", "examples", "partial"])]
    pub mutate: Option<u64>,
    /// What the mutilations are made from; the same seed gives the same.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "mutate")]
    pub seed: u64,
    /// Only the description with this name, which is its file's without endings; may be given
    /// several times.
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
}

/// Does it, and prints what came of it.
///
/// # Errors
/// Fails with what is to be shown where a description fails in any of what was asked for.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    if cfg!(debug_assertions) {
        return again_in_release();
    }
    let descriptions = descriptions::find(&arguments.directory, &arguments.only)?;
    match arguments.mutate {
        Some(rounds) => mutate::run(&descriptions, rounds, arguments.seed),
        None => generate(&descriptions, arguments),
    }
}

/// Where everything goes that this command writes.
fn workplace() -> Result<PathBuf, String> {
    Ok(root()?.join("target/corpus"))
}

/// The alias `cargo xtask` builds without optimisation, in which nothing here could be measured.
fn again_in_release() -> Result<(), String> {
    let mut command = cargo()?;
    // The folder is named from where the caller stands.
    command.current_dir(std::env::current_dir().map_err(|error| format!("error: {error}"))?);
    let manifest = root()?.join("Cargo.toml");
    command.args(["run", "--quiet", "--release", "--package", "xtask", "--manifest-path"]);
    command.arg(manifest).arg("--").args(std::env::args_os().skip(1));
    replace_process(command)
}

/// A process of its own for each description, so that its memory is its own.
fn child(command: &str) -> Result<Command, String> {
    let own = std::env::current_exe().map_err(|error| format!("error: {error}"))?;
    let mut child = Command::new(own);
    child.arg(command);
    Ok(child)
}

fn generate(descriptions: &[Description], arguments: &Arguments) -> Result<(), String> {
    let mut reports = Vec::new();
    for description in descriptions {
        eprintln!("{}: generating", description.name);
        let directory = workplace()?.join("crates").join(&description.name);
        let whole = one::in_child(description, &directory, false)?;
        let mut report = match whole.counts {
            Some(_) => Report::whole(&description.name, whole),
            None => {
                eprintln!("{}: generating, with what fails left out", description.name);
                let rest = one::in_child(description, &directory, true)?;
                Report::part(&description.name, whole, rest)
            }
        };
        if report.is_generated() && arguments.check {
            eprintln!("{}: checking", description.name);
            report.checked = Some(check::check(&directory)?);
        }
        if report.is_generated() && arguments.examples {
            eprintln!("{}: comparing examples", description.name);
            report.examples = Some(examples::run(description, &directory, report.is_part())?);
        }
        reports.push(report);
    }
    print!("{}", report::render(&reports));
    let failed: Vec<&str> = reports
        .iter()
        .filter(|report| report.has_failed(arguments.partial))
        .map(|report| report.name())
        .collect();
    match failed.as_slice() {
        [] => Ok(()),
        _ => Err(format!("error: not all is as it should be in {}", failed.join(", "))),
    }
}
