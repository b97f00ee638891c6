//! `cargo xtask supply-chain`: the crates that users of the packages build.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::Deserialize;

use super::packages;
use crate::workspace::{cargo, root};

/// The page with the table of crates that run code when they are built.
const PAGE: &str = "docs/supply-chain.md";
/// The line of the page with the most crates that are allowed.
const LIMIT: &str = "most crates: ";
const CLIENT: &str = "datadog-ci-pipelines";
/// Build dependencies that compile code of other languages.
const COMPILERS: [&str; 3] = ["cc", "cmake", "nasm-rs"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    rust_version: Option<String>,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

/// Names and versions.
type Crates = BTreeSet<(String, String)>;

/// Whether the build script of each crate that has one compiles code of other languages.
type BuildScripts = BTreeMap<String, bool>;

/// Checks the number of crates of the client with default features, and those with a build script,
/// against the page. Checks that the dependencies of each package need no newer Rust than it.
///
/// # Errors
/// Returns an error that lists what differs.
pub fn check() -> Result<(), String> {
    let page = fs::read_to_string(root()?.join(PAGE))
        .map_err(|error| format!("error: cannot read {PAGE}: {error}"))?;
    let all = metadata()?;
    let count = tree(CLIENT, "x86_64-unknown-linux-gnu")?.len();
    let mut problems = compare(&page, count, &build_scripts(&all, &tree(CLIENT, "all")?));
    for package in packages::published()? {
        let minimal = package.rust_version.unwrap_or_default();
        problems.extend(too_new(&package.name, &minimal, &all, &tree(&package.name, "all")?));
    }
    match problems.is_empty() {
        true => {
            println!("{CLIENT} has {count} crates with default features");
            Ok(())
        }
        false => Err(problems.join("\n")),
    }
}

fn metadata() -> Result<Metadata, String> {
    serde_json::from_str(&printed(&["metadata", "--format-version", "1"])?)
        .map_err(|error| format!("error: unexpected output of `cargo metadata`: {error}"))
}

/// Returns names and versions of all crates that are built for a package, itself included.
fn tree(package: &str, target: &str) -> Result<Crates, String> {
    let arguments = ["tree", "--package", package, "--edges", "normal,build", "--prefix", "none"];
    let output = printed(&[&arguments[..], &["--format", "{p}", "--target", target]].concat())?;
    let crates = output.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" v")?;
        Some((name.to_owned(), rest.split(' ').next()?.to_owned()))
    });
    Ok(crates.collect())
}

/// Returns which of these crates have a build script.
fn build_scripts(metadata: &Metadata, crates: &Crates) -> BuildScripts {
    let mut found = BuildScripts::new();
    for package in &metadata.packages {
        let is_compiler = |dependency: &Dependency| {
            dependency.kind.as_deref() == Some("build")
                && COMPILERS.contains(&dependency.name.as_str())
        };
        let has_script = package
            .targets
            .iter()
            .any(|target| target.kind.iter().any(|kind| kind == "custom-build"));
        let compiles = package.dependencies.iter().any(is_compiler);
        if has_script && package.is_in(crates) {
            *found.entry(package.name.clone()).or_default() |= compiles;
        }
    }
    found
}

/// Returns which of these crates need a newer version of Rust than the package that needs them.
fn too_new(package: &str, minimal: &str, metadata: &Metadata, crates: &Crates) -> Vec<String> {
    let newer = metadata.packages.iter().filter_map(|dependency| {
        let needed = dependency.rust_version.as_deref()?;
        (dependency.is_in(crates) && version(needed) > version(minimal)).then(|| {
            format!(
                "error: {package} supports Rust {minimal}, but {} {} needs {needed}",
                dependency.name, dependency.version
            )
        })
    });
    newer.collect()
}

/// Returns the numbers of a version of Rust: `1.88` and `1.88.0` are the same.
fn version(version: &str) -> [u32; 3] {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or_default());
    std::array::from_fn(|_| numbers.next().unwrap_or_default())
}

impl Package {
    fn is_in(&self, crates: &Crates) -> bool {
        crates.contains(&(self.name.clone(), self.version.clone()))
    }
}

/// Returns what differs from the page.
fn compare(page: &str, count: usize, found: &BuildScripts) -> Vec<String> {
    let mut problems = Vec::new();
    let limit =
        page.lines().find_map(|line| line.split_once(LIMIT)?.1.trim_end_matches('.').parse().ok());
    match limit {
        None => problems.push(format!("error: {PAGE} has no line with `{LIMIT}`")),
        Some(limit) if count > limit => problems.push(format!(
            "error: {CLIENT} has {count} crates with default features, {limit} are allowed\n\
             help: remove one, or make it optional; `cargo tree -p {CLIENT}` shows why each is there"
        )),
        Some(limit) if count < limit => {
            problems.push(format!("error: {CLIENT} has only {count} crates; update {PAGE}"));
        }
        Some(_) => {}
    }
    let listed = listed(page);
    for (name, compiles) in found {
        match listed.get(name) {
            None => problems.push(format!("error: `{name}` has a build script; add it to {PAGE}")),
            Some(listed) if listed != compiles => problems.push(format!(
                "error: `{name}` does {}compile other languages; correct {PAGE}",
                if *compiles { "" } else { "not " }
            )),
            Some(_) => {}
        }
    }
    let unused = listed.keys().filter(|name| !found.contains_key(*name));
    problems.extend(
        unused.map(|name| format!("error: `{name}` has no build script; remove it from {PAGE}")),
    );
    problems
}

/// Returns the rows `` | `NAME` | … | yes | `` of the page.
fn listed(page: &str) -> BuildScripts {
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| `")?.trim_end_matches(" |").split(" | ").collect();
        Some((cells.first()?.trim_end_matches('`').to_owned(), cells.last()? != &"no"))
    });
    rows.collect()
}

fn printed(arguments: &[&str]) -> Result<String, String> {
    let output = cargo()?
        .args(arguments)
        .output()
        .map_err(|error| format!("error: cannot run cargo: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("error: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "On Linux, most crates: 3.\n\n| crate | purpose | other languages |\n|---|---|---|\n\
                        | `ring` | cryptography | C and assembly |\n| `serde` | versions | no |\n";

    fn found(list: &[(&str, bool)]) -> BuildScripts {
        list.iter().map(|(name, compiles)| ((*name).to_owned(), *compiles)).collect()
    }

    #[test]
    fn a_page_that_is_right_passes() {
        assert!(compare(PAGE, 3, &found(&[("ring", true), ("serde", false)])).is_empty());
    }

    #[test]
    fn each_difference_is_reported() {
        let problems = compare(PAGE, 4, &found(&[("serde", true), ("libc", false)])).join("\n");
        for expected in [
            "has 4 crates with default features, 3 are allowed",
            "`libc` has a build script",
            "`serde` does compile other languages",
            "`ring` has no build script",
        ] {
            assert!(problems.contains(expected), "{problems}");
        }
        assert!(compare(PAGE, 2, &found(&[])).join("\n").contains("has only 2 crates"));
        assert!(compare("", 2, &found(&[])).join("\n").contains("has no line"));
    }

    #[test]
    fn dependencies_that_need_a_newer_version_are_reported() {
        let package = |name: &str, needed: &str| Package {
            name: name.to_owned(),
            version: "1.2.3".to_owned(),
            rust_version: Some(needed.to_owned()),
            dependencies: Vec::new(),
            targets: Vec::new(),
        };
        let packages = vec![package("a", "1.88.0"), package("b", "1.90"), package("c", "1.100")];
        let crates = ["a", "b"].map(|name| (name.to_owned(), "1.2.3".to_owned()));
        let problems = too_new("client", "1.88", &Metadata { packages }, &crates.into());
        assert_eq!(problems, ["error: client supports Rust 1.88, but b 1.2.3 needs 1.90"]);
    }
}
