//! A started scope, and the handle that opens scopes inside it.

use std::marker::PhantomData;
use std::ops::Deref;
use std::thread;

use jiff::Timestamp;
use specwright_runtime::jiff;

use super::context::OnDrop;
use super::facts::{Facts, Parents};
use super::level::{CommonStatus, Level, Times};
use super::result::Failure;
use crate::models::{CiError, HostInfo, Job, Pipeline};

/// A pipeline, stage, job or step that has started. The level is a model: `Scope<Job>`.
///
/// A scope can be moved to any thread or task. It is reported when it is finished, or when it is
/// dropped ([`OnDrop`]). It dereferences to the [`ScopeHandle`] that opens further scopes inside
/// it. Scopes are independent: one that is still open when its parent ends is reported when it
/// ends itself.
#[doc(alias = "span")]
#[derive(Debug)]
#[must_use = "a scope that is dropped at once is reported as canceled"]
pub struct Scope<L: Level> {
    handle: ScopeHandle<L>,
    pub(super) parents: Parents,
    pub(super) facts: Facts,
    start: Timestamp,
    end: Option<Timestamp>,
    /// Whether the end of stderr of a command becomes part of the error.
    pub(super) keeps_stderr: bool,
    is_open: bool,
}

impl<L: Level> Scope<L> {
    pub(super) fn begin(facts: Facts, parents: Parents, start: Timestamp) -> Self {
        let handle = ScopeHandle::new(&facts, L::parents_of_children(&facts, &parents));
        let (end, keeps_stderr, is_open) = (None, false, true);
        Self { handle, parents, facts, start, end, keeps_stderr, is_open }
    }

    pub(super) fn send_running(&mut self) {
        if let Some(resource) = L::running(&self.facts, &self.parents, self.start) {
            self.facts.send(&self.parents.run, resource, true);
        }
    }

    /// Returns the start time.
    #[must_use]
    pub fn started_at(&self) -> Timestamp {
        self.start
    }

    /// Adds a tag. It is sent with the end of the scope, and with [`update`](Scope::update).
    pub fn tag(&mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> &mut Self {
        self.facts.tag(key.as_ref(), value.as_ref());
        self
    }

    /// Adds a metric.
    pub fn metric(&mut self, key: impl AsRef<str>, value: impl Into<f64>) -> &mut Self {
        self.facts.metric(key.as_ref(), value.into());
        self
    }

    /// Sets the node that it runs on. Scopes that were opened inside it earlier are not affected.
    pub fn node(&mut self, node: HostInfo) -> &mut Self {
        self.facts.node = Some(Box::new(node));
        self.handle.parents.node.clone_from(&self.facts.node);
        self
    }

    /// Sets the error, whatever the final status: a [`CiError`], or anything that implements
    /// `Display`, such as a string or an error.
    pub fn error(&mut self, error: impl Failure) -> &mut Self {
        self.facts.error(error.into_error());
        self
    }

    /// Sets the end time. Defaults to the time when the scope is finished.
    pub fn end_at(&mut self, end: Timestamp) -> &mut Self {
        self.end = Some(end);
        self
    }

    /// Leaves the scope open for another process to end. That process continues it with
    /// [`ScopeBuilder::reopen`](super::ScopeBuilder::reopen).
    pub fn hand_over(mut self) -> L::Finished {
        self.is_open = false;
        L::done(&self.parents)
    }

    pub(super) fn close(&mut self, status: L::Status) {
        self.is_open = false;
        let end = self.end.unwrap_or_else(|| self.now());
        let times = Times { start: self.start, end: self.facts.end(self.start, end) };
        let resource = L::finished(&self.facts, &self.parents, times, status);
        self.facts.send(&self.parents.run, resource, false);
    }

    /// Returns the time, but never one before the start, which may have been set by the caller or
    /// by the clock of another machine.
    fn now(&self) -> Timestamp {
        self.parents.run.clock.now().max(self.start)
    }
}

impl Scope<Pipeline> {
    /// Sends what was added since the start, while the run continues.
    pub fn update(&mut self) {
        self.send_running();
    }
}

impl Scope<Job> {
    /// Sends what was added since the start, while the job continues.
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
                true => ("panic", "ended by a panic"),
                false => ("canceled", "dropped before it was finished"),
            };
            let error = CiError { r#type: Some(kind.to_owned()), ..CiError::from(message) };
            self.facts.error(error);
        }
        self.close(L::status(status));
    }
}

impl<L: Level> Deref for Scope<L> {
    type Target = ScopeHandle<L>;

    fn deref(&self) -> &ScopeHandle<L> {
        &self.handle
    }
}

/// Opens scopes inside a run, a stage or a job. Clones can be passed to tasks, while the
/// [`Scope`] stays with its owner.
#[derive(Debug)]
pub struct ScopeHandle<L: Level> {
    id: String,
    name: String,
    /// The parents of the scopes that are opened inside.
    parents: Parents,
    level: PhantomData<fn() -> L>,
}

impl<L: Level> Clone for ScopeHandle<L> {
    fn clone(&self) -> Self {
        Self {
            id: self.id.clone(),
            name: self.name.clone(),
            parents: self.parents.clone(),
            level: PhantomData,
        }
    }
}

impl<L: Level> ScopeHandle<L> {
    pub(in crate::reporter) fn new(facts: &Facts, parents: Parents) -> Self {
        Self { id: facts.id.clone(), name: facts.name.clone(), parents, level: PhantomData }
    }

    pub(super) fn parents(&self) -> &Parents {
        &self.parents
    }

    /// Returns the id; for a pipeline, the unique id of the run.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns a handle for tasks that open scopes inside this one.
    #[must_use]
    pub fn handle(&self) -> ScopeHandle<L> {
        self.clone()
    }

    /// Returns a handle for a scope inside this one that another process reports.
    pub(super) fn child<Inner: Level>(&self, id: String, name: String) -> ScopeHandle<Inner> {
        let mut facts = Facts::new(Inner::NAME, name, None);
        facts.set_id(id);
        facts.report_corrections(&self.parents.run);
        ScopeHandle::new(&facts, Inner::parents_of_children(&facts, &self.parents))
    }
}
