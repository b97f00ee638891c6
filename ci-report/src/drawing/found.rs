//! The events of a run that are drawn.

use datadog_ci_pipelines::JsonView;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{Event, EventLevel};

/// An event that was found, with the properties that are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The level.
    pub level: EventLevel,
    /// The id of the pipeline, stage, job or step.
    pub id: String,
    /// The name of the pipeline, stage, job or step.
    pub name: String,
    /// The status.
    pub status: String,
    /// The start.
    pub start: Timestamp,
    /// `None` while it runs.
    pub duration: Option<SignedDuration>,
    /// The time in the queue before the start.
    pub queue_time: SignedDuration,
    /// The type, the domain unless it is unknown, and the message of the error.
    pub error: Option<String>,
    /// The id of the pipeline.
    pub pipeline_id: String,
    /// The name of the pipeline.
    pub pipeline_name: Option<String>,
    /// The id of the stage, of stages and their parts.
    pub stage_id: Option<String>,
    /// The id of the job, of jobs and their steps.
    pub job_id: Option<String>,
    /// The ids of the stages or jobs that had to finish before.
    pub dependencies: Vec<String>,
    /// The number of the run in the CI system.
    pub number: Option<String>,
    /// The address in the web interface of the CI system.
    pub url: Option<String>,
    /// Branch or tag, and the commit message.
    pub commit: String,
    /// The id of the previous attempt.
    pub previous: Option<String>,
    /// Whether it is a `retry`, `paused` or `resumed`.
    pub partial: Option<String>,
}

impl Found {
    /// Extracts the properties of an event.
    ///
    /// # Errors
    /// Returns an error if a property that all events have is missing.
    pub fn from_event(event: &Event) -> Result<Self, String> {
        let string = |path: &str| event.get(path).and_then(JsonView::as_str).map(String::from);
        let required = |path: &str| {
            string(path).ok_or_else(|| format!("event {:?} has no `{path}`", event.id))
        };
        let number = |path: &str| event.get(path).and_then(JsonView::as_i64);
        let level = event.attributes.as_ref().and_then(|attributes| attributes.ci_level.clone());
        let level = level.ok_or_else(|| format!("event {:?} has no level", event.id))?;
        let start = number("start").and_then(|start| Timestamp::from_nanosecond(start.into()).ok());
        let dependencies = event.get("ci.dependencies").into_iter().flat_map(JsonView::elements);
        Ok(Self {
            id: required(&format!("ci.{level}.id"))?,
            name: required(&format!("ci.{level}.name"))?,
            status: required("ci.status")?,
            start: start.ok_or_else(|| format!("event {:?} has no start", event.id))?,
            duration: number("duration").map(SignedDuration::from_nanos),
            queue_time: SignedDuration::from_nanos(number("ci.queue_time").unwrap_or_default()),
            error: string("error.message").map(|message| {
                let kind = string("error.type").unwrap_or_else(|| "error".to_owned());
                let domain = string("error.domain").filter(|domain| domain != "unknown");
                match domain {
                    Some(domain) => format!("{kind} ({domain}): {message}"),
                    None if message.starts_with(&kind) => message,
                    None => format!("{kind}: {message}"),
                }
            }),
            pipeline_id: required("ci.pipeline.id")?,
            pipeline_name: string("ci.pipeline.name"),
            stage_id: string("ci.stage.id"),
            job_id: string("ci.job.id"),
            dependencies: dependencies.filter_map(|id| Some(id.as_str()?.into_owned())).collect(),
            // The service returns a whole number as an integer, and any other string as it was sent.
            number: number("ci.pipeline.number")
                .map(|number| number.to_string())
                .or_else(|| string("ci.pipeline.number")),
            url: string(&format!("ci.{level}.url")).filter(|url| !url.is_empty()),
            commit: [
                string("git.branch").or_else(|| string("git.tag")),
                string("git.commit.message"),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
            previous: string("ci.pipeline.previous_attempt.id"),
            partial: string("ci.partial_pipeline"),
            level,
        })
    }

    /// Returns the end, or `now` while it runs.
    #[must_use]
    pub fn end(&self, now: Timestamp) -> Timestamp {
        let end = self.duration.map_or(Ok(now), |duration| self.start.checked_add(duration));
        end.unwrap_or(self.start)
    }
}
