//! `cargo xtask corpus`: generates from each OpenAPI document of a folder. Options also compile
//! the result, round-trip the examples of the documents, or mutate the documents.
//!
//! | module | responsibility |
//! |---|---|
//! | `check` | compiles a generated crate |
//! | `documents` | the documents of a folder |
//! | `examples` | round-trips the examples of a document |
//! | `mutate` | generates from mutated documents |
//! | `one` | generates from one document in a separate process |
//! | `pointer` | JSON pointers |
//! | `process` | the processes that this command starts |
//! | `program` | programs that decode, validate and encode values as generated types |
//! | `report` | the results of all documents |
//! | `sample` | round-trips values drawn from the schemas of a document |
//! | `table` | Markdown tables |

mod check;
pub(crate) mod documents;
mod examples;
pub mod mutate;
pub mod one;
pub(crate) mod pointer;
mod process;
pub(crate) mod program;
mod report;
mod sample;
mod table;

use std::path::PathBuf;

use documents::Document;
use report::Report;

use crate::workspace::{cargo, replace_process, root};

/// What to do with the documents of a folder.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Folder with .yaml, .yml and .json files, optionally compressed as .gz.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Compile the generated crates, with warnings denied.
    #[arg(long)]
    pub check: bool,
    /// Accept documents of which only a part can be generated.
    #[arg(long)]
    pub partial: bool,
    /// Decode each example as its type, encode it again, and compare.
    #[arg(long)]
    pub examples: bool,
    /// Draw this many values of each component, decode them as its type, encode them again, and
    /// compare.
    #[arg(long, value_name = "N")]
    pub sample: Option<usize>,
    /// Generate from this many randomly mutated documents instead; none may crash the generator.
    #[arg(long, value_name = "ROUNDS", conflicts_with_all = ["check", "examples", "partial", "sample"])]
    pub mutate: Option<u64>,
    /// Seed of the mutations; the same seed gives the same mutations.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "mutate")]
    pub seed: u64,
    /// Use only the document with this name (the file name without extensions); can be repeated.
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
}

/// Runs the command and prints a report.
///
/// # Errors
/// Returns an error that names the documents for which a check failed.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    if cfg!(debug_assertions) {
        return run_in_release();
    }
    let documents = documents::find(&arguments.directory, &arguments.only)?;
    match arguments.mutate {
        Some(rounds) => mutate::run(&documents, rounds, arguments.seed),
        None => generate(&documents, arguments),
    }
}

/// Runs this command again with optimisations; `cargo xtask` builds without.
pub(crate) fn run_in_release() -> Result<(), String> {
    let mut command = cargo()?;
    // The folder in the arguments is relative to the current directory.
    command.current_dir(std::env::current_dir().map_err(|error| format!("error: {error}"))?);
    let manifest = root()?.join("Cargo.toml");
    command.args(["run", "--quiet", "--release", "--package", "xtask", "--manifest-path"]);
    command.arg(manifest).arg("--").args(std::env::args_os().skip(1));
    replace_process(command)
}

fn generate(documents: &[Document], arguments: &Arguments) -> Result<(), String> {
    let mut reports = Vec::new();
    for document in documents {
        eprintln!("{}: generating", document.name);
        let directory = process::directory()?.join("crates").join(&document.name);
        let whole = one::in_child(document, &directory, false)?;
        let mut report = match whole.counts {
            Some(_) => Report::whole(&document.name, whole),
            None => {
                eprintln!("{}: generating without the unsupported operations", document.name);
                let rest = one::in_child(document, &directory, true)?;
                Report::part(&document.name, whole, rest)
            }
        };
        if report.is_generated() && arguments.check {
            eprintln!("{}: checking", document.name);
            report.checked = Some(check::check(&directory)?);
        }
        if report.is_generated() && arguments.examples {
            eprintln!("{}: comparing examples", document.name);
            report.examples = Some(examples::run(document, &directory, report.is_part())?);
        }
        if let Some(count) = arguments.sample.filter(|_| report.is_generated()) {
            eprintln!("{}: drawing values", document.name);
            report.sampled = Some(sample::run(document, report.is_part(), count)?);
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
        [] if report::all_sampled(&reports).has_failed() => {
            Err("error: fewer than 99.5 % of the components come back equal, or a variant is wrong"
                .to_owned())
        }
        [] => Ok(()),
        _ => Err(format!("error: checks failed for {}", failed.join(", "))),
    }
}
