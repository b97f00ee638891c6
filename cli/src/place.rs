//! Where a crate goes: the directory and its name, and the runtime as it is seen from there.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The package that `--runtime` leads to.
const RUNTIME: &str = "specwright-runtime";

/// A path from the root on, without `.` and `..`, and with links followed as far as it exists.
///
/// # Errors
/// Fails with the text to show where the path is empty, or nobody knows where we are.
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

/// The name of a directory, wherever its path begins or ends.
///
/// # Errors
/// Fails with the text to show where there is a file in its place.
pub fn name_of_directory(out: &Path) -> Result<String, String> {
    if out.is_file() {
        return Err(format!(
            "error: {} is a file\nhelp: --out names the directory that files are generated into",
            out.display()
        ));
    }
    let name = resolved(out)?.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(name.unwrap_or_default())
}

/// The runtime as the manifest of a crate names it: from there if it was named from here, and
/// whole if it was named so.
///
/// # Errors
/// Fails with the text to show where it is not the runtime.
pub fn runtime_from(out: &Path, runtime: &Path) -> Result<String, String> {
    let help = format!("help: --runtime names the directory of the package {RUNTIME}");
    let manifest = runtime.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)
        .map_err(|error| format!("error: cannot read {}: {error}\n{help}", manifest.display()))?;
    let table = text.parse::<toml::Table>().unwrap_or_default();
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

/// A path as it is seen from a directory; there is none from one drive to another.
fn relative(directory: &Path, path: &Path) -> Option<String> {
    let pairs = directory.components().zip(path.components());
    let shared = pairs.take_while(|(ours, its)| ours == its).count();
    let up = directory.components().skip(shared).map(|_| Some(".."));
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_str());
    let parts: Option<Vec<&str>> = up.chain(down).collect();
    parts.filter(|parts| shared > 0 && !parts.is_empty()).map(|parts| parts.join("/"))
}
