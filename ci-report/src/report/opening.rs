//! What a new scope starts with.

use std::time::Duration;

use datadog_ci_pipelines::jiff::Timestamp;

use super::ci_system::CiFacts;
use super::emit::print_message;
use super::id;
use super::level::Level;
use super::location::Location;
use super::record::{Changes, Node, Record, RunFacts};
use super::state::{self, Content, Found, ProcessId, State};
use crate::settings::{Mask, Settings};
use crate::spool::Spool;

/// What a command knows of where it runs.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) settings: Settings,
    pub(crate) mask: Mask,
    pub(crate) spool: Spool,
    pub(crate) ci: CiFacts,
    pub(crate) state: Option<State>,
    processes: Vec<ProcessId>,
    /// What is open according to the state or, if it knows nothing, to the environment.
    pub(crate) location: Option<Location>,
    /// The innermost open scope, such as `job:7`.
    pub(crate) innermost: Option<String>,
}

/// What a caller wants of a new scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct New {
    pub(crate) name: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) changes: Changes,
    pub(crate) queue_time: Option<Duration>,
    /// Now by default.
    pub(crate) started: Option<Timestamp>,
    pub(crate) parent: Option<String>,
    pub(crate) previous_attempt: Option<String>,
    pub(crate) is_manual: Option<bool>,
    /// The run that this one continues.
    pub(crate) resumes: Option<String>,
    pub(crate) partial_retry: bool,
    /// Whether the level was chosen by this program, and the run of the CI system may be reported
    /// already.
    pub(crate) is_implicit: bool,
}

impl Session {
    /// Looks for what is open. `masked` are names of variables whose values are masked, too.
    pub(crate) fn new(settings: Settings, masked: &[String], run_id: Option<&str>) -> Self {
        let mask = settings.mask.clone().with(&settings.environment, masked);
        let spool = Spool::with_mask(&settings, mask.clone());
        let mut ci = CiFacts::read(&settings.environment);
        if let Some(run_id) = run_id {
            ci.run_id = Some(run_id.to_owned());
        }
        ci.run_id = ci.run_id.map(|id| mask.apply(id));
        let processes = state::ancestors();
        let state = state::locate(&settings, &mask, ci.run_id.as_deref(), &processes);
        let mut session =
            Self { settings, mask, spool, ci, state, processes, location: None, innermost: None };
        let content = session.state.as_ref().map(State::read).unwrap_or_default();
        session.look(&content);
        if session.settings.verbose {
            session.settings.problems().iter().for_each(|problem| session.note(problem));
        }
        session
    }

    fn look(&mut self, content: &Content) {
        let environment = &self.settings.environment;
        let started = content.position(&self.wanted()).and_then(|index| content.scopes.get(index));
        self.location = started.map(Record::location).or_else(|| Location::read(environment));
        self.innermost = started.map(Record::key).or_else(|| Location::innermost(environment));
    }

    /// Returns what this process looks for in the state.
    pub(crate) fn wanted(&self) -> Found {
        Found {
            processes: state::own().into_iter().chain(self.processes.iter().copied()).collect(),
            outer: Location::innermost(&self.settings.environment),
            job_key: self.ci.job_key.clone(),
            level: None,
            name: None,
            is_of_shell: self.state.as_ref().is_some_and(|state| state.is_of_shell),
        }
    }

    /// Returns the level and id of the open scope of a level, or of the innermost one.
    pub(crate) fn open_scope(&self, level: Option<Level>) -> Option<String> {
        let Some(level) = level else { return self.innermost.clone() };
        let innermost = self.innermost.clone().filter(|key| key.starts_with(&format!("{level}:")));
        innermost.or_else(|| {
            let location = self.location.as_ref()?;
            let id = match level {
                Level::Pipeline => Some(&location.run_id),
                Level::Stage => location.stage.as_ref().map(|stage| &stage.id),
                Level::Job => location.job.as_ref().map(|job| &job.id),
                Level::Step => None,
            };
            Some(format!("{level}:{}", id?))
        })
    }

    /// Prints a message if the user has asked for messages.
    pub(crate) fn note(&self, message: &str) {
        if self.settings.verbose {
            print_message(&self.mask.apply(message));
        }
    }

    /// Returns the state that the children of a scope use.
    pub(crate) fn state_of(&self, record: &Record) -> Option<State> {
        state::locate(&self.settings, &self.mask, Some(&record.parents.run_id), &self.processes)
    }

    /// Returns whether a pipeline without a name of its own is the run of the CI system, of which jobs may
    /// be open already, as those of hooks are.
    fn is_named_by_ci(&self, new: &New) -> bool {
        let location = self.location.as_ref().map(|location| &location.run_id);
        let is_own = new.name.is_none() && new.id.is_none() && new.resumes.is_none();
        location.is_none() || (is_own && location == self.ci.run_id.as_ref())
    }

    /// Returns the record of a new scope.
    pub(crate) fn open(&self, level: Level, new: New) -> Record {
        let string = |string: String| self.mask.apply(string);
        let start = new.started.unwrap_or_else(Timestamp::now);
        let waited = |queued: Option<Timestamp>| {
            let waited = start.duration_since(queued?);
            u64::try_from(waited.as_millis()).ok()
        };
        let chosen = new.queue_time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        let is_run = level == Level::Pipeline;
        // The run of the CI system is the outermost one.
        let is_run_of_ci = is_run && self.is_named_by_ci(&new) && !new.is_implicit;
        let ci_name = match level {
            Level::Pipeline => self.ci.pipeline_name.clone().filter(|_| self.is_named_by_ci(&new)),
            Level::Stage => self.ci.stage_name.clone(),
            Level::Job => self.ci.job_name.clone(),
            Level::Step => None,
        };
        // An empty name, such as that of an unset variable, would be rejected.
        let chosen_name = new.name.clone().filter(|name| !name.trim().is_empty());
        let name = string(chosen_name.or(ci_name).unwrap_or_else(|| level.name().to_owned()));
        let id = self.id(level, new.id.clone().map(string), new.resumes.as_deref(), is_run_of_ci);
        // The reporter does not accept the name as the id of a run.
        let id = if id == name { id::derived(&[&id]) } else { id };
        let (url, queue_time) = match level {
            Level::Pipeline if is_run_of_ci => {
                (self.ci.pipeline_url.clone(), chosen.or_else(|| waited(self.ci.queued_at)))
            }
            Level::Pipeline if self.location.is_none() => (self.ci.pipeline_url.clone(), chosen),
            Level::Job => {
                (self.ci.job_url.clone(), chosen.or_else(|| waited(self.ci.job_queued_at)))
            }
            _ => (None, chosen),
        };
        let url = new.url.clone().or(url).map(string);
        let run = match is_run {
            true => self.run_facts(&id, is_run_of_ci, &new),
            false => RunFacts::default(),
        };
        let parents = if is_run {
            Location { run_id: id.clone(), pipeline: name.clone(), stage: None, job: None }
        } else {
            self.parents(level)
        };
        let directory = std::env::current_dir().map(|path| path.display().to_string());
        let mut changes =
            Changes { measures: self.settings.measures.clone(), ..Changes::default() };
        changes.merge(new.changes);
        Record {
            level,
            id,
            name,
            url,
            start,
            parents,
            changes,
            queue_time,
            run,
            node: self.node(),
            provider: self.ci.provider.clone(),
            directory: directory.unwrap_or_default(),
            outer: Location::innermost(&self.settings.environment),
            job_key: self.ci.job_key.clone(),
            processes: self.processes.clone(),
        }
    }

    fn id(
        &self,
        level: Level,
        chosen: Option<String>,
        resumes: Option<&str>,
        is_of_ci: bool,
    ) -> String {
        let derived = match (level, resumes) {
            // A run does not include waiting for a person, so the continuation is a run of its own.
            (Level::Pipeline, Some(resumes)) => Some(id::derived(&[resumes, "resumed"])),
            _ => self.ci.run_id.clone().filter(|_| is_of_ci),
        };
        chosen.or(derived).unwrap_or_else(id::random)
    }

    fn run_facts(&self, id: &str, is_of_ci: bool, new: &New) -> RunFacts {
        let ci = &self.ci;
        let outer = self.location.as_ref().map(|location| location.run_id.clone());
        let outer = outer.filter(|outer| *outer != id);
        let of_ci = |value: &Option<String>| value.clone().filter(|_| is_of_ci);
        let pipeline_id = new.resumes.clone().or_else(|| ci.pipeline_id.clone());
        RunFacts {
            pipeline_id: pipeline_id.or_else(|| Some(id.to_owned())),
            parent: new.parent.clone().or(outer).or_else(|| of_ci(&ci.parent_run)),
            previous_attempt: new.previous_attempt.clone().or_else(|| of_ci(&ci.previous_run)),
            is_manual: new.is_manual.or(ci.is_manual),
            is_resumed: new.resumes.is_some(),
            partial_retry: new.partial_retry,
        }
    }

    /// Returns the parents of a scope inside a run. If nothing is open, the run is the one of the CI
    /// system, which another process reports.
    fn parents(&self, level: Level) -> Location {
        let location = self.location.clone().unwrap_or_else(|| {
            let run_id = self.ci.run_id.clone().unwrap_or_else(id::random);
            let pipeline = self.ci.pipeline_name.clone().unwrap_or_else(|| run_id.clone());
            Location { run_id, pipeline, stage: None, job: None }
        });
        match level {
            Level::Pipeline | Level::Stage => Location { stage: None, job: None, ..location },
            Level::Job => Location { job: None, ..location },
            Level::Step => location,
        }
    }

    fn node(&self) -> Node {
        let hostname = hostname();
        let directory = std::env::current_dir().ok().map(|path| path.display().to_string());
        Node {
            name: self.ci.node_name.clone().or_else(|| hostname.clone()),
            hostname,
            workspace: self.ci.workspace.clone().or(directory),
            labels: self.ci.node_labels.clone(),
        }
    }
}

#[cfg(unix)]
fn hostname() -> Option<String> {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(not(unix))]
fn hostname() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}
