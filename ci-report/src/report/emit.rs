//! The events of a scope.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use datadog_ci_pipelines::Reporter;
use datadog_ci_pipelines::jiff::Timestamp;
use datadog_ci_pipelines::models::{CiError, Pipeline};
use datadog_ci_pipelines::reporter::{
    GitFacts, Level as ModelLevel, Scope, ScopeBuilder, ScopeHandle, Sink,
};

use super::level::{Level, Status};
use super::location::Location;
use super::record::{Fault, Record};
use crate::settings::{Mask, Settings};
use crate::spool::{Entry, Prepared, Spool};

/// How and when a scope has ended.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(crate) status: Status,
    pub(crate) end: Timestamp,
    /// Why it has failed, unless the scope has an error already.
    pub(crate) fault: Option<Fault>,
}

/// Records the events of scopes.
#[derive(Clone, Debug)]
pub(crate) struct Emitter {
    reporter: Reporter,
    prepared: Arc<Mutex<Vec<Prepared>>>,
    entries: Arc<Mutex<Vec<Entry>>>,
    is_verbose: bool,
    mask: Mask,
}

impl Emitter {
    /// Creates an emitter with the commit of the record's directory, which may take a while to read.
    /// Without a directory nothing is read.
    pub(crate) fn new(settings: &Settings, spool: &Spool, record: &Record) -> Self {
        let prepared: Arc<Mutex<Vec<Prepared>>> = Arc::default();
        let (kept, recorder) = (Arc::clone(&prepared), spool.clone());
        let sink = Sink::from_fn(move |event| {
            let prepared = recorder.prepare(&event).map_err(|error| error.to_string())?;
            lock(&kept).push(prepared);
            Ok(())
        });
        let (verbose, mask) = (settings.verbose, spool.mask().clone());
        let of_problems = mask.clone();
        let mut reporter = Reporter::new(sink).on_problem(move |problem| {
            if verbose {
                print_message(&of_problems.apply(problem.to_string()));
            }
        });
        if let Some(provider) = &record.provider {
            reporter = reporter.provider_name(provider);
        }
        if let Some(env) = &settings.env {
            reporter = reporter.env(env);
        }
        if let Some(service) = &settings.service {
            reporter = reporter.service(service);
        }
        for (key, value) in &settings.tags {
            reporter = reporter.tag(key, value);
        }
        let git = GitFacts::from_env_with(|name| settings.environment.get(name).map(str::to_owned));
        if git != GitFacts::default() {
            reporter = reporter.git(git);
        }
        if !record.directory.is_empty() {
            reporter = with_checkout(reporter, Path::new(&record.directory));
        }
        Self { reporter, prepared, entries: Arc::default(), is_verbose: verbose, mask }
    }

    /// Records that a pipeline or job runs. The API has no such event for stages and steps.
    pub(crate) fn running(&self, record: &Record) {
        match record.level {
            Level::Pipeline => drop(self.pipeline(record).start().hand_over()),
            Level::Job => self.job(record).start().hand_over(),
            Level::Stage | Level::Step => {}
        }
        self.publish();
    }

    /// Prepares the end of a scope.
    pub(crate) fn finished(&self, record: &Record, ending: &Ending) {
        match record.level {
            Level::Pipeline => {
                drop(self.end(self.pipeline(record), record, ending).finish(ending.status.name()))
            }
            Level::Job => {
                self.end(self.job(record), record, ending).finish(not_blocked(ending.status).name())
            }
            Level::Stage => {
                let mut builder = self.run(&record.parents).stage(&record.name).id(&record.id);
                for id in &record.changes.dependencies {
                    builder = builder.depends_on(id);
                }
                if let Some(time) = record.queue_time {
                    builder = builder.queue_time(Duration::from_millis(time));
                }
                self.end(common(builder, record), record, ending)
                    .finish(not_blocked(ending.status).name());
            }
            Level::Step => self.step(record, ending),
        }
    }

    /// Records the events that are prepared, which is fast. Problems are printed on request.
    pub(crate) fn publish(&self) {
        for prepared in self.discard() {
            match prepared.publish() {
                Ok(entry) => lock(&self.entries).push(entry),
                Err(error) if self.is_verbose => {
                    print_message(&format!("an event cannot be stored: {error}"));
                }
                Err(_) => {}
            }
        }
    }

    /// Returns the events that are prepared. They are deleted unless they are published.
    pub(super) fn discard(&self) -> Vec<Prepared> {
        std::mem::take(&mut *lock(&self.prepared))
    }

    /// Waits until the events since the previous call survive a loss of power.
    pub(crate) fn sync(&self) {
        let entries = std::mem::take(&mut *lock(&self.entries));
        // One that was delivered meanwhile needs no disk.
        for entry in entries.iter().filter(|entry| !entry.is_settled()) {
            let _ = entry.sync();
        }
    }

    fn run(&self, parents: &Location) -> ScopeHandle<Pipeline> {
        self.reporter.within(&parents.run_id, &parents.pipeline)
    }

    fn pipeline(&self, record: &Record) -> ScopeBuilder<Pipeline> {
        let facts = &record.run;
        let builder = self.reporter.pipeline(&record.name, record.url.clone().unwrap_or_default());
        let mut builder = common(builder.unique_id(&record.id), record);
        if let Some(id) = &facts.pipeline_id {
            builder = builder.pipeline_id(id);
        }
        if let Some(parent) = &facts.parent {
            builder = builder.parent_pipeline(parent.as_str());
        }
        if let Some(previous) = &facts.previous_attempt {
            builder = builder.previous_attempt(previous.as_str());
        }
        if let Some(is_manual) = facts.is_manual {
            builder = builder.manual(is_manual);
        }
        if facts.is_resumed {
            builder = builder.resumed();
        }
        if facts.partial_retry {
            builder = builder.partial_retry();
        }
        if let Some(time) = record.queue_time {
            builder = builder.queue_time(Duration::from_millis(time));
        }
        builder
    }

    fn job(&self, record: &Record) -> ScopeBuilder<datadog_ci_pipelines::models::Job> {
        let run = self.run(&record.parents);
        let url = record.url.clone().unwrap_or_default();
        let mut builder = match &record.parents.stage {
            Some(stage) => run.within_stage(&stage.id, &stage.name).job(&record.name, url),
            None => run.job(&record.name, url),
        };
        builder = common(builder.id(&record.id), record);
        for id in &record.changes.dependencies {
            builder = builder.depends_on(id);
        }
        if let Some(time) = record.queue_time {
            builder = builder.queue_time(Duration::from_millis(time));
        }
        builder
    }

    fn step(&self, record: &Record, ending: &Ending) {
        let run = self.run(&record.parents);
        let Location { stage, job, .. } = &record.parents;
        let builder = match (stage, job) {
            (Some(stage), Some(job)) => run
                .within_stage(&stage.id, &stage.name)
                .within_job(&job.id, &job.name)
                .step(&record.name),
            (None, Some(job)) => run.within_job(&job.id, &job.name).step(&record.name),
            (Some(stage), None) => run.within_stage(&stage.id, &stage.name).step(&record.name),
            (None, None) => run.step(&record.name),
        };
        let mut builder = common(builder.id(&record.id), record);
        if let Some(url) = &record.url {
            builder = builder.url(url);
        }
        // Steps have two statuses.
        let (status, tag) = match ending.status {
            Status::Success => (Status::Success, None),
            Status::Skipped => (Status::Success, Some("skipped")),
            Status::Error => (Status::Error, None),
            Status::Canceled | Status::Blocked => (Status::Error, Some("canceled")),
        };
        if let Some(tag) = tag {
            builder = builder.tag("ci_report.status", tag);
        }
        self.end(builder, record, ending).finish(status.name());
    }

    /// Continues a scope up to its end.
    fn end<L: ModelLevel>(
        &self,
        builder: ScopeBuilder<L>,
        record: &Record,
        ending: &Ending,
    ) -> Scope<L> {
        let mut scope = builder.reopen();
        scope.end_at(ending.end.max(record.start));
        if let Some(fault) = record.changes.error.clone().or_else(|| ending.fault.clone()) {
            scope.error(CiError::from(fault.masked(&self.mask)));
        }
        scope
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets what scopes of all levels have.
fn common<L: ModelLevel>(mut builder: ScopeBuilder<L>, record: &Record) -> ScopeBuilder<L> {
    builder = builder.start_at(record.start).node(record.node.clone().into());
    for (key, value) in &record.changes.tags {
        builder = builder.tag(key, value);
    }
    for (key, value) in &record.changes.measures {
        builder = builder.metric(key, *value);
    }
    for (name, value) in &record.changes.parameters {
        builder = builder.parameter(name, value);
    }
    builder
}

/// Returns the status of a level that cannot be blocked.
fn not_blocked(status: Status) -> Status {
    if status == Status::Blocked { Status::Canceled } else { status }
}

/// Adds the commit of the checkout that contains a directory, if there is one.
#[cfg(feature = "git")]
fn with_checkout(reporter: Reporter, directory: &Path) -> Reporter {
    let is_checkout = directory.ancestors().any(|directory| directory.join(".git").exists());
    if is_checkout { reporter.git_from_checkout(directory) } else { reporter }
}

#[cfg(not(feature = "git"))]
fn with_checkout(reporter: Reporter, _: &Path) -> Reporter {
    reporter
}

/// Prints a message to stderr.
pub(crate) fn print_message(message: &str) {
    use std::io::Write as _;
    // A closed stderr must not cause a panic.
    let _ = writeln!(std::io::stderr(), "ci-report: {message}");
}
