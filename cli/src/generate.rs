//! `specwright generate` and `specwright check`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use specwright::files::{Mode, load_allowing};
use specwright::{Layout, Package, Target};

use crate::choice::{Choice, option};
use crate::paths::{name_of_directory, runtime_from};
use crate::plan::{Plan, shown};

/// What to generate, and where to write it.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// OpenAPI document (YAML or JSON).
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// Which parts of it to generate.
    #[command(flatten)]
    pub choice: Choice,
    /// Directory of the generated files.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Generate a module instead of a crate; the value is the path of the directory's module.
    #[arg(long, value_name = "crate::PATH", conflicts_with_all = ["name", "runtime", "standalone"])]
    pub module: Option<String>,
    /// Generate the server; the value is the path of the module with the client's models.
    #[arg(long, value_name = "crate::PATH", requires = "module")]
    pub server: Option<String>,
    /// Name of the crate; defaults to the name of the directory.
    #[arg(long)]
    pub name: Option<String>,
    /// Directory of specwright-runtime; by default, the crate depends on the released version.
    #[arg(long, value_name = "DIR")]
    pub runtime: Option<PathBuf>,
    /// Make the crate a separate workspace, for a directory inside another workspace.
    #[arg(long)]
    pub standalone: bool,
}

/// Generates and prints a summary.
///
/// # Errors
/// Returns an error with the diagnostics, or the file that cannot be read or written.
pub fn generate(arguments: &Arguments) -> Result<(), String> {
    run(arguments, Mode::Write)
}

/// Compares the existing files with newly generated ones and prints the differences.
///
/// # Errors
/// Returns an error with the diagnostics, or with the files that differ.
pub fn check(arguments: &Arguments) -> Result<(), String> {
    run(arguments, Mode::Check)
}

fn run(arguments: &Arguments, mode: Mode) -> Result<(), String> {
    let plan = plan(arguments, "specwright generate", Path::new(""), mode)?;
    plan.run(true)?.map_or(Ok(()), Err)
}

/// Reads the input of a run. Paths below `base` are printed relative to it.
///
/// # Errors
/// Returns an error if a file cannot be read or an option is invalid.
pub fn plan(arguments: &Arguments, program: &str, base: &Path, mode: Mode) -> Result<Plan, String> {
    let started = Instant::now();
    let Arguments { spec, choice, out, .. } = arguments;
    let directory = name_of_directory(out)?;
    let config = choice.config.as_deref();
    let loaded = load_allowing(base, spec, config, &choice.overlay, &choice.allow_files);
    let mut input = loaded.map_err(|failure| shown(&failure))?.input;
    choice.apply(&mut input.config);
    let shown_directory = out.strip_prefix(base).unwrap_or(out).display().to_string();
    let command = arguments.command(program, &input.spec.name, &shown_directory);
    input.config.layout = match &arguments.module {
        Some(module) => {
            let target = arguments.server.clone().map(|models| Target::Server { models });
            let target = target.unwrap_or_default();
            Layout { module: module.clone(), command, package: None, target }
        }
        None => {
            let name = match &arguments.name {
                Some(name) => crate_name(name),
                None => crate_name_of_directory(&directory),
            };
            let runtime = arguments.runtime.as_deref().map(|path| runtime_from(out, path));
            let runtime = runtime.transpose()?.unwrap_or_default();
            let package = Package { name, runtime, standalone: arguments.standalone };
            let module = "crate".to_owned();
            Layout { module, command, package: Some(package), target: Target::Client }
        }
    };
    input.config.layout.check().map_err(|message| match arguments.module {
        Some(_) => format!("error: {message}"),
        None => format!("error: {message}\nhelp: choose another name with --name"),
    })?;
    Ok(Plan { input, directory: out.clone(), shown_directory, mode, read: started.elapsed() })
}

impl Arguments {
    /// Returns the command line, for the header of each file.
    fn command(&self, program: &str, spec: &str, out: &str) -> String {
        let mut command = program.to_owned();
        option(&mut command, "spec", spec);
        self.choice.write(&mut command);
        let options = [("module", &self.module), ("server", &self.server), ("name", &self.name)];
        for (name, value) in options {
            value.iter().for_each(|value| option(&mut command, name, value));
        }
        if let Some(runtime) = &self.runtime {
            option(&mut command, "runtime", &runtime.display().to_string());
        }
        if self.standalone {
            command.push_str(" --standalone");
        }
        option(&mut command, "out", out);
        command
    }
}

/// Returns the crate name for a directory. A name that Rust reserves, such as `box`, gets a suffix.
fn crate_name_of_directory(directory: &str) -> String {
    let name = crate_name(directory);
    let package = Package { name: name.clone(), ..Package::default() };
    let layout = Layout { package: Some(package), module: "crate".to_owned(), ..Layout::default() };
    if layout.check().is_ok() { name } else { format!("{name}-client") }
}

/// Returns a crate name that Cargo and rustc accept without a warning: letters, digits, and
/// single `-` or `_` between them, starting with a letter.
pub fn crate_name(name: &str) -> String {
    let mut accepted = String::new();
    for c in name.chars() {
        match c.is_ascii_alphanumeric() {
            true => accepted.push(c.to_ascii_lowercase()),
            false if accepted.ends_with(['-', '_']) => {}
            false => accepted.push(if c == '_' { '_' } else { '-' }),
        }
    }
    let name = accepted.trim_matches(['-', '_']);
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name.to_owned(),
        _ => format!("client-{name}").trim_end_matches('-').to_owned(),
    }
}
