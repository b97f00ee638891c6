//! Where state and undelivered events are stored.

use std::fs::DirBuilder;
use std::io;
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use super::environment::Environment;

/// Directories, of which the first usable one is used. The others may contain files of processes
/// that could not use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidates {
    all: Vec<PathBuf>,
    /// The directory of this user among the temporary files, which other users may create, too.
    shared: Option<PathBuf>,
}

impl Candidates {
    /// Returns the directory that a variable names, or the defaults: `$XDG_STATE_HOME/ci-report/NAME`,
    /// `$HOME/.local/state/ci-report/NAME`, and a directory of the user among the temporary files.
    pub(super) fn new(environment: &Environment, variable: &str, name: &str) -> Self {
        if let Some(chosen) = environment.get(variable) {
            return Self { all: vec![PathBuf::from(chosen)], shared: None };
        }
        let absolute =
            |name| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let state = absolute("XDG_STATE_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
        let temporary = absolute("TMPDIR").unwrap_or_else(std::env::temp_dir);
        let shared = temporary.join(format!("ci-report-{}", user()));
        let state = state.map(|state| state.join("ci-report"));
        let all = state.into_iter().chain([shared.clone()]);
        Self { all: all.map(|directory| directory.join(name)).collect(), shared: Some(shared) }
    }

    /// Returns all directories, whether they exist or not, except for one that another user can change.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Path> {
        let is_foreign = self.shared.as_deref().is_some_and(is_foreign);
        let is_usable = move |path: &&Path| {
            let is_shared = self.shared.as_ref().is_some_and(|shared| path.starts_with(shared));
            !(is_shared && is_foreign)
        };
        self.all.iter().map(PathBuf::as_path).filter(is_usable)
    }
}

/// Returns whether something exists that is not a directory of this user alone, such as a link.
#[cfg(unix)]
fn is_foreign(path: &Path) -> bool {
    let user = rustix::process::geteuid().as_raw();
    path.symlink_metadata()
        .is_ok_and(|it| !it.is_dir() || it.uid() != user || it.mode() & 0o022 != 0)
}

#[cfg(not(unix))]
fn is_foreign(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn user() -> String {
    rustix::process::getuid().as_raw().to_string()
}

#[cfg(not(unix))]
fn user() -> &'static str {
    "user"
}

/// Creates a directory that only this user can read, with its parents. One that exists must belong to
/// this user: other users may write to the directory for temporary files.
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(path)?;
    #[cfg(unix)]
    if path.metadata()?.uid() != rustix::process::geteuid().as_raw() {
        let problem = format!("{} belongs to another user", path.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(variables: &[(&str, &str)]) -> Vec<String> {
        let environment = variables.iter().copied().collect();
        let candidates = Candidates::new(&environment, "CI_REPORT_OUTBOX", "outbox");
        candidates.iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn the_first_known_directory_is_preferred() {
        let user = user();
        let temporary = format!("/t/ci-report-{user}/outbox");
        assert_eq!(candidates(&[("CI_REPORT_OUTBOX", "/o"), ("HOME", "/h")]), ["/o"]);
        assert_eq!(
            candidates(&[("HOME", "/h"), ("TMPDIR", "/t")]),
            ["/h/.local/state/ci-report/outbox", temporary.as_str()]
        );
        assert_eq!(
            candidates(&[("HOME", "/h"), ("XDG_STATE_HOME", "/s"), ("TMPDIR", "/t")])[0],
            "/s/ci-report/outbox"
        );
        assert_eq!(candidates(&[("HOME", "relative"), ("TMPDIR", "/t")]), [temporary.as_str()]);
    }

    #[cfg(unix)]
    #[test]
    fn directories_that_others_can_change_are_not_used() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let temporary =
            std::env::temp_dir().join(format!("ci-report-links-{}", std::process::id()));
        let target = temporary.join("target");
        create_private(&target).unwrap();
        let shared = temporary.join(format!("ci-report-{}", user()));
        let usable = || candidates(&[("TMPDIR", temporary.to_str().unwrap())]).len();
        assert_eq!(usable(), 1);
        symlink(&target, &shared).unwrap();
        assert_eq!(usable(), 0);
        std::fs::remove_file(&shared).unwrap();
        create_private(&shared.join("outbox")).unwrap();
        assert_eq!(usable(), 1);
        std::fs::set_permissions(&shared, std::fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(usable(), 0);
        std::fs::remove_dir_all(&temporary).unwrap();
    }
}
