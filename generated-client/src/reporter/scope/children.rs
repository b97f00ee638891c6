//! The scopes that can be opened on each level.

use super::builder::ScopeBuilder;
use super::scope::ScopeHandle;
use crate::models::{Job, Pipeline, Stage, Step};

impl ScopeHandle<Pipeline> {
    /// Returns the unique id of the run.
    #[must_use]
    pub fn unique_id(&self) -> &str {
        self.id()
    }

    /// Creates a stage of the run.
    pub fn stage(&self, name: impl Into<String>) -> ScopeBuilder<Stage> {
        ScopeBuilder::new(self.parents().clone(), name.into(), None)
    }

    /// Creates a job of the run that belongs to no stage. The URL may be empty.
    pub fn job(&self, name: impl Into<String>, url: impl Into<String>) -> ScopeBuilder<Job> {
        ScopeBuilder::new(self.parents().clone(), name.into(), Some(url.into()))
    }

    /// Creates a step of the run that belongs to no job.
    pub fn step(&self, name: impl Into<String>) -> ScopeBuilder<Step> {
        ScopeBuilder::new(self.parents().clone(), name.into(), None)
    }

    /// Returns a handle for a stage that another process reports, to report a part of it.
    #[must_use]
    pub fn within_stage(
        &self,
        id: impl Into<String>,
        name: impl Into<String>,
    ) -> ScopeHandle<Stage> {
        self.child(id.into(), name.into())
    }

    /// Returns a handle for a job that another process reports and that belongs to no stage.
    #[must_use]
    pub fn within_job(&self, id: impl Into<String>, name: impl Into<String>) -> ScopeHandle<Job> {
        self.child(id.into(), name.into())
    }
}

impl ScopeHandle<Stage> {
    /// Creates a job of the stage. The URL may be empty.
    pub fn job(&self, name: impl Into<String>, url: impl Into<String>) -> ScopeBuilder<Job> {
        ScopeBuilder::new(self.parents().clone(), name.into(), Some(url.into()))
    }

    /// Creates a step of the stage that belongs to no job.
    pub fn step(&self, name: impl Into<String>) -> ScopeBuilder<Step> {
        ScopeBuilder::new(self.parents().clone(), name.into(), None)
    }

    /// Returns a handle for a job of the stage that another process reports.
    #[must_use]
    pub fn within_job(&self, id: impl Into<String>, name: impl Into<String>) -> ScopeHandle<Job> {
        self.child(id.into(), name.into())
    }
}

impl ScopeHandle<Job> {
    /// Creates a step of the job.
    pub fn step(&self, name: impl Into<String>) -> ScopeBuilder<Step> {
        ScopeBuilder::new(self.parents().clone(), name.into(), None)
    }
}
