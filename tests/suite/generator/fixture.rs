//! The fixtures on disk: descriptions, each with a configuration if a `.toml` of its name is
//! beside it.

use std::fs;
use std::path::{Path, PathBuf};

use specwright::files::load;
use specwright::{Diagnostics, Failure, Input, Layout, Output, Target};

/// A folder of fixtures.
pub(super) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// What is in a folder, sorted.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("cannot read {}: {error}", folder.display());
    let mut entries = fs::read_dir(folder)
        .map_err(failed)?
        .map(|entry| Ok(entry.map_err(failed)?.path()))
        .collect::<Result<Vec<_>, String>>()?;
    entries.sort();
    Ok(entries)
}

/// The descriptions in a folder, sorted.
pub(super) fn descriptions(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let is_description = |path: &PathBuf| path.extension().is_some_and(|end| end == "yaml");
    Ok(entries(folder)?.into_iter().filter(is_description).collect())
}

/// The name of a fixture.
pub(super) fn name(path: &Path) -> String {
    path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The input of a fixture, with its overlays and the files that it refers to. The generated code
/// is laid out as the one that is compiled.
pub(super) fn input(path: &Path) -> Result<Input, Diagnostics> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let config = path.with_extension("toml");
    let loaded = load(folder, path, config.exists().then_some(config.as_path()), &[]);
    let mut input = match loaded {
        Ok(loaded) => loaded.input,
        Err(Failure::Refused(found)) => return Err(*found),
        // A description that cannot be read is an empty one, which is refused.
        Err(Failure::File(_)) => Input::default(),
    };
    input.config.layout =
        Layout { module: format!("crate::{}", name(path).replace('-', "_")), ..Layout::default() };
    Ok(input)
}

/// Generates from a fixture.
pub(super) fn generate(path: &Path) -> Result<Output, Diagnostics> {
    specwright::generate(&input(path)?)
}

/// Generates the server of a fixture, with the models of its client.
pub(super) fn generate_server(path: &Path) -> Result<Output, Diagnostics> {
    let mut input = input(path)?;
    let name = name(path).replace('-', "_");
    input.config.layout = Layout {
        module: format!("crate::servers::{name}"),
        target: Target::Server { models: format!("crate::{name}::models") },
        ..Layout::default()
    };
    specwright::generate(&input)
}

/// Compares a text with the one that was approved under this name.
pub(super) fn assert_approved(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
