//! Packages of npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Obstacle;
use crate::workspace::root;

/// What npm prints if no registry can be reached.
const UNREACHABLE: [&str; 5] = ["ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT", "network"];

/// Installs what a `package.json` names in a folder of `target`, unless it is there already. Returns
/// the folder. Both paths are relative to the workspace.
pub(in super::super) fn install(package: &str, folder: &str) -> Result<PathBuf, Obstacle> {
    let root = root()?;
    let package = root.join(package);
    let wanted = fs::read_to_string(&package).map_err(|error| {
        Obstacle::failure(format!("cannot read {}: {error}", package.display()))
    })?;
    for program in ["node", "npm"] {
        let runs = Command::new(program).arg("--version").output();
        if !runs.is_ok_and(|output| output.status.success()) {
            return Err(Obstacle::Machine(format!("`{program}` is not installed")));
        }
    }
    let folder = root.join(folder);
    // Written last, so that it is absent after an interrupted run.
    let stamp = folder.join("installed.json");
    let is_installed = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    if !is_installed || !folder.join("node_modules").is_dir() {
        run(&folder, &wanted)?;
        fs::write(&stamp, wanted).map_err(|error| {
            Obstacle::failure(format!("cannot write {}: {error}", stamp.display()))
        })?;
    }
    Ok(folder)
}

fn run(folder: &Path, package: &str) -> Result<(), Obstacle> {
    println!("installing packages of npm in {}", folder.display());
    let written =
        fs::create_dir_all(folder).and_then(|()| fs::write(folder.join("package.json"), package));
    written.map_err(|error| {
        Obstacle::failure(format!("cannot write to {}: {error}", folder.display()))
    })?;
    let output = Command::new("npm")
        .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"])
        .args(["--fetch-retries=2", "--fetch-timeout=30000"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Obstacle::failure(format!("cannot run npm: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let printed = String::from_utf8_lossy(&output.stderr);
    if UNREACHABLE.iter().any(|message| printed.contains(message)) {
        return Err(Obstacle::Machine("npm cannot reach a registry".to_owned()));
    }
    let message = format!("`npm install` exited with {}:\n{}", output.status, printed.trim());
    Err(Obstacle::failure(message))
}
