//! Scopes: what has begun and not yet ended.

use std::fmt::Display;
use std::marker::PhantomData;
use std::ops::Deref;
use std::thread;

use jiff::Timestamp;
use specwright_runtime::jiff;

use super::delivery::Delivery;
use super::facts::{Facts, Parents};
use super::level::{CommonStatus, Level, LevelDetails, Times};
use super::scope_builder::ScopeBuilder;
use crate::models::{CiError, HostInfo, Job, Pipeline, Stage, Step};

/// What becomes of a scope that is dropped without an end: an early return, a panic, a task that
/// was aborted.
///
/// ```
/// use datadog_ci_pipelines::Reporter;
/// use datadog_ci_pipelines::reporter::OnDrop;
/// # use datadog_ci_intake::LocalIntake;
///
/// fn build(reporter: &Reporter) -> Result<(), std::num::ParseIntError> {
///     let run = reporter.pipeline("deploy", "").start();
///     let job = run.job("build", "").start();
///     "none".parse::<u8>()?; // leaves the job and the run without an end
///     job.success();
///     run.success().wait();
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let intake = LocalIntake::start().await?;
/// # let client = intake.client();
/// let reporter = Reporter::new(client).on_drop(OnDrop::Error);
/// assert!(build(&reporter).is_err());
/// assert!(reporter.flush().await.is_complete());
/// # for event in intake.events() {
/// #     assert_eq!(event.attributes["ci"]["status"], "error");
/// # }
/// # assert_eq!(intake.event_count(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnDrop {
    /// It is reported as an error if the thread panics, else as canceled.
    #[default]
    ByCause,
    /// It is reported as canceled. A step, which cannot be, is reported as an error that says so.
    Canceled,
    /// It is reported as an error.
    Error,
}

/// A pipeline, stage, job or step that has begun: of a model as level, such as `Scope<Job>`.
///
/// It belongs to whoever holds it, can go to any thread or task, and is reported when it ends:
/// where it is finished, or else where it is dropped ([`OnDrop`]). It is also the [`ScopeHandle`] in
/// which further scopes are opened, and the two do not depend on each other: a scope that is still
/// open when the one around it ends is reported when it ends itself.
#[derive(Debug)]
#[must_use = "a scope that is dropped at once is reported as canceled"]
pub struct Scope<L: Level> {
    handle: ScopeHandle<L>,
    /// What it is in itself.
    parents: Parents,
    facts: Facts,
    start: Timestamp,
    end: Option<Timestamp>,
    is_open: bool,
}

impl<L: Level> Scope<L> {
    pub(super) fn begin(facts: Facts, parents: Parents, start: Timestamp) -> Self {
        let handle = ScopeHandle::new(&facts, L::around(&facts, &parents));
        let mut scope = Self { handle, parents, facts, start, end: None, is_open: true };
        scope.send_running();
        scope
    }

    fn send_running(&mut self) {
        if let Some(resource) = L::running(&self.facts, &self.parents, self.start) {
            self.facts.send(&self.parents.run, resource, true);
        }
    }

    /// When it began.
    #[must_use]
    pub fn started_at(&self) -> Timestamp {
        self.start
    }

    /// Adds a tag. It goes out with the end, and with [`update`](Scope::update).
    pub fn tag(&mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> &mut Self {
        self.facts.tag(key.as_ref(), value.as_ref());
        self
    }

    /// Adds a measure.
    pub fn metric(&mut self, key: impl AsRef<str>, value: impl Into<f64>) -> &mut Self {
        self.facts.metric(key.as_ref(), value.into());
        self
    }

    /// Says on which machine it runs, once that is known. What was opened in it before does not
    /// hear of it.
    pub fn node(&mut self, node: HostInfo) -> &mut Self {
        self.facts.node = Some(Box::new(node));
        self.handle.around.node.clone_from(&self.facts.node);
        self
    }

    /// Says what went wrong, whatever the end will be. A text is enough.
    pub fn error(&mut self, error: impl Into<CiError>) -> &mut Self {
        self.facts.error(error.into());
        self
    }

    /// Sets the moment at which it ends, instead of the one at which it is finished.
    pub fn end_at(&mut self, end: Timestamp) -> &mut Self {
        self.end = Some(end);
        self
    }

    /// Ends it. A pipeline gives a [`Delivery`] to wait for.
    pub fn finish(mut self, status: L::Status) -> L::Finished {
        self.close(status);
        L::done(&self.parents)
    }

    /// Ends it well.
    pub fn success(self) -> L::Finished {
        self.finish(L::status(CommonStatus::Success))
    }

    /// Ends it with an error. A text is enough.
    pub fn failed(mut self, error: impl Into<CiError>) -> L::Finished {
        self.error(error);
        self.finish(L::status(CommonStatus::Error))
    }

    /// Ends it as a result says, and gives the result back.
    ///
    /// # Errors
    /// Fails with the error that it was given.
    pub fn outcome<T, E: Display>(self, result: Result<T, E>) -> Result<T, E>
    where
        L: Level<Finished = ()>,
    {
        match &result {
            Ok(_) => self.success(),
            Err(error) => self.failed(error.to_string()),
        }
        result
    }

    fn close(&mut self, status: L::Status) {
        self.is_open = false;
        let end = self.end.unwrap_or_else(|| self.now());
        let times = Times { start: self.start, end: self.facts.end(self.start, end) };
        let resource = L::finished(&self.facts, &self.parents, times, status);
        self.facts.send(&self.parents.run, resource, false);
    }

    /// The time, but never before the beginning: that may have been set by hand, or by the clock
    /// of another machine.
    fn now(&self) -> Timestamp {
        self.parents.run.clock.now().max(self.start)
    }
}

impl Scope<Pipeline> {
    /// Sends what was added since the beginning, while it still runs.
    pub fn update(&mut self) {
        self.send_running();
    }

    /// Leaves it running: another process ends it. That opens it again with the same unique id,
    /// name, address and start, which is no second run but one more message of this one.
    pub fn hand_over(mut self) -> Delivery {
        self.is_open = false;
        Pipeline::done(&self.parents)
    }
}

impl Scope<Job> {
    /// Sends what was added since the beginning, while it still runs.
    pub fn update(&mut self) {
        self.send_running();
    }
}

impl<L: Level> Drop for Scope<L> {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        let is_panic = thread::panicking();
        let status = match self.parents.run.context.on_drop {
            OnDrop::ByCause if is_panic => CommonStatus::Error,
            OnDrop::Error => CommonStatus::Error,
            OnDrop::ByCause | OnDrop::Canceled => CommonStatus::Canceled,
        };
        if self.facts.error.is_none() {
            let (kind, message) = match is_panic {
                true => ("panic", "it was ended by a panic"),
                false => ("canceled", "it was left before its end"),
            };
            let error = CiError { r#type: Some(kind.to_owned()), ..CiError::from(message) };
            self.facts.error(error);
        }
        self.close(L::status(status));
    }
}

/// A scope is the place that it is.
impl<L: Level> Deref for Scope<L> {
    type Target = ScopeHandle<L>;

    fn deref(&self) -> &ScopeHandle<L> {
        &self.handle
    }
}

/// Where something is opened: in a run, a stage or a job. A clone of it can be given to tasks
/// that open scopes there, while the [`Scope`] itself stays with whoever ends it.
#[derive(Debug)]
pub struct ScopeHandle<L: Level> {
    id: String,
    name: String,
    around: Parents,
    level: PhantomData<fn() -> L>,
}

impl<L: Level> Clone for ScopeHandle<L> {
    fn clone(&self) -> Self {
        Self {
            id: self.id.clone(),
            name: self.name.clone(),
            around: self.around.clone(),
            level: PhantomData,
        }
    }
}

impl<L: Level> ScopeHandle<L> {
    pub(super) fn new(facts: &Facts, around: Parents) -> Self {
        Self { id: facts.id.clone(), name: facts.name.clone(), around, level: PhantomData }
    }

    /// Its id; of a pipeline the unique id of the run.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The place alone, for tasks that open something in it.
    #[must_use]
    pub fn handle(&self) -> ScopeHandle<L> {
        self.clone()
    }

    /// A place in this one, of which no scope is here.
    fn known<Inner: Level>(&self, id: String, name: String) -> ScopeHandle<Inner> {
        let mut facts = Facts::new(Inner::NAME, name, None);
        facts.set_id(id);
        facts.tell(&self.around.run);
        ScopeHandle::new(&facts, Inner::around(&facts, &self.around))
    }
}

impl ScopeHandle<Pipeline> {
    /// The unique id of the run.
    #[must_use]
    pub fn unique_id(&self) -> &str {
        self.id()
    }

    /// A stage of the run.
    pub fn stage(&self, name: impl Into<String>) -> ScopeBuilder<Stage> {
        ScopeBuilder::new(self.around.clone(), name.into(), None)
    }

    /// A job of the run that belongs to no stage. The address may be empty.
    pub fn job(&self, name: impl Into<String>, url: impl Into<String>) -> ScopeBuilder<Job> {
        ScopeBuilder::new(self.around.clone(), name.into(), Some(url.into()))
    }
}

impl ScopeHandle<Pipeline> {
    /// A stage of the run that another process reports, to report a part of it from here.
    #[must_use]
    pub fn within_stage(
        &self,
        id: impl Into<String>,
        name: impl Into<String>,
    ) -> ScopeHandle<Stage> {
        self.known(id.into(), name.into())
    }

    /// A job of the run that another process reports, and that belongs to no stage.
    #[must_use]
    pub fn within_job(&self, id: impl Into<String>, name: impl Into<String>) -> ScopeHandle<Job> {
        self.known(id.into(), name.into())
    }
}

impl ScopeHandle<Stage> {
    /// A job of the stage. The address may be empty.
    pub fn job(&self, name: impl Into<String>, url: impl Into<String>) -> ScopeBuilder<Job> {
        ScopeBuilder::new(self.around.clone(), name.into(), Some(url.into()))
    }

    /// A job of the stage that another process reports.
    #[must_use]
    pub fn within_job(&self, id: impl Into<String>, name: impl Into<String>) -> ScopeHandle<Job> {
        self.known(id.into(), name.into())
    }
}

impl ScopeHandle<Job> {
    /// A step of the job.
    pub fn step(&self, name: impl Into<String>) -> ScopeBuilder<Step> {
        ScopeBuilder::new(self.around.clone(), name.into(), None)
    }
}

/// An error with a message and nothing else.
impl From<&str> for CiError {
    fn from(message: &str) -> Self {
        message.to_owned().into()
    }
}

/// An error with a message and nothing else.
impl From<String> for CiError {
    fn from(message: String) -> Self {
        Self { message: Some(message), ..Self::default() }
    }
}
