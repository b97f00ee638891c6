//! `specwright diff`: what changes between two documents.
//!
//! | module | responsibility |
//! |---|---|
//! | `revision` | files of a git revision |
//! | `report` | changes in groups |
//! | `terminal` | output for people |
//! | `markdown` | output for a pull request |
//! | `changelog` | output in sections of a changelog |
//! | `version` | the version that follows from the changes |
//! | `annotations` | output for GitHub and GitLab |

mod annotations;
mod changelog;
mod markdown;
mod report;
mod revision;
mod terminal;
mod version;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use specwright::files::load_with;
use specwright::{Difference, Ignored, Input, Layout, Package, Release, Source, Target};

use crate::choice::Choice;
use crate::output::print_error;
use crate::plan::{shown, shown_difference_error};

use revision::Files;
pub use version::next;

/// What to compare, and how to print it.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Old document: a file, or a file of a git revision such as `main:spec/openapi.yaml`.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// New document: a file, or a file of a git revision.
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Which parts of both to compare.
    #[command(flatten)]
    pub choice: Choice,
    /// Configuration of the old document, if it is another one; can be a file of a git revision.
    #[arg(long, value_name = "FILE")]
    pub old_config: Option<String>,
    /// Compare generated modules instead of crates; the value is the path of the module.
    #[arg(long, value_name = "crate::PATH")]
    pub module: Option<String>,
    /// Compare generated servers; the value is the path of the module with the client's models.
    #[arg(long, value_name = "crate::PATH", requires = "module")]
    pub server: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Print changes of the generated code without effect on its API, such as documentation.
    #[arg(long)]
    pub all: bool,
    /// Fail if the changes need such a release, or break clients that are deployed; can be repeated.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Vec<FailOn>,
    /// Print the next version of the crate with this manifest, by the rules of Cargo.
    #[arg(long, value_name = "CRATE/Cargo.toml")]
    pub bump: Option<PathBuf>,
    /// Write this version to the manifest.
    #[arg(long, requires = "bump")]
    pub write: bool,
    /// File with intended changes (TOML): each with a reason, and an error if it matches none.
    #[arg(long, value_name = "FILE")]
    pub ignore: Option<PathBuf>,
}

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a pull request.
    Markdown,
    /// For a changelog: the sections Breaking, Added, Changed and Fixed.
    Changelog,
    /// Annotations of GitHub Actions.
    Github,
    /// A report of GitLab Code Quality.
    Gitlab,
}

/// A severity that fails the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// A major release is needed.
    Major,
    /// A minor release is needed, or a major one.
    Minor,
    /// Clients that are deployed may fail.
    WireBreaking,
}

/// Compares two documents and prints the changes.
///
/// # Errors
/// Returns an error if a file cannot be read, a document has errors, an entry of the ignored changes
/// matches nothing, or the changes are as severe as `--fail-on`.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let difference = difference(arguments, Path::new(""))?;
    let output = render(&difference, arguments)?;
    // A reader such as `head` may close the pipe early.
    if let Err(error) = std::io::stdout().write_all(output.as_bytes())
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        return Err(format!("error: cannot write: {error}"));
    }
    if let Some(manifest) = &arguments.bump {
        let bump = version::bump(manifest, difference.rust, arguments.write)?;
        print_error(&bump);
    }
    check(&difference, &arguments.fail_on)
}

/// Compares two documents. Paths are relative to `base`; an empty one is the current directory.
///
/// # Errors
/// Returns an error as [`run`] does, except for the severity of the changes.
pub fn difference(arguments: &Arguments, base: &Path) -> Result<Difference, String> {
    let files = Files::new(base);
    let config = arguments.choice.config.as_ref().map(|path| path.display().to_string());
    let old_config = arguments.old_config.clone().or_else(|| config.clone());
    let old = input(arguments, (base, &files), &arguments.old, old_config.as_deref())?;
    let new = input(arguments, (base, &files), &arguments.new, config.as_deref())?;
    let found = specwright::diff(&old, &new);
    let mut difference = found.map_err(|error| shown_difference_error(&error))?;
    for change in &mut difference.changes {
        for position in [&mut change.old, &mut change.new].into_iter().flatten() {
            position.file = revision::shown(&position.file);
        }
    }
    if let Some(path) = &arguments.ignore {
        let content = fs::read_to_string(base.join(path))
            .map_err(|error| format!("error: cannot read {}: {error}", path.display()))?;
        let source = Source::new(path.display().to_string(), content);
        difference.ignore(&Ignored::parse(&source)?)?;
    }
    Ok(difference)
}

fn input(
    arguments: &Arguments,
    (base, files): (&Path, &Files<'_>),
    spec: &str,
    config: Option<&str>,
) -> Result<Input, String> {
    let folders = arguments.choice.allow_files.iter();
    let folders = folders.map(|folder| files.folder(spec, folder));
    let folders: Vec<PathBuf> = folders.collect::<Result<_, _>>()?;
    let spec = files.path(spec)?;
    let config = config.map(|config| files.path(config)).transpose()?;
    let read = |path: &Path| files.read(path);
    let overlays = &arguments.choice.overlay;
    let loaded = load_with(&read, base, &spec, config.as_deref(), overlays, &folders);
    let mut input = loaded.map_err(|failure| shown(&failure))?.input;
    arguments.choice.apply(&mut input.config);
    let target = arguments.server.clone().map(|models| Target::Server { models });
    input.config.layout = match &arguments.module {
        Some(module) => Layout {
            module: module.clone(),
            target: target.unwrap_or_default(),
            ..Layout::default()
        },
        None => {
            let package = Package { name: "compared".to_owned(), ..Package::default() };
            Layout { package: Some(package), ..Layout::default() }
        }
    };
    Ok(input)
}

/// Renders the changes in a format.
///
/// # Errors
/// Returns an error if they cannot be serialized.
pub fn render(difference: &Difference, arguments: &Arguments) -> Result<String, String> {
    let failed = |error: serde_json::Error| format!("error: {error}");
    Ok(match arguments.format {
        Format::Text => terminal::render(difference, arguments.all),
        Format::Json => serde_json::to_string_pretty(difference).map_err(failed)? + "\n",
        Format::Markdown => markdown::render(difference, arguments.all),
        Format::Changelog => changelog::render(difference),
        Format::Github => annotations::github(difference),
        Format::Gitlab => {
            let report = annotations::gitlab(difference);
            serde_json::to_string_pretty(&report).map_err(failed)? + "\n"
        }
    })
}

/// Renders the changes for people. Those without effect on an API are only counted.
#[must_use]
pub fn summary(difference: &Difference) -> String {
    terminal::render(difference, false)
}

/// Renders the changes in the sections of a changelog. Those that users do not notice are left out.
#[must_use]
pub fn release_notes(difference: &Difference) -> String {
    changelog::render(difference)
}

/// Fails if the changes are as severe as one of these.
fn check(difference: &Difference, fail_on: &[FailOn]) -> Result<(), String> {
    let failed = fail_on.iter().find_map(|severity| match severity {
        FailOn::WireBreaking if difference.wire.breaks_clients() => {
            Some("the changes break clients that are deployed".to_owned())
        }
        FailOn::Major if difference.rust >= Release::Major => {
            Some("the changes need a major release".to_owned())
        }
        FailOn::Minor if difference.rust >= Release::Minor => {
            Some(format!("the changes need a {} release", difference.rust))
        }
        _ => None,
    });
    match failed {
        Some(problem) => Err(format!("error: {problem}")),
        None => Ok(()),
    }
}
