//! Help, shell completions, man pages, and the message of the first run.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::drawing::Output;
use crate::settings::Settings;
use crate::status::{ExitCode, Failure};

/// Print the completions of a shell.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report completions bash > ~/.local/share/bash-completion/completions/ci-report
  ci-report completions zsh > ~/.zfunc/_ci-report
  ci-report completions fish > ~/.config/fish/completions/ci-report.fish")]
pub(crate) struct CompletionsArguments {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// Print or write man pages.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report man run | man -l -
  ci-report man --out ~/.local/share/man/man1")]
pub(crate) struct ManArguments {
    /// The command; without it, the page of the program.
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    command: Option<String>,
    /// Write the pages of the program and of all commands into this directory.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl CompletionsArguments {
    /// Prints the completions of a program.
    pub(crate) fn run(self, mut program: Command) -> Result<ExitCode, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut program, "ci-report", &mut script);
        print(&script)
    }
}

impl ManArguments {
    /// Prints or writes the pages of a program.
    pub(crate) fn run(self, mut program: Command) -> Result<ExitCode, Failure> {
        // Sets the names of the commands to `ci-report-run`, and adds the global options.
        program.build();
        if let Some(directory) = &self.out {
            return write_all(&program, directory);
        }
        let page = match &self.command {
            None => page(&program)?,
            Some(name) => {
                match program.find_subcommand(name).filter(|command| !command.is_hide_set()) {
                    Some(command) => page(command)?,
                    None => {
                        let names: Vec<&str> = commands(&program).map(Command::get_name).collect();
                        return Err(Failure::new(format!(
                            "no such command; the commands are {}",
                            names.join(", ")
                        )));
                    }
                }
            }
        };
        print(&page)
    }
}

fn commands(program: &Command) -> impl Iterator<Item = &Command> {
    program
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help")
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let written = Man::new(command.clone()).render(&mut page);
    written.map_err(|error| Failure::new(format!("cannot write the page: {error}")))?;
    Ok(page)
}

fn write_all(program: &Command, directory: &Path) -> Result<ExitCode, Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::new(format!("cannot write {}: {error}", path.display()))
    };
    fs::create_dir_all(directory).map_err(|error| failed(directory, error))?;
    let pages = commands(program).map(|command| (Some(command.get_name()), command));
    let mut out = Output::new();
    for (name, command) in std::iter::once((None, program)).chain(pages) {
        let suffix = name.map(|name| format!("-{name}")).unwrap_or_default();
        let path = directory.join(format!("ci-report{suffix}.1"));
        fs::write(&path, page(command)?).map_err(|error| failed(&path, error))?;
        out.line(&path.display().to_string())?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn print(input: &[u8]) -> Result<ExitCode, Failure> {
    let mut out = Output::new();
    out.bytes(input)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the help for a program that was run without arguments.
pub(crate) fn first_run() -> Failure {
    let settings = Settings::from_env();
    let target = match (&settings.api_key, &settings.url, &settings.site) {
        (None, _, _) if cfg!(feature = "intake") => {
            "DD_API_KEY is not set: nothing would be sent. Without an account:\n\n  \
             ci-report intake & eval \"$(ci-report intake --env)\""
                .to_owned()
        }
        (None, _, _) => {
            "DD_API_KEY is not set: nothing would be sent. Set it, and DD_SITE.".to_owned()
        }
        (Some(_), Some(_), _) => "Events are sent to the address in DD_URL.".to_owned(),
        (Some(_), None, site) => {
            format!("Events are sent to {}.", site.as_deref().unwrap_or("datadoghq.com"))
        }
    };
    Failure::new(format!(
        "reports any CI run to CI Visibility, from any shell\n\n{target}\n\n\
         Report a run, and look at it:\n\n  \
         ci-report run --pipeline hello -- echo hello\n  \
         ci-report show\n\n\
         Check the setup:   ci-report doctor\n\
         All commands:      ci-report --help\n\
         One of them:       ci-report run --help"
    ))
    .with_code(2)
}
