//! `cargo xtask conformance`: runs the official test suite of JSON Schema through generated types.
//!
//! A valid instance must be decoded, be valid, and come back equal. An invalid one must be refused
//! by decoding or by validation.
//!
//! | module | responsibility |
//! |---|---|
//! | `archive` | the files of the suite |
//! | `document` | the document with the schemas, and its crate |
//! | `expressible` | the schemas that a version of OpenAPI can express |
//! | `run` | what becomes of the instances |
//! | `suite` | the groups of the suite |

mod archive;
mod document;
mod expressible;
mod run;
mod suite;

use std::path::PathBuf;

use run::Judgement;
use suite::Version;

/// The test suite.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Folder or tar archive of the test suite.
    #[arg(value_name = "ARCHIVE_OR_DIR")]
    suite: Option<PathBuf>,
    /// Write docs/conformance.md instead of comparing with it.
    #[arg(long)]
    write: bool,
}

/// Where the suite is looked for, from the root of the workspace, if no argument names it.
const DEFAULT: &str = "../shared/conformance/json-schema-test-suite.tar.gz";

/// Runs the suite and prints a table.
///
/// # Errors
/// Returns an error if a valid instance is refused, or an invalid one accepted without a reason.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let path = arguments.suite.clone().unwrap_or_else(|| PathBuf::from(DEFAULT));
    let files = archive::read(&path)?;
    for version in Version::ALL {
        let groups = suite::groups(&files, version)?;
        for tested in run::run(version, &groups)? {
            for (test, judgement) in tested.group.tests.iter().zip(&tested.judged) {
                let what = match judgement {
                    Judgement::Right => continue,
                    Judgement::FalseRejection(why) => format!("REJECT {why}"),
                    Judgement::FalseAcceptance => format!("ACCEPT"),
                };
                println!(
                    "{:?}\t{}\t{}\t{}\t{what}\t{:?}",
                    version,
                    tested.group.keyword,
                    tested.group.description,
                    test.description,
                    tested.warnings
                );
            }
        }
    }
    Ok(())
}
