//! The version that follows from changes, by the rules of Cargo.

use std::fs;
use std::path::Path;

use specwright::Release;

/// Returns the version after a release. Before version 1.0, the second number is the major one, and
/// before 0.1, the third one.
#[must_use]
pub fn next(version: &str, release: Release) -> Option<String> {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<u64> = core.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [major, minor, patch] = *parts.as_slice() else { return None };
    // A version before a release becomes that release, whatever it needs.
    if version.contains('-') {
        return Some(core.to_owned());
    }
    let (major, minor, patch) = match (release, major, minor) {
        (Release::None, ..) => (major, minor, patch),
        (Release::Major, 0, 0) => (0, 0, patch + 1),
        (Release::Major, 0, _) => (0, minor + 1, 0),
        (Release::Major, ..) => (major + 1, 0, 0),
        (Release::Minor, 1.., _) => (major, minor + 1, 0),
        (Release::Minor | Release::Patch, ..) => (major, minor, patch + 1),
    };
    Some(format!("{major}.{minor}.{patch}"))
}

/// Proposes the next version of a crate, or writes it to the manifest.
pub(super) fn bump(manifest: &Path, release: Release, write: bool) -> Result<String, String> {
    let shown = manifest.display();
    let content = fs::read_to_string(manifest)
        .map_err(|error| format!("error: cannot read {shown}: {error}"))?;
    let (range, version) = version_in(&content).ok_or_else(|| {
        format!(
            "error: {shown} has no version\nhelp: if the workspace has it, pass the manifest of the \
             workspace"
        )
    })?;
    let next = next(version, release)
        .ok_or_else(|| format!("error: {shown}: `{version}` is not a version"))?;
    let current = version.to_owned();
    match write {
        true if next != current => {
            let mut written = content.clone();
            written.replace_range(range, &next);
            fs::write(manifest, written)
                .map_err(|error| format!("error: cannot write {shown}: {error}"))?;
            Ok(format!("{shown}: version {current} is now {next} ({release})"))
        }
        _ => Ok(format!("{shown}: version {current}, next {next} ({release})")),
    }
}

/// Returns the version of a package, or of the packages of a workspace, and where it is.
fn version_in(manifest: &str) -> Option<(std::ops::Range<usize>, &str)> {
    let mut is_package = false;
    let mut start = 0;
    for line in manifest.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('[') {
            is_package = matches!(trimmed, "[package]" | "[workspace.package]");
        }
        let value = trimmed.strip_prefix("version").map(str::trim_start);
        let value = value.filter(|_| is_package).and_then(|rest| rest.strip_prefix('='));
        if let Some(version) = value.and_then(|value| value.split('"').nth(1)) {
            let at = start + line.find(version)?;
            return Some((at..at + version.len(), version));
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_the_rules_of_cargo() {
        use Release::{Major, Minor, None, Patch};
        for (version, release, expected) in [
            ("1.2.3", Major, Some("2.0.0")),
            ("1.2.3", Minor, Some("1.3.0")),
            ("1.2.3", Patch, Some("1.2.4")),
            ("1.2.3", None, Some("1.2.3")),
            ("0.2.3", Major, Some("0.3.0")),
            ("0.2.3", Minor, Some("0.2.4")),
            ("0.0.3", Major, Some("0.0.4")),
            ("2.0.0-rc.1", Major, Some("2.0.0")),
            ("1.2", Major, Option::None),
            ("a.b.c", Major, Option::None),
        ] {
            assert_eq!(next(version, release).as_deref(), expected, "{version} {release}");
        }
    }

    #[test]
    fn the_version_of_a_package_is_found() {
        let manifest =
            "[dependencies]\nversion = \"9\"\n[package]\nname = \"a\"\nversion   = \"0.1.0\"\n";
        let found = version_in(manifest);
        assert_eq!(found.as_ref().map(|(_, version)| *version), Some("0.1.0"));
        assert_eq!(found.and_then(|(range, _)| manifest.get(range)), Some("0.1.0"));
        assert_eq!(version_in("[package]\nversion.workspace = true\n"), None);
    }
}
