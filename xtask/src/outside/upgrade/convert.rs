//! The independent tool that `tests/upgrade/package.json` names, installed with npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::corpus::documents;
use crate::outside::tools::{Obstacle, npm};
use crate::timed::{failed, write};
use crate::workspace::root;

/// The installed program.
pub(super) struct Converter {
    script: PathBuf,
}

impl Converter {
    /// Returns the program, which is installed if it is not there.
    pub(super) fn installed() -> Result<Self, Obstacle> {
        let folder = npm::install("tests/upgrade/package.json", "target/upgrade/node")?;
        Ok(Self { script: folder.join("node_modules/swagger2openapi/swagger2openapi.js") })
    }

    /// Converts a document to OpenAPI 3.0. Returns the path of the result.
    pub(super) fn convert(&self, name: &str, path: &Path) -> Result<PathBuf, String> {
        let folder = root()?.join("target/upgrade/converted").join(name);
        fs::create_dir_all(&folder).map_err(|error| failed("create", &folder, &error))?;
        let target = folder.join("openapi.json");
        let is_compressed = path.extension().is_some_and(|end| end == "gz");
        let source = match is_compressed {
            true => {
                let document = documents::read(path)?;
                let plain = folder.join(&document.name);
                write(&plain, &document.content)?;
                plain
            }
            false => path.to_owned(),
        };
        let output = Command::new("node")
            .arg(&self.script)
            .args(["--patch", "--warnOnly", "--resolve", "--outfile"])
            .arg(&target)
            .arg(&source)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("error: cannot run node: {error}"))?;
        match output.status.success() && target.exists() {
            true => Ok(target),
            false => Err(format!(
                "swagger2openapi exited with {}\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            )),
        }
    }
}
