//! Generating in a build script.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::error::GeneratorError;
use super::include::{check_name, included, name_of};
use super::read::load_allowing;
use super::replace::{Replacement, replace};
use super::write::{apply, compare};
use crate::config::{Config, Layout, Target};
use crate::diagnostics::Diagnostics;
use crate::ir::Counts;
use crate::pipeline::generate::generate;

/// Generates code in a build script.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), specwright::GeneratorError> {
///     specwright::Generator::new("petstore.yaml").generate()?;
///     Ok(())
/// }
/// ```
///
/// The crate includes the generated code in a module of any name, at any depth. It depends on
/// `specwright-runtime`. With the feature `pattern` of the runtime, `validate()` checks the `pattern`
/// of strings.
///
/// ```ignore
/// mod api {
///     include!(concat!(env!("OUT_DIR"), "/petstore.rs"));
/// }
/// ```
///
/// The file is named after the document, with the suffix `_server` for a server.
/// [`file_name`](Self::file_name) changes the name.
///
/// Paths are relative to the directory of the crate. Cargo runs the build script again when one of
/// the input files changes, and prints warnings of the document as warnings of the crate.
#[derive(Clone, Debug)]
#[must_use = "nothing is generated before `generate` is called"]
pub struct Generator {
    spec: PathBuf,
    config: Option<PathBuf>,
    overlays: Vec<PathBuf>,
    allow_files: Vec<PathBuf>,
    file_name: Option<String>,
    out_dir: Option<PathBuf>,
    target: Target,
    selections: Vec<(Select, String)>,
    skip_unsupported: bool,
    deny_warnings: bool,
}

/// The files that this process has written to `OUT_DIR`.
static WRITTEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Adds a value to the selection of a configuration.
type Select = fn(&mut Config, &str);

/// Result of [`Generator::generate`].
#[derive(Debug)]
pub struct Generated {
    /// Numbers of generated items.
    pub counts: Counts,
    /// Problems that did not prevent generation.
    pub warnings: Diagnostics,
    /// Directory with the generated files.
    pub directory: PathBuf,
    /// All files that were read.
    pub read: Vec<PathBuf>,
}

impl Generator {
    /// Creates a generator for an OpenAPI document in YAML or JSON.
    pub fn new(spec: impl Into<PathBuf>) -> Self {
        Self {
            spec: spec.into(),
            config: None,
            overlays: Vec::new(),
            allow_files: Vec::new(),
            file_name: None,
            out_dir: None,
            target: Target::Client,
            selections: Vec::new(),
            skip_unsupported: false,
            deny_warnings: false,
        }
    }

    /// Sets the configuration file, in TOML.
    pub fn config(mut self, path: impl Into<PathBuf>) -> Self {
        self.config = Some(path.into());
        self
    }

    /// Adds an overlay. It is applied after those of the configuration and those added before.
    pub fn overlay(mut self, path: impl Into<PathBuf>) -> Self {
        self.overlays.push(path.into());
        self
    }

    /// Sets the name of the file in `OUT_DIR`, without its extension. Defaults to the name of the
    /// document, with the suffix `_server` for a server.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Allows references to files of this folder. Without it, the document can only refer to files of
    /// its own folder, and to those of folders that the configuration allows.
    pub fn allow_files(mut self, folder: impl Into<PathBuf>) -> Self {
        self.allow_files.push(folder.into());
        self
    }

    /// Selects operations with this tag. If any tags, operations or paths are selected, only matching
    /// operations are generated.
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.select(tag, |config, tag| config.select_tag(tag))
    }

    /// Selects the operation with this id, or given as `METHOD /path`.
    pub fn operation(self, id: impl Into<String>) -> Self {
        self.select(id, |config, id| config.select_operation(id))
    }

    /// Selects operations at or below this path. With wildcards (`*` for any string within one
    /// segment, `**` for any number of segments), the whole path must match.
    pub fn path(self, path: impl Into<String>) -> Self {
        self.select(path, |config, path| config.select_path(path))
    }

    /// Restricts the selection to operations with this method, or another method that is added.
    pub fn method(self, method: impl Into<String>) -> Self {
        self.select(method, |config, method| config.select_method(method))
    }

    /// Excludes operations with this tag.
    pub fn except_tag(self, tag: impl Into<String>) -> Self {
        self.select(tag, |config, tag| config.except_tag(tag))
    }

    /// Excludes the operation with this id, or given as `METHOD /path`.
    pub fn except_operation(self, id: impl Into<String>) -> Self {
        self.select(id, |config, id| config.except_operation(id))
    }

    /// Excludes operations at or below this path, which can have wildcards as in
    /// [`path`](Self::path).
    pub fn except_path(self, path: impl Into<String>) -> Self {
        self.select(path, |config, path| config.except_path(path))
    }

    /// Leaves out operations that cannot be generated, with a warning.
    pub fn skip_unsupported(mut self) -> Self {
        self.skip_unsupported = true;
        self
    }

    /// Turns warnings into errors.
    pub fn deny_warnings(mut self) -> Self {
        self.deny_warnings = true;
        self
    }

    /// Generates a server instead of a client. It uses the models of a client, such as
    /// `crate::api::models`. The path can be relative to the module that includes the server, such as
    /// `super::api::models`.
    pub fn server(mut self, models: impl Into<String>) -> Self {
        self.target = Target::Server { models: models.into() };
        self
    }

    /// Writes the module to this directory instead of `OUT_DIR`. Declare it with `mod` there instead
    /// of including it. The directory can only contain generated files.
    pub fn out_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(path.into());
        self
    }

    fn select(mut self, value: impl Into<String>, select: Select) -> Self {
        self.selections.push((select, value.into()));
        self
    }

    /// Reads the input, generates, and writes the files that differ.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read or written, or all diagnostics if one of them is an
    /// error.
    pub fn generate(self) -> Result<Generated, GeneratorError> {
        let is_server = self.target != Target::Client;
        let name = self.file_name.unwrap_or_else(|| name_of(&self.spec, is_server));
        check_name(&name)?;
        let base = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
        let out = env::var_os("OUT_DIR").map(PathBuf::from);
        // `OUT_DIR` is set only in build scripts.
        let is_build_script = out.is_some();
        let overlays: Vec<PathBuf> = self.overlays.iter().map(|path| base.join(path)).collect();
        let config = self.config.as_ref().map(|path| base.join(path));
        let folders: Vec<PathBuf> = self.allow_files.iter().map(|path| base.join(path)).collect();
        let spec = base.join(&self.spec);
        let loaded = load_allowing(&base, &spec, config.as_deref(), &overlays, &folders);
        if is_build_script {
            // Files that cannot be read are included, because they can change too.
            let own = [&self.spec].into_iter().chain(&self.config).chain(&self.overlays);
            let read = loaded.iter().flat_map(|loaded| loaded.paths.clone());
            let known: BTreeSet<PathBuf> = own.map(|path| base.join(path)).chain(read).collect();
            known.iter().for_each(|path| println!("cargo::rerun-if-changed={}", path.display()));
        }
        let loaded = loaded?;
        let mut input = loaded.input;
        for (select, value) in &self.selections {
            select(&mut input.config, value);
        }
        input.config.skip_unsupported |= self.skip_unsupported;
        input.config.deny_warnings |= self.deny_warnings;
        input.config.layout =
            Layout { module: "self".to_owned(), target: self.target, ..Layout::default() };
        input.config.layout.check().map_err(|message| format!("error: {message}"))?;
        let output = generate(&input)?;
        let (directory, include) = match (&self.out_dir, out) {
            (Some(directory), _) => (base.join(directory), None),
            (None, Some(out)) => (out.join(&name), Some(out.join(format!("{name}.rs")))),
            (None, None) => {
                let message = "error: no output directory\nhelp: call `out_dir`, or run this in a build script";
                return Err(GeneratorError::File(message.to_owned()));
            }
        };
        apply(&directory, &compare(&directory, &output.files)?)?;
        if let Some(path) = include {
            let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
            if !written.insert(path.clone()) {
                return Err(GeneratorError::File(format!(
                    "error: {name}.rs was already generated from another document\nhelp: name one \
                     of the files with `file_name`"
                )));
            }
            write_included(&path, &included(&output.files, &name)?)?;
        }
        if is_build_script {
            output.warnings.lines().for_each(|line| println!("cargo::warning={line}"));
        }
        Ok(Generated {
            counts: output.counts,
            warnings: output.warnings,
            directory,
            read: loaded.paths,
        })
    }
}

/// Writes a file that is included, unless it is current.
fn write_included(path: &Path, content: &str) -> Result<(), GeneratorError> {
    let current = fs::read_to_string(path).ok();
    if current.as_deref() == Some(content) {
        return Ok(());
    }
    let file = Replacement { path: path.to_owned(), old: current.as_deref(), new: content };
    Ok(replace(&[file])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = "openapi: 3.0.3
info: { title: Music, version: '1' }
paths:
  /albums:
    get: { tags: [albums], operationId: all, responses: { '204': { description: All. } } }
    put: { tags: [albums], operationId: change, responses: { '204': { description: Done. } } }
  /files/one:
    get: { tags: [files], operationId: file, responses: { '204': { description: One. } } }
";

    /// Returns the generated operations, or the rendered error.
    fn generated(name: &str, with: impl Fn(Generator) -> Generator) -> Result<Vec<String>, String> {
        let folder = env::temp_dir().join(format!("specwright-{}-{name}", std::process::id()));
        let write = || {
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("api.yaml"), SPEC)
        };
        write().map_err(|error| error.to_string())?;
        let generator = Generator::new(folder.join("api.yaml")).out_dir(folder.join("out"));
        let result = with(generator).generate();
        let operations = fs::read_dir(folder.join("out/operations")).into_iter().flatten();
        let files = operations.flatten().map(|entry| entry.file_name());
        let mut files: Vec<String> =
            files.map(|name| name.to_string_lossy().replace(".rs", "")).collect();
        files.retain(|name| name != "mod");
        files.sort();
        let _ = fs::remove_dir_all(&folder);
        result.map(|_| files).map_err(|error| error.to_string())
    }

    #[test]
    fn operations_are_excluded_by_tag_id_and_path() {
        let all = generated("all", |generator| generator);
        assert_eq!(all, Ok(["all", "change", "file"].map(str::to_owned).to_vec()));
        let tag = generated("tag", |generator| generator.except_tag("albums"));
        assert_eq!(tag, Ok(vec!["file".to_owned()]));
        let id = generated("id", |generator| generator.except_operation("PUT /albums"));
        assert_eq!(id, Ok(["all", "file"].map(str::to_owned).to_vec()));
        let path = generated("path", |generator| generator.path("/**").except_path("/files"));
        assert_eq!(path, Ok(["all", "change"].map(str::to_owned).to_vec()));
        let wrong = generated("wrong", |generator| generator.except_tag("album"));
        assert!(wrong.is_err_and(|error| error.contains("did you mean `albums`?")));
    }

    #[test]
    fn invalid_paths_are_rejected() {
        let rejected = generated("module", |generator| generator.server("crate::a b"));
        assert!(
            rejected
                .is_err_and(|error| error.starts_with("error: invalid module path `crate::a b`"))
        );
        let rejected = generated("file", |generator| generator.file_name("../a"));
        assert!(rejected.is_err_and(|error| error.contains("invalid file name `../a`")));
    }
}
