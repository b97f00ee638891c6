//! Opens a scope for a later process to finish.

use std::io::Write as _;

use datadog_ci_pipelines::jiff::Timestamp;

use super::options::ScopeOptions;
use crate::report::{Emitter, Level, Record, Session, clean, parse_time};
use crate::settings::Settings;
use crate::status::{ExitCode, Failure};

/// Start a pipeline, stage, job or step that `finish` ends, in this process or another one.
///
/// What is open is kept in a file of the run (see `status`), so that no process needs to keep running.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ci-report start pipeline nightly
  ci-report start job build --tags team:docs
  ci-report finish --exit-code $?            ends the job
  ci-report finish                           ends the pipeline
  eval \"$(ci-report start job build --export)\" variables for other machines and containers")]
pub(crate) struct Start {
    /// What to start
    #[arg(value_enum)]
    level: Level,
    /// Its name; by default that of the CI system
    name: Option<String>,
    #[command(flatten)]
    scope: ScopeOptions,
    /// Declare the run the continuation of a blocked run
    #[arg(long, value_name = "RUN_ID")]
    resumes: Option<String>,
    /// Set when it has started, now by default: ISO 8601, or seconds or milliseconds since 1970. Another
    /// machine that finishes it passes the same time
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    started: Option<Timestamp>,
    /// Print `export` lines for a shell, to report parts of it without its file
    #[arg(long)]
    export: bool,
}

/// Starts a scope. Problems never fail the caller.
pub(crate) fn start(arguments: &Start) -> Result<ExitCode, Failure> {
    let settings = Settings::from_env();
    if settings.api_key.is_none() {
        return Ok(ExitCode::SUCCESS);
    }
    let options = &arguments.scope;
    let session = Session::new(settings, &options.mask, options.run_id.as_deref());
    clean(&session.settings);
    let mut new = options.to_new(arguments.level);
    new.name.clone_from(&arguments.name);
    new.resumes.clone_from(&arguments.resumes);
    new.started = arguments.started;
    let record = session.open(arguments.level, new);
    if arguments.export {
        export(&session, &record);
    }
    let kept = session
        .state
        .as_ref()
        .map(|state| state.update(|content| content.scopes.push(record.clone())));
    match kept {
        Some(Ok(())) => {}
        Some(Err(error)) => session.note(&format!("the start cannot be stored: {error}")),
        None => session.note("the start cannot be stored: no directory can be written"),
    }
    let emitter = Emitter::new(&session.settings, &session.spool, &record);
    emitter.running(&record);
    emitter.sync();
    Ok(ExitCode::SUCCESS)
}

fn export(session: &Session, record: &Record) {
    let state = session.state.as_ref().map(|state| state.path().display().to_string());
    let variables = record.variables(&session.settings.environment);
    let mut out = std::io::stdout().lock();
    for (name, value) in variables.into_iter().chain([("CI_REPORT_STATE", state)]) {
        // The scope itself is found in the state.
        let _ = match value {
            _ if name == "CI_REPORT_SCOPE" => Ok(()),
            Some(value) => writeln!(out, "export {name}='{}'", value.replace('\'', r"'\''")),
            None => writeln!(out, "unset {name}"),
        };
    }
}
