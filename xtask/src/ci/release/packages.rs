//! The packages that are published, and their order.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::workspace::cargo;

/// A package of the workspace, as `cargo metadata` prints it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) targets: Vec<Target>,
    #[serde(default)]
    publish: Option<Vec<String>>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    documentation: Option<String>,
    #[serde(default)]
    license: Option<String>,
    #[serde(default)]
    readme: Option<String>,
    #[serde(default)]
    repository: Option<String>,
    #[serde(default)]
    pub(super) rust_version: Option<String>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    metadata: Option<PackageMetadata>,
    #[serde(default)]
    features: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
struct PackageMetadata {
    docs: Option<Docs>,
}

#[derive(Clone, Debug, Deserialize)]
struct Docs {
    rs: DocsRs,
}

/// The settings of docs.rs.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct DocsRs {
    #[serde(default)]
    all_features: bool,
    #[serde(default)]
    features: Vec<String>,
}

/// A dependency in a manifest.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) uses_default_features: bool,
    pub(super) features: Vec<String>,
    req: String,
    kind: Option<String>,
}

/// A library, a program or something else that Cargo builds.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    kind: Vec<String>,
    doctest: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// The most keywords, and the most categories, that crates.io accepts.
const MOST: usize = 5;
/// The most characters of a keyword that crates.io accepts.
const LONGEST_KEYWORD: usize = 20;

/// Returns the packages that are published, each after those that it needs.
///
/// # Errors
/// Returns an error if they depend on each other in a circle, or if crates.io would miss a field.
pub(super) fn published() -> Result<Vec<Package>, String> {
    let output = cargo()?
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .map_err(|error| format!("error: cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("error: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let Metadata { mut packages } = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("error: unexpected output of `cargo metadata`: {error}"))?;
    // Packages that are not published have an empty list of registries.
    packages.retain(|package| package.publish.as_ref().is_none_or(|list| !list.is_empty()));
    let problems: Vec<String> = packages.iter().flat_map(Package::problems).collect();
    match problems.is_empty() {
        true => in_order(packages),
        false => Err(problems.join("\n")),
    }
}

/// Sorts packages so that each comes after those that must be on crates.io before it.
fn in_order(mut packages: Vec<Package>) -> Result<Vec<Package>, String> {
    let mut ordered = Vec::new();
    while !packages.is_empty() {
        let is_ready = |package: &Package| !packages.iter().any(|other| package.needs(other));
        let Some(index) = packages.iter().position(is_ready) else {
            let names: Vec<_> = packages.iter().map(|package| package.name.as_str()).collect();
            return Err(format!(
                "error: none of these packages can be published before the others: {}\n\
                 help: remove the version of a dev-dependency; it is then not published",
                names.join(", ")
            ));
        };
        ordered.push(packages.remove(index));
    }
    Ok(ordered)
}

impl Package {
    /// Returns whether the other package must be published before this one.
    fn needs(&self, other: &Self) -> bool {
        self.name != other.name
            && self
                .dependencies
                .iter()
                .any(|dependency| dependency.name == other.name && !dependency.is_local())
    }

    /// Returns the name of the folder that its archive contains.
    pub(super) fn folder(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// Returns whether the examples of its documentation are tests.
    pub(super) fn has_doc_tests(&self) -> bool {
        self.targets.iter().any(|target| target.doctest)
    }

    /// Returns the names of its programs.
    pub(super) fn programs(&self) -> Vec<&str> {
        let programs = self.targets.iter().filter(|target| target.is(&["bin"]));
        programs.map(|target| target.name.as_str()).collect()
    }

    /// Returns the features that docs.rs selects, as options of the workspace.
    pub(super) fn documented_features(&self) -> Vec<String> {
        let docs = self.metadata.as_ref().and_then(|metadata| metadata.docs.as_ref());
        let Some(Docs { rs }) = docs else { return Vec::new() };
        let names = match rs.all_features {
            true => self.features.keys().collect(),
            false => rs.features.iter().collect::<Vec<_>>(),
        };
        names.into_iter().map(|name| format!("{}/{name}", self.name)).collect()
    }

    /// Returns what crates.io rejects, or what its page would lack.
    fn problems(&self) -> Vec<String> {
        let fields = [
            ("description", &self.description),
            ("documentation", &self.documentation),
            ("license", &self.license),
            ("readme", &self.readme),
            ("repository", &self.repository),
            ("rust-version", &self.rust_version),
        ];
        let missing = fields.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name);
        let mut problems: Vec<String> =
            missing.map(|name| format!("`{name}` is missing")).collect();
        if self.metadata.as_ref().is_none_or(|metadata| metadata.docs.is_none()) {
            problems.push("`package.metadata.docs.rs` is missing".to_owned());
        }
        for (name, list) in [("keywords", &self.keywords), ("categories", &self.categories)] {
            if list.is_empty() || list.len() > MOST {
                problems.push(format!("`{name}` must have 1 to {MOST} entries"));
            }
        }
        let is_keyword = |keyword: &str| {
            let accepted = |c: char| c.is_ascii_alphanumeric() || "-_+".contains(c);
            keyword.starts_with(|c: char| c.is_ascii_alphanumeric())
                && keyword.chars().all(accepted)
                && keyword.len() <= LONGEST_KEYWORD
        };
        let rejected = self.keywords.iter().filter(|keyword| !is_keyword(keyword));
        problems.extend(rejected.map(|keyword| format!("the keyword `{keyword}` is invalid")));
        problems.into_iter().map(|problem| format!("error: {}: {problem}", self.name)).collect()
    }
}

impl Dependency {
    /// Returns whether it is left out of the archive: a dev-dependency without a version.
    pub(super) fn is_local(&self) -> bool {
        self.kind.as_deref() == Some("dev") && self.req == "*"
    }
}

impl Target {
    fn is(&self, kinds: &[&str]) -> bool {
        self.kind.iter().any(|kind| kinds.contains(&kind.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns packages with these names, each with the dependencies `KIND NAME REQUIREMENT`.
    fn packages(packages: &[(&str, &[&str])]) -> Vec<Package> {
        let dependency = |line: &&str| {
            let [kind, name, req] = line.split(' ').collect::<Vec<_>>()[..] else { panic!() };
            Dependency {
                name: name.to_owned(),
                uses_default_features: true,
                features: Vec::new(),
                req: req.to_owned(),
                kind: (kind != "normal").then(|| kind.to_owned()),
            }
        };
        let package = |(name, dependencies): &(&str, &[&str])| Package {
            dependencies: dependencies.iter().map(dependency).collect(),
            ..serde_json::from_value(serde_json::json!({
                "name": name, "version": "0.1.0", "dependencies": [], "targets": [],
            }))
            .unwrap()
        };
        packages.iter().map(package).collect()
    }

    fn order(list: &[(&str, &[&str])]) -> Result<String, String> {
        let names: Vec<_> =
            in_order(packages(list))?.into_iter().map(|package| package.name).collect();
        Ok(names.join(" "))
    }

    #[test]
    fn packages_come_after_what_they_need() {
        let list: &[(&str, &[&str])] = &[
            ("a", &["build b ^1", "normal other ^1"]),
            ("b", &["normal c ^1"]),
            ("c", &["dev d ^1"]),
            ("d", &[]),
        ];
        assert_eq!(order(list).unwrap(), "d c b a");
    }

    #[test]
    fn dev_dependencies_without_a_version_are_not_published() {
        let circle = |req| order(&[("a", &[&format!("dev b {req}")]), ("b", &["normal a ^1"])]);
        assert_eq!(circle("*").unwrap(), "a b");
        assert!(circle("^1").unwrap_err().contains("before the others: a, b"));
    }

    #[test]
    fn missing_and_invalid_fields_are_reported() {
        let mut package = packages(&[("a", &[])]).remove(0);
        package.keywords = vec!["sp ace".to_owned(), "a-keyword-of-21-letters".to_owned()];
        let problems = package.problems();
        for expected in ["`license` is missing", "`categories` must have 1 to 5", "`sp ace`"] {
            assert!(problems.iter().any(|problem| problem.contains(expected)), "{problems:?}");
        }
        assert_eq!(problems.len(), 10, "{problems:?}");
    }
}
