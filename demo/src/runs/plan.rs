//! Planned runs, and their schedules.

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};

use super::random::stable_id;

/// A commit and its repository.
#[derive(Clone, Debug)]
pub(crate) struct Commit {
    pub(crate) repository: &'static str,
    pub(crate) reference: Reference,
    pub(crate) message: &'static str,
    /// Name and email address.
    pub(crate) author: [&'static str; 2],
}

/// What a run is for: a branch or a tag.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reference {
    Branch(&'static str),
    Tag(&'static str),
}

/// A planned stage.
#[derive(Debug)]
pub(crate) struct StagePlan {
    pub(crate) name: &'static str,
    /// They run in parallel.
    pub(crate) jobs: &'static [JobPlan],
}

/// A planned job.
#[derive(Debug)]
pub(crate) struct JobPlan {
    pub(crate) name: &'static str,
    /// Seconds in the queue.
    pub(crate) queue: i64,
    pub(crate) needs: &'static [&'static str],
    pub(crate) metrics: &'static [&'static str],
    /// They run in sequence.
    pub(crate) steps: &'static [StepPlan],
}

/// A planned step.
#[derive(Debug)]
pub(crate) struct StepPlan {
    pub(crate) name: &'static str,
    pub(crate) seconds: i64,
    pub(crate) failure: Option<Failure>,
}

/// The failure of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: &'static str,
    pub(crate) message: &'static str,
    pub(crate) stack: &'static str,
}

/// The previous attempt of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Previous {
    /// The run repeats its failed jobs.
    Retried(String),
    /// The run continues where it was blocked.
    Blocked(String),
}

/// A planned run.
#[derive(Clone, Debug)]
pub(crate) struct RunPlan {
    pub(crate) pipeline: &'static str,
    /// The number in the CI system; retries have the same one.
    pub(crate) number: u32,
    pub(crate) attempt: u32,
    pub(crate) team: &'static str,
    pub(crate) commit: Commit,
    pub(crate) start: Timestamp,
    pub(crate) stages: &'static [StagePlan],
    /// Whether the run waits for approval after the last stage.
    pub(crate) is_blocked: bool,
    pub(crate) previous: Option<Previous>,
}

impl RunPlan {
    /// Returns the `unique_id`, which differs for each attempt.
    pub(crate) fn id(&self) -> String {
        stable_id(&format!("{}/{}/{}", self.pipeline, self.number, self.attempt))
    }

    /// Returns the id of a part of the run.
    pub(crate) fn id_within(&self, path: &[&str]) -> String {
        stable_id(&format!("{}/{}", self.id(), path.join("/")))
    }

    pub(crate) fn url(&self) -> String {
        let Self { pipeline, number, attempt, .. } = self;
        format!("https://ci.example/{pipeline}/{number}/{attempt}")
    }

    /// Computes the schedule: stages run in sequence, the jobs of a stage in parallel, and after a
    /// failure all jobs are skipped.
    pub(crate) fn schedule(&self) -> Schedule {
        let mut stages = Vec::new();
        let (mut at, mut has_failed) = (self.start, false);
        for plan in self.stages {
            let stage = if has_failed { skipped(plan, at) } else { scheduled(plan, at) };
            has_failed |= stage.failure.is_some();
            // The next stage starts two seconds later.
            at = if has_failed { stage.end } else { stage.end + SignedDuration::from_secs(2) };
            stages.push(stage);
        }
        let end = stages.last().map_or(self.start, |stage| stage.end);
        let failure = stages.iter().find_map(|stage| stage.failure);
        Schedule { stages, end, failure }
    }
}

/// Start and end of a run and its parts, and its failure.
#[derive(Debug)]
pub(crate) struct Schedule {
    pub(crate) stages: Vec<StageSchedule>,
    pub(crate) end: Timestamp,
    pub(crate) failure: Option<Failure>,
}

/// Start and end of a stage.
#[derive(Debug)]
pub(crate) struct StageSchedule {
    pub(crate) plan: &'static StagePlan,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) is_skipped: bool,
    pub(crate) failure: Option<Failure>,
    pub(crate) jobs: Vec<JobSchedule>,
}

/// Start and end of a job.
#[derive(Debug)]
pub(crate) struct JobSchedule {
    pub(crate) plan: &'static JobPlan,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) failure: Option<Failure>,
    pub(crate) steps: Vec<StepSchedule>,
}

/// Start and end of a step.
#[derive(Debug)]
pub(crate) struct StepSchedule {
    pub(crate) plan: &'static StepPlan,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

fn skipped(plan: &'static StagePlan, at: Timestamp) -> StageSchedule {
    let job = |plan| JobSchedule { plan, start: at, end: at, failure: None, steps: Vec::new() };
    let jobs = plan.jobs.iter().map(job).collect();
    StageSchedule { plan, start: at, end: at, is_skipped: true, failure: None, jobs }
}

fn scheduled(plan: &'static StagePlan, at: Timestamp) -> StageSchedule {
    let mut jobs: Vec<JobSchedule> = Vec::new();
    for plan in plan.jobs {
        let needed = jobs.iter().filter(|job| plan.needs.contains(&job.plan.name));
        let ready = needed.map(|job| job.end).max().unwrap_or(at);
        let start = ready + SignedDuration::from_secs(plan.queue);
        let (mut steps, mut end, mut failure) = (Vec::new(), start, None);
        for plan in plan.steps {
            let start = end;
            end = start + SignedDuration::from_secs(plan.seconds);
            failure = plan.failure;
            steps.push(StepSchedule { plan, start, end });
            if failure.is_some() {
                break;
            }
        }
        jobs.push(JobSchedule { plan, start, end, failure, steps });
    }
    StageSchedule {
        plan,
        start: jobs.iter().map(|job| job.start).min().unwrap_or(at),
        end: jobs.iter().map(|job| job.end).max().unwrap_or(at),
        is_skipped: false,
        failure: jobs.iter().find_map(|job| job.failure),
        jobs,
    }
}
