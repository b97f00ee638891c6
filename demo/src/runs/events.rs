//! The events that a CI system sends for a planned run.

use datadog_ci_pipelines::jiff::Timestamp;
use datadog_ci_pipelines::models::{
    CiError, CiErrorDomain, FinishedJob, FinishedPipeline, GitInfo, HostInfo, JobStatus,
    PipelineStatus, PreviousPipeline, RunningJob, RunningPipeline, Stage, StageStatus, Step,
    StepStatus,
};
use datadog_ci_pipelines::{PipelineEvent, ValidationError};

use super::plan::{
    Commit, Failure, JobSchedule, Previous, Reference, RunPlan, Schedule, StageSchedule,
    StepSchedule,
};
use super::random::{Random, stable_id};

/// Returns the events of a run at a point in time: finished and running pipelines and jobs,
/// finished stages and steps. The API has no running stages and steps.
///
/// # Errors
/// Returns an error if an event is invalid, which would be a bug in the plan.
pub(crate) fn events_at(
    run: &RunPlan,
    now: Timestamp,
) -> Result<Vec<PipelineEvent>, ValidationError> {
    let schedule = run.schedule();
    let mut events = vec![pipeline(run, &schedule, now)?];
    for stage in schedule.stages.iter().filter(|stage| stage.start <= now) {
        if stage.end <= now {
            events.push(self::stage(run, stage)?);
        }
        for job in stage.jobs.iter().filter(|job| job.start <= now) {
            events.push(self::job(run, stage, job, now)?);
            for step in job.steps.iter().filter(|step| step.end <= now) {
                events.push(self::step(run, stage, job, step)?);
            }
        }
    }
    Ok(events)
}

/// Creates an event with the properties that all events share.
pub(super) fn event(resource: impl Into<PipelineEvent>) -> PipelineEvent {
    resource.into().provider_name("example-ci").env("ci")
}

/// Returns the Git metadata of a run.
pub(super) fn git(commit: &Commit, number: u32) -> Result<GitInfo, ValidationError> {
    let [name, email] = commit.author;
    let git = GitInfo::builder()
        .repository_url(commit.repository)
        .sha(Random::from_seed(&format!("{}@{number}", commit.repository)).sha())
        .message(commit.message)
        .author_name(name)
        .author_email(email)
        .default_branch("main");
    match commit.reference {
        Reference::Branch(branch) => git.branch(branch).build(),
        Reference::Tag(tag) => git.tag(tag).build(),
    }
}

/// Returns the error of a failure.
pub(super) fn error(failure: Failure) -> Result<CiError, ValidationError> {
    CiError::builder()
        .r#type(failure.kind)
        .message(failure.message)
        .stack(failure.stack)
        .domain(CiErrorDomain::User)
        .build()
}

/// Sets the error, if there is a failure.
macro_rules! with_error {
    ($builder:expr, $failure:expr) => {
        match $failure {
            Some(failure) => $builder.error(error(failure)?),
            None => $builder,
        }
    };
}

fn pipeline(
    run: &RunPlan,
    schedule: &Schedule,
    now: Timestamp,
) -> Result<PipelineEvent, ValidationError> {
    // Finished and running pipelines have these properties.
    macro_rules! with_common {
        ($builder:expr) => {{
            let builder = $builder
                .unique_id(run.id())
                .pipeline_id(run.number.to_string())
                .name(run.pipeline)
                .url(run.url())
                .start(run.start.into())
                .git(git(&run.commit, run.number)?)
                .tags([format!("team:{}", run.team)])
                .is_manual(run.attempt > 1)
                .partial_retry(matches!(run.previous, Some(Previous::Retried(_))))
                .is_resumed(matches!(run.previous, Some(Previous::Blocked(_))));
            match &run.previous {
                None => builder,
                Some(Previous::Retried(id) | Previous::Blocked(id)) => {
                    builder.previous_attempt(PreviousPipeline::builder().id(id.clone()).build()?)
                }
            }
        }};
    }
    if schedule.end > now {
        let builder = with_common!(RunningPipeline::builder());
        return Ok(event(builder.build()?));
    }
    let status = match schedule.failure {
        Some(_) => PipelineStatus::Error,
        None if run.is_blocked => PipelineStatus::Blocked,
        None => PipelineStatus::Success,
    };
    let builder = with_common!(FinishedPipeline::builder()).end(schedule.end.into()).status(status);
    Ok(event(with_error!(builder, schedule.failure).build()?))
}

fn stage(run: &RunPlan, stage: &StageSchedule) -> Result<PipelineEvent, ValidationError> {
    let status = match stage.failure {
        Some(_) => StageStatus::Error,
        None if stage.is_skipped => StageStatus::Skipped,
        None => StageStatus::Success,
    };
    let builder = Stage::builder()
        .id(run.id_within(&[stage.plan.name]))
        .name(stage.plan.name)
        .pipeline_unique_id(run.id())
        .pipeline_name(run.pipeline)
        .start(stage.start.into())
        .end(stage.end.into())
        .git(git(&run.commit, run.number)?)
        .tags([format!("team:{}", run.team)])
        .status(status);
    Ok(event(with_error!(builder, stage.failure).build()?))
}

fn job(
    run: &RunPlan,
    stage: &StageSchedule,
    job: &JobSchedule,
    now: Timestamp,
) -> Result<PipelineEvent, ValidationError> {
    let needs = job.plan.needs.iter().map(|name| run.id_within(&[stage.plan.name, name]));
    // Finished and running jobs have these properties.
    macro_rules! with_common {
        ($builder:expr) => {
            $builder
                .id(run.id_within(&[stage.plan.name, job.plan.name]))
                .name(job.plan.name)
                .url(format!("{}/{}", run.url(), job.plan.name.replace(' ', "-")))
                .pipeline_unique_id(run.id())
                .pipeline_name(run.pipeline)
                .stage_id(run.id_within(&[stage.plan.name]))
                .stage_name(stage.plan.name)
                .start(job.start.into())
                .git(git(&run.commit, run.number)?)
                .tags([format!("team:{}", run.team)])
                .dependencies(needs.collect::<Vec<_>>())
        };
    }
    if job.end > now {
        let builder = with_common!(RunningJob::builder()).queue_time(job.plan.queue * 1000);
        let node = node(run, job)?;
        return Ok(event(builder.node(node).build()?));
    }
    let status = match job.failure {
        Some(_) => JobStatus::Error,
        None if stage.is_skipped => JobStatus::Skipped,
        None => JobStatus::Success,
    };
    let mut builder = with_common!(FinishedJob::builder()).end(job.end.into()).status(status);
    // A skipped job has no queue time and no metrics.
    if !stage.is_skipped {
        builder = builder
            .queue_time(job.plan.queue * 1000)
            .node(node(run, job)?)
            .metrics(job.plan.metrics.iter().copied());
    }
    Ok(event(with_error!(builder, job.failure).build()?))
}

fn step(
    run: &RunPlan,
    stage: &StageSchedule,
    job: &JobSchedule,
    step: &StepSchedule,
) -> Result<PipelineEvent, ValidationError> {
    let failure = step.plan.failure;
    let builder = Step::builder()
        .id(run.id_within(&[stage.plan.name, job.plan.name, step.plan.name]))
        .name(step.plan.name)
        .pipeline_unique_id(run.id())
        .pipeline_name(run.pipeline)
        .stage_id(run.id_within(&[stage.plan.name]))
        .stage_name(stage.plan.name)
        .job_id(run.id_within(&[stage.plan.name, job.plan.name]))
        .job_name(job.plan.name)
        .start(step.start.into())
        .end(step.end.into())
        .git(git(&run.commit, run.number)?)
        .tags([format!("team:{}", run.team)])
        .status(if failure.is_some() { StepStatus::Error } else { StepStatus::Success });
    Ok(event(with_error!(builder, failure).build()?))
}

/// Returns the machine that a job runs on.
fn node(run: &RunPlan, job: &JobSchedule) -> Result<HostInfo, ValidationError> {
    let id = stable_id(&format!("{}/{}", run.id(), job.plan.name));
    let name = format!("runner-{}", id.get(..4).unwrap_or_default());
    HostInfo::builder()
        .hostname(format!("{name}.ci.example"))
        .name(name)
        .labels(["linux", "x64"])
        .workspace(format!("/work/{}", run.pipeline))
        .build()
}
