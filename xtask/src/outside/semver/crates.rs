//! Generated crates, and what rustdoc knows about them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use specwright::{Config, FileSet, Input, Layout, Package, Source};

use crate::files::{apply, compare};
use crate::timed::{failed, lock};
use crate::workspace::{forget_cargo, root};

/// The name of each generated crate. Names of items contain it.
const NAME: &str = "compared";

/// Returns the input for a crate with the operations of a tag.
pub(super) fn input(document: &Source, tag: &str) -> Result<Input, String> {
    let mut config = Config::default();
    config.select_tag(tag);
    config.skip_unsupported = true;
    config.layout = Layout {
        package: Some(Package {
            name: NAME.to_owned(),
            runtime: root()?.join("client-runtime").display().to_string(),
            standalone: true,
        }),
        ..Layout::default()
    };
    Ok(Input::new(document.clone(), config))
}

/// Generates a crate.
pub(super) fn generate(input: &Input) -> Result<FileSet, String> {
    let output = specwright::generate(input).map_err(|found| found.render(false))?;
    Ok(output.files)
}

/// Writes a crate and describes its public items as JSON. Returns the path of the JSON.
pub(super) fn describe(directory: &Path, files: &FileSet) -> Result<PathBuf, String> {
    apply(directory, &compare(directory, files)?)?;
    lock(directory)?;
    let target = root()?.join("target/semver/target");
    let mut command = Command::new("cargo");
    forget_cargo(&mut command);
    command.args(["rustdoc", "--quiet", "--lib", "--all-features", "--"]).args([
        "-Zunstable-options",
        "--output-format=json",
        "--document-private-items",
        "--document-hidden-items",
        "--cap-lints=allow",
    ]);
    // The format is unstable. Only the crate itself may use it, so its dependencies stay as they are.
    command.env("RUSTC_BOOTSTRAP", NAME).env("CARGO_TARGET_DIR", &target);
    command.env("CARGO_INCREMENTAL", "0").env_remove("RUSTFLAGS");
    let output = command
        .current_dir(directory)
        .output()
        .map_err(|error| format!("error: cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "error: {} cannot be documented:\n{}",
            directory.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    let json = directory.with_extension("json");
    let written = target.join("doc").join(NAME).with_extension("json");
    fs::rename(&written, &json).map_err(|error| failed("move", &written, &error))?;
    Ok(json)
}
