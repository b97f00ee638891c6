//! The directory of a crate, its name, and the path from there to the runtime.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The package that `--runtime` must contain.
const RUNTIME: &str = "specwright-runtime";

/// Returns the absolute path without `.` and `..`. Symbolic links are followed as far as the path
/// exists.
///
/// # Errors
/// Returns an error if the path is empty or the current directory is unknown.
pub fn resolved(path: &Path) -> Result<PathBuf, String> {
    let absolute = std::path::absolute(path)
        .map_err(|error| format!("error: cannot use `{}`: {error}", path.display()))?;
    let mut at = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                at.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir => at.push(part),
            Component::Normal(_) => {
                at.push(part);
                at = at.canonicalize().unwrap_or(at);
            }
        }
    }
    Ok(at)
}

/// Returns the name of a directory, also for paths such as `..`.
///
/// # Errors
/// Returns an error if the path is a file.
pub fn name_of_directory(out: &Path) -> Result<String, String> {
    if out.is_file() {
        return Err(format!(
            "error: {} is a file\nhelp: --out is the directory of the generated files",
            out.display()
        ));
    }
    let name = resolved(out)?.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(name.unwrap_or_default())
}

/// Returns the path to the runtime for the manifest of a crate: a relative path is rewritten
/// relative to the crate, an absolute one is kept.
///
/// # Errors
/// Returns an error if the directory is not that of the runtime.
pub fn runtime_from(out: &Path, runtime: &Path) -> Result<String, String> {
    let help = format!("help: --runtime is the directory of the package {RUNTIME}");
    let manifest = runtime.join("Cargo.toml");
    let contents = fs::read_to_string(&manifest)
        .map_err(|error| format!("error: cannot read {}: {error}\n{help}", manifest.display()))?;
    let table = contents.parse::<toml::Table>().unwrap_or_default();
    let package = table.get("package").and_then(|package| package.get("name")?.as_str());
    if package != Some(RUNTIME) {
        return Err(format!(
            "error: {} is not the manifest of {RUNTIME}\n{help}",
            manifest.display()
        ));
    }
    let from_out = match runtime.is_absolute() {
        true => None,
        false => relative(&resolved(out)?, &resolved(runtime)?),
    };
    Ok(from_out.unwrap_or_else(|| runtime.display().to_string()))
}

/// Returns a path relative to a directory; none if they are on different drives.
fn relative(directory: &Path, path: &Path) -> Option<String> {
    let pairs = directory.components().zip(path.components());
    let shared = pairs.take_while(|(ours, its)| ours == its).count();
    let up = directory.components().skip(shared).map(|_| Some(".."));
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_str());
    let parts: Option<Vec<&str>> = up.chain(down).collect();
    parts.filter(|parts| shared > 0 && !parts.is_empty()).map(|parts| parts.join("/"))
}
