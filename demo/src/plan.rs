//! Runs as they are planned, and when each part of them begins and ends.

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};

use crate::random::id_of;

/// A commit, and where it lies.
#[derive(Clone, Debug)]
pub(crate) struct Commit {
    pub(crate) repository: &'static str,
    pub(crate) reference: Reference,
    pub(crate) message: &'static str,
    /// Name and address.
    pub(crate) author: [&'static str; 2],
}

/// A commit is built for its branch or for its tag, never for both.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reference {
    Branch(&'static str),
    Tag(&'static str),
}

/// What a stage does.
#[derive(Debug)]
pub(crate) struct StagePlan {
    pub(crate) name: &'static str,
    /// They run beside each other.
    pub(crate) jobs: &'static [JobPlan],
}

/// What a job does.
#[derive(Debug)]
pub(crate) struct JobPlan {
    pub(crate) name: &'static str,
    /// Seconds that it waits for a machine.
    pub(crate) queue: i64,
    pub(crate) needs: &'static [&'static str],
    pub(crate) metrics: &'static [&'static str],
    /// They run one after the other.
    pub(crate) steps: &'static [StepPlan],
}

/// What a step does.
#[derive(Debug)]
pub(crate) struct StepPlan {
    pub(crate) name: &'static str,
    pub(crate) seconds: i64,
    pub(crate) failure: Option<Failure>,
}

/// How a step fails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: &'static str,
    pub(crate) message: &'static str,
    pub(crate) stack: &'static str,
}

/// What a run has to do with the run before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// It repeats the jobs of that one which failed.
    Retried(String),
    /// It goes on where that one was blocked.
    Blocked(String),
}

/// A run.
#[derive(Clone, Debug)]
pub(crate) struct RunPlan {
    pub(crate) pipeline: &'static str,
    /// The number that the CI system gave it; retries share it.
    pub(crate) number: u32,
    pub(crate) attempt: u32,
    pub(crate) team: &'static str,
    pub(crate) commit: Commit,
    pub(crate) start: Timestamp,
    pub(crate) stages: &'static [StagePlan],
    /// Whether a person has to approve what comes behind the last stage.
    pub(crate) is_blocked: bool,
    pub(crate) before: Option<Before>,
}

impl RunPlan {
    /// Its `unique_id`: every attempt has another.
    pub(crate) fn id(&self) -> String {
        id_of(&format!("{}/{}/{}", self.pipeline, self.number, self.attempt))
    }

    /// The id of something within it.
    pub(crate) fn id_within(&self, path: &[&str]) -> String {
        id_of(&format!("{}/{}", self.id(), path.join("/")))
    }

    pub(crate) fn url(&self) -> String {
        let Self { pipeline, number, attempt, .. } = self;
        format!("https://ci.example/{pipeline}/{number}/{attempt}")
    }

    /// Works out what happens when: stages one behind the other, the jobs of one beside each
    /// other, and nothing but skipped jobs behind a failure.
    pub(crate) fn lay_out(&self) -> Times {
        let mut stages = Vec::new();
        let (mut at, mut has_failed) = (self.start, false);
        for plan in self.stages {
            let stage = if has_failed { skipped(plan, at) } else { laid_out(plan, at) };
            has_failed |= stage.failure.is_some();
            // The next stage is started a moment later.
            at = if has_failed { stage.end } else { stage.end + SignedDuration::from_secs(2) };
            stages.push(stage);
        }
        let end = stages.last().map_or(self.start, |stage| stage.end);
        let failure = stages.iter().find_map(|stage| stage.failure);
        Times { stages, end, failure }
    }
}

/// When a run and its parts begin and end, and what goes wrong.
#[derive(Debug)]
pub(crate) struct Times {
    pub(crate) stages: Vec<StageTimes>,
    pub(crate) end: Timestamp,
    pub(crate) failure: Option<Failure>,
}

/// When a stage begins and ends.
#[derive(Debug)]
pub(crate) struct StageTimes {
    pub(crate) plan: &'static StagePlan,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) is_skipped: bool,
    pub(crate) failure: Option<Failure>,
    pub(crate) jobs: Vec<JobTimes>,
}

/// When a job begins and ends.
#[derive(Debug)]
pub(crate) struct JobTimes {
    pub(crate) plan: &'static JobPlan,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) failure: Option<Failure>,
    pub(crate) steps: Vec<StepTimes>,
}

/// When a step begins and ends.
#[derive(Debug)]
pub(crate) struct StepTimes {
    pub(crate) plan: &'static StepPlan,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

fn skipped(plan: &'static StagePlan, at: Timestamp) -> StageTimes {
    let job = |plan| JobTimes { plan, start: at, end: at, failure: None, steps: Vec::new() };
    let jobs = plan.jobs.iter().map(job).collect();
    StageTimes { plan, start: at, end: at, is_skipped: true, failure: None, jobs }
}

fn laid_out(plan: &'static StagePlan, at: Timestamp) -> StageTimes {
    let mut jobs: Vec<JobTimes> = Vec::new();
    for plan in plan.jobs {
        let needed = jobs.iter().filter(|job| plan.needs.contains(&job.plan.name));
        let ready = needed.map(|job| job.end).max().unwrap_or(at);
        let start = ready + SignedDuration::from_secs(plan.queue);
        let (mut steps, mut end, mut failure) = (Vec::new(), start, None);
        for plan in plan.steps {
            let start = end;
            end = start + SignedDuration::from_secs(plan.seconds);
            failure = plan.failure;
            steps.push(StepTimes { plan, start, end });
            if failure.is_some() {
                break;
            }
        }
        jobs.push(JobTimes { plan, start, end, failure, steps });
    }
    StageTimes {
        plan,
        start: jobs.iter().map(|job| job.start).min().unwrap_or(at),
        end: jobs.iter().map(|job| job.end).max().unwrap_or(at),
        is_skipped: false,
        failure: jobs.iter().find_map(|job| job.failure),
        jobs,
    }
}
