//! `cargo xtask upgrade-check`: generates from documents of Swagger 2.0, and from the same documents
//! converted to OpenAPI 3.0 by an independent tool, swagger2openapi. The code must be equal, apart from
//! comments and from known differences in `tests/upgrade/differences.toml`, each of which must apply.
//!
//! | module | responsibility |
//! |---|---|
//! | `convert` | the independent tool, installed and run |
//! | `differences` | known differences |
//! | `output` | generated code without comments, and how two outputs differ |

mod convert;
mod differences;
mod output;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use self::convert::Converter;
use self::differences::Known;
use self::output::{difference, generated};
use super::row::{Row, finish};
use super::tools::Obstacle;
use crate::corpus::documents;
use crate::workspace::root;

/// Which documents to compare.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Documents of Swagger 2.0, or folders of them, in addition to those of the tests.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Pass if Node.js or the package registry is not available.
    #[arg(long)]
    pub if_possible: bool,
}

/// Compares the code of all documents and prints a row for each.
///
/// # Errors
/// Returns an error if the code of a document differs, if a known difference does not apply, or if the
/// tool cannot run and `if_possible` is not set.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let documents = all(&arguments.paths)?;
    let converter = match Converter::installed() {
        Ok(converter) => converter,
        Err(Obstacle::Machine(reason)) if arguments.if_possible => {
            println!("skipped: the comparison with swagger2openapi, because {reason}");
            return Ok(());
        }
        Err(Obstacle::Machine(reason)) => {
            return Err(format!("error: swagger2openapi cannot run here, because {reason}"));
        }
        Err(Obstacle::Failure(error)) => return Err(error),
    };
    let known = Known::read()?;
    let mut rows = Vec::new();
    for (name, path) in &documents {
        rows.push(match compare(&converter, &known, name, path) {
            Ok((files, expected)) => {
                let details = format!("{files} files, {expected} with known differences");
                Row::new("passed", name, &details)
            }
            Err(error) => {
                println!("{error}");
                Row::new("failed", name, error.lines().next().unwrap_or_default())
            }
        });
    }
    finish(&rows)
}

/// Returns the documents of the tests, and the given ones, with their names. The converter loses too
/// much of the fixture `swagger-2`, which has every word of Swagger 2.0.
fn all(paths: &[PathBuf]) -> Result<Vec<(String, PathBuf)>, String> {
    let fixtures = root()?.join("codegen/tests/fixtures/generate");
    let mut found = vec![("plain".to_owned(), root()?.join("tests/upgrade/plain.yaml"))];
    for name in ["swagger-2-delimiters", "swagger-2-relative"] {
        found.push((name.to_owned(), fixtures.join(name).join("spec.yaml")));
    }
    for path in paths {
        let documents =
            match path.is_dir() {
                true => documents::find(path, &[])?,
                false => vec![documents::Document::new(path.clone()).ok_or_else(|| {
                    format!("error: {} is not a YAML or JSON file", path.display())
                })?],
            };
        found.extend(documents.into_iter().map(|document| (document.name, document.path)));
    }
    Ok(found)
}

/// Compares the code of one document. Returns the number of files, and of those with known
/// differences.
fn compare(
    converter: &Converter,
    known: &Known,
    name: &str,
    path: &Path,
) -> Result<(usize, usize), String> {
    let converted = converter.convert(name, path)?;
    let (ours, theirs) = (generated(path)?, generated(&converted)?);
    let expected = known.files(name);
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let mut problems = Vec::new();
    let mut differing = BTreeSet::new();
    for file in &names {
        let Some(found) = difference(ours.get(*file), theirs.get(*file)) else { continue };
        differing.insert(file.as_str());
        if !expected.contains(&file.as_str()) {
            problems.push(format!("{file}\n{found}"));
        }
    }
    for file in expected.iter().filter(|file| !differing.contains(*file)) {
        problems.push(format!("{file} has a known difference that does not apply; remove it"));
    }
    match problems.is_empty() {
        true => Ok((names.len(), expected.len())),
        false => Err(format!("{} files of {name} differ\n{}", problems.len(), problems.join("\n"))),
    }
}
