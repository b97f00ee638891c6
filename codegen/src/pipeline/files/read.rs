//! Reading of a document with everything that belongs to it: its configuration, its overlays, and
//! the files that it refers to, directly or indirectly.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::error::{GeneratorError, file_error};
use crate::config::Config;
use crate::spec::{Input, references};
use crate::text::{Source, normal};

/// An input that was read from files.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The input.
    pub input: Input,
    /// All files that were read.
    pub paths: Vec<PathBuf>,
}

/// Reads a document. Diagnostics print paths relative to `base`, for files below it. An empty `base`
/// is the current directory. Overlays of the configuration are applied before `overlays`.
///
/// A referenced file that does not exist is not an error here. If a generated operation needs it, a
/// diagnostic reports the reference.
///
/// # Errors
/// Returns an error if a file cannot be read, or if the configuration is invalid.
pub fn load(
    base: &Path,
    spec: &Path,
    config: Option<&Path>,
    overlays: &[PathBuf],
) -> Result<Loaded, GeneratorError> {
    load_with(&|path| fs::read_to_string(path), base, spec, config, overlays)
}

/// Reads a document as [`load`] does, with a function that returns the content of a file. The file of
/// a reference is a path relative to that of the document that refers to it.
///
/// # Errors
/// Returns an error if a file cannot be read, or if the configuration is invalid.
pub fn load_with(
    read: &dyn Fn(&Path) -> io::Result<String>,
    base: &Path,
    spec: &Path,
    config: Option<&Path>,
    overlays: &[PathBuf],
) -> Result<Loaded, GeneratorError> {
    let mut reader = Reader { read, base, paths: Vec::new() };
    let config = match config {
        Some(path) => Config::parse(reader.read(path)?)?,
        None => Config { source: Source::new("the configuration", ""), ..Config::default() },
    };
    let folder = reader.paths.first().and_then(|path| path.parent()).unwrap_or(Path::new(""));
    let configured: Vec<PathBuf> =
        config.overlays.iter().map(|path| folder.join(path.get_ref())).collect();
    let mut input = Input::new(reader.read(spec)?, config);
    for path in configured.iter().chain(overlays) {
        input.overlays.push(reader.read(path)?);
    }
    // The name of a document outside of `base` is its whole path.
    let root = if spec.starts_with(base) { base } else { Path::new("") };
    reader.read_references(root, &mut input)?;
    Ok(Loaded { input, paths: reader.paths })
}

struct Reader<'a> {
    read: &'a dyn Fn(&Path) -> io::Result<String>,
    base: &'a Path,
    paths: Vec<PathBuf>,
}

impl Reader<'_> {
    fn read(&mut self, path: &Path) -> Result<Source, GeneratorError> {
        check_is_file(path.strip_prefix(self.base).unwrap_or(path))?;
        let content = (self.read)(path).map_err(|error| file_error("read", path, &error))?;
        self.paths.push(path.to_owned());
        let name = path.strip_prefix(self.base).unwrap_or(path);
        Ok(Source::new(name.display().to_string(), content))
    }

    /// Reads all files that are referred to, directly or indirectly. Names are relative to `root`.
    fn read_references(&mut self, root: &Path, input: &mut Input) -> Result<(), GeneratorError> {
        let mut known: BTreeSet<String> = BTreeSet::from([normal(&input.spec.name)]);
        let mut open = references(&input.spec);
        for overlay in &input.overlays {
            // References in an overlay are relative to the document that it is applied to.
            open.extend(references(&Source::new(&input.spec.name, &overlay.content)));
        }
        while let Some(name) = open.pop() {
            if !known.insert(name.clone()) {
                continue;
            }
            let path = root.join(&name);
            match (self.read)(&path) {
                Ok(content) => {
                    let source = Source::new(name, content);
                    open.extend(references(&source));
                    input.files.push(source);
                    self.paths.push(path);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(file_error("read", &path, &error).into()),
            }
        }
        // The output does not depend on the order in which files are found.
        input.files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }
}

/// Rejects URLs and `-`, which other programs accept as input.
fn check_is_file(path: &Path) -> Result<(), GeneratorError> {
    let name = path.to_string_lossy();
    let problem = match name.split_once(":/") {
        Some(("http" | "https", _)) => format!("{name} is a URL; URLs are not fetched"),
        _ if name == "-" => "standard input is not supported".to_owned(),
        _ => return Ok(()),
    };
    let help = "help: save the document to a file first";
    Err(GeneratorError::File(format!("error: {problem}\n{help}")))
}
