//! What the changes of this workspace's document mean: since the last commit, and since the last
//! release.

use std::process::Command;

use specwright::{Difference, Release, Wire};
use specwright_cli::choice::Choice;
use specwright_cli::diff::{self, Arguments, Format, next};

use crate::workspace::root;

/// The document of this workspace, and its configuration.
pub(super) const SPEC: &str = "spec/openapi.yaml";
pub(super) const CONFIG: &str = "spec/specwright.toml";

/// The models that the generated server uses.
pub(super) const SERVER_MODELS: &str = "datadog_ci_pipelines::models";

/// The manifest that has the version of all packages.
const MANIFEST: &str = "Cargo.toml";

/// Prints what the changes of the document since the last commit mean, if there are any.
pub(super) fn print_summary() {
    match difference("HEAD", None) {
        Ok(difference) if difference.changes.is_empty() => {}
        Ok(difference) => {
            println!(
                "\nChanges of {SPEC} since the last commit:\n\n{}",
                diff::summary(&difference)
            );
        }
        Err(error) => println!("\nnote: not compared with the last commit: {}", first(&error)),
    }
}

/// Returns the last release before the current commit: a tag such as `v0.1.0`.
fn last_release() -> Option<String> {
    git(&["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]).ok()
}

/// Checks that the version of the client is as high as the changes of its Rust API since the last
/// release need. Returns what was compared.
///
/// # Errors
/// Returns an error if the version is too low.
pub fn check_version() -> Result<(), String> {
    let Some(tag) = last_release() else {
        println!("skipped: there is not a release to compare with (a tag such as v0.1.0)");
        return Ok(());
    };
    let released = version(&git(&["show", &format!("{tag}:{MANIFEST}")])?)?;
    let root = root()?;
    let current = std::fs::read_to_string(root.join(MANIFEST))
        .map_err(|error| format!("error: cannot read {MANIFEST}: {error}"))?;
    let current = version(&current)?;
    let difference = difference(&tag, None)?;
    println!("{tag} → {current}: {} changes, {}", difference.changes.len(), difference.rust);
    match is_enough(&released, &current, difference.rust) {
        true => Ok(()),
        false => Err(format!(
            "{}\nerror: version {current} is too low; since {released}, the document needs a {} \
             release\nhelp: set the version to {} in {MANIFEST}",
            diff::summary(&difference),
            difference.rust,
            next(&released, difference.rust).unwrap_or_default()
        )),
    }
}

/// What to write about.
#[derive(Clone, Debug, clap::Args)]
pub struct NotesArguments {
    /// The revision to compare with. Defaults to the last release: a tag such as v0.1.0.
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Also fail if the version is too low for the changes since the last release.
    #[arg(long)]
    check: bool,
}

/// Prints the changes of the document since the last release in the words of a changelog: for users of
/// the client, and for those who call the intake.
///
/// # Errors
/// Returns an error if there is nothing to compare with, or if the version is too low.
pub fn release_notes(arguments: &NotesArguments) -> Result<(), String> {
    let since = arguments.since.clone().or_else(last_release).ok_or(
        "error: there is not a release to compare with (a tag such as v0.1.0)\nhelp: select a revision \
         with --since",
    )?;
    let client = difference(&since, None)?;
    let mut server = difference(&since, Some(SERVER_MODELS))?;
    // The generated code of the intake is private.
    server.remove(|change| change.wire == Wire::None);
    for change in &mut server.changes {
        (change.rust, change.item) = (Release::None, None);
    }
    let needed = match client.rust {
        Release::None => "nothing to release".to_owned(),
        release => format!("a {release} release is needed"),
    };
    println!("<!-- Changes of {SPEC} since {since}: {needed}. -->");
    for (name, difference) in [("datadog-ci-pipelines", client), ("datadog-ci-intake", server)] {
        let notes = diff::release_notes(&difference);
        let notes = if notes.is_empty() { "Nothing changes for users.\n" } else { &notes };
        println!("\n## {name}\n\n{}", notes.trim_end());
    }
    if arguments.check { check_version() } else { Ok(()) }
}

/// Returns whether a version may have such changes. Additions are published with the next patch, too,
/// if that is due first.
fn is_enough(released: &str, current: &str, release: Release) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        let core = version.split(['-', '+']).next().unwrap_or_default();
        core.split('.').filter_map(|part| part.parse().ok()).collect()
    };
    let needed = next(released, release).unwrap_or_default();
    release < Release::Minor || numbers(current) >= numbers(&needed)
}

/// Compares the document with that of a revision: what is generated for the client, or for a server
/// with these models.
fn difference(revision: &str, server: Option<&str>) -> Result<Difference, String> {
    let arguments = Arguments {
        old: format!("{revision}:{SPEC}"),
        new: SPEC.to_owned(),
        choice: Choice { config: Some(CONFIG.into()), ..Choice::default() },
        old_config: Some(format!("{revision}:{CONFIG}")),
        module: Some("crate::generated".to_owned()),
        server: server.map(str::to_owned),
        format: Format::Text,
        all: false,
        fail_on: Vec::new(),
        bump: None,
        write: false,
        ignore: None,
    };
    diff::difference(&arguments, &root()?)
}

fn version(manifest: &str) -> Result<String, String> {
    let table = manifest.parse::<toml::Table>().map_err(|error| format!("error: {error}"))?;
    let package = table.get("workspace").and_then(|workspace| workspace.get("package"));
    let version = package.and_then(|package| package.get("version")?.as_str());
    version.map(str::to_owned).ok_or_else(|| format!("error: {MANIFEST} has no version"))
}

fn git(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root()?)
        .output()
        .map_err(|error| format!("error: cannot run git: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Err(format!("error: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}

fn first(error: &str) -> &str {
    error.lines().next().unwrap_or_default().trim_start_matches("error: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_must_be_as_high_as_the_changes_need() {
        for (current, release, expected) in [
            ("0.1.0", Release::Patch, true),
            ("0.1.0", Release::Minor, false),
            ("0.1.1", Release::Minor, true),
            ("0.1.9", Release::Major, false),
            ("0.2.0", Release::Major, true),
            ("0.10.0", Release::Major, true),
        ] {
            assert_eq!(is_enough("0.1.0", current, release), expected, "{current} {release}");
        }
    }
}
