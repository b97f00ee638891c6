//! `cargo xtask generate`: this workspace's own client and server from its description, or a
//! crate of any other, as `specwright generate` does it.

use std::path::PathBuf;
use std::time::Instant;

use specwright::files::{Change, Mode, load};
use specwright::{Input, Layout, Target};
use specwright_cli::choice::Choice;
use specwright_cli::generate::{Arguments as CrateArguments, plan};
use specwright_cli::place::resolved;
use specwright_cli::plan::{Plan, shown};

use crate::workspace::root;

/// What this workspace generates from its own description.
const SPEC: &str = "spec/openapi.yaml";
const CONFIG: &str = "spec/specwright.toml";
const OUT: &str = "generated-client/src/generated";
const SERVER_OUT: &str = "local-intake/src/generated";
const SERVER_MODELS: &str = "datadog_ci_pipelines::models";
const COMMAND: &str = "cargo xtask generate";

/// What to generate. Without options: this workspace's own client and server.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Arguments {
    /// Change nothing; fail with every file that is stale, missing or orphaned.
    #[arg(long)]
    pub check: bool,
    /// The description, instead of spec/openapi.yaml, which has a configuration of its own.
    #[arg(long, value_name = "FILE", requires = "out")]
    pub spec: Option<PathBuf>,
    /// What is generated of it. Needs --out.
    #[command(flatten)]
    pub choice: Choice,
    /// Write a crate of its own into this directory.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The name of that crate; by default that of the directory.
    #[arg(long, requires = "out")]
    pub name: Option<String>,
}

/// Generates, or checks, and prints what came of it.
///
/// # Errors
/// Fails with the text to show: diagnostics, or the files that differ.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let mode = if arguments.check { Mode::Check } else { Mode::Write };
    let plans = match &arguments.out {
        Some(out) => vec![of_crate(arguments, out.clone(), mode)?],
        None if arguments.choice != Choice::default() => {
            return Err(
                "error: these options need --out, and change nothing of this workspace's own code"
                    .to_owned(),
            );
        }
        None => own(mode)?,
    };
    // All are looked at, so that one run shows all that differs.
    let mut failed = Vec::new();
    for (i, plan) in plans.iter().enumerate() {
        failed.extend(plan.run(i == 0)?);
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n\n")) }
}

/// The differences between this workspace's client and server and its description, each with
/// its directory.
///
/// # Errors
/// Fails with the diagnostics of the description, or where a file cannot be read.
pub fn drift() -> Result<Vec<(String, Vec<Change>)>, String> {
    let differences = |plan: Plan| Ok((plan.shown_directory.clone(), plan.drift()?));
    own(Mode::Check)?.into_iter().map(differences).collect()
}

/// The input of this workspace's own client.
///
/// # Errors
/// Fails where a file cannot be read, or the configuration is not one.
pub fn own_input() -> Result<Input, String> {
    let root = root()?;
    let (spec, config) = (root.join(SPEC), root.join(CONFIG));
    let loaded = load(&root, &spec, Some(&config), &[]).map_err(|failure| shown(&failure))?;
    let mut input = loaded.input;
    input.config.layout = Layout {
        module: "crate::generated".to_owned(),
        command: COMMAND.to_owned(),
        ..Layout::default()
    };
    Ok(input)
}

/// This workspace's own client and server.
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

/// A crate of a description.
fn of_crate(arguments: &Arguments, out: PathBuf, mode: Mode) -> Result<Plan, String> {
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
        // No option of this command, so nothing for the header.
        package.runtime = root.join("client-runtime").display().to_string();
        // Nothing in this repository that is generated so is one of its members.
        package.standalone = resolved(&arguments.out)?.starts_with(resolved(&root)?);
    }
    Ok(plan)
}
