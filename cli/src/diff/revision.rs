//! Files of the working directory, and of git revisions such as `main:spec/openapi.yaml`.
//!
//! The path of a file of a revision is `REVISION:/PATH`, from the root of the repository, so that the
//! files that a document refers to are those of the same revision.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output};

/// Files, of which some are in revisions.
#[derive(Debug)]
pub(super) struct Files<'a> {
    /// The directory that paths are relative to; empty for the current one.
    directory: &'a Path,
    /// The revisions that exist, each with the beginning of its paths.
    revisions: RefCell<BTreeMap<String, String>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(directory: &'a Path) -> Self {
        Self { directory, revisions: RefCell::default() }
    }

    /// Returns the path of a file as it is given on the command line.
    ///
    /// # Errors
    /// Returns an error if the revision does not exist, or git does not run.
    pub(super) fn path(&self, given: &str) -> Result<PathBuf, String> {
        let parts = given.split_once(':');
        // A file is itself, and `C:\spec.yaml` has a drive.
        let parts = parts.filter(|(revision, path)| {
            revision.len() > 1 && !path.starts_with("//") && !self.directory.join(given).exists()
        });
        let Some((revision, path)) = parts else { return Ok(self.directory.join(given)) };
        let commit = format!("{revision}^{{commit}}");
        let found = self.git(&["rev-parse", "--verify", "--quiet", &commit])?;
        if !found.status.success() {
            return Err(format!(
                "error: `{given}` is not a file, and `{revision}` is not a git revision"
            ));
        }
        let prefix = self.git(&["rev-parse", "--show-prefix"])?;
        let prefix = String::from_utf8_lossy(&prefix.stdout).trim().to_owned();
        let path = normal(&Path::new(&prefix).join(path))
            .ok_or_else(|| format!("error: `{path}` is outside of the repository"))?;
        let begin = format!("{revision}:/");
        self.revisions.borrow_mut().insert(begin.clone(), revision.to_owned());
        Ok(PathBuf::from(begin + &path))
    }

    /// Returns the path of a folder, in the revision of a document if it has one.
    ///
    /// # Errors
    /// Returns an error as [`Files::path`] does.
    pub(super) fn folder(&self, spec: &str, folder: &Path) -> Result<PathBuf, String> {
        let path = self.path(spec)?;
        match spec.split_once(':').filter(|_| path != self.directory.join(spec)) {
            Some((revision, _)) => self.path(&format!("{revision}:{}", folder.display())),
            None => Ok(self.directory.join(folder)),
        }
    }

    /// Reads a file.
    pub(super) fn read(&self, path: &Path) -> io::Result<String> {
        let name = path.to_string_lossy().replace('\\', "/");
        let revisions = self.revisions.borrow();
        let found = revisions
            .iter()
            .find_map(|(begin, revision)| Some((revision, name.strip_prefix(begin.as_str())?)));
        let Some((revision, rest)) = found else { return std::fs::read_to_string(path) };
        let rest = normal(Path::new(rest)).unwrap_or_default();
        let object = format!("{revision}:{rest}");
        let shown = self.git(&["show", &object]).map_err(io::Error::other)?;
        match shown.status.success() {
            true => String::from_utf8(shown.stdout)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)),
            false => {
                let problem = format!("not found in the revision `{revision}`");
                Err(io::Error::new(io::ErrorKind::NotFound, problem))
            }
        }
    }

    fn git(&self, arguments: &[&str]) -> Result<Output, String> {
        let mut command = Command::new("git");
        if self.directory != Path::new("") {
            command.current_dir(self.directory);
        }
        command.args(arguments).output().map_err(|error| {
            format!("error: cannot run git: {error}\nhelp: a revision of a file needs git")
        })
    }
}

/// Returns the name of a file as it is given on the command line.
pub(super) fn shown(name: &str) -> String {
    name.replacen(":/", ":", 1)
}

/// Returns a relative path with `/`, without `.` and `..`.
fn normal(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir => return None,
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_revisions_are_relative_to_the_repository() {
        assert_eq!(normal(Path::new("a/./b/../c.yaml")).as_deref(), Some("a/c.yaml"));
        assert_eq!(normal(Path::new("../c.yaml")), None);
        assert_eq!(shown("main:/spec/a.yaml"), "main:spec/a.yaml");
        assert_eq!(shown("spec/a.yaml"), "spec/a.yaml");
        let files = Files::new(Path::new(""));
        assert_eq!(files.path("a.yaml"), Ok(PathBuf::from("a.yaml")));
        assert_eq!(files.path("c:/a.yaml"), Ok(PathBuf::from("c:/a.yaml")));
    }
}
