//! The events of a timeline.

use datadog_ci_pipelines::models::{
    CiError, FinishedJob, FinishedPipeline, Resource, RunningJob, RunningPipeline, Stage, Step,
};
use datadog_ci_pipelines::{PipelineEvent, Timestamp, ValidationError, jiff};

use super::problem::Problem;
use super::timeline::{Item, Level, Timeline};
use crate::files::deliver::Located;

/// The longest message and type that the API accepts, in characters.
const MESSAGE: usize = 5000;
const TYPE: usize = 100;

/// Sets what all levels have.
macro_rules! common {
    ($builder:expr, $item:expr) => {{
        let mut builder = $builder;
        if let Some(error) = error($item)? {
            builder = builder.error(error);
        }
        if let Some(time) = $item.queue_time {
            builder = builder.queue_time(time);
        }
        let tags = tags($item);
        if tags.is_empty() { builder } else { builder.tags(tags) }
    }};
}

/// Builds the events, the pipeline first. Every problem of every row is found.
pub(super) fn build(timeline: &Timeline) -> Result<Vec<Located>, Vec<Problem>> {
    let (mut events, mut problems) = (Vec::new(), Vec::new());
    for (i, item) in timeline.items.iter().enumerate() {
        let event = resource(timeline, i, item).and_then(|resource| {
            let event = PipelineEvent::new(resource);
            event.validate()?;
            Ok(event)
        });
        match event {
            Ok(event) => {
                events.push((item.level, Located { location: item.row.location.clone(), event }))
            }
            Err(error) => problems.extend(error.violations().iter().map(|violation| {
                let name = violation.pointer.strip_prefix("/attributes/resource");
                let name = name.unwrap_or(&violation.pointer).trim_start_matches('/');
                Problem::new(&item.row.location, format!("{name} {}", violation.message))
            })),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    events.sort_by_key(|(level, _)| *level);
    Ok(events.into_iter().map(|(_, event)| event).collect())
}

fn resource(timeline: &Timeline, index: usize, item: &Item) -> Result<Resource, ValidationError> {
    let name = item.row.get("name").unwrap_or_default();
    let url = item.row.get("url").unwrap_or_default();
    let (start, end) = (time(item.start), item.end.map(time));
    let pipeline = timeline.items.get(timeline.pipeline);
    let run = pipeline.map_or("", |pipeline| pipeline.id.as_str());
    let pipeline = pipeline.and_then(|pipeline| pipeline.row.get("name")).unwrap_or_default();
    let stage = above(timeline, item, Level::Stage);
    Ok(match (item.level, end) {
        (Level::Pipeline, end) => {
            let url = timeline.url.as_deref().filter(|_| index == timeline.pipeline).unwrap_or(url);
            match end {
                Some(end) => common!(FinishedPipeline::builder(), item)
                    .unique_id(run)
                    .name(name)
                    .url(url)
                    .start(start)
                    .end(end)
                    .status(item.status)
                    .partial_retry(false)
                    .build()?
                    .into(),
                None => common!(RunningPipeline::builder(), item)
                    .unique_id(run)
                    .name(name)
                    .url(url)
                    .start(start)
                    .partial_retry(false)
                    .build()?
                    .into(),
            }
        }
        (Level::Stage, end) => common!(Stage::builder(), item)
            .id(item.id.as_str())
            .name(name)
            .pipeline_unique_id(run)
            .pipeline_name(pipeline)
            .start(start)
            .end(end.unwrap_or_else(|| time(item.start)))
            .status(item.status)
            .build()?
            .into(),
        (Level::Job, Some(end)) => {
            let mut job = common!(FinishedJob::builder(), item)
                .id(item.id.as_str())
                .name(name)
                .url(url)
                .pipeline_unique_id(run)
                .pipeline_name(pipeline)
                .start(start)
                .end(end)
                .status(item.status);
            if let Some(stage) = stage {
                job = job.stage_id(stage.id.as_str()).stage_name(name_of(stage));
            }
            job.build()?.into()
        }
        (Level::Job, None) => {
            let mut job = common!(RunningJob::builder(), item)
                .id(item.id.as_str())
                .name(name)
                .url(url)
                .pipeline_unique_id(run)
                .pipeline_name(pipeline)
                .start(start);
            if let Some(stage) = stage {
                job = job.stage_id(stage.id.as_str()).stage_name(name_of(stage));
            }
            job.build()?.into()
        }
        (Level::Step, end) => {
            // Steps have no queue time.
            let mut step = Step::builder()
                .id(item.id.as_str())
                .name(name)
                .pipeline_unique_id(run)
                .pipeline_name(pipeline)
                .start(start)
                .end(end.unwrap_or_else(|| time(item.start)))
                // They only succeed or fail.
                .status(if item.status == "canceled" { "error" } else { item.status });
            if let Some(error) = error(item)? {
                step = step.error(error);
            }
            let tags = tags(item);
            if !tags.is_empty() {
                step = step.tags(tags);
            }
            if !url.is_empty() {
                step = step.url(url);
            }
            if let Some(job) = above(timeline, item, Level::Job) {
                step = step.job_id(job.id.as_str()).job_name(name_of(job));
            }
            if let Some(stage) = stage {
                step = step.stage_id(stage.id.as_str()).stage_name(name_of(stage));
            }
            step.build()?.into()
        }
    })
}

/// Returns the stage or job that an item is part of.
fn above<'a>(timeline: &'a Timeline, item: &'a Item, level: Level) -> Option<&'a Item> {
    let parent = |item: &&Item| item.parent.and_then(|parent| timeline.items.get(parent));
    // A parent has a higher level, so this ends.
    std::iter::successors(Some(item), parent).skip(1).find(|above| above.level == level)
}

fn name_of(item: &Item) -> &str {
    item.row.get("name").unwrap_or_default()
}

fn time(timestamp: jiff::Timestamp) -> Timestamp {
    Timestamp::from(timestamp)
}

fn tags(item: &Item) -> Vec<String> {
    let tags = item.row.get("tags").unwrap_or_default().split(';').map(str::trim);
    tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

fn error(item: &Item) -> Result<Option<CiError>, ValidationError> {
    let get = |column: &str| item.row.get(column);
    let short = |input: &str, limit: usize| input.chars().take(limit).collect::<String>();
    if [get("error"), get("error_type"), get("error_stack")] == [None; 3] {
        return Ok(None);
    }
    let mut error = CiError::builder();
    if let Some(message) = get("error") {
        error = error.message(short(message, MESSAGE));
    }
    if let Some(kind) = get("error_type") {
        error = error.r#type(short(kind, TYPE));
    }
    if let Some(stack) = get("error_stack") {
        error = error.stack(stack);
    }
    Ok(Some(error.build()?))
}
