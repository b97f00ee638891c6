//! Ends a scope that `start` has opened.

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use datadog_ci_pipelines::jiff::Timestamp;

use crate::junit::error_of;
use crate::report::{
    Content, Emitter, Ending, Fault, Level, New, Record, Session, Status, end, parse_time,
};
use crate::settings::{Settings, parse_duration};
use crate::spool::{Background, flush};
use crate::status::{ExitCode, Failure};

/// How long the end of a run waits for delivery.
const WAIT: Duration = Duration::from_millis(50);

/// End what `start` has started: the innermost that is open, with everything inside it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ci-report finish --exit-code $?
  ci-report finish job build --status error --error 'no space left'
  ci-report finish job test --exit-code $? --junit report.xml
  ci-report finish pipeline --status blocked     until a person continues it
  ci-report finish pipeline --started \"$CI_PIPELINE_STARTED\"    in the last job, on any machine")]
pub(crate) struct Finish {
    /// What to end
    #[arg(value_enum)]
    level: Option<Level>,
    /// Its name or id
    name: Option<String>,
    /// Set the status; by default success, or error if an error was reported. Words of CI systems such
    /// as `failure` and `SUCCESS` are accepted
    #[arg(long, value_enum, ignore_case = true, conflicts_with = "exit_code")]
    status: Option<Status>,
    /// Set the status that an exit code means
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    exit_code: Option<i32>,
    /// Set the error message; the status defaults to error
    #[arg(long, value_name = "MESSAGE")]
    error: Option<String>,
    /// Take the error from a test report in the JUnit format, unless no test has failed: a file, or a
    /// folder with files *.xml. The status defaults to error
    #[arg(long, value_name = "FILE", conflicts_with = "error")]
    junit: Option<PathBuf>,
    /// Report the end of a pipeline that another machine has started with the same --started. The
    /// variables of the CI system or --run-id identify it
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    started: Option<Timestamp>,
    /// Identify the run, instead of by the CI system
    #[arg(long, value_name = "ID")]
    run_id: Option<String>,
    /// Mask the value of a variable
    #[arg(long, value_name = "VARIABLE", value_delimiter = ',')]
    mask: Vec<String>,
    /// Wait for the delivery of events, such as 5s
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    flush: Option<Duration>,
}

/// Ends a scope. Problems never fail the caller.
pub(crate) fn finish(arguments: &Finish) -> Result<ExitCode, Failure> {
    let time = Timestamp::now();
    let settings = Settings::from_env();
    if settings.api_key.is_none() {
        return Ok(ExitCode::SUCCESS);
    }
    let session = Session::new(settings, &arguments.mask, arguments.run_id.as_deref());
    let mut wanted = session.wanted();
    wanted.level = arguments.level;
    wanted.name.clone_from(&arguments.name);
    let remove = |content: &mut Content| match content.position(&wanted) {
        Some(position) => content.remove(position),
        None => Vec::new(),
    };
    // Everything slow comes before the state is changed.
    let tests =
        arguments.junit.as_ref().and_then(|path| match error_of(path, None, &session.mask) {
            Ok(error) => error.map(Fault::from),
            Err(failure) => {
                session.note(&failure.to_string());
                None
            }
        });
    let ends_run = Cell::new(false);
    let is_found = Cell::new(false);
    let prepare = |records: &Vec<Record>| {
        is_found.set(!records.is_empty());
        ends_run.set(records.iter().any(|record| record.level == Level::Pipeline));
        let emitters = records.iter().map(|record| {
            let has_error = record.changes.error.is_some();
            let (status, fault) = result(arguments, has_error, tests.clone());
            let emitter = Emitter::new(&session.settings, &session.spool, record);
            emitter.finished(record, &Ending { status, end: time, fault });
            emitter
        });
        emitters.collect::<Vec<Emitter>>()
    };
    let mut emitters = Vec::new();
    if let Some(state) = &session.state {
        let ended;
        (emitters, ended) = end(state, remove, prepare);
        if let Err(error) = ended {
            // It is reported all the same.
            session.note(&format!("the end cannot be stored: {error}"));
        }
    }
    if !is_found.get()
        && let Some(start) = arguments.started
        && let Some(record) = elsewhere(&session, arguments, start)
    {
        emitters = prepare(&vec![record]);
        emitters.iter().for_each(Emitter::publish);
    }
    if !is_found.get() {
        session.note(&match &arguments.level {
            Some(level) => {
                let name = arguments.name.as_ref().map(|name| format!(" `{name}`"));
                let name = name.unwrap_or_default();
                format!("no {level}{name} is open; `ci-report status` shows what is open")
            }
            None => "nothing is open that could be finished".to_owned(),
        });
    }
    emitters.iter().for_each(Emitter::sync);
    if let Some(time) = arguments.flush.or(session.settings.flush) {
        let flushed = flush(&session.settings, &session.spool, time);
        session.note(&flushed.to_string());
    } else if ends_run.get() {
        let (settings, spool) = (session.settings.clone(), session.spool.clone());
        let background = Background::start(settings, spool, Duration::ZERO);
        background.finish(WAIT, WAIT, || {});
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the record of a run that another machine has started, with the same id.
fn elsewhere(session: &Session, arguments: &Finish, start: Timestamp) -> Option<Record> {
    if arguments.level != Some(Level::Pipeline) || session.ci.run_id.is_none() {
        session.note("--started needs `finish pipeline`, and a CI system or --run-id");
        return None;
    }
    let new = New { name: arguments.name.clone(), started: Some(start), ..New::default() };
    Some(session.open(Level::Pipeline, new))
}

fn result(arguments: &Finish, has_error: bool, tests: Option<Fault>) -> (Status, Option<Fault>) {
    let message = arguments.error.clone();
    let status = match (arguments.status, arguments.exit_code) {
        (Some(status), _) => status,
        (None, Some(0)) => Status::Success,
        // SIGHUP, SIGINT and SIGTERM.
        (None, Some(129 | 130 | 143)) => Status::Canceled,
        (None, Some(_)) => Status::Error,
        (None, None) if message.is_some() || has_error || tests.is_some() => Status::Error,
        (None, None) => Status::Success,
    };
    let of_code = |code: i32| {
        let kind = if status == Status::Canceled { "canceled" } else { "exit code" };
        Fault::new(kind, format!("exit code {code}"))
    };
    let fault = message.map(|message| Fault { message: Some(message), ..Fault::default() });
    let fault = fault
        .or(tests.filter(|_| status == Status::Error))
        .or_else(|| arguments.exit_code.filter(|code| *code != 0).map(of_code));
    (status, fault)
}
