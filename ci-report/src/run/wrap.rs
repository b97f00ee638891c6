//! Reports the command.

use std::fs::OpenOptions;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use datadog_ci_pipelines::jiff::SignedDuration;

use super::arguments::Arguments;
use super::child::{Ended, Running, replace_with, start};
use super::panics::{self, fault_for_tests};
use super::program::Program;
use super::signals::Signals;
use crate::junit;
use crate::report::{
    self, Changes, Content, Emitter, Ending, Fault, Level, Location, Record, Session, State,
    Status, id, print_message,
};
use crate::settings::Settings;
use crate::spool::{Background, flush};
use crate::status::{ExitCode, Failure};

/// How long the end of a command waits for delivery.
const WAIT: Duration = Duration::from_millis(8);
/// The maximum, if the service has responded before.
const LONG_WAIT: Duration = Duration::from_secs(2);
/// The part of the command's duration that delivery may take.
const SHARE: u32 = 100;
/// How long the end of a command waits for the facts of the commit.
const FACTS: Duration = Duration::from_millis(100);
/// How long a part of a run takes before it delivers events itself. Shorter ones leave it to the
/// process that runs the whole.
const OWN_DELIVERY: Duration = Duration::from_secs(2);

/// Runs a command and reports it.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let Some(program) = Program::new(&arguments.command, arguments.shell.as_ref()) else {
        return Err(Failure::new("nothing to run; add a command after the assignments"));
    };
    if !Settings::has_key() {
        let ended = replace_with(&program);
        explain(&program, &ended);
        return Ok(ended.exit_code());
    }
    panics::keep_from(&program);
    let settings = Settings::from_env();
    Ok(Wrapped::new(arguments, program, settings).run(arguments).exit_code())
}

/// A command and the scope that it is reported as.
struct Wrapped {
    program: Program,
    session: Arc<Session>,
    record: Record,
    state: Option<State>,
    /// Whether no other process of this machine runs the whole of which this is a part.
    is_outermost: bool,
    /// Whether the end is recorded. The start must not follow it.
    has_ended: Arc<Mutex<bool>>,
}

impl Wrapped {
    fn new(arguments: &Arguments, program: Program, settings: Settings) -> Self {
        let options = &arguments.scope;
        let mut settings = settings;
        settings.mask_assignments(&program.variables(), &options.mask);
        let session = Session::new(settings, &options.mask, options.run_id.as_deref());
        let is_outermost = Location::innermost(&session.settings.environment).is_none();
        let chosen = arguments.level.chosen();
        let level = match &chosen {
            Some((level, _)) => *level,
            None if session.location.is_none() => Level::Pipeline,
            None => Level::Step,
        };
        let mut new = options.to_new(level);
        // The first pipeline of a job is the run of the CI system, further ones have their own ids.
        new.is_implicit = chosen.is_none() && level == Level::Pipeline && !claim(&session);
        new.name = match chosen {
            Some((_, name)) => Some(name),
            None if level == Level::Pipeline
                && session.ci.pipeline_name.is_some()
                && !new.is_implicit =>
            {
                None
            }
            None => Some(program.name()),
        };
        let sends_arguments = "CI_REPORT_SEND_ARGUMENTS";
        if arguments.send_arguments || session.settings.environment.is_on(sends_arguments) {
            new.changes.parameters.insert("command".to_owned(), program.line());
        }
        let record = session.open(level, new);
        let state = session.state_of(&record);
        Self {
            program,
            session: Arc::new(session),
            record,
            state,
            is_outermost,
            has_ended: Arc::default(),
        }
    }

    fn run(self, arguments: &Arguments) -> Ended {
        fault_for_tests("before");
        let signals = Signals::catch();
        let mut variables = self.record.variables(&self.session.settings.environment);
        if let Some(state) = &self.state {
            variables.push(("CI_REPORT_STATE", Some(state.path().display().to_string())));
        }
        let started = Instant::now();
        let clock = SystemTime::now();
        let captured = self.captured(arguments);
        let mut child = start(&self.program, &variables, captured.is_some(), &signals);
        panics::set_command(child.number());
        // Everything else happens while the command runs.
        let emitter = self.begin();
        let settings = self.session.settings.clone();
        let delay = if self.is_outermost { Duration::ZERO } else { OWN_DELIVERY };
        let background = Background::start(settings, self.session.spool.clone(), delay);
        fault_for_tests("during");
        let ended = child.wait(&signals);
        panics::set_ended(&ended);
        fault_for_tests("after");
        let took = started.elapsed();
        explain(&self.program, &ended);
        let flushed = arguments.flush.or(self.session.settings.flush);
        let (status, fault) = result(&ended, signals.ending(ended.is_by_request()));
        let fault = match status {
            Status::Error => self.explained(fault, &child, arguments, clock),
            _ => fault,
        };
        child.hand_over_stderr();
        let emitter = self.end(status, fault, took, emitter);
        match flushed {
            Some(time) => {
                emitter.sync();
                signals.may_exit();
                let flushed = flush(&self.session.settings, &self.session.spool, time);
                self.session.note(&flushed.to_string());
            }
            None if self.is_outermost || took > OWN_DELIVERY => {
                background.finish(WAIT, (took / SHARE).min(LONG_WAIT), || emitter.sync());
            }
            None => emitter.sync(),
        }
        if self.is_outermost
            && let Some(page) = self.session.settings.page(&self.record.parents.run_id)
        {
            self.session.note(&format!("{page} shows the run in a browser"));
        }
        ended
    }

    /// Returns how many lines of stderr are sent. A variable with another value than a number must not
    /// keep the command from running.
    fn captured(&self, arguments: &Arguments) -> Option<usize> {
        let variable = || self.session.settings.environment.get("CI_REPORT_CAPTURE_STDERR");
        arguments.capture_stderr.or_else(|| variable()?.parse().ok())
    }

    /// Records that the scope runs, on a thread.
    fn begin(&self) -> Receiver<Emitter> {
        let (ready, emitter) = mpsc::channel();
        let (session, record) = (Arc::clone(&self.session), self.record.clone());
        let has_ended = Arc::clone(&self.has_ended);
        let begin = move || {
            fault_for_tests("thread");
            let emitter = Emitter::new(&session.settings, &session.spool, &record);
            let ended = has_ended.lock().unwrap_or_else(PoisonError::into_inner);
            if *ended {
                return;
            }
            emitter.running(&record);
            drop(ended);
            let _ = ready.send(emitter.clone());
            emitter.sync();
        };
        // Without a thread the end is reported alone.
        let _ = thread::Builder::new().name("report".to_owned()).spawn(begin);
        emitter
    }

    /// Returns the error of the tests that the command has run, or that of the command with the end of
    /// its stderr.
    fn explained(
        &self,
        fault: Option<Fault>,
        child: &Running,
        arguments: &Arguments,
        started: SystemTime,
    ) -> Option<Fault> {
        let tests = arguments.junit.as_ref().and_then(|path| {
            let error = junit::error_of(path, Some(started), &self.session.mask);
            error.unwrap_or_else(|failure| {
                self.session.note(&failure.to_string());
                None
            })
        });
        if let Some(error) = tests {
            return Some(error.into());
        }
        let output =
            self.captured(arguments).and_then(|lines| child.last_lines(lines, &self.session.mask));
        fault.map(|fault| Fault { message: output.or(fault.message), ..fault })
    }

    /// Records the end of the scope.
    fn end(
        &self,
        status: Status,
        fault: Option<Fault>,
        took: Duration,
        emitter: Receiver<Emitter>,
    ) -> Emitter {
        let took = SignedDuration::try_from(took).unwrap_or(SignedDuration::MAX);
        let end = self.record.start.checked_add(took).unwrap_or(self.record.start);
        let emitter = emitter.recv_timeout(FACTS).unwrap_or_else(|_| {
            // Without the commit, which takes too long to read.
            let nowhere = Record { directory: String::new(), ..self.record.clone() };
            Emitter::new(&self.session.settings, &self.session.spool, &nowhere)
        });
        *self.has_ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        let ending = Ending { status, end, fault };
        // What commands inside the scope have added to it, and the scopes that they have started and not
        // ended, such as those of a script that has stopped at an error.
        let key = self.record.key();
        let select =
            |content: &mut Content| (content.changes.remove(&key), content.remove_left_open(&key));
        let prepare = |(added, left_open): &(Option<Changes>, Vec<Record>)| {
            let mut record = self.record.clone();
            record.changes.merge(added.clone().unwrap_or_default());
            for record in left_open.iter().chain([&record]) {
                emitter.finished(record, &ending);
            }
            vec![emitter.clone()]
        };
        match self.state.as_ref().filter(|state| state.path().exists()) {
            // A state that cannot be changed is reported by `finish`.
            Some(state) => drop(report::end(state, select, prepare)),
            None => {
                prepare(&(None, Vec::new()));
                emitter.publish();
            }
        }
        emitter
    }
}

/// Returns the status of a command, and why it has failed.
fn result(ended: &Ended, signal: Option<i32>) -> (Status, Option<Fault>) {
    let name = |signal: i32| match signal_hook::low_level::signal_name(signal) {
        Some(name) => name.to_owned(),
        None => format!("signal {signal}"),
    };
    match (ended, signal) {
        (Ended::Exited(0), None) => (Status::Success, None),
        // It was asked to end, and it has ended.
        (_, Some(signal)) => {
            let fault = Fault::new("canceled", format!("canceled by {}", name(signal)));
            (Status::Canceled, Some(fault))
        }
        (Ended::Exited(code), None) => {
            (Status::Error, Some(Fault::new("exit code", format!("exit code {code}"))))
        }
        (Ended::Signaled(signal), None) => {
            let message = format!("ended by {}", name(*signal));
            (Status::Error, Some(Fault::new("signal", message)))
        }
        (Ended::NotFound(why), None) => {
            (Status::Error, Some(Fault::new("not found", why.as_str())))
        }
        (Ended::NotExecutable(why), None) => {
            (Status::Error, Some(Fault::new("not executable", why.as_str())))
        }
    }
}

/// Prints why a command could not be started, as a shell would.
fn explain(program: &Program, ended: &Ended) {
    if let Ended::NotFound(why) | Ended::NotExecutable(why) = ended {
        print_message(&format!("cannot run `{}`: {why}", program.program().display()));
    }
}

/// Claims the run of the CI system for a pipeline whose level the user has not chosen. Returns whether this is
/// the first one.
fn claim(session: &Session) -> bool {
    let Some(run_id) = &session.ci.run_id else { return true };
    for directory in session.settings.state_directory.iter() {
        if crate::settings::create_private(directory).is_err() {
            continue;
        }
        let path = directory.join(format!("claimed-{}", id::derived(&[run_id])));
        match OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(_) => return true,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return false,
            Err(_) => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_was_asked_to_end_is_canceled() {
        let status = |ended, signal| result(&ended, signal).0;
        assert_eq!(status(Ended::Exited(0), None), Status::Success);
        assert_eq!(status(Ended::Exited(0), Some(15)), Status::Canceled);
        assert_eq!(status(Ended::Signaled(9), None), Status::Error);
        let (_, fault) = result(&Ended::Signaled(15), Some(15));
        assert_eq!(fault.unwrap().message.as_deref(), Some("canceled by SIGTERM"));
    }
}
