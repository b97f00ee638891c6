//! What is open where a process runs, and the variables of its children.

use serde::{Deserialize, Serialize};

use super::level::Level;
use crate::settings::Environment;

/// The variables of a scope's children. The value of `CI_REPORT_SCOPE` is the level and id of the
/// scope; the others describe its parents, and are all that a job on another machine needs.
pub(super) const SCOPE: &str = "CI_REPORT_SCOPE";
pub(super) const RUN_ID: &str = "CI_REPORT_RUN_ID";
pub(super) const PIPELINE: &str = "CI_REPORT_PIPELINE";
pub(super) const STAGE_ID: &str = "CI_REPORT_STAGE_ID";
pub(super) const STAGE: &str = "CI_REPORT_STAGE";
pub(super) const JOB_ID: &str = "CI_REPORT_JOB_ID";
pub(super) const JOB: &str = "CI_REPORT_JOB";

/// A stage or job.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A run, and possibly a stage and a job of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Location {
    pub(crate) run_id: String,
    pub(crate) pipeline: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stage: Option<Named>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) job: Option<Named>,
}

impl Location {
    /// Returns what the variables describe as open. A run id alone only identifies the run.
    pub(crate) fn read(environment: &Environment) -> Option<Self> {
        let string = |name: &str| environment.get(name).map(str::to_owned);
        let named = |id: &str, name: &str| {
            let id = string(id)?;
            Some(Named { name: string(name).unwrap_or_else(|| id.clone()), id })
        };
        let (stage, job) = (named(STAGE_ID, STAGE), named(JOB_ID, JOB));
        let is_open = environment.get(SCOPE).is_some() || stage.is_some() || job.is_some();
        let run_id = string(RUN_ID).filter(|_| is_open)?;
        Some(Self {
            pipeline: string(PIPELINE).unwrap_or_else(|| run_id.clone()),
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
}
