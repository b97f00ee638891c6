//! `cargo xtask api`: the public API of each published crate, compared with its snapshot.
//!
//! The snapshots in `docs/api` are written by `cargo public-api`, which needs a nightly
//! toolchain. Their first line names both versions: other versions may print an API differently.

use std::fs;
use std::path::Path;
use std::process::Command;

use similar::TextDiff;

use crate::workspace::{cargo, root};

/// The folder of the snapshots.
const FOLDER: &str = "docs/api";
const TOOLCHAIN: &str = "nightly";

/// The published crates, each with the optional features whose API is part of the snapshot.
///
/// The features `git`, `http2`, `native-tls`, `rustls-aws-lc` and `system-proxy` add no items.
const CRATES: [(&str, &str); 8] = [
    ("datadog-ci-intake", ""),
    ("datadog-ci-pipelines", "blocking,gzip,outbox,reporter,tracing,zstd"),
    ("specwright", ""),
    ("specwright-cli", ""),
    ("specwright-macro", ""),
    ("specwright-model", "pattern"),
    ("specwright-runtime", "blocking,gzip,jiff,pattern,tracing,zstd"),
    ("specwright-server", "jiff"),
];

/// Compare the public API of each crate with its snapshot in docs/api.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Arguments {
    /// Compare, and fail if an API has changed; this is the default.
    #[arg(long, conflicts_with = "write")]
    pub check: bool,
    /// Write the snapshots.
    #[arg(long)]
    pub write: bool,
    /// Pass if cargo-public-api or the nightly toolchain is missing, or of another version.
    #[arg(long)]
    pub if_possible: bool,
}

/// Compares or writes the snapshots.
///
/// # Errors
/// Returns an error that lists the differences, or names what is missing.
pub fn run(arguments: Arguments) -> Result<(), String> {
    let versions = match versions() {
        Ok(versions) => versions,
        Err(reason) if arguments.if_possible => {
            println!("skipped: the public API, because {reason}");
            return Ok(());
        }
        Err(reason) => return Err(format!("error: {reason}")),
    };
    let folder = root()?.join(FOLDER);
    if arguments.if_possible && has_other_versions(&folder, &versions) {
        println!("skipped: the public API, because the snapshots were not written by {versions}");
        return Ok(());
    }
    let mut differences = Vec::new();
    for (name, features) in CRATES {
        let path = folder.join(format!("{name}.txt"));
        let current = format!("# {versions}\n{}", public_api(name, features)?);
        let written = fs::read_to_string(&path).unwrap_or_default();
        if written == current {
            continue;
        }
        if arguments.write {
            fs::create_dir_all(&folder)
                .and_then(|()| fs::write(&path, &current))
                .map_err(|error| format!("error: cannot write {}: {error}", path.display()))?;
            println!("{FOLDER}/{name}.txt");
        } else {
            differences.push(difference(name, &written, &current));
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\nerror: the public API has changed; if that is intended, run `cargo xtask api --write`",
        differences.join("\n")
    ))
}

/// Returns the versions of the tool and of the toolchain, or why they cannot be used.
fn versions() -> Result<String, String> {
    let tool = first_line(Command::new("cargo").args(["public-api", "--version"])).ok_or(
        "cargo-public-api is not installed; run `cargo install cargo-public-api --locked`",
    )?;
    let compiler =
        first_line(Command::new("rustc").arg("--version").env("RUSTUP_TOOLCHAIN", TOOLCHAIN))
            .filter(|version| version.contains("nightly"))
            .ok_or("the nightly toolchain is missing; run `rustup toolchain install nightly`")?;
    Ok(format!("{tool}, {compiler}"))
}

fn first_line(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).lines().next()?.to_owned())
}

fn has_other_versions(folder: &Path, versions: &str) -> bool {
    CRATES.iter().any(|(name, _)| {
        fs::read_to_string(folder.join(format!("{name}.txt")))
            .is_ok_and(|written| written.lines().next() != Some(&format!("# {versions}")))
    })
}

fn public_api(name: &str, features: &str) -> Result<String, String> {
    println!("{name}");
    let mut command = cargo()?;
    // Blanket, automatic and derived implementations are left out: they follow from the items.
    command.args(["public-api", "--package", name, "-sss", "--color", "never"]);
    command.args(["--features", features, "--target-dir", "target/public-api"]);
    command.env("RUSTUP_TOOLCHAIN", TOOLCHAIN).env_remove("CARGO_TARGET_DIR");
    let output = command.output().map_err(|error| format!("error: cannot run cargo: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{errors}\nerror: cargo public-api of `{name}` exited with {}", output.status))
}

fn difference(name: &str, written: &str, current: &str) -> String {
    let file = format!("{FOLDER}/{name}.txt");
    let diff = TextDiff::from_lines(written, current);
    diff.unified_diff().context_radius(0).header(&file, "current").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_name_the_snapshot_and_the_lines() {
        let shown = difference("one", "pub fn a()\npub fn b()\n", "pub fn a()\npub fn c()\n");
        assert!(shown.starts_with("--- docs/api/one.txt\n"), "{shown}");
        assert!(shown.ends_with("-pub fn b()\n+pub fn c()\n"), "{shown}");
    }
}
