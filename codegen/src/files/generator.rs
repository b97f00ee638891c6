//! Generating in a build script: one call, and cargo knows when to do it again.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Failure, apply, compare, load};
use crate::config::{Config, Layout, Target};
use crate::diagnostics::Diagnostics;
use crate::ir::Counts;
use crate::pipeline::generate;

/// Generates in a build script.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), specwright::Failure> {
///     specwright::Generator::new("openapi.yaml").module("crate::api").generate()?;
///     Ok(())
/// }
/// ```
///
/// The crate then includes what was written, and depends on `specwright-runtime`. With its feature
/// `pattern`, `validate()` checks the `pattern` of texts; without, it leaves that check out.
///
/// ```ignore
/// include!(concat!(env!("OUT_DIR"), "/api.rs"));
/// ```
///
/// Paths are seen from the directory of the crate. In a build script, cargo is told of every
/// file that was read, so that it runs the script again when one of them changes, and warnings
/// of the description are shown as those of the crate.
#[derive(Clone, Debug)]
#[must_use = "nothing is generated before `generate` is called"]
pub struct Generator {
    spec: PathBuf,
    config: Option<PathBuf>,
    overlays: Vec<PathBuf>,
    module: String,
    out_dir: Option<PathBuf>,
    target: Target,
    selections: Vec<(Select, String)>,
    skip_unsupported: bool,
    deny_warnings: bool,
}

/// What an option does to a configuration.
type Select = fn(&mut Config, &str);

/// What was generated.
#[derive(Debug)]
pub struct Generated {
    /// How much of the description it covers.
    pub counts: Counts,
    /// What a person should know although it stopped nothing.
    pub warnings: Diagnostics,
    /// The directory that it was written into.
    pub directory: PathBuf,
    /// Every file that was read.
    pub read: Vec<PathBuf>,
}

impl Generator {
    /// From a description: a file of YAML or JSON.
    pub fn new(spec: impl Into<PathBuf>) -> Self {
        Self {
            spec: spec.into(),
            config: None,
            overlays: Vec::new(),
            module: "crate::api".to_owned(),
            out_dir: None,
            target: Target::Client,
            selections: Vec::new(),
            skip_unsupported: false,
            deny_warnings: false,
        }
    }

    /// With a configuration: a file of TOML.
    pub fn config(mut self, path: impl Into<PathBuf>) -> Self {
        self.config = Some(path.into());
        self
    }

    /// With an overlay, after those of the configuration and those given before.
    pub fn overlay(mut self, path: impl Into<PathBuf>) -> Self {
        self.overlays.push(path.into());
        self
    }

    /// The module that the generated code is in; `crate::api`, if nothing else is said.
    pub fn module(mut self, path: impl Into<String>) -> Self {
        self.module = path.into();
        self
    }

    /// Operations with this tag. Where tags, operations or paths are given, what fits one of them
    /// is generated and nothing else.
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.select(tag, |config, tag| config.select_tag(tag))
    }

    /// The operation with this id, or that is `METHOD /path`, and what is selected otherwise.
    pub fn operation(self, id: impl Into<String>) -> Self {
        self.select(id, |config, id| config.select_operation(id))
    }

    /// The operations under this path, or whose path fits it where it has wildcards (`*` for one
    /// part, `**` for any number), and what is selected otherwise.
    pub fn path(self, path: impl Into<String>) -> Self {
        self.select(path, |config, path| config.select_path(path))
    }

    /// Of what is selected, nothing but operations with this method, or with others given so.
    pub fn method(self, method: impl Into<String>) -> Self {
        self.select(method, |config, method| config.select_method(method))
    }

    /// Of what is selected, no operations with this tag.
    pub fn except_tag(self, tag: impl Into<String>) -> Self {
        self.select(tag, |config, tag| config.except_tag(tag))
    }

    /// Of what is selected, not the operation with this id, or that is `METHOD /path`.
    pub fn except_operation(self, id: impl Into<String>) -> Self {
        self.select(id, |config, id| config.except_operation(id))
    }

    /// Of what is selected, nothing under this path, or that fits it, as for [`path`](Self::path).
    pub fn except_path(self, path: impl Into<String>) -> Self {
        self.select(path, |config, path| config.except_path(path))
    }

    /// Leaves out operations that cannot be generated, with a warning.
    pub fn skip_unsupported(mut self) -> Self {
        self.skip_unsupported = true;
        self
    }

    /// Fails where anything is warned of.
    pub fn deny_warnings(mut self) -> Self {
        self.deny_warnings = true;
        self
    }

    /// A server instead of a client, over the models of a client, such as `crate::api::models`.
    pub fn server(mut self, models: impl Into<String>) -> Self {
        self.target = Target::Server { models: models.into() };
        self
    }

    /// Writes the module into this directory: nothing is to be included then, but the module is
    /// declared where the directory is. Every file in it must be generated.
    pub fn out_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(path.into());
        self
    }

    fn select(mut self, value: impl Into<String>, select: Select) -> Self {
        self.selections.push((select, value.into()));
        self
    }

    /// Reads, generates, and writes what differs.
    ///
    /// # Errors
    /// Fails where a file cannot be read or written, and with every diagnostic of the
    /// description if one of them is an error.
    pub fn generate(self) -> Result<Generated, Failure> {
        let base = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
        let out = env::var_os("OUT_DIR").map(PathBuf::from);
        // Both are set in a build script and nowhere else.
        let is_build_script = out.is_some();
        let overlays: Vec<PathBuf> = self.overlays.iter().map(|path| base.join(path)).collect();
        let config = self.config.as_ref().map(|path| base.join(path));
        let loaded = load(&base, &base.join(&self.spec), config.as_deref(), &overlays);
        if is_build_script {
            // Of what cannot be read, cargo is told, too: it may change.
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
            Layout { module: self.module.clone(), target: self.target, ..Layout::default() };
        input.config.layout.check().map_err(|message| format!("error: {message}"))?;
        let output = generate(&input)?;
        let name = self.module.rsplit("::").next().unwrap_or_default().trim_start_matches("r#");
        let (directory, include) = match (&self.out_dir, out) {
            (Some(directory), _) => (base.join(directory), None),
            (None, Some(out)) => (out.join(name), Some(out.join(format!("{name}.rs")))),
            (None, None) => {
                let message = "error: there is no directory to generate into\nhelp: call `out_dir`, or do this in a build script";
                return Err(Failure::File(message.to_owned()));
            }
        };
        apply(&directory, &compare(&directory, &output.files)?)?;
        if let Some(path) = include {
            declare(&path, name, &directory.join("mod.rs"))?;
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

/// Writes the declaration of a module that is elsewhere, where that is not there already.
fn declare(path: &Path, name: &str, root: &Path) -> Result<(), Failure> {
    let text = format!(
        "/// Generated from its description.\n#[path = {:?}]\npub mod {name};\n",
        root.display().to_string()
    );
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| Failure::file("write", path, &error))
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

    /// What is generated, or why nothing is.
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
        result.map(|_| files).map_err(|failure| failure.to_string())
    }

    #[test]
    fn operations_are_excepted_by_tag_id_and_path() {
        let all = generated("all", |generator| generator);
        assert_eq!(all, Ok(["all", "change", "file"].map(str::to_owned).to_vec()));
        let tag = generated("tag", |generator| generator.except_tag("albums"));
        assert_eq!(tag, Ok(vec!["file".to_owned()]));
        let id = generated("id", |generator| generator.except_operation("PUT /albums"));
        assert_eq!(id, Ok(["all", "file"].map(str::to_owned).to_vec()));
        let path = generated("path", |generator| generator.path("/**").except_path("/files"));
        assert_eq!(path, Ok(["all", "change"].map(str::to_owned).to_vec()));
        let wrong = generated("wrong", |generator| generator.except_tag("album"));
        assert!(wrong.is_err_and(|text| text.contains("did you mean `albums`?")));
    }

    #[test]
    fn a_module_that_cannot_be_is_refused() {
        let refused = generated("module", |generator| generator.module("crate::a b"));
        assert!(
            refused.is_err_and(|text| text.starts_with("error: invalid module path `crate::a b`"))
        );
    }
}
