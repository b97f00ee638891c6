//! All files of a target: emitted, formatted, and with a header.

use super::file_set::{FileSet, header};
use super::format::format;
use super::manifest::manifest;
use super::parallel::{self, LARGE_STACK, SMALL_STACK};
use super::paths::Paths;
use crate::config::{Config, Layout};
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::emit;
use crate::ir::Api;

/// The number of types that cannot be nested too deeply for a small stack.
const FEW_TYPES: usize = 200;

/// The second line of the root.
const VERSION: &str = concat!("// The generator is specwright ", env!("CARGO_PKG_VERSION"), ".\n");

/// The number of lists in each other for which a small stack is large enough.
const FEW_LEVELS: usize = 6;

/// Emits and formats every file. Files are independent of each other, so all cores work on them.
pub(crate) fn write(api: &Api, config: &Config, diagnostics: &mut Diagnostics) -> FileSet {
    let files = emit::files(api, &config.layout.target);
    let is_deep = api.types.len() > FEW_TYPES || api.nesting > FEW_LEVELS;
    let stack = if is_deep { LARGE_STACK } else { SMALL_STACK };
    let written = parallel::map(&files, stack, |file| {
        (file.path(), file.syntax(api, config).map(|file| format(&file)))
    });
    let mut set = FileSet::default();
    let mut paths = Paths::default();
    for (path, code) in written {
        let is_root = path == "mod.rs";
        let path = file_path(&config.layout, &path);
        if let Err(problem) = paths.add(&path) {
            let message = messages::invalid_file_name(path, problem);
            diagnostics.report(Location::pointer(""), message);
            continue;
        }
        match code {
            Ok(code) => {
                // In one file, so that a new version changes only one.
                let version = if is_root { VERSION } else { "" };
                set.insert(path, header("//", config) + version + "\n" + &code);
            }
            Err(error) => {
                let message = messages::invalid_rust(path, error);
                diagnostics.report(Location::pointer(""), message);
            }
        }
    }
    if let Some(package) = &config.layout.package {
        let manifest = header("#", config) + "\n" + &manifest(package, api);
        set.insert("Cargo.toml".to_owned(), manifest);
    }
    set
}

/// Returns the path of a file of the generated module. In a crate of its own, the module is the
/// crate.
fn file_path(layout: &Layout, path: &str) -> String {
    match (&layout.package, path) {
        (None, path) => path.to_owned(),
        (Some(_), "mod.rs") => "src/lib.rs".to_owned(),
        (Some(_), path) => format!("src/{path}"),
    }
}
