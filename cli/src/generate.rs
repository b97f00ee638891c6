//! `specwright generate` and `specwright check`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use specwright::files::{Mode, load};
use specwright::{Layout, Package, Target};

use crate::choice::{Choice, option};
use crate::place::{name_of_directory, runtime_from};
use crate::plan::{Plan, shown};

/// What is generated, and where it goes.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// The description: a file of YAML or JSON.
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// What is generated of it.
    #[command(flatten)]
    pub choice: Choice,
    /// The directory that the generated files are in.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Generate a module instead of a crate of its own: the one that the directory is.
    #[arg(long, value_name = "crate::PATH", conflicts_with_all = ["name", "runtime", "standalone"])]
    pub module: Option<String>,
    /// Generate the server side, over the models of a client, which this module has.
    #[arg(long, value_name = "crate::PATH", requires = "module")]
    pub server: Option<String>,
    /// The name of the crate; by default that of the directory.
    #[arg(long)]
    pub name: Option<String>,
    /// The directory of specwright-runtime; by default, the crate depends on the released one.
    #[arg(long, value_name = "DIR")]
    pub runtime: Option<PathBuf>,
    /// Make the crate a workspace of its own, inside the folder of another that it is no member of.
    #[arg(long)]
    pub standalone: bool,
}

/// Generates, and prints what came of it.
///
/// # Errors
/// Fails with the text to show.
pub fn generate(arguments: &Arguments) -> Result<(), String> {
    run(arguments, Mode::Write)
}

/// Compares what would be generated with what is there, and prints what differs.
///
/// # Errors
/// Fails with the text to show: diagnostics, or the files that differ.
pub fn check(arguments: &Arguments) -> Result<(), String> {
    run(arguments, Mode::Check)
}

fn run(arguments: &Arguments, mode: Mode) -> Result<(), String> {
    let plan = plan(arguments, "specwright generate", Path::new(""), mode)?;
    plan.run(true)?.map_or(Ok(()), Err)
}

/// Reads what a run needs. Files below `base` are shown as seen from there.
///
/// # Errors
/// Fails with the text to show.
pub fn plan(arguments: &Arguments, program: &str, base: &Path, mode: Mode) -> Result<Plan, String> {
    let started = Instant::now();
    let Arguments { spec, choice, out, .. } = arguments;
    let directory = name_of_directory(out)?;
    let loaded = load(base, spec, choice.config.as_deref(), &choice.overlay);
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
            let name = crate_name(arguments.name.as_ref().unwrap_or(&directory));
            let runtime = arguments.runtime.as_deref().map(|path| runtime_from(out, path));
            let runtime = runtime.transpose()?.unwrap_or_default();
            let package = Package { name, runtime, standalone: arguments.standalone };
            let module = "crate".to_owned();
            Layout { module, command, package: Some(package), target: Target::Client }
        }
    };
    input.config.layout.check().map_err(|message| match arguments.module {
        Some(_) => format!("error: {message}"),
        None => format!("error: {message}\nhelp: give it another name with --name"),
    })?;
    Ok(Plan { input, directory: out.clone(), shown_directory, mode, read: started.elapsed() })
}

impl Arguments {
    /// The command as it would be typed again, for the header of each file.
    fn command(&self, program: &str, spec: &str, out: &str) -> String {
        let mut command = program.to_owned();
        option(&mut command, "spec", spec);
        self.choice.write(&mut command);
        let texts = [("module", &self.module), ("server", &self.server), ("name", &self.name)];
        for (name, value) in texts {
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

/// A name that Cargo and rustc take without a warning: letters, digits, `-` and `_`, beginning
/// with a letter, and no two of the signs in a row.
pub fn crate_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        match c.is_ascii_alphanumeric() {
            true => name.push(c.to_ascii_lowercase()),
            false if name.ends_with(['-', '_']) => {}
            false => name.push(if c == '_' { '_' } else { '-' }),
        }
    }
    let name = name.trim_matches(['-', '_']);
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name.to_owned(),
        _ => format!("client-{name}").trim_end_matches('-').to_owned(),
    }
}
