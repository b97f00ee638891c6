//! What is known of a pipeline, stage, job or step, and how it becomes an event.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use specwright_runtime::jiff;

use super::clock::Clock;
use super::delivery::Guard;
use super::queue::Log;
use super::{Context, id};
use crate::PipelineEvent;
use crate::models::{CiError, GitInfo, HostInfo, ParentPipeline, PreviousPipeline, Resource};

/// How long texts of an error may be, in characters.
const MAX_ERROR_MESSAGE: usize = 5000;
const MAX_ERROR_TYPE: usize = 100;

/// A run, as everything in it knows it.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) guard: Arc<Guard>,
    pub(super) log: Arc<Log>,
    pub(super) context: Context,
    pub(super) clock: Clock,
    pub(super) git: Option<Box<GitInfo>>,
    pub(super) unique_id: String,
    pub(super) name: String,
}

/// What something is in: a run, and maybe a stage and a job of it.
#[derive(Clone, Debug)]
pub struct Parents {
    pub(super) run: Arc<Run>,
    pub(super) stage: Option<Named>,
    pub(super) job: Option<Named>,
    pub(super) node: Option<Box<HostInfo>>,
}

/// An id and a name.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) id: String,
    pub(super) name: String,
}

/// What is known of something of any level.
#[derive(Debug)]
pub struct Facts {
    /// What it is, for people.
    pub(super) about: Arc<str>,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) url: Option<String>,
    pub(super) error: Option<Box<CiError>>,
    pub(super) node: Option<Box<HostInfo>>,
    pub(super) tags: Vec<String>,
    pub(super) metrics: Vec<String>,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) queue_time: Option<i64>,
    pub(super) dependencies: Vec<String>,
    pub(super) of_pipeline: OfPipeline,
    /// What was wrong with all this and is corrections.
    corrections: Vec<String>,
}

/// What only a pipeline has.
#[derive(Debug, Default)]
pub(super) struct OfPipeline {
    pub(super) pipeline_id: Option<String>,
    pub(super) parent: Option<ParentPipeline>,
    pub(super) previous_attempt: Option<PreviousPipeline>,
    pub(super) partial_retry: bool,
    pub(super) is_manual: Option<bool>,
    pub(super) is_resumed: Option<bool>,
}

impl Facts {
    pub(super) fn new(level: &'static str, name: String, url: Option<String>) -> Self {
        let mut corrections = Vec::new();
        let name = if name.trim().is_empty() {
            corrections.push(format!("a {level} must have a name: it is sent as `unnamed`"));
            "unnamed".to_owned()
        } else {
            name
        };
        Self {
            about: format!("{level} `{name}`").into(),
            id: id::random_uuid(),
            name,
            url,
            error: None,
            node: None,
            tags: Vec::new(),
            metrics: Vec::new(),
            parameters: BTreeMap::new(),
            queue_time: None,
            dependencies: Vec::new(),
            of_pipeline: OfPipeline::default(),
            corrections,
        }
    }

    pub(super) fn correct(&mut self, what: impl Into<String>) {
        self.corrections.push(what.into());
    }

    pub(super) fn set_id(&mut self, id: String) {
        if id.trim().is_empty() {
            self.correct("an id must not be empty: one is made up");
        } else {
            self.id = id;
        }
    }

    pub(super) fn tag(&mut self, key: &str, value: &str) {
        self.tags.extend(pair("tag", key, value).map_err(|problem| self.corrections.push(problem)));
    }

    pub(super) fn metric(&mut self, key: &str, value: f64) {
        if value.is_finite() {
            let metric = pair("metric", key, &value.to_string());
            self.metrics.extend(metric.map_err(|problem| self.corrections.push(problem)));
        } else {
            self.correct(format!("the metric `{key}` is left out: it is no number"));
        }
    }

    pub(super) fn error(&mut self, mut error: CiError) {
        // What is too long would cost the whole event.
        for (text, limit) in
            [(&mut error.message, MAX_ERROR_MESSAGE), (&mut error.r#type, MAX_ERROR_TYPE)]
        {
            if let Some(text) = text {
                shorten(text, limit);
            }
        }
        self.error = Some(Box::new(error));
    }

    pub(super) fn queue_time(&mut self, time: Duration) {
        self.queue_time = Some(i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
    }

    /// An end that is not before the start.
    pub(super) fn end(&mut self, start: Timestamp, end: Timestamp) -> Timestamp {
        if end < start {
            self.correct("it cannot end before it begins: it is sent as without duration");
        }
        end.max(start)
    }

    /// Tells what was corrections.
    pub(super) fn tell(&mut self, run: &Run) {
        for problem in self.corrections.drain(..) {
            run.guard.queue.correct(&run.log, &self.about, problem);
        }
    }

    /// Puts an event in the queue.
    pub(super) fn send(&mut self, run: &Run, resource: Resource, is_running: bool) {
        self.tell(run);
        let event = run.context.with_context(PipelineEvent::new(resource));
        run.guard.queue.push(event, &self.about, &run.log, is_running);
    }
}

/// `key:value`, where the key has no colon of its own.
pub(super) fn pair(what: &str, key: &str, value: &str) -> Result<String, String> {
    if key.trim().is_empty() || key.contains(':') {
        return Err(format!(
            "the {what} `{key}` is left out: a key must not be empty and has no colon"
        ));
    }
    Ok(format!("{key}:{value}"))
}

fn shorten(text: &mut String, characters: usize) {
    if let Some((end, _)) = text.char_indices().nth(characters) {
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_cost_the_event_is_mended() {
        let mut facts = Facts::new("job", "  ".to_owned(), None);
        let id = facts.id.clone();
        facts.set_id(String::new());
        facts.tag("", "x");
        facts.tag("a:b", "x");
        facts.tag("team", "a:b");
        facts.metric("tests", f64::NAN);
        facts.metric("tests", 412.0);
        assert_eq!((facts.name.as_str(), facts.id == id), ("unnamed", true));
        assert_eq!(
            (facts.tags, facts.metrics),
            (vec!["team:a:b".into()], vec!["tests:412".into()])
        );
        assert_eq!(facts.corrections.len(), 5, "{:?}", facts.corrections);
    }

    #[test]
    fn errors_are_as_long_as_they_may_be() {
        let mut facts = Facts::new("job", "j".to_owned(), None);
        let long = "é".repeat(6000);
        facts.error(CiError {
            message: Some(long.clone()),
            r#type: Some(long),
            ..CiError::default()
        });
        let error = facts.error.unwrap();
        assert_eq!(error.message.unwrap().chars().count(), MAX_ERROR_MESSAGE);
        assert_eq!(error.r#type.unwrap().chars().count(), MAX_ERROR_TYPE);
        assert!(facts.corrections.is_empty());
    }
}
