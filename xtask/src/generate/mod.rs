//! `cargo xtask generate`: generates the client and server of this workspace from its OpenAPI
//! document, or, as `specwright generate` does, a crate from any other document.
//!
//! | module | responsibility |
//! |---|---|
//! | `upstream` | compares the document with the published one |
//! | `changes` | what the changes of the document mean |

mod changes;
pub mod upstream;

use std::path::PathBuf;
use std::time::Instant;

use specwright::files::{Change, Mode, load};
use specwright::{Input, Layout, Target};
use specwright_cli::choice::Choice;
use specwright_cli::generate::{Arguments as CrateArguments, plan};
use specwright_cli::paths::resolved;
use specwright_cli::plan::{Plan, shown};

use crate::workspace::root;

use changes::{CONFIG, SERVER_MODELS, SPEC};
pub use changes::{NotesArguments, check_version, release_notes};
use upstream::check_words;

/// What is generated from the document of this workspace.
const OUT: &str = "generated-client/src/generated";
const SERVER_OUT: &str = "local-intake/src/generated";
const COMMAND: &str = "cargo xtask generate";

/// What to generate; without options, the client and server of this workspace.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Arguments {
    /// Write nothing; fail and list each stale, missing or orphaned file.
    #[arg(long)]
    pub check: bool,
    /// OpenAPI document to use instead of spec/openapi.yaml and its configuration.
    #[arg(long, value_name = "FILE", requires = "out")]
    pub spec: Option<PathBuf>,
    /// Which parts of it to generate; requires --out.
    #[command(flatten)]
    pub choice: Choice,
    /// Write a separate crate to this directory.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Name of that crate; defaults to the name of the directory.
    #[arg(long, requires = "out")]
    pub name: Option<String>,
}

/// Generates or checks, and prints a summary.
///
/// # Errors
/// Returns an error with the diagnostics, or with the files that differ.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let mode = if arguments.check { Mode::Check } else { Mode::Write };
    let plans = match &arguments.out {
        Some(out) => vec![crate_plan(arguments, out.clone(), mode)?],
        None if arguments.choice != Choice::default() => {
            return Err(
                "error: these options require --out; they do not apply to the code of this workspace"
                    .to_owned(),
            );
        }
        None => own(mode)?,
    };
    // All are checked, so that one run reports all differences.
    let mut failed = Vec::new();
    for (i, plan) in plans.iter().enumerate() {
        failed.extend(plan.run(i == 0)?);
    }
    if mode == Mode::Write && arguments.out.is_none() {
        changes::print_summary();
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n\n")) }
}

/// Returns the differences between the committed client and server and newly generated ones,
/// each with its directory.
///
/// # Errors
/// Returns an error if the document has errors or a file cannot be read.
pub fn drift() -> Result<Vec<(String, Vec<Change>)>, String> {
    let differences = |plan: Plan| Ok((plan.shown_directory.clone(), plan.drift()?));
    own(Mode::Check)?.into_iter().map(differences).collect()
}

/// Returns the generator input of the client of this workspace.
///
/// # Errors
/// Returns an error if a file cannot be read or the configuration is invalid.
pub fn own_input() -> Result<Input, String> {
    let root = root()?;
    let (spec, config) = (root.join(SPEC), root.join(CONFIG));
    let loaded = load(&root, &spec, Some(&config), &[]).map_err(|failure| shown(&failure))?;
    let mut input = loaded.input;
    check_words(input.documents())?;
    input.config.layout = Layout {
        module: "crate::generated".to_owned(),
        command: COMMAND.to_owned(),
        ..Layout::default()
    };
    Ok(input)
}

/// Plans the client and server of this workspace.
fn own(mode: Mode) -> Result<Vec<Plan>, String> {
    let started = Instant::now();
    let input = own_input()?;
    let read = started.elapsed();
    let mut server = input.clone();
    server.config.layout.target = Target::Server { models: SERVER_MODELS.to_owned() };
    let root = root()?;
    let plan = |input, out: &str| Plan {
        input,
        directory: root.join(out),
        shown_directory: out.to_owned(),
        mode,
        read,
    };
    Ok(vec![plan(input, OUT), plan(server, SERVER_OUT)])
}

/// Plans a separate crate.
fn crate_plan(arguments: &Arguments, out: PathBuf, mode: Mode) -> Result<Plan, String> {
    let root = root()?;
    let mut choice = arguments.choice.clone();
    if arguments.spec.is_none() {
        choice.config.get_or_insert(root.join(CONFIG));
    }
    let arguments = CrateArguments {
        spec: arguments.spec.clone().unwrap_or_else(|| root.join(SPEC)),
        choice,
        out,
        module: None,
        server: None,
        name: arguments.name.clone(),
        runtime: None,
        standalone: false,
    };
    let mut plan = plan(&arguments, COMMAND, &root, mode)?;
    if let Some(package) = &mut plan.input.config.layout.package {
        // The command has no such option, so the generated header does not mention it.
        package.runtime = root.join("client-runtime").display().to_string();
        // A crate inside this repository is not a member of its workspace.
        package.standalone = resolved(&arguments.out)?.starts_with(resolved(&root)?);
    }
    Ok(plan)
}
