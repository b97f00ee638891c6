//! The commands and their options.

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::status::{ExitCode, Failure};
use crate::{commands, files, reading, run};

/// Report any CI run to Datadog's CI Visibility Pipelines API, from any shell.
#[derive(Debug, Parser)]
#[command(name = "ci-report", version)]
#[command(after_help = "\
Without an account:
  ci-report intake & eval \"$(ci-report intake --env)\"
  ci-report run --pipeline hello -- echo hello
  ci-report show

`ci-report COMMAND --help` has examples. Settings are environment variables: DD_API_KEY to report,
DD_APP_KEY to read, DD_SITE or DD_URL for the address. `ci-report doctor` checks them.")]
struct Arguments {
    /// Print problems of reporting to stderr
    #[arg(long, short, global = true, display_order = 900)]
    verbose: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Arguments),
    Start(commands::Start),
    Finish(commands::Finish),
    #[command(flatten)]
    Amend(commands::Amend),
    Flush(commands::Flush),
    Status(commands::StatusOptions),
    Send(files::send::Arguments),
    Import(files::import::Arguments),
    List(reading::search::ListArguments),
    Search(reading::search::SearchArguments),
    Aggregate(reading::aggregate::Arguments),
    Tail(reading::tail::Arguments),
    Show(reading::show::Arguments),
    Wait(reading::wait::Arguments),
    Doctor(commands::doctor::Arguments),
    #[cfg(feature = "intake")]
    Intake(commands::intake::Arguments),
    Completions(commands::guide::CompletionsArguments),
    Man(commands::guide::ManArguments),
    #[command(name = run::RELAY, hide = true)]
    RelayStderr,
}

/// Parses the arguments of the process and runs the command.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return Err(mistake(&error)),
        // Help and the version. A reader that has closed stdout has seen enough.
        Err(error) => {
            let _ = error.print();
            return Ok(ExitCode::SUCCESS);
        }
    };
    if arguments.verbose {
        crate::settings::be_verbose();
    }
    let Some(command) = arguments.command else { return Err(commands::guide::first_run()) };
    if !matches!(command, Command::Run(_)) {
        crate::status::survive_size_limits();
    }
    match command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Start(arguments) => commands::start(&arguments),
        Command::Finish(arguments) => commands::finish(&arguments),
        Command::Amend(arguments) => commands::amend(&arguments),
        Command::Flush(arguments) => commands::flush(&arguments),
        Command::Status(arguments) => commands::status(&arguments),
        Command::Send(arguments) => arguments.run(),
        Command::Import(arguments) => arguments.run(),
        Command::List(arguments) => arguments.run(),
        Command::Search(arguments) => arguments.run(),
        Command::Aggregate(arguments) => arguments.run(),
        Command::Tail(arguments) => arguments.run(),
        Command::Show(arguments) => arguments.run(),
        Command::Wait(arguments) => arguments.run(),
        Command::Doctor(arguments) => arguments.run(),
        #[cfg(feature = "intake")]
        Command::Intake(arguments) => arguments.run(),
        Command::Completions(arguments) => arguments.run(Arguments::command()),
        Command::Man(arguments) => arguments.run(Arguments::command()),
        Command::RelayStderr => run::relay(),
    }
}

/// Returns what is wrong with the arguments. A script may contain many programs, so that the message names
/// this one.
fn mistake(error: &clap::Error) -> Failure {
    let program = Arguments::command();
    let command = std::env::args_os()
        .skip(1)
        .filter_map(|argument| argument.into_string().ok())
        .find(|argument| !argument.starts_with('-'))
        .filter(|name| program.find_subcommand(name).is_some());
    let command = command.map(|name| format!(" {name}")).unwrap_or_default();
    let message = error.render().to_string();
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    // The last line names no program.
    let message = message.split("For more information").next().unwrap_or_default().trim_end();
    Failure::new(format!("{message}\n\nFor more information, see `ci-report{command} --help`"))
        .with_code(2)
}
