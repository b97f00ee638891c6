//! Temporary directories with documents.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{self, Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A temporary directory, removed when dropped.
pub(crate) struct Workspace(pub(crate) PathBuf);

impl Workspace {
    /// Creates a directory with files, each with its path and content.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("specwright-cli-{}-{count}", process::id()));
        let _ = fs::remove_dir_all(&path);
        let workspace = Self(path);
        files.iter().for_each(|(path, content)| workspace.write(path, content));
        workspace
    }

    /// Runs the command with arguments that contain no spaces.
    pub(crate) fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_specwright"));
        command.args(arguments.split_whitespace()).current_dir(&self.0).output().unwrap()
    }

    /// Returns the output of a run that succeeds.
    pub(crate) fn printed(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", string(&output.stderr));
        string(&output.stdout)
    }

    pub(crate) fn write(&self, path: &str, content: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn string(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
