//! What is known of a scope, and its parents.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use specwright_runtime::jiff;

use super::context::Context;
use crate::PipelineEvent;
use crate::models::{CiError, GitInfo, HostInfo, ParentPipeline, PreviousPipeline, Resource};
use crate::reporter::clock::Clock;
use crate::reporter::delivery::{Guard, Log};
use crate::reporter::git::GitFacts;
use crate::reporter::id;
use crate::rules::is_address;

/// The maximum length of the error message, in characters.
const MAX_ERROR_MESSAGE: usize = 5000;
/// The maximum length of the error type, in characters.
const MAX_ERROR_TYPE: usize = 100;
/// The maximum number of tags that the service is known to take.
const MAX_TAGS: usize = 100;

/// Where a pipeline is opened: the queue and the settings of a reporter.
#[derive(Debug)]
pub struct RunOrigin {
    pub(in crate::reporter) guard: Arc<Guard>,
    pub(in crate::reporter) context: Context,
}

impl RunOrigin {
    /// Creates the run.
    pub(in crate::reporter) fn enter(self, facts: &mut Facts) -> Parents {
        let Self { guard, context } = self;
        context.problems.iter().for_each(|problem| facts.correct(problem));
        let git = context.git.clone().map(GitFacts::into_parts).transpose();
        let (git, git_tags) = git.map(|git| (git, Vec::new())).unwrap_or_else(|(tags, problem)| {
            facts.correct(problem);
            (None, tags)
        });
        let run = Run {
            guard,
            log: Arc::new(Log::new(context.listener.clone())),
            clock: Clock::start(),
            git: git.map(Box::new),
            git_tags,
            unique_id: facts.id.clone(),
            name: facts.name.clone(),
            context,
        };
        let node = run.context.node.clone();
        Parents { run: Arc::new(run), stage: None, job: None, node }
    }

    /// Adds a commit whose properties take precedence.
    pub(super) fn with_git(mut self, git: GitFacts) -> Self {
        self.context.git = Some(git.or(self.context.git.take().unwrap_or_default()));
        self
    }
}

/// A run, shared by everything in it.
#[derive(Debug)]
pub(in crate::reporter) struct Run {
    pub(super) guard: Arc<Guard>,
    pub(super) log: Arc<Log>,
    pub(super) context: Context,
    pub(super) clock: Clock,
    pub(super) git: Option<Box<GitInfo>>,
    /// What is known of a commit that the API would not take.
    git_tags: Vec<String>,
    pub(super) unique_id: String,
    pub(super) name: String,
}

/// The parents of a scope: a run, and possibly a stage and a job of it.
#[derive(Clone, Debug)]
pub struct Parents {
    pub(in crate::reporter) run: Arc<Run>,
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

/// What is known of a scope of any level.
#[derive(Debug)]
pub struct Facts {
    /// The name in problem messages, such as ``job `build` ``.
    pub(super) about: Arc<str>,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) url: Option<String>,
    pub(super) error: Option<Box<CiError>>,
    pub(super) node: Option<Box<HostInfo>>,
    pub(super) tags: Vec<String>,
    pub(super) metrics: Vec<String>,
    pub(super) parameters: BTreeMap<String, String>,
    /// In milliseconds.
    pub(super) queue_time: Option<i64>,
    pub(super) dependencies: Vec<String>,
    pub(super) pipeline: PipelineFacts,
    /// Invalid values that were corrected and not yet reported.
    corrections: Vec<String>,
}

/// Facts that only a pipeline has.
#[derive(Debug, Default)]
pub(super) struct PipelineFacts {
    pub(super) pipeline_id: Option<String>,
    pub(super) parent: Option<ParentPipeline>,
    pub(super) previous_attempt: Option<PreviousPipeline>,
    pub(super) partial_retry: bool,
    pub(super) is_manual: Option<bool>,
    pub(super) is_resumed: Option<bool>,
}

impl Facts {
    pub(in crate::reporter) fn new(level: &'static str, name: String, url: Option<String>) -> Self {
        let mut corrections = Vec::new();
        let name = if name.trim().is_empty() {
            corrections.push(format!("the {level} has no name; sent as `unnamed`"));
            "unnamed".to_owned()
        } else {
            name
        };
        let mut facts = Self {
            about: format!("{level} `{name}`").into(),
            id: id::random_uuid(),
            name,
            url: None,
            error: None,
            node: None,
            tags: Vec::new(),
            metrics: Vec::new(),
            parameters: BTreeMap::new(),
            queue_time: None,
            dependencies: Vec::new(),
            pipeline: PipelineFacts::default(),
            corrections,
        };
        if let Some(url) = url {
            facts.set_url(url);
        }
        facts
    }

    /// Sets the URL. An invalid one would be a dead link.
    pub(super) fn set_url(&mut self, url: String) {
        if is_address(&url) {
            self.url = Some(url);
        } else {
            self.correct(format!("the URL `{url}` has no scheme, such as `https://`; omitted"));
        }
    }

    pub(super) fn correct(&mut self, what: impl Into<String>) {
        self.corrections.push(what.into());
    }

    pub(in crate::reporter) fn set_id(&mut self, id: String) {
        if id.trim().is_empty() {
            self.correct("the id is empty; using a random id");
        } else {
            self.id = id;
        }
    }

    pub(super) fn tag(&mut self, key: &str, value: &str) {
        self.tags.extend(pair("tag", key, value).map_err(|problem| self.corrections.push(problem)));
    }

    /// Returns all tags of an event. Those of the commit do not displace others.
    pub(super) fn all_tags(&self, run: &Run) -> Option<Vec<String>> {
        let mut tags = [&run.context.tags[..], &self.tags].concat();
        let room = MAX_TAGS.saturating_sub(tags.len());
        tags.extend(run.git_tags.iter().take(room).cloned());
        (!tags.is_empty()).then_some(tags)
    }

    pub(super) fn metric(&mut self, key: &str, value: f64) {
        if value.is_finite() {
            let metric = pair("metric", key, &value.to_string());
            self.metrics.extend(metric.map_err(|problem| self.corrections.push(problem)));
        } else {
            self.correct(format!("metric `{key}` is not a finite number; omitted"));
        }
    }

    pub(super) fn error(&mut self, mut error: CiError) {
        // The service rejects the whole event if a string is too long.
        for (value, limit) in
            [(&mut error.message, MAX_ERROR_MESSAGE), (&mut error.r#type, MAX_ERROR_TYPE)]
        {
            if let Some(value) = value {
                shorten(value, limit);
            }
        }
        self.error = Some(Box::new(error));
    }

    pub(super) fn queue_time(&mut self, time: Duration) {
        self.queue_time = Some(i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
    }

    /// Returns an end that is not before the start.
    pub(super) fn end(&mut self, start: Timestamp, end: Timestamp) -> Timestamp {
        if end < start {
            self.correct("the end is before the start; sent with zero duration");
        }
        end.max(start)
    }

    /// Reports the corrections so far.
    pub(in crate::reporter) fn report_corrections(&mut self, run: &Run) {
        for problem in self.corrections.drain(..) {
            run.guard.queue.correct(&run.log, &self.about, problem);
        }
    }

    /// Queues an event.
    pub(super) fn send(&mut self, run: &Run, resource: Resource, is_running: bool) {
        self.report_corrections(run);
        let event = run.context.apply(PipelineEvent::new(resource));
        run.guard.queue.push(event, &self.about, &run.log, is_running);
    }
}

/// Joins `key:value`. The key must not be empty or contain a colon.
pub(in crate::reporter) fn pair(what: &str, key: &str, value: &str) -> Result<String, String> {
    if key.trim().is_empty() || key.contains(':') {
        return Err(format!("the key of {what} `{key}` is empty or contains a colon; omitted"));
    }
    Ok(format!("{key}:{value}"))
}

fn shorten(value: &mut String, max_characters: usize) {
    if let Some((end, _)) = value.char_indices().nth(max_characters) {
        value.truncate(end);
    }
}

/// Creates an error with only a message.
impl From<&str> for CiError {
    fn from(message: &str) -> Self {
        message.to_owned().into()
    }
}

/// Creates an error with only a message.
impl From<String> for CiError {
    fn from(message: String) -> Self {
        Self { message: Some(message), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_values_are_corrected() {
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
    fn long_errors_are_truncated() {
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
