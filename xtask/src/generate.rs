//! `cargo xtask generate`: from a description to the files of a client, and of a server for
//! this workspace's own.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use specwright::{Config, Input, Layout, Output, Package, Source, Target};

use crate::files::{self, Change, Mode};
use crate::root;

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
    /// The description, instead of spec/openapi.yaml.
    #[arg(long, value_name = "FILE", requires = "out")]
    pub spec: Option<PathBuf>,
    /// The configuration, instead of spec/specwright.toml or, with --spec, of none.
    #[arg(long, value_name = "FILE", requires = "out")]
    pub config: Option<PathBuf>,
    /// Generate only operations with this tag; may be given several times.
    #[arg(long, value_name = "TAG", requires = "out")]
    pub tag: Vec<String>,
    /// Generate only the operation with this id; may be given several times.
    #[arg(long, value_name = "ID", requires = "out")]
    pub operation: Vec<String>,
    /// Leave out operations that cannot be generated, and say which.
    #[arg(long, requires = "out")]
    pub skip_unsupported: bool,
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
    let started = Instant::now();
    let client = Plan::new(arguments)?;
    let read = started.elapsed();
    let server = arguments.out.is_none().then(|| client.server());
    let verdict = client.run(read, true)?;
    // Both are looked at, so that one run shows all that differs.
    let server = server.map(|server| server.run(read, false)).transpose()?;
    let failed: Vec<String> = [Some(verdict), server].into_iter().flatten().flatten().collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n\n")) }
}

/// The differences between this workspace's client and server and its description, each with
/// its directory.
///
/// # Errors
/// Fails with the diagnostics of the description, or where a file cannot be read.
pub fn drift() -> Result<Vec<(String, Vec<Change>)>, String> {
    let client = Plan::new(&Arguments { check: true, ..Arguments::default() })?;
    let server = client.server();
    let differences = |plan: Plan| {
        let output = specwright::generate(&plan.input).map_err(|found| found.render(false))?;
        Ok((plan.shown_directory, files::compare(&plan.directory, &output.files)?))
    };
    [client, server].into_iter().map(differences).collect()
}

/// The input of this workspace's own client.
///
/// # Errors
/// Fails where a file cannot be read, or the configuration is not one.
pub fn own_input() -> Result<Input, String> {
    Ok(Plan::new(&Arguments::default())?.input)
}

/// What one run does.
struct Plan {
    input: Input,
    directory: PathBuf,
    shown_directory: String,
    mode: Mode,
    command: String,
}

impl Plan {
    fn new(arguments: &Arguments) -> Result<Self, String> {
        let own_spec = root().join(SPEC);
        let spec_path = arguments.spec.as_deref().unwrap_or(&own_spec);
        let own_config = root().join(CONFIG);
        let config_path = match (&arguments.config, &arguments.spec) {
            (Some(path), _) => Some(path.as_path()),
            (None, None) => Some(own_config.as_path()),
            (None, Some(_)) => None,
        };
        let spec = Source::new(shown(spec_path), read(spec_path)?);
        let mut config = match config_path {
            Some(path) => Config::parse(Source::new(shown(path), read(path)?))
                .map_err(|found| found.render(use_colour()))?,
            None => Config { source: Source::new("the command line", ""), ..Config::default() },
        };
        arguments.tag.iter().for_each(|tag| config.select_tag(tag));
        arguments.operation.iter().for_each(|id| config.select_operation(id));
        config.skip_unsupported |= arguments.skip_unsupported;
        let mode = if arguments.check { Mode::Check } else { Mode::Write };
        let (directory, shown_directory, layout) = match &arguments.out {
            Some(out) => (out.clone(), shown(out), arguments.layout_of_crate(out, &spec.name)),
            None => {
                let layout = Layout {
                    module: "crate::generated".to_owned(),
                    command: COMMAND.to_owned(),
                    ..Layout::default()
                };
                (root().join(OUT), OUT.to_owned(), layout)
            }
        };
        let command = layout.command.clone();
        config.layout = layout;
        Ok(Self { input: Input { spec, config }, directory, shown_directory, mode, command })
    }

    /// The server side of the same description.
    fn server(&self) -> Self {
        let mut input = self.input.clone();
        input.config.layout.target = Target::Server { models: SERVER_MODELS.to_owned() };
        Self {
            input,
            directory: root().join(SERVER_OUT),
            shown_directory: SERVER_OUT.to_owned(),
            mode: self.mode,
            command: self.command.clone(),
        }
    }

    /// Generates, or checks, and says what is wrong with what is there.
    fn run(&self, read: Duration, shows_warnings: bool) -> Result<Option<String>, String> {
        let started = Instant::now();
        let output =
            specwright::generate(&self.input).map_err(|found| found.render(use_colour()))?;
        let generated = started.elapsed();
        if shows_warnings && !output.warnings.is_empty() {
            eprintln!("{}", output.warnings.render(use_colour()));
        }
        let started = Instant::now();
        let changes = files::compare(&self.directory, &output.files)?;
        if self.mode == Mode::Write {
            files::apply(&self.directory, &changes)?;
        }
        print_summary(self, &output, &changes, [read, generated, started.elapsed()]);
        Ok(self.verdict(&changes))
    }

    /// In a check, any difference is a failure.
    fn verdict(&self, changes: &[Change]) -> Option<String> {
        if self.mode == Mode::Write || changes.is_empty() {
            return None;
        }
        let count = changes.len();
        let (files, differ) = if count == 1 { ("file", "differs") } else { ("files", "differ") };
        Some(format!(
            "{}error: {count} {files} in {} {differ} from what {} gives.\nhelp: run `{}` and commit the result",
            files::describe(&self.shown_directory, changes),
            self.shown_directory,
            self.input.spec.name,
            self.command,
        ))
    }
}

impl Arguments {
    fn layout_of_crate(&self, out: &Path, spec: &str) -> Layout {
        let derived = out.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = self.name.clone().or(derived).unwrap_or_default();
        Layout {
            module: "crate".to_owned(),
            command: self.command(spec),
            package: Some(Package {
                name: crate_name(&name),
                runtime: root().join("client-runtime").display().to_string(),
            }),
            target: Target::Client,
        }
    }

    /// The command as it would be typed again, for the header of each file.
    fn command(&self, spec: &str) -> String {
        let mut command = format!("{COMMAND} --spec {}", quoted(spec));
        let mut option =
            |name: &str, value: &str| command.extend([" --", name, " ", &quoted(value)]);
        if let Some(config) = &self.config {
            option("config", &config.display().to_string());
        }
        self.tag.iter().for_each(|tag| option("tag", tag));
        self.operation.iter().for_each(|id| option("operation", id));
        if let Some(name) = &self.name {
            option("name", name);
        }
        if self.skip_unsupported {
            command.push_str(" --skip-unsupported");
        }
        command + " --out DIR"
    }
}

/// A name that Cargo takes: letters, digits, `-` and `_`, beginning with a letter.
pub(crate) fn crate_name(text: &str) -> String {
    let name: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let name = name.trim_matches('-');
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name.to_owned(),
        _ => format!("client-{name}").trim_end_matches('-').to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path)
        .map_err(|error| format!("error: cannot read {}: {error}", path.display()))
}

/// A path as a person in the workspace would name it.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn use_colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

fn print_summary(plan: &Plan, output: &Output, changes: &[Change], times: [Duration; 3]) {
    let counts = output.counts;
    let removed = changes.iter().filter(|change| matches!(change, Change::Orphan { .. })).count();
    let written = changes.len() - removed;
    let unchanged = output.files.len() - written;
    let (verb_written, verb_removed) = match plan.mode {
        Mode::Write => ("written", "removed"),
        Mode::Check => ("stale or missing", "orphaned"),
    };
    let skipped = counts.operations_selected - counts.operations;
    let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
    let [read, generated, compared] = times.map(|time| time.as_secs_f64() * 1000.0);
    let build = if cfg!(debug_assertions) { ", debug build" } else { "" };
    println!("{} → {}", plan.input.spec.name, plan.shown_directory);
    println!(
        "  operations  {} of {} in the description{skipped}",
        counts.operations, counts.operations_defined
    );
    if counts.webhooks > 0 {
        println!("  webhooks    {}", counts.webhooks);
    }
    println!("  schemas     {} ({} unions)", counts.schemas, counts.unions);
    println!(
        "  files       {written} {verb_written}, {unchanged} unchanged, {removed} {verb_removed}"
    );
    println!(
        "  time        {generated:.1} ms to generate, {read:.1} ms to read, {compared:.1} ms to compare and write{build}"
    );
}
