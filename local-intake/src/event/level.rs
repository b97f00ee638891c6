//! The level of an event.

use std::fmt;

/// What an event describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A whole run.
    Pipeline,
    /// A group of jobs.
    Stage,
    /// A unit of work.
    Job,
    /// A command of a job.
    Step,
}

impl Level {
    /// Returns the level with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Pipeline, Self::Stage, Self::Job, Self::Step]
            .into_iter()
            .find(|level| level.name() == name)
    }

    /// Returns the name of the level in requests and queries.
    #[must_use]
    pub fn name(self) -> &'static str {
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
