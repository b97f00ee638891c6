//! The events that the API returned.

use datadog_ci_pipelines::JsonView;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{Event, EventLevel};

/// An event that was found, with the properties that are shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) level: EventLevel,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: String,
    pub(crate) start: Timestamp,
    /// `None` while it runs.
    pub(crate) duration: Option<SignedDuration>,
    pub(crate) queue_time: SignedDuration,
    pub(crate) error: Option<String>,
    pub(crate) pipeline_id: String,
    pub(crate) stage_id: Option<String>,
    pub(crate) job_id: Option<String>,
    /// The number of the run in the CI system.
    pub(crate) number: Option<String>,
    /// Branch or tag, and the commit message.
    pub(crate) commit: String,
    pub(crate) previous: Option<String>,
    /// Whether it is a `retry`, `paused` or `resumed`.
    pub(crate) partial: Option<String>,
}

impl Found {
    /// Extracts the properties of an event.
    ///
    /// # Errors
    /// Returns an error if a property that all events have is missing.
    pub(crate) fn from_event(event: &Event) -> Result<Self, String> {
        let string = |path: &str| event.get(path).and_then(JsonView::as_str).map(String::from);
        let required = |path: &str| {
            string(path).ok_or_else(|| format!("event {:?} has no `{path}`", event.id))
        };
        let number = |path: &str| event.get(path).and_then(JsonView::as_i64);
        let level = event.attributes.as_ref().and_then(|attributes| attributes.ci_level.clone());
        let level = level.ok_or_else(|| format!("event {:?} has no level", event.id))?;
        let start = number("start").and_then(|start| Timestamp::from_nanosecond(start.into()).ok());
        Ok(Self {
            id: required(&format!("ci.{level}.id"))?,
            name: required(&format!("ci.{level}.name"))?,
            status: required("ci.status")?,
            start: start.ok_or_else(|| format!("event {:?} has no start", event.id))?,
            duration: number("duration").map(SignedDuration::from_nanos),
            queue_time: SignedDuration::from_nanos(number("ci.queue_time").unwrap_or_default()),
            error: string("error.message").map(|message| {
                let kind = string("error.type").unwrap_or_else(|| "error".to_owned());
                let domain = string("error.domain").unwrap_or_else(|| "unknown".to_owned());
                format!("{kind} ({domain}): {message}")
            }),
            pipeline_id: required("ci.pipeline.id")?,
            stage_id: string("ci.stage.id"),
            job_id: string("ci.job.id"),
            // The service returns a whole number as an integer, and any other string as it was sent.
            number: number("ci.pipeline.number")
                .map(|number| number.to_string())
                .or_else(|| string("ci.pipeline.number")),
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
    pub(crate) fn end(&self, now: Timestamp) -> Timestamp {
        self.duration.map_or(now, |duration| self.start + duration)
    }
}
