//! The files that the rules look at, read once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::tidy::settings::Settings;

/// Folders that hold no sources of this workspace.
const SKIPPED: [&str; 3] = [".git", "target", "node_modules"];
/// Extensions of the files that are read.
const READ: [&str; 8] = ["json", "md", "py", "rs", "sh", "toml", "yaml", "yml"];

/// A file, with its path relative to the root.
#[derive(Debug)]
pub(in crate::tidy) struct SourceFile {
    pub(in crate::tidy) path: String,
    pub(in crate::tidy) contents: String,
    pub(in crate::tidy) is_generated: bool,
    /// Whether it is input or expected output of tests.
    pub(in crate::tidy) is_fixture: bool,
}

impl SourceFile {
    pub(in crate::tidy) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Returns whether a person wrote it.
    pub(in crate::tidy) fn is_handwritten(&self) -> bool {
        !self.is_generated && !self.is_fixture
    }
}

/// A member of the workspace.
#[derive(Debug)]
pub(in crate::tidy) struct Package {
    /// Relative to the root.
    pub(in crate::tidy) folder: String,
    pub(in crate::tidy) name: String,
    /// The names of its normal dependencies.
    pub(in crate::tidy) dependencies: Vec<String>,
}

/// All files of a workspace.
#[derive(Debug)]
pub(in crate::tidy) struct Tree {
    pub(in crate::tidy) root: PathBuf,
    pub(in crate::tidy) files: Vec<SourceFile>,
    /// The names of the entries of each folder, which may be excluded from some rules.
    pub(in crate::tidy) folders: BTreeMap<String, Vec<String>>,
    pub(in crate::tidy) packages: Vec<Package>,
}

#[derive(Deserialize)]
struct RootManifest {
    workspace: Workspace,
}

#[derive(Deserialize)]
struct Workspace {
    members: Vec<String>,
}

#[derive(Deserialize)]
struct Manifest {
    package: PackageTable,
    #[serde(default)]
    dependencies: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
struct PackageTable {
    name: String,
}

impl Tree {
    /// Reads a workspace.
    ///
    /// # Errors
    /// Returns an error if a file or a manifest cannot be read.
    pub(in crate::tidy) fn read(root: &Path, settings: &Settings) -> Result<Self, String> {
        let mut tree = Self {
            root: root.to_owned(),
            files: Vec::new(),
            folders: BTreeMap::new(),
            packages: Vec::new(),
        };
        tree.walk("", settings)?;
        let manifest: RootManifest = tree.parse("Cargo.toml")?;
        for folder in manifest.workspace.members {
            let manifest: Manifest = tree.parse(&format!("{folder}/Cargo.toml"))?;
            let dependencies = manifest.dependencies.into_keys().collect();
            tree.packages.push(Package { folder, name: manifest.package.name, dependencies });
        }
        Ok(tree)
    }

    /// Returns the file at a path relative to the root.
    pub(in crate::tidy) fn file(&self, path: &str) -> Option<&SourceFile> {
        let index = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(index)
    }

    fn parse<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, String> {
        let file = self.file(path).ok_or_else(|| format!("error: cannot read {path}"))?;
        toml::from_str(&file.contents).map_err(|error| format!("error: {path}: {error}"))
    }

    fn walk(&mut self, folder: &str, settings: &Settings) -> Result<(), String> {
        self.walk_folder(folder, settings)?;
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(())
    }

    fn walk_folder(&mut self, folder: &str, settings: &Settings) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("error: cannot read {folder}: {error}");
        let mut names = Vec::new();
        for entry in fs::read_dir(self.root.join(folder)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if entry.path().is_dir() {
                self.walk_folder(&path, settings)?;
            } else if is_read(&path)
                && let Ok(contents) = fs::read_to_string(entry.path())
            {
                let is_generated = settings.is_generated(&path);
                let is_fixture = settings.is_fixture(&path);
                self.files.push(SourceFile { path, contents, is_generated, is_fixture });
            }
            names.push(name);
        }
        names.sort();
        self.folders.insert(folder.to_owned(), names);
        Ok(())
    }
}

fn is_read(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    path == ".ci/run" || extension.is_some_and(|extension| READ.contains(&extension))
}
