//! `cargo xtask conformance`: runs the official test suite of JSON Schema against generated types.
//!
//! A valid instance must be decoded, be valid, and round-trip unchanged. An invalid one must be
//! rejected by decoding or by validation.
//!
//! | module | responsibility |
//! |---|---|
//! | `archive` | the files of the suite |
//! | `document` | the document with the schemas, and its crate |
//! | `expressible` | the schemas that a version of OpenAPI can express |
//! | `reasons` | why results are not those of the suite |
//! | `report` | the results as a page |
//! | `run` | what becomes of the instances |
//! | `suite` | the groups of the suite |

mod archive;
mod document;
mod expressible;
mod reasons;
mod report;
mod run;
mod suite;

use std::fs;
use std::path::PathBuf;

use reasons::Reasons;
use run::{Judgement, Tested};
use suite::Version;

use crate::workspace::root;

/// What to run, and what to do with the results.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Folder or tar archive of the test suite.
    #[arg(value_name = "ARCHIVE_OR_DIR")]
    suite: Option<PathBuf>,
    /// Write docs/conformance.md instead of comparing with it.
    #[arg(long)]
    write: bool,
    /// Print every test that does not have the result of the suite.
    #[arg(long)]
    list: bool,
    /// Pass if the suite is not there.
    #[arg(long)]
    if_possible: bool,
}

/// The results, from the root of the workspace.
const PAGE: &str = "docs/conformance.md";

/// Runs the suite and prints a table.
///
/// # Errors
/// Returns an error if the suite is not there, a test without the right result has no reason, a
/// reason is not needed, or the page in the documentation is not up to date.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let Some(path) = arguments.suite.as_deref().filter(|path| path.exists()) else {
        let missing = match &arguments.suite {
            Some(path) => format!("{} is missing", path.display()),
            None => "no argument names it".to_owned(),
        };
        let missing = format!("the test suite of JSON Schema, because {missing}");
        return match arguments.if_possible {
            true => {
                println!("skipped: {missing}");
                Ok(())
            }
            false => Err(format!("error: cannot run {missing}")),
        };
    };
    let files = archive::read(path)?;
    let mut groups = Vec::new();
    for version in Version::ALL {
        groups.push((version, suite::groups(&files, version)?));
    }
    let mut all = Vec::new();
    for (version, groups) in &groups {
        eprintln!("testing {} groups of {}", groups.len(), version.draft());
        all.append(&mut run::run(*version, groups)?);
    }
    if arguments.list {
        all.iter().for_each(list);
    }
    let mut reasons = Reasons::read()?;
    let mut errors = unexplained(&all, &mut reasons);
    errors.extend(reasons.unneeded().iter().map(|entry| {
        format!("error: `{entry}` in xtask/conformance.toml is not needed; remove it\n")
    }));
    let page = report::page(&all, &reasons);
    print!("{page}");
    let written = root()?.join(PAGE);
    if arguments.write {
        crate::timed::write(&written, &page)?;
    } else if fs::read_to_string(&written).unwrap_or_default() != page {
        errors.push(format!(
            "error: {PAGE} is not up to date; run `cargo xtask conformance --write`\n"
        ));
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors.concat()),
    }
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
