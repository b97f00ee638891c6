//! The cases in `fixtures/`: one folder each.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use specwright::files::load;
use specwright::{Diagnostics, GeneratorError, Input, Layout, Output, Severity, Target};

/// A case: a folder with a `spec.yaml`.
pub(super) struct Case {
    pub(super) folder: PathBuf,
}

/// Returns the cases of a group, at any depth, sorted.
pub(super) fn cases(group: &str) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    let mut open = vec![fixtures().join(group)];
    while let Some(folder) = open.pop() {
        if folder.join("spec.yaml").exists() {
            cases.push(Case { folder });
        } else {
            open.extend(entries(&folder)?.into_iter().filter(|path| path.is_dir()));
        }
    }
    cases.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(cases)
}

/// Returns the cases below `group`, each with the diagnostic code that its parent folder names.
pub(super) fn cases_by_code(group: &str) -> Result<Vec<(String, Case)>, String> {
    let mut cases = Vec::new();
    for folder in entries(&fixtures().join(group))? {
        let code = file_name(&folder);
        for case in self::cases(&format!("{group}/{code}"))? {
            cases.push((code.clone(), case));
        }
    }
    Ok(cases)
}

/// Returns the entries of a folder, sorted.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("cannot read {}: {error}", folder.display());
    let mut entries = fs::read_dir(folder)
        .map_err(failed)?
        .map(|entry| Ok(entry.map_err(failed)?.path()))
        .collect::<Result<Vec<_>, String>>()?;
    entries.sort();
    Ok(entries)
}

/// Returns all files below a folder, which may be absent, sorted.
pub(super) fn files_below(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(entries(&path)?);
        } else if path.exists() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the ids of the diagnostics of one severity, in their order.
pub(super) fn ids(diagnostics: &Diagnostics, severity: Severity) -> Vec<&'static str> {
    let entries = diagnostics.entries().iter();
    entries.filter(|entry| entry.severity == severity).map(|entry| entry.code.id).collect()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl Case {
    /// Returns the case of this path below `fixtures/`.
    pub(super) fn at(path: &str) -> Self {
        Self { folder: fixtures().join(path) }
    }

    /// The path below `fixtures/`, with `/`.
    pub(super) fn name(&self) -> String {
        let path = self.folder.strip_prefix(fixtures()).unwrap_or(&self.folder);
        path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    }

    /// Returns the input with its overlays and the files that it refers to. The layout is the one
    /// that the compiled fixtures have.
    pub(super) fn input(&self) -> Result<Input, Diagnostics> {
        let mut input = match self.load() {
            Ok(loaded) => loaded.input,
            Err(GeneratorError::Rejected(found)) => return Err(*found),
            // A file that cannot be read gives an empty document, which is rejected.
            Err(GeneratorError::File(_)) => Input::default(),
        };
        input.config.layout =
            Layout { module: format!("crate::{}", self.module()), ..Layout::default() };
        Ok(input)
    }

    /// Generates the client.
    pub(super) fn client(&self) -> Result<Output, Diagnostics> {
        specwright::generate(&self.input()?)
    }

    /// Generates what the case is about: the server if the folder is called `server`.
    pub(super) fn output(&self) -> Result<Output, Diagnostics> {
        if file_name(&self.folder) == "server" { self.server() } else { self.client() }
    }

    /// Generates the server, with the models of the client.
    pub(super) fn server(&self) -> Result<Output, Diagnostics> {
        let mut input = self.input()?;
        let module = self.module();
        input.config.layout = Layout {
            module: format!("crate::servers::{module}"),
            target: Target::Server { models: format!("crate::{module}::models") },
            ..Layout::default()
        };
        specwright::generate(&input)
    }

    /// Checks that the case has no file that is neither input nor expectation.
    pub(super) fn assert_no_unused_files(&self) {
        let mut known = vec![
            self.folder.join("spec.yaml"),
            self.folder.join("config.toml"),
            self.folder.join("diagnostics.snap"),
        ];
        if let Ok(loaded) = self.load() {
            known.extend(loaded.paths.iter().filter_map(|path| path.canonicalize().ok()));
        }
        let expected = self.folder.join("expected");
        for path in files_below(&self.folder).unwrap() {
            // Written by insta for a snapshot that differs.
            if path.extension().is_some_and(|extension| extension == "new") {
                continue;
            }
            // `generate` compares everything in `expected/` with the output.
            let is_known = known.contains(&path)
                || path.canonicalize().is_ok_and(|path| known.contains(&path))
                || path.starts_with(&expected) && self.name().starts_with("generate/");
            assert!(is_known, "nothing uses {}", path.display());
        }
    }

    fn load(&self) -> Result<specwright::files::Loaded, GeneratorError> {
        let config = self.folder.join("config.toml");
        let config = config.exists().then_some(config.as_path());
        load(&self.folder, &self.folder.join("spec.yaml"), config, &[])
    }

    fn module(&self) -> String {
        file_name(&self.folder).replace('-', "_")
    }
}

/// Compares with snapshots, and reports all differences instead of only the first.
#[derive(Default)]
pub(super) struct Comparison {
    failures: Vec<String>,
}

impl Comparison {
    /// Compares `actual` with the snapshot `name.snap` in `folder`.
    pub(super) fn compare(&mut self, folder: &Path, name: &str, actual: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let compare = || settings.bind(|| insta::assert_snapshot!(name, actual));
        if catch_unwind(AssertUnwindSafe(compare)).is_err() {
            self.fail(folder.join(name).display().to_string());
        }
    }

    /// Compares diagnostics with `diagnostics.snap`, which must not exist if there are none.
    pub(super) fn compare_diagnostics(&mut self, case: &Case, found: &Diagnostics) {
        if !found.is_empty() {
            self.compare(&case.folder, "diagnostics", &found.render(false));
        } else if case.folder.join("diagnostics.snap").exists() {
            self.fail(format!("{} has a stale diagnostics.snap", case.name()));
        }
    }

    /// Records another failure.
    pub(super) fn fail(&mut self, failure: String) {
        self.failures.push(failure);
    }

    /// Fails if anything differed.
    #[track_caller]
    pub(super) fn finish(self) {
        assert!(self.failures.is_empty(), "review the snapshots, or fix: {:#?}", self.failures);
    }
}
