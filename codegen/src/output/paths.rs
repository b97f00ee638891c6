//! Paths of generated files, which every file system takes.

use std::collections::BTreeSet;

use crate::names::is_device;

/// The maximum length of a file name on most file systems, in bytes.
const MAX_NAME: usize = 255;

/// The paths of a set of files.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// In lower case, since some file systems ignore it.
    known: BTreeSet<String>,
}

impl Paths {
    /// Adds a path. Returns what is wrong with it, if anything.
    pub(super) fn add(&mut self, path: &str) -> Result<(), &'static str> {
        path.split('/').try_for_each(check)?;
        match self.known.insert(path.to_lowercase()) {
            true => Ok(()),
            false => Err("has the path of another generated file"),
        }
    }
}

fn check(name: &str) -> Result<(), &'static str> {
    let is_forbidden = |c: char| c.is_control() || "<>:\"\\|?*".contains(c);
    let stem = name.split('.').next().unwrap_or_default();
    if name.is_empty() || name.ends_with(['.', ' ']) || name.contains(is_forbidden) {
        Err("has a name that some file systems reject")
    } else if name.len() > MAX_NAME {
        Err("has a name of more than 255 bytes")
    } else if is_device(stem) {
        Err("has the name of a device on Windows")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Paths;

    #[test]
    fn paths_are_valid_on_every_file_system() {
        let mut paths = Paths::default();
        for path in ["src/lib.rs", "models/con_.rs", "models/é.rs", ".hidden", &"a".repeat(255)] {
            assert_eq!(paths.add(path), Ok(()), "{path}");
        }
        for (path, problem) in [
            ("models/con.rs", "device"),
            ("AUX/a.rs", "device"),
            ("Com1", "device"),
            ("a/", "reject"),
            ("a./b", "reject"),
            ("a /b", "reject"),
            ("a:b", "reject"),
            ("a\nb", "reject"),
            ("..", "reject"),
            (&"é".repeat(128), "255 bytes"),
            ("SRC/Lib.rs", "another"),
            ("models/É.rs", "another"),
        ] {
            let error = paths.add(path).err().unwrap_or_default();
            assert!(error.contains(problem), "{path}: {error}");
        }
    }
}
