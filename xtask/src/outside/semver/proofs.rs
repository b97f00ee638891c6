//! Programs that prove verdicts which are stricter than those of cargo-semver-checks: they compile with
//! the old client, and not with the new one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use specwright::{Difference, Release};

use crate::timed::failed;
use crate::workspace::{cargo, root};

/// The folder of the programs. Their names are the kinds of changes.
const FOLDER: &str = "codegen/tests/fixtures/diff/proofs";

/// The test that compiles them.
const TEST: &str = "cases::diff::proofs::programs_compile_with_the_old_client_only";

/// Compiles all programs with both clients.
pub(super) fn check() -> Result<(), String> {
    let mut command = cargo()?;
    command.args(["test", "--quiet", "-p", "specwright", "--test", "suite", "--"]);
    command.args(["--ignored", "--exact", "--nocapture", TEST]);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("error: a program does not prove its verdict".to_owned()),
        Err(error) => Err(format!("error: cannot run cargo: {error}")),
    }
}

/// The programs that prove a verdict.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Proofs {
    /// One for each kind of change.
    pub(super) shown: String,
    /// Whether no kind lacks one.
    pub(super) are_complete: bool,
}

/// Returns the programs that prove the verdict on a difference.
pub(super) fn of(difference: &Difference) -> Result<Proofs, String> {
    let major = difference.changes.iter().filter(|change| change.rust == Release::Major);
    let ids: BTreeSet<&str> = major.map(|change| change.id).collect();
    named(&ids, &root()?.join(FOLDER))
}

fn named(ids: &BTreeSet<&str>, folder: &Path) -> Result<Proofs, String> {
    let failed = |error| failed("read", folder, &error);
    let mut groups = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        groups.push((path, name));
    }
    groups.sort();
    let mut proofs = Vec::new();
    let mut missing = Vec::new();
    for id in ids {
        let file = format!("{id}.rs");
        match groups.iter().find(|(path, _)| path.join(&file).is_file()) {
            Some((_, group)) => proofs.push(format!("{group}/{file}")),
            None => missing.push(*id),
        }
    }
    let mut shown = format!("proven by {} in {FOLDER}", proofs.join(", "));
    if !missing.is_empty() {
        shown = format!("{shown}; not proven: {}", missing.join(", "));
    }
    Ok(Proofs { shown, are_complete: missing.is_empty() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_without_a_program_are_reported() {
        let folder = root().unwrap().join(FOLDER);
        let proofs = named(&BTreeSet::from(["type-changed", "property-removed"]), &folder).unwrap();
        assert!(proofs.are_complete);
        assert!(proofs.shown.contains("properties/property-removed.rs, types/type-changed.rs"));
        let proofs = named(&BTreeSet::from(["type-changed", "unknown"]), &folder).unwrap();
        assert!(!proofs.are_complete);
        assert!(proofs.shown.ends_with("; not proven: unknown"), "{}", proofs.shown);
    }
}
