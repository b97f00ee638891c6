//! `cargo xtask semver-check`: compares the verdicts of `specwright diff` on the Rust API with those of
//! cargo-semver-checks, which reads the generated crates and knows nothing of documents.
//!
//! | module | responsibility |
//! |---|---|
//! | `tags` | the tags that change most |
//! | `crates` | generated crates, and what rustdoc knows about them |
//! | `proofs` | programs that prove verdicts which are stricter than those of the tool |

mod crates;
mod proofs;
mod tags;

use std::path::{Path, PathBuf};
use std::process::Command;

use specwright::{FileSet, Release, Source};

use super::row::{Row, finish};
use crate::corpus::documents;
use crate::corpus::run_in_release;
use crate::workspace::{forget_cargo, root};

/// How many items are printed for a verdict that is stricter than that of the tool.
const SHOWN: usize = 3;

/// What to compare.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Folder with the states of one document, whose names have the order of time.
    #[arg(value_name = "DIR", required_unless_present = "proofs")]
    directory: Option<PathBuf>,
    /// The last state, if it is not in the folder.
    #[arg(long, value_name = "FILE")]
    latest: Option<PathBuf>,
    /// Compare the crate with the operations of this tag; can be repeated.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Also compare the tags that change most.
    #[arg(long, value_name = "N", default_value_t = 0)]
    tags: usize,
    /// Compile the programs of docs/semver.md instead; does not need cargo-semver-checks.
    #[arg(long, conflicts_with_all = ["directory", "latest", "tag", "tags"])]
    proofs: bool,
    /// Pass if cargo-semver-checks is not installed.
    #[arg(long)]
    if_possible: bool,
}

/// Compares the verdicts for each tag and each pair of neighbours.
///
/// # Errors
/// Returns an error if the tool finds a major change where `specwright diff` does not, or if it is not
/// installed and `if_possible` is not set. With `proofs`, returns an error if a program does not prove
/// its verdict.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let Some(directory) = arguments.directory.as_deref().filter(|_| !arguments.proofs) else {
        return proofs::check();
    };
    if !is_installed() {
        let reason = "cargo-semver-checks is not installed";
        return match arguments.if_possible {
            true => {
                println!("skipped: comparing verdicts, because {reason}");
                Ok(())
            }
            false => Err(format!("error: {reason}\nhelp: run `cargo install cargo-semver-checks`")),
        };
    }
    if cfg!(debug_assertions) {
        return run_in_release();
    }
    let mut paths: Vec<PathBuf> =
        documents::find(directory, &[])?.into_iter().map(|document| document.path).collect();
    paths.extend(arguments.latest.clone());
    let states = paths.iter().map(|path| documents::read(path)).collect::<Result<Vec<_>, _>>()?;
    let mut all = Vec::new();
    for state in &states {
        let tree = state.tree().map_err(|error| format!("error: {}: {error}", state.name))?;
        all.push(tags::read(&tree));
    }
    let mut selected = arguments.tag.clone();
    for (tag, count) in tags::most_changed(&all, arguments.tags) {
        println!("{tag}: {count} parts change");
        if !selected.contains(&tag) {
            selected.push(tag);
        }
    }
    let mut rows = Vec::new();
    for tag in &selected {
        let has_tag: Vec<bool> = all.iter().map(|tags| tags.contains_key(tag)).collect();
        rows.extend(compare_tag(tag, &states, &has_tag)?);
    }
    finish(&rows)
}

/// A state of a crate.
struct State<'a> {
    document: &'a Source,
    files: FileSet,
    json: PathBuf,
}

/// Compares the states of the crate of a tag.
fn compare_tag(tag: &str, states: &[Source], has_tag: &[bool]) -> Result<Vec<Row>, String> {
    let folder: String =
        tag.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let folder = root()?.join("target/semver").join(folder);
    let mut rows = Vec::new();
    let mut previous: Option<State<'_>> = None;
    for (document, _) in states.iter().zip(has_tag).filter(|(_, has_tag)| **has_tag) {
        let name = format!("{tag}, {}", document.name);
        let input = crates::input(document, tag)?;
        let files = crates::generate(&input)?;
        let Some(old) = previous.take() else {
            let json = crates::describe(&folder.join(&document.name), &files)?;
            previous = Some(State { document, files, json });
            continue;
        };
        let difference = specwright::diff(&crates::input(old.document, tag)?, &input)
            .map_err(|error| error.render(false))?;
        if old.files == files {
            rows.push(match difference.rust {
                // What clients do not have, such as another error response, can change.
                Release::None | Release::Patch => Row::new("passed", &name, "equal code"),
                other => Row::new("failed", &name, &format!("equal code, but {other}")),
            });
            previous = Some(State { document, ..old });
            continue;
        }
        let json = crates::describe(&folder.join(&document.name), &files)?;
        let found = majors(&old.json, &json)?;
        let own = difference.rust;
        rows.push(match (own, found.as_slice()) {
            (Release::Major, []) => {
                let proofs = proofs::of(&difference)?;
                let api = difference.changes.iter().flat_map(|change| &change.api);
                let major = api.filter(|change| change.release == Release::Major);
                let major: Vec<String> = major.map(ToString::to_string).collect();
                let shown = major.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
                let count = major.len();
                let details =
                    format!("major, the tool finds nothing; {count}: {shown}; {}", proofs.shown);
                Row::new(if proofs.are_complete { "passed" } else { "failed" }, &name, &details)
            }
            (Release::Major, lints) => {
                Row::new("passed", &name, &format!("both major: {}", lints.join(", ")))
            }
            (own, []) => Row::new("passed", &name, &format!("{own}, nothing major")),
            (own, lints) => Row::new("failed", &name, &format!("{own}, but {}", lints.join(", "))),
        });
        if let Some(last) = rows.last() {
            eprintln!("{}", super::row::table(std::slice::from_ref(last)));
        }
        previous = Some(State { document, files, json });
    }
    Ok(rows)
}

fn is_installed() -> bool {
    let output = Command::new("cargo").args(["semver-checks", "--version"]).output();
    output.is_ok_and(|output| output.status.success())
}

/// Returns the lints of major changes that the tool finds.
fn majors(old: &Path, new: &Path) -> Result<Vec<String>, String> {
    let mut command = Command::new("cargo");
    forget_cargo(&mut command);
    command.args(["semver-checks", "--release-type", "minor", "--color", "never"]);
    command.arg("--baseline-rustdoc").arg(old).arg("--current-rustdoc").arg(new);
    let output = command.output().map_err(|error| format!("error: cannot run cargo: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let failures = printed.lines().filter_map(|line| line.strip_prefix("--- failure "));
    let lints: Vec<String> = failures
        .filter_map(|line| line.split(':').next())
        .map(|lint| lint.trim().to_owned())
        .collect();
    match output.status.success() || !lints.is_empty() {
        true => Ok(lints),
        false => Err(format!(
            "error: cargo-semver-checks failed:\n{}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
    }
}
