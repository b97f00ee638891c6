//! The options of `run`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::commands::ScopeOptions;
use crate::report::Level;
use crate::settings::parse_duration;

/// Run a command and report it.
///
/// The command is run as without this program: its input and output are untouched, and its exit code is
/// the exit code (128 + n if signal n has ended it, 127 if it was not found, 126 if it cannot be
/// executed). Signals are forwarded. Without DD_API_KEY nothing is reported.
#[derive(Debug, clap::Args)]
#[command(override_usage = "ci-report run [OPTIONS] -- <COMMAND>...")]
#[command(after_help = "Examples:
  ci-report run -- make test                          a pipeline, or a step of what is open
  ci-report run --pipeline nightly -- ./nightly.sh    `ci-report run` inside it reports its parts
  ci-report run --job build --tags team:docs -- make
  ci-report run --job test --junit report.xml -- pytest --junit-xml report.xml
  ci-report run --step lint -- LC_ALL=C ./lint.sh     with a variable of its own
  ci-report run --step pack --shell 'tar c . | gzip > x.tgz'")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) level: LevelOptions,
    #[command(flatten)]
    pub(super) scope: ScopeOptions,
    /// Send the arguments of the command as the parameter `command`. They may contain credentials [env:
    /// CI_REPORT_SEND_ARGUMENTS]
    #[arg(long)]
    pub(super) send_arguments: bool,
    /// Send the last N lines that a failing command writes to stderr as the error message. Stderr of the
    /// command is then a pipe, also on a terminal [env: CI_REPORT_CAPTURE_STDERR]
    #[arg(long, value_name = "N")]
    pub(super) capture_stderr: Option<usize>,
    /// Take the error of a failing command from its test report in the JUnit format: a file, or a folder
    /// with files *.xml. Reports that are older than the command are ignored
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// Wait for the delivery of events at the end, such as 5s; a few milliseconds by default [env:
    /// CI_REPORT_FLUSH]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub(super) flush: Option<Duration>,
    /// Run a line of shell with /bin/sh
    #[arg(long, value_name = "LINE", conflicts_with = "command")]
    pub(super) shell: Option<OsString>,
    /// The command and its arguments, after assignments such as A=b
    #[arg(trailing_var_arg = true, required_unless_present = "shell")]
    pub(super) command: Vec<OsString>,
}

/// The level of the command, and its name.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(super) struct LevelOptions {
    /// Report a pipeline: a run
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,
    /// Report a stage of the pipeline that is open
    #[arg(long, value_name = "NAME")]
    stage: Option<String>,
    /// Report a job of the stage or pipeline that is open
    #[arg(long, value_name = "NAME")]
    job: Option<String>,
    /// Report a step of the job, stage or pipeline that is open
    #[arg(long, value_name = "NAME")]
    step: Option<String>,
}

impl LevelOptions {
    /// Returns the chosen level and name.
    pub(super) fn chosen(&self) -> Option<(Level, String)> {
        let all = [
            (Level::Pipeline, &self.pipeline),
            (Level::Stage, &self.stage),
            (Level::Job, &self.job),
            (Level::Step, &self.step),
        ];
        all.into_iter().find_map(|(level, name)| Some((level, name.clone()?)))
    }
}
