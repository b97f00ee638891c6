//! Reading of a document with everything that belongs to it: its configuration, its overlays, and
//! the files that it refers to, directly or indirectly.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

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

/// Reads a document. Files that it refers to are read only from its own folder and from the folders
/// that the configuration allows; symbolic links are followed first. Diagnostics print paths relative
/// to `base`, for files below it. An empty `base` is the current directory. Overlays of the
/// configuration are applied before `overlays`.
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
    load_allowing(base, spec, config, overlays, &[])
}

/// Reads a document as [`load`] does, also with files from more folders.
///
/// # Errors
/// Returns an error if a file cannot be read, if the configuration is invalid, or if a folder does
/// not exist.
pub fn load_allowing(
    base: &Path,
    spec: &Path,
    config: Option<&Path>,
    overlays: &[PathBuf],
    folders: &[PathBuf],
) -> Result<Loaded, GeneratorError> {
    load_from(None, base, spec, config, overlays, folders)
}

/// Reads a document as [`load_allowing`] does, with a function that returns the content of a file. The
/// file of a reference is a path relative to that of the document that refers to it. Folders that do
/// not exist are known to the function alone.
///
/// # Errors
/// Returns an error if a file cannot be read, or if the configuration is invalid.
pub fn load_with(
    read: &dyn Fn(&Path) -> io::Result<String>,
    base: &Path,
    spec: &Path,
    config: Option<&Path>,
    overlays: &[PathBuf],
    folders: &[PathBuf],
) -> Result<Loaded, GeneratorError> {
    load_from(Some(read), base, spec, config, overlays, folders)
}

/// Returns the content of a file.
type ReadFile<'a> = &'a dyn Fn(&Path) -> io::Result<String>;

fn load_from(
    read: Option<ReadFile<'_>>,
    base: &Path,
    spec: &Path,
    config: Option<&Path>,
    overlays: &[PathBuf],
    folders: &[PathBuf],
) -> Result<Loaded, GeneratorError> {
    let mut reader = Reader { read, base, paths: Vec::new(), allowed: Vec::new() };
    let config = match config {
        Some(path) => Config::parse(reader.read(path)?)?,
        None => Config { source: Source::new("the configuration", ""), ..Config::default() },
    };
    let folder = reader.paths.first().and_then(|path| path.parent()).unwrap_or(Path::new(""));
    let allowed = config.allow_files.iter().map(|path| folder.join(path));
    let allowed: Vec<PathBuf> = allowed.chain(folders.iter().cloned()).collect();
    let configured: Vec<PathBuf> =
        config.overlays.iter().map(|path| folder.join(path.get_ref())).collect();
    let mut input = Input::new(reader.read(spec)?, config);
    for path in configured.iter().chain(overlays) {
        input.overlays.push(reader.read(path)?);
    }
    // The name of a document outside of `base` is its whole path.
    let root = if spec.starts_with(base) { base } else { Path::new("") };
    reader.allow(spec.parent().unwrap_or(Path::new("")))?;
    allowed.iter().try_for_each(|folder| reader.allow(folder))?;
    reader.read_references(root, &mut input)?;
    Ok(Loaded { input, paths: reader.paths })
}

struct Reader<'a> {
    /// Returns the content of a file, if it is not that of the file system.
    read: Option<ReadFile<'a>>,
    base: &'a Path,
    paths: Vec<PathBuf>,
    /// Folders from which referenced files may be read, without symbolic links.
    allowed: Vec<PathBuf>,
}

impl Reader<'_> {
    fn read(&mut self, path: &Path) -> Result<Source, GeneratorError> {
        check_is_file(path.strip_prefix(self.base).unwrap_or(path))?;
        let content = self.content(path).map_err(|error| file_error("read", path, &error))?;
        self.paths.push(path.to_owned());
        let name = path.strip_prefix(self.base).unwrap_or(path);
        Ok(Source::new(name.display().to_string(), content))
    }

    fn content(&self, path: &Path) -> io::Result<String> {
        match self.read {
            Some(read) => read(path),
            None => fs::read_to_string(path),
        }
    }

    /// Allows files of a folder, and of those in it.
    fn allow(&mut self, folder: &Path) -> Result<(), GeneratorError> {
        let current = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        match current.canonicalize() {
            Ok(folder) => self.allowed.push(folder),
            Err(_) if self.read.is_some() => self.allowed.push(current.to_owned()),
            Err(error) => return Err(file_error("read", current, &error).into()),
        }
        Ok(())
    }

    /// Reads a file that the document refers to.
    fn referenced(&self, path: &Path) -> Result<Referenced, GeneratorError> {
        let failed = |error: io::Error| match error.kind() {
            // A name with a null byte is not valid.
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidInput => {
                Ok(Referenced::Missing)
            }
            _ => Err(file_error("read", path, &error).into()),
        };
        // The line of a file name with a line break would be an instruction for Cargo.
        if path.to_string_lossy().contains(char::is_control) {
            return Ok(Referenced::Missing);
        }
        let actual = match (path.canonicalize(), self.read) {
            (Ok(actual), _) => actual,
            // A file that only the function knows is not a symbolic link.
            (Err(_), Some(_)) if !path.components().any(|part| part == Component::ParentDir) => {
                path.to_owned()
            }
            (Err(error), _) => return failed(error),
        };
        if !self.allowed.iter().any(|folder| actual.starts_with(folder)) {
            return Ok(Referenced::Forbidden);
        }
        // Reading a device or a pipe may never end.
        if actual.exists() && !actual.is_file() {
            return Ok(Referenced::Missing);
        }
        match self.content(&actual) {
            Ok(content) => Ok(Referenced::Content(content)),
            Err(error) => failed(error),
        }
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
            match self.referenced(&path)? {
                Referenced::Content(content) => {
                    let source = Source::new(name, content);
                    open.extend(references(&source));
                    input.files.push(source);
                    self.paths.push(path);
                }
                Referenced::Forbidden => input.forbidden.push(name),
                Referenced::Missing => {}
            }
        }
        // The output does not depend on the order in which files are found.
        input.files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }
}

/// What became of a file that the document refers to.
enum Referenced {
    Content(String),
    /// It exists in a folder from which files may not be read.
    Forbidden,
    Missing,
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
