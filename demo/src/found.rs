//! What the API answered, read out of its events.

use datadog_ci_pipelines::JsonView;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{Event, EventLevel};

/// An event that was found, with what is shown of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) level: EventLevel,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: String,
    pub(crate) start: Timestamp,
    /// None while it runs.
    pub(crate) duration: Option<SignedDuration>,
    pub(crate) queue_time: SignedDuration,
    pub(crate) error: Option<String>,
    pub(crate) pipeline_id: String,
    pub(crate) stage_id: Option<String>,
    pub(crate) job_id: Option<String>,
    /// The number that the CI system gave to the run.
    pub(crate) number: Option<String>,
    /// Branch or tag, and the message of the commit.
    pub(crate) commit: String,
    pub(crate) previous: Option<String>,
    /// Whether it is a `retry`, `paused` or `resumed`.
    pub(crate) partial: Option<String>,
}

impl Found {
    /// Reads an event.
    ///
    /// # Errors
    /// Fails where the event lacks what every event has.
    pub(crate) fn of(event: &Event) -> Result<Self, String> {
        let text = |path: &str| event.get(path).and_then(JsonView::as_str).map(String::from);
        let needed =
            |path: &str| text(path).ok_or_else(|| format!("event {:?} has no `{path}`", event.id));
        let number = |path: &str| event.get(path).and_then(JsonView::as_i64);
        let level = event.attributes.as_ref().and_then(|attributes| attributes.ci_level.clone());
        let level = level.ok_or_else(|| format!("event {:?} has no level", event.id))?;
        let start = number("start").and_then(|start| Timestamp::from_nanosecond(start.into()).ok());
        Ok(Self {
            id: needed(&format!("ci.{level}.id"))?,
            name: needed(&format!("ci.{level}.name"))?,
            status: needed("ci.status")?,
            start: start.ok_or_else(|| format!("event {:?} has no start", event.id))?,
            duration: number("duration").map(SignedDuration::from_nanos),
            queue_time: SignedDuration::from_nanos(number("ci.queue_time").unwrap_or_default()),
            error: text("error.message").map(|message| {
                let kind = text("error.type").unwrap_or_else(|| "error".to_owned());
                let domain = text("error.domain").unwrap_or_else(|| "unknown".to_owned());
                format!("{kind} ({domain}): {message}")
            }),
            pipeline_id: needed("ci.pipeline.id")?,
            stage_id: text("ci.stage.id"),
            job_id: text("ci.job.id"),
            number: text("ci.pipeline.number"),
            commit: [text("git.branch").or_else(|| text("git.tag")), text("git.commit.message")]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            previous: text("ci.pipeline.previous_attempt.id"),
            partial: text("ci.partial_pipeline"),
            level,
        })
    }

    /// The end, or now while it runs.
    pub(crate) fn end(&self, now: Timestamp) -> Timestamp {
        self.duration.map_or(now, |duration| self.start + duration)
    }
}
