//! Levels and statuses.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// The level of a scope, from the outermost to the innermost.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// A run.
    Pipeline,
    /// A part of a run that contains jobs.
    Stage,
    /// Work on one machine.
    Job,
    /// A part of a job.
    Step,
}

impl Level {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pipeline => "pipeline",
            Self::Stage => "stage",
            Self::Job => "job",
            Self::Step => "step",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a scope has ended. The aliases are words of CI systems, which their variables contain.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Status {
    /// It has succeeded.
    #[value(aliases = ["succeeded", "passed", "pass", "completed"])]
    Success,
    /// It has failed.
    #[value(aliases = ["failure", "failed", "fail", "errored", "unstable", "hard_failed", "soft_failed"])]
    Error,
    /// It was stopped.
    #[value(aliases = ["cancelled", "aborted", "killed"])]
    Canceled,
    /// It was not executed.
    #[value(aliases = ["not_built", "none"])]
    Skipped,
    /// It waits for a person; only pipelines.
    Blocked,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Canceled => "canceled",
            Self::Skipped => "skipped",
            Self::Blocked => "blocked",
        }
    }
}
