//! The differences between the four levels.
//!
//! The models are generated structs without a common trait, so macros list the properties that
//! several of them share.

use std::sync::Arc;

use jiff::Timestamp;
use specwright_runtime::jiff;

use super::facts::{Facts, Named, Parents, RunOrigin};
use crate::models::{
    FinishedJob, FinishedPipeline, Job, JobLevel, JobStatus, Pipeline, PipelineRunLevel,
    PipelineStatus, Resource, RunningJob, RunningJobStatus, RunningPipeline, RunningPipelineStatus,
    Stage, StageLevel, StageStatus, Step, StepLevel, StepStatus,
};
use crate::reporter::delivery::Delivery;

/// A level of a run: [`Pipeline`], [`Stage`], [`Job`] or [`Step`].
pub trait Level: LevelDetails {
    /// The final status.
    type Status;

    /// What status it gives: of a pipeline the [`Delivery`] of the whole run, of all others nothing.
    type Finished;
}

impl Level for Pipeline {
    type Finished = Delivery;
    type Status = PipelineStatus;
}

impl Level for Stage {
    type Finished = ();
    type Status = StageStatus;
}

impl Level for Job {
    type Finished = ();
    type Status = JobStatus;
}

impl Level for Step {
    type Finished = ();
    type Status = StepStatus;
}

/// A final status that every level can express.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommonStatus {
    Success,
    Error,
    Canceled,
}

/// The private part of [`Level`]. The trait is sealed: it cannot be named outside this module.
pub trait LevelDetails: Sized {
    /// Where a scope of this level is opened.
    type Origin;

    /// The name of the level.
    const NAME: &'static str;

    /// The names of the final statuses.
    const STATUSES: &'static [&'static str];

    /// Returns the parents, and creates the run for a pipeline.
    fn enter(origin: Self::Origin, facts: &mut Facts) -> Parents;

    /// Returns the parents of scopes inside this one.
    fn parents_of_children(facts: &Facts, parents: &Parents) -> Parents;

    /// Returns the running event, on levels that have one.
    fn running(_: &Facts, _: &Parents, _: Timestamp) -> Option<Resource> {
        None
    }

    /// Returns the final event.
    fn finished(facts: &Facts, parents: &Parents, times: Times, status: Self::Status) -> Resource
    where
        Self: Level;

    /// Returns the status with a name.
    fn named(name: &str) -> Option<Self::Status>
    where
        Self: Level;

    /// Returns a common status as a status of this level.
    fn status(status: CommonStatus) -> Self::Status
    where
        Self: Level;

    /// Returns the result of finishing a scope.
    fn done(parents: &Parents) -> Self::Finished
    where
        Self: Level;
}

/// The start and end of a finished scope.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
}

/// Creates a model with the properties that all levels share.
macro_rules! model {
    ($model:ident, $facts:ident, $parents:ident, { $($own:tt)* }) => {
        $model {
            $($own)*
            name: $facts.name.clone(),
            error: $facts.error.clone(),
            git: $parents.run.git.clone(),
            metrics: some($facts.metrics.clone(), Vec::is_empty),
            node: $facts.node.clone().or_else(|| $parents.node.clone()),
            parameters: some($facts.parameters.clone(), |all| all.is_empty()),
            tags: $facts.all_tags(&$parents.run),
            additional_properties: Default::default(),
        }
    };
}

/// Creates a running or finished pipeline.
macro_rules! pipeline {
    ($model:ident, $facts:ident, $parents:ident, { $($own:tt)* }) => {
        model!($model, $facts, $parents, {
            $($own)*
            level: PipelineRunLevel::Pipeline,
            unique_id: $facts.id.clone(),
            url: $facts.url.clone().unwrap_or_default(),
            partial_retry: $facts.pipeline.partial_retry,
            is_manual: $facts.pipeline.is_manual,
            is_resumed: $facts.pipeline.is_resumed,
            parent_pipeline: $facts.pipeline.parent.clone(),
            pipeline_id: $facts.pipeline.pipeline_id.clone(),
            previous_attempt: $facts.pipeline.previous_attempt.clone(),
            queue_time: $facts.queue_time,
        })
    };
}

/// Creates a model inside a pipeline.
macro_rules! part {
    ($model:ident, $facts:ident, $parents:ident, { $($own:tt)* }) => {
        model!($model, $facts, $parents, {
            $($own)*
            id: $facts.id.clone(),
            pipeline_unique_id: $parents.run.unique_id.clone(),
            pipeline_name: $parents.run.name.clone(),
        })
    };
}

/// Creates a running or finished job.
macro_rules! job {
    ($model:ident, $facts:ident, $parents:ident, { $($own:tt)* }) => {
        part!($model, $facts, $parents, {
            $($own)*
            level: JobLevel::Job,
            url: $facts.url.clone().unwrap_or_default(),
            stage_id: $parents.stage.as_ref().map(|stage| stage.id.clone()),
            stage_name: $parents.stage.as_ref().map(|stage| stage.name.clone()),
            dependencies: some($facts.dependencies.clone(), Vec::is_empty),
            queue_time: $facts.queue_time,
        })
    };
}

impl LevelDetails for Pipeline {
    type Origin = RunOrigin;

    const NAME: &'static str = "pipeline";
    const STATUSES: &'static [&'static str] = PipelineStatus::VALUES;

    fn named(name: &str) -> Option<PipelineStatus> {
        Self::STATUSES.contains(&name).then(|| name.into())
    }

    fn enter(origin: RunOrigin, facts: &mut Facts) -> Parents {
        origin.enter(facts)
    }

    fn parents_of_children(facts: &Facts, parents: &Parents) -> Parents {
        Parents { node: facts.node.clone().or_else(|| parents.node.clone()), ..parents.clone() }
    }

    fn running(facts: &Facts, parents: &Parents, start: Timestamp) -> Option<Resource> {
        let status = RunningPipelineStatus::Running;
        Some(pipeline!(RunningPipeline, facts, parents, { start: start.into(), status, }).into())
    }

    fn finished(
        facts: &Facts,
        parents: &Parents,
        times: Times,
        status: PipelineStatus,
    ) -> Resource {
        let Times { start, end } = times;
        pipeline!(FinishedPipeline, facts, parents, { start: start.into(), end: end.into(), status, }).into()
    }

    fn status(status: CommonStatus) -> PipelineStatus {
        match status {
            CommonStatus::Success => PipelineStatus::Success,
            CommonStatus::Error => PipelineStatus::Error,
            CommonStatus::Canceled => PipelineStatus::Canceled,
        }
    }

    fn done(parents: &Parents) -> Delivery {
        Delivery::for_run(Arc::clone(&parents.run.guard), Arc::clone(&parents.run.log))
    }
}

impl LevelDetails for Stage {
    type Origin = Parents;

    const NAME: &'static str = "stage";
    const STATUSES: &'static [&'static str] = StageStatus::VALUES;

    fn named(name: &str) -> Option<StageStatus> {
        Self::STATUSES.contains(&name).then(|| name.into())
    }

    fn enter(origin: Parents, _: &mut Facts) -> Parents {
        origin
    }

    fn parents_of_children(facts: &Facts, parents: &Parents) -> Parents {
        let stage = Some(Named { id: facts.id.clone(), name: facts.name.clone() });
        Parents { stage, ..Pipeline::parents_of_children(facts, parents) }
    }

    fn finished(facts: &Facts, parents: &Parents, times: Times, status: StageStatus) -> Resource {
        let Times { start, end } = times;
        let stage = part!(Stage, facts, parents, {
            level: StageLevel::Stage,
            start: start.into(),
            end: end.into(),
            status,
            dependencies: some(facts.dependencies.clone(), Vec::is_empty),
            queue_time: facts.queue_time,
        });
        stage.into()
    }

    fn status(status: CommonStatus) -> StageStatus {
        match status {
            CommonStatus::Success => StageStatus::Success,
            CommonStatus::Error => StageStatus::Error,
            CommonStatus::Canceled => StageStatus::Canceled,
        }
    }

    fn done(_: &Parents) {}
}

impl LevelDetails for Job {
    type Origin = Parents;

    const NAME: &'static str = "job";
    const STATUSES: &'static [&'static str] = JobStatus::VALUES;

    fn named(name: &str) -> Option<JobStatus> {
        Self::STATUSES.contains(&name).then(|| name.into())
    }

    fn enter(origin: Parents, _: &mut Facts) -> Parents {
        origin
    }

    fn parents_of_children(facts: &Facts, parents: &Parents) -> Parents {
        let job = Some(Named { id: facts.id.clone(), name: facts.name.clone() });
        Parents { job, ..Pipeline::parents_of_children(facts, parents) }
    }

    fn running(facts: &Facts, parents: &Parents, start: Timestamp) -> Option<Resource> {
        let status = RunningJobStatus::Running;
        Some(job!(RunningJob, facts, parents, { start: start.into(), status, }).into())
    }

    fn finished(facts: &Facts, parents: &Parents, times: Times, status: JobStatus) -> Resource {
        let Times { start, end } = times;
        job!(FinishedJob, facts, parents, { start: start.into(), end: end.into(), status, }).into()
    }

    fn status(status: CommonStatus) -> JobStatus {
        match status {
            CommonStatus::Success => JobStatus::Success,
            CommonStatus::Error => JobStatus::Error,
            CommonStatus::Canceled => JobStatus::Canceled,
        }
    }

    fn done(_: &Parents) {}
}

impl LevelDetails for Step {
    type Origin = Parents;

    const NAME: &'static str = "step";
    const STATUSES: &'static [&'static str] = StepStatus::VALUES;

    fn named(name: &str) -> Option<StepStatus> {
        Self::STATUSES.contains(&name).then(|| name.into())
    }

    fn enter(origin: Parents, _: &mut Facts) -> Parents {
        origin
    }

    fn parents_of_children(_: &Facts, parents: &Parents) -> Parents {
        parents.clone()
    }

    fn finished(facts: &Facts, parents: &Parents, times: Times, status: StepStatus) -> Resource {
        let Times { start, end } = times;
        let step = part!(Step, facts, parents, {
            level: StepLevel::Step,
            start: start.into(),
            end: end.into(),
            status,
            url: facts.url.clone(),
            job_id: parents.job.as_ref().map(|job| job.id.clone()),
            job_name: parents.job.as_ref().map(|job| job.name.clone()),
            stage_id: parents.stage.as_ref().map(|stage| stage.id.clone()),
            stage_name: parents.stage.as_ref().map(|stage| stage.name.clone()),
        });
        step.into()
    }

    fn status(status: CommonStatus) -> StepStatus {
        match status {
            CommonStatus::Success => StepStatus::Success,
            // Steps have no canceled status. The error mentions it.
            CommonStatus::Error | CommonStatus::Canceled => StepStatus::Error,
        }
    }

    fn done(_: &Parents) {}
}

/// Returns `None` for an empty value.
fn some<T>(value: T, is_empty: impl FnOnce(&T) -> bool) -> Option<T> {
    (!is_empty(&value)).then_some(value)
}
