//! Reads a description with all that belongs to it: its configuration, its overlays, and the
//! files that it refers to, and that those refer to, and no others.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::config::Config;
use crate::spec::{Input, references};
use crate::text::Source;

/// An input, and where it was read from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What was read.
    pub input: Input,
    /// Every file that was read.
    pub paths: Vec<PathBuf>,
}

/// Reads a description. Names in diagnostics are paths seen from `base`, where the files lie
/// below it; an empty `base` is the current directory. The overlays of the configuration come
/// before those that are given here.
///
/// # Errors
/// Fails where a file cannot be read, or the configuration is not one. A file that the
/// description refers to, and that does not exist, is no failure here: perhaps nothing that is
/// generated needs it, and else a diagnostic says where it is referred to.
pub fn load(
    base: &Path,
    spec: &Path,
    config: Option<&Path>,
    overlays: &[PathBuf],
) -> Result<Loaded, Failure> {
    let mut reader = Reader { base, paths: Vec::new() };
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
    // What lies elsewhere has its whole path as its name.
    let root = if spec.starts_with(base) { base } else { Path::new("") };
    reader.follow(root, &mut input)?;
    Ok(Loaded { input, paths: reader.paths })
}

struct Reader<'a> {
    base: &'a Path,
    paths: Vec<PathBuf>,
}

impl Reader<'_> {
    fn read(&mut self, path: &Path) -> Result<Source, Failure> {
        check_is_file(path.strip_prefix(self.base).unwrap_or(path))?;
        let text = fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))?;
        self.paths.push(path.to_owned());
        let name = path.strip_prefix(self.base).unwrap_or(path);
        Ok(Source::new(name.display().to_string(), text))
    }

    /// Reads what is referred to, until all is there. Names are seen from `root`.
    fn follow(&mut self, root: &Path, input: &mut Input) -> Result<(), Failure> {
        let mut known: BTreeSet<String> = BTreeSet::from([spelled(&input.spec.name)]);
        let mut open = references(&input.spec);
        for overlay in &input.overlays {
            // What an overlay puts into the description is seen from there.
            open.extend(references(&Source::new(&input.spec.name, &overlay.content)));
        }
        while let Some(name) = open.pop() {
            if !known.insert(name.clone()) {
                continue;
            }
            let path = root.join(&name);
            match fs::read_to_string(&path) {
                Ok(text) => {
                    let source = Source::new(name, text);
                    open.extend(references(&source));
                    input.files.push(source);
                    self.paths.push(path);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(Failure::file("read", &path, &error)),
            }
        }
        // The order in which they were found is nothing that the output should depend on.
        input.files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }
}

/// Refuses what is taken for something else than a file by other programs.
fn check_is_file(path: &Path) -> Result<(), Failure> {
    let name = path.to_string_lossy();
    let refused = |what: &str| {
        let help = "help: save it first, and give the file";
        Err(Failure::File(format!("error: {what}\n{help}")))
    };
    match name.split_once(":/") {
        Some(("http" | "https", _)) => refused(&format!("{name} is an address: none is read")),
        _ if name == "-" => refused("nothing is read from standard input"),
        _ => Ok(()),
    }
}

/// A name as [`references`] spells it.
fn spelled(name: &str) -> String {
    crate::text::normal(name)
}
