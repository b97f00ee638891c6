//! Generates from one document in a separate process, so that its time and memory can be measured.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use specwright::{Config, Diagnostics, Input, Layout, Location, Package, Severity};

use super::documents::{self, Document};
use super::process;
use crate::files;
use crate::workspace::root;

/// The arguments of the process.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// The OpenAPI document.
    spec: PathBuf,
    /// The directory of the crate.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Leave out operations that cannot be generated.
    #[arg(long)]
    skip: bool,
}

/// The output of the process: what it generated, and what that cost.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Generated {
    /// What was generated; none if generation failed.
    pub(super) counts: Option<Counts>,
    /// Why generation failed.
    pub(super) errors: Vec<Reason>,
    pub(super) warnings: Vec<Reason>,
    /// From the document in memory to the files in memory.
    pub(super) seconds: f64,
    /// The peak memory of the process until then, if the system reports it.
    pub(super) mebibytes: Option<f64>,
    /// The time of the whole process, including writing the files.
    #[serde(default)]
    pub(super) process_seconds: f64,
}

/// How much was generated.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) operations: usize,
    pub(super) defined: usize,
    pub(super) schemas: usize,
    pub(super) unions: usize,
    pub(super) files: usize,
    pub(super) lines: usize,
}

/// Diagnostics with the same message apart from names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Reason {
    pub(super) code: String,
    pub(super) count: usize,
    /// The message of the first.
    pub(super) message: String,
    /// The location of the first.
    pub(super) location: String,
}

/// Generates from a document in a separate process.
pub(super) fn in_child(
    document: &Document,
    directory: &Path,
    skip: bool,
) -> Result<Generated, String> {
    let mut child = process::child("corpus-one")?;
    child.arg(&document.path).arg("--out").arg(directory);
    if skip {
        child.arg("--skip");
    }
    let started = Instant::now();
    let output = child.output().map_err(|error| format!("error: {error}"))?;
    let process_seconds = started.elapsed().as_secs_f64();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("error: {}: {}\n{errors}", document.name, output.status));
    }
    let generated: Generated = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("error: {}: {error}", document.name))?;
    Ok(Generated { process_seconds, ..generated })
}

/// Runs the hidden subcommand `corpus-one`.
///
/// # Errors
/// Returns an error if the document cannot be read or the files cannot be written.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let input = input(&arguments.spec, &arguments.out, arguments.skip)?;
    let started = Instant::now();
    let result = specwright::generate(&input);
    let seconds = started.elapsed().as_secs_f64();
    let mut generated =
        Generated { seconds, mebibytes: process::peak_memory(), ..Generated::default() };
    match &result {
        Ok(output) => {
            let lines = output.files.iter().map(|(_, contents)| contents.lines().count()).sum();
            generated.counts = Some(Counts {
                operations: output.counts.operations,
                defined: output.counts.operations_defined,
                schemas: output.counts.schemas,
                unions: output.counts.unions,
                files: output.files.len(),
                lines,
            });
            generated.warnings = reasons(&output.warnings, Severity::Warning);
            files::apply(&arguments.out, &files::compare(&arguments.out, &output.files)?)?;
        }
        Err(found) => {
            generated.errors = reasons(found, Severity::Error);
            generated.warnings = reasons(found, Severity::Warning);
        }
    }
    println!("{}", serde_json::to_string(&generated).map_err(|error| format!("error: {error}"))?);
    Ok(())
}

/// Returns the generator input of a crate.
pub(super) fn input(spec: &Path, out: &Path, skip: bool) -> Result<Input, String> {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let package = Package {
        name: specwright_cli::generate::crate_name(&name),
        runtime: root()?.join("client-runtime").display().to_string(),
        standalone: true,
    };
    let layout = Layout {
        command: "cargo xtask corpus".to_owned(),
        package: Some(package),
        ..Layout::default()
    };
    let config = Config { layout, skip_unsupported: skip, ..Config::default() };
    Ok(Input::new(documents::read(spec)?, config))
}

/// Groups diagnostics by message, without names.
fn reasons(found: &Diagnostics, severity: Severity) -> Vec<Reason> {
    let mut groups: BTreeMap<(&str, String), Reason> = BTreeMap::new();
    for entry in found.entries().iter().filter(|entry| entry.severity == severity) {
        let reason = groups.entry((entry.code.id, without_names(&entry.message)));
        let reason = reason.or_insert_with(|| Reason {
            code: entry.code.id.to_owned(),
            count: 0,
            message: entry.message.clone(),
            location: match &entry.location {
                Location::Pointer(pointer) => format!("#{}", found.as_written(pointer)),
                Location::InDocument { pointer, .. } => format!("#{pointer}"),
                Location::Offset { offset: Some(offset), .. } => format!("byte {offset}"),
                _ => String::new(),
            },
        });
        reason.count += 1;
    }
    let mut reasons: Vec<Reason> = groups.into_values().collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
    reasons
}

/// Replaces what a message quotes, so that messages of one kind are equal.
fn without_names(message: &str) -> String {
    message.split('`').step_by(2).collect::<Vec<_>>().join("`…`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_one_kind_are_equal() {
        let message =
            |name: &str| without_names(&format!("the body of `{name}` is `{name}` there"));
        assert_eq!(message("a"), message("b"));
        assert_eq!(message("a"), "the body of `…` is `…` there");
        assert_ne!(message("a"), without_names("the body of `a` is"));
    }
}
