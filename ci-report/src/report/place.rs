//! What is open where a process runs, and the variables that tell its children.

use serde::{Deserialize, Serialize};

use super::id;
use super::level::Level;
use super::record::Record;
use crate::settings::Environment;

/// The variables of a scope's children. The value of `CI_REPORT_SCOPE` is the level and id of the
/// scope; the others describe its parents, and are all that a job on another machine needs.
const SCOPE: &str = "CI_REPORT_SCOPE";
const RUN_ID: &str = "CI_REPORT_RUN_ID";
const PIPELINE: &str = "CI_REPORT_PIPELINE";
const STAGE_ID: &str = "CI_REPORT_STAGE_ID";
const STAGE: &str = "CI_REPORT_STAGE";
const JOB_ID: &str = "CI_REPORT_JOB_ID";
const JOB: &str = "CI_REPORT_JOB";
const TRACEPARENT: &str = "TRACEPARENT";

/// A stage or job.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A run, and possibly a stage and a job of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Place {
    pub(crate) run_id: String,
    pub(crate) pipeline: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stage: Option<Named>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) job: Option<Named>,
}

impl Place {
    /// Returns what the variables describe as open. A run id alone only identifies the run.
    pub(crate) fn read(environment: &Environment) -> Option<Self> {
        let text = |name: &str| environment.get(name).map(str::to_owned);
        let named = |id: &str, name: &str| {
            let id = text(id)?;
            Some(Named { name: text(name).unwrap_or_else(|| id.clone()), id })
        };
        let (stage, job) = (named(STAGE_ID, STAGE), named(JOB_ID, JOB));
        let is_open = environment.get(SCOPE).is_some() || stage.is_some() || job.is_some();
        let run_id = text(RUN_ID).filter(|_| is_open)?;
        Some(Self {
            pipeline: text(PIPELINE).unwrap_or_else(|| run_id.clone()),
            run_id,
            stage,
            job,
        })
    }

    /// Returns the level and id of the innermost scope that the variables describe, such as `job:7`.
    pub(crate) fn innermost(environment: &Environment) -> Option<String> {
        let named = |level: Level, name: &str| Some(format!("{level}:{}", environment.get(name)?));
        environment
            .get(SCOPE)
            .map(str::to_owned)
            .or_else(|| named(Level::Job, JOB_ID))
            .or_else(|| named(Level::Stage, STAGE_ID))
    }

    /// Returns the place inside a scope.
    pub(crate) fn inside(record: &Record) -> Self {
        let own = || Some(Named { id: record.id.clone(), name: record.name.clone() });
        let mut place = record.parents.clone();
        match record.level {
            Level::Pipeline | Level::Step => {}
            Level::Stage => (place.stage, place.job) = (own(), None),
            Level::Job => place.job = own(),
        }
        place
    }

    /// Returns the variables for the children of a scope; `None` removes one.
    pub(crate) fn variables(
        record: &Record,
        environment: &Environment,
    ) -> Vec<(&'static str, Option<String>)> {
        let Self { run_id, pipeline, stage, job } = Self::inside(record);
        let outer = environment.get(TRACEPARENT);
        let trace = id::traceparent(&run_id, &record.id, outer);
        let (stage_id, stage) = stage.map(|stage| (stage.id, stage.name)).unzip();
        let (job_id, job) = job.map(|job| (job.id, job.name)).unzip();
        vec![
            (SCOPE, Some(record.key())),
            (RUN_ID, Some(run_id)),
            (PIPELINE, Some(pipeline)),
            (STAGE_ID, stage_id),
            (STAGE, stage),
            (JOB_ID, job_id),
            (JOB, job),
            (TRACEPARENT, Some(trace)),
        ]
    }
}
