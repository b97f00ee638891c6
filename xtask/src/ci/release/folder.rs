//! The folder of a rehearsal, and the commands that run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::packages::Package;
use crate::timed::{failed, write};
use crate::workspace::{self, forget_cargo, root};

/// The licenses in each package.
const LICENSES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// A folder in `target` with the archives, what they contain, and the projects that use them.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Creates the folder, without the results of an earlier rehearsal except for compiled code.
    pub(super) fn create() -> Result<Self, String> {
        let path = root()?.join("target/rehearsal");
        for name in ["archives", "client", "installed", "packages", "project", "state"] {
            let old = path.join(name);
            if old.exists() {
                fs::remove_dir_all(&old).map_err(|error| failed("remove", &old, &error))?;
            }
        }
        Ok(Self { path })
    }

    /// Returns a path in the folder.
    pub(super) fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.path.join(path)
    }

    /// Returns the folder with the contents of an archive.
    pub(super) fn package(&self, package: &Package) -> PathBuf {
        self.join("packages").join(package.folder())
    }

    /// Returns the path of an installed program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.join(format!("installed/bin/{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Creates a Cargo command in a folder. All of them share the compiled code.
    pub(super) fn cargo(&self, directory: &Path) -> Command {
        let mut command = Command::new("cargo");
        forget_cargo(&mut command);
        command.current_dir(directory).env("CARGO_TARGET_DIR", self.join("target"));
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
        command
    }

    /// Writes the archives of all packages, and unpacks them.
    pub(super) fn pack(&self, packages: &[Package]) -> Result<(), String> {
        let mut command = workspace::cargo()?;
        command.args(["package", "--quiet", "--no-verify", "--allow-dirty", "--locked"]);
        command.arg("--target-dir").arg(self.join("archives"));
        for package in packages {
            command.args(["--package", &package.name]);
        }
        output(&mut command)?;
        let unpacked = self.join("packages");
        fs::create_dir_all(&unpacked).map_err(|error| failed("create", &unpacked, &error))?;
        for package in packages {
            output(
                Command::new("tar").arg("-xzf").arg(self.archive(package)).arg("-C").arg(&unpacked),
            )?;
            self.check_contents(package)?;
        }
        Ok(())
    }

    /// Lets Cargo find all packages in their unpacked archives instead of on crates.io.
    pub(super) fn replace(&self, packages: &[Package]) -> Result<(), String> {
        let mut patches = "[patch.crates-io]\n".to_owned();
        for package in packages {
            let path = self.package(package).display().to_string();
            patches.push_str(&format!("{} = {{ path = {path:?} }}\n", package.name));
        }
        write(&self.join(".cargo/config.toml"), &patches)?;
        // Each folder is a workspace of its own, as it would be elsewhere. Examples in the
        // documentation may use packages that depend on their own: archives do not have these
        // dependencies.
        for package in packages {
            let path = self.package(package).join("Cargo.toml");
            let mut manifest =
                fs::read_to_string(&path).map_err(|error| failed("read", &path, &error))?;
            manifest.push_str("\n[workspace]\n");
            for dependency in package.dependencies.iter().filter(|found| found.is_local()) {
                manifest.push_str(&format!(
                    "\n[dev-dependencies.{}]\nversion = \"*\"\ndefault-features = {}\nfeatures = {:?}\n",
                    dependency.name, dependency.uses_default_features, dependency.features,
                ));
            }
            write(&path, &manifest)?;
        }
        Ok(())
    }

    /// Returns the size of an archive in bytes.
    pub(super) fn size(&self, package: &Package) -> Result<u64, String> {
        let path = self.archive(package);
        fs::metadata(&path).map(|file| file.len()).map_err(|error| failed("read", &path, &error))
    }

    fn archive(&self, package: &Package) -> PathBuf {
        self.join("archives/package").join(format!("{}.crate", package.folder()))
    }

    /// Checks that an archive has its README and the licenses, not links to them.
    fn check_contents(&self, package: &Package) -> Result<(), String> {
        let read = |path: PathBuf| {
            fs::read_to_string(&path).map_err(|error| failed("read", &path, &error))
        };
        read(self.package(package).join("README.md"))?;
        for name in LICENSES {
            if read(self.package(package).join(name))? != read(root()?.join(name))? {
                return Err(format!("error: {}: {name} differs", package.name));
            }
        }
        Ok(())
    }
}

/// Runs a command to its end, and returns what it has printed to stdout.
///
/// # Errors
/// Returns an error with all of its output if it fails.
pub(super) fn output(command: &mut Command) -> Result<String, String> {
    let shown = format!("{command:?}");
    let Output { status, stdout, stderr } =
        command.output().map_err(|error| format!("error: cannot run {shown}: {error}"))?;
    let stdout = String::from_utf8_lossy(&stdout).into_owned();
    match status.success() {
        true => Ok(stdout),
        false => Err(format!(
            "{stdout}{}\nerror: {shown} exited with {status}",
            String::from_utf8_lossy(&stderr)
        )),
    }
}
