//! `cargo xtask conformance`: runs official test suites: that of JSON Schema against generated types,
//! those of the Overlay Specification and of JSONPath against the reader.
//!
//! A valid instance must be decoded, be valid, and round-trip unchanged. An invalid one must be
//! rejected by decoding or by validation.
//!
//! | module | responsibility |
//! |---|---|
//! | `archive` | the files of a suite |
//! | `document` | the document with the schemas, and its crate |
//! | `expressible` | the schemas that a version of OpenAPI can express |
//! | `json_path` | the suite of JSONPath |
//! | `overlays` | the suite of the Overlay Specification |
//! | `page` | the page of the documentation |
//! | `reasons` | why results are not those of the suite |
//! | `report` | the results of JSON Schema as a part of the page |
//! | `run` | what becomes of the instances |
//! | `suite` | the groups of JSON Schema |

mod archive;
mod document;
mod expressible;
mod json_path;
mod overlays;
mod page;
mod reasons;
mod report;
mod run;
mod suite;

use std::fs;
use std::path::{Path, PathBuf};

use page::Part;
use reasons::{Named, Reasons};
use run::{Judgement, Tested};
use suite::Version;

use crate::workspace::root;

/// What to run, and what to do with the results.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Folder or tar archive of the test suite of JSON Schema.
    #[arg(value_name = "ARCHIVE_OR_DIR")]
    suite: Option<PathBuf>,
    /// Folder or tar archive of the tests of the Overlay Specification.
    #[arg(long, value_name = "ARCHIVE_OR_DIR")]
    overlays: Option<PathBuf>,
    /// The compliance test suite of JSONPath, compressed or not.
    #[arg(long, value_name = "FILE")]
    json_path: Option<PathBuf>,
    /// Write docs/conformance.md instead of comparing with it.
    #[arg(long)]
    write: bool,
    /// Print every test of JSON Schema that does not have the result of the suite.
    #[arg(long)]
    list: bool,
    /// Pass if a suite is not there.
    #[arg(long)]
    if_possible: bool,
}

/// The results, from the root of the workspace.
const PAGE: &str = "docs/conformance.md";

/// Runs the suites that are given, and prints a table for each.
///
/// # Errors
/// Returns an error if a suite is not there, a test without the right result has no reason, a
/// reason is not needed, or the page in the documentation is not up to date.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let Arguments { suite, overlays, json_path, .. } = arguments;
    let mut reasons = Reasons::read()?;
    let (mut errors, mut parts) = (Vec::new(), Vec::new());
    if let Some(path) = existing(arguments, overlays.as_deref(), page::OVERLAYS)? {
        let content = overlays::run(path, &mut reasons, &mut errors)?;
        parts.push(Part { title: page::OVERLAYS, content });
        errors.extend(unneeded(&reasons, Some(Named::Overlays)));
    }
    if let Some(path) = existing(arguments, json_path.as_deref(), page::JSON_PATH)? {
        let content = json_path::run(path, &mut reasons, &mut errors)?;
        parts.push(Part { title: page::JSON_PATH, content });
        errors.extend(unneeded(&reasons, Some(Named::JsonPath)));
    }
    if let Some(path) = existing(arguments, suite.as_deref(), page::JSON_SCHEMA)? {
        let content = json_schema(path, arguments.list, &mut reasons, &mut errors)?;
        parts.push(Part { title: page::JSON_SCHEMA, content });
        errors.extend(unneeded(&reasons, None));
    }
    if suite.is_none() && overlays.is_none() && json_path.is_none() {
        return Err("error: no argument names a test suite".to_owned());
    }
    parts.iter().for_each(|part| println!("{}", part.content));
    let written = root()?.join(PAGE);
    let current = fs::read_to_string(&written).unwrap_or_default();
    let page = page::updated(&current, &parts);
    if arguments.write {
        crate::timed::write(&written, &page)?;
    } else if current != page {
        errors.push(format!(
            "error: {PAGE} is not up to date; run `cargo xtask conformance --write`\n"
        ));
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors.concat()),
    }
}

/// Returns the path of a suite if it exists. A suite that no argument names is not run.
fn existing<'a>(
    arguments: &Arguments,
    path: Option<&'a Path>,
    suite: &str,
) -> Result<Option<&'a Path>, String> {
    let Some(path) = path else { return Ok(None) };
    if path.exists() {
        return Ok(Some(path));
    }
    let missing = format!("the test suite of {suite}, because {} is missing", path.display());
    match arguments.if_possible {
        true => {
            println!("skipped: {missing}");
            Ok(None)
        }
        false => Err(format!("error: cannot run {missing}")),
    }
}

/// Returns an error for each entry of the list that no test of a suite needs.
fn unneeded(reasons: &Reasons, suite: Option<Named>) -> Vec<String> {
    let error = |entry: &&str| {
        format!("error: `{entry}` in xtask/conformance.toml is not needed; remove it\n")
    };
    reasons.unneeded(suite).iter().map(error).collect()
}

/// Runs the test suite of JSON Schema. Returns a part of the page.
fn json_schema(
    path: &Path,
    lists: bool,
    reasons: &mut Reasons,
    errors: &mut Vec<String>,
) -> Result<String, String> {
    let files = archive::read(path, ".json")?;
    let mut groups = Vec::new();
    for version in Version::ALL {
        groups.push((version, suite::groups(&files, version)?));
    }
    let mut all = Vec::new();
    for (version, groups) in &groups {
        eprintln!("testing {} groups of {}", groups.len(), version.draft());
        all.append(&mut run::run(*version, groups)?);
    }
    if lists {
        all.iter().for_each(list);
    }
    errors.extend(unexplained(&all, reasons));
    Ok(report::part(&all, reasons))
}

/// Returns an error for each test that has neither the right result nor a reason.
fn unexplained(all: &[Tested<'_>], reasons: &mut Reasons) -> Vec<String> {
    let mut errors = Vec::new();
    for tested in all {
        for (test, judgement) in tested.group.tests.iter().zip(&tested.judged) {
            if !reasons.explain(tested, judgement) {
                errors.push(format!("error: {}\n", line(tested, &test.name, judgement)));
            }
        }
    }
    errors
}

fn list(tested: &Tested<'_>) {
    for (test, judgement) in tested.group.tests.iter().zip(&tested.judged) {
        if *judgement != Judgement::Right {
            println!("{}", line(tested, &test.name, judgement));
        }
    }
}

fn line(tested: &Tested<'_>, test: &str, judgement: &Judgement) -> String {
    let what = match judgement {
        Judgement::Right => "right".to_owned(),
        Judgement::FalseRejection(why) => format!("is rejected: {why}"),
        Judgement::FalseAcceptance => match tested.warnings.as_slice() {
            [] => "is accepted".to_owned(),
            warnings => format!("is accepted, with {}", warnings.join(", ")),
        },
    };
    let (group, version) = (tested.group, tested.version.name());
    format!("{version} {}/{}: {test}: {what}", group.keyword, group.name)
}
