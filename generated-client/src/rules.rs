//! Rules of the service that the OpenAPI document cannot express, shared by client and intake.
//!
//! `build()` of a model checks its schema. These rules are checked before an event is sent: by
//! [`PipelineEvent::validate`](crate::PipelineEvent::validate), [`Client::send`](crate::Client::send),
//! `send_all`, the outbox and the reporter. Two more are checked only by the client, because it is
//! unknown whether the service has them: ids and names must not be empty, and a URL is empty or has a
//! scheme.
//!
//! One documented rule is not included: an event must have ended within the last 18 hours. It
//! depends on the clock of the service.

use std::time::Duration;

use specwright_runtime::{Timestamp, Validator};

use crate::models::{GitInfo, Job, Pipeline, Resource, SendData};

/// The maximum duration from start to end: one year, including a leap day.
pub const MAX_DURATION: Duration = Duration::from_secs(MAX_SECONDS.unsigned_abs());

const MAX_SECONDS: i64 = 366 * 24 * 60 * 60;

/// Reports every rule that an event violates, with JSON pointers within the event.
///
/// ```
/// use datadog_ci_pipelines::models::Stage;
/// use datadog_ci_pipelines::PipelineEvent;
///
/// let stage = Stage::builder()
///     .id("s1")
///     .name("build")
///     .pipeline_unique_id("run-1")
///     .pipeline_name("deploy")
///     .start("2026-07-14T10:00:00Z".parse()?)
///     .end("2026-07-14T09:00:00Z".parse()?)
///     .status("success")
///     .tags(["team"])
///     .build()?;
/// let error = PipelineEvent::new(stage).validate().unwrap_err();
/// let pointers: Vec<_> = error.violations().iter().map(|v| v.pointer.as_str()).collect();
/// assert_eq!(pointers, ["/attributes/resource/end", "/attributes/resource/tags/0"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_event(event: &SendData, checks: &mut Validator) {
    let resource = event.attributes.as_ref().map(|attributes| &attributes.resource);
    checks.field("attributes", resource, |checks, resource| {
        checks
            .field("resource", Some(resource), |checks, resource| check_resource(resource, checks));
    });
}

/// Reports what [`check_event`] does, and what is probably a mistake although the service may accept
/// it: events without an id replace each other.
pub(crate) fn check_sent(event: &SendData, checks: &mut Validator) {
    check_event(event, checks);
    checks.field("attributes", event.attributes.as_ref(), |checks, attributes| {
        checks.field("resource", Some(&attributes.resource), |checks, resource| {
            names(resource, |name, value| {
                let (is_valid, rule) = match name {
                    "url" => (is_address(value), "must be empty or a URL with a scheme"),
                    _ => (!value.trim().is_empty(), "must not be empty"),
                };
                checks.field(name, Some(&()), |checks, ()| checks.require(is_valid, rule));
            });
        });
    });
}

/// Returns whether a URL is empty, as in the example of the vendor, or has a scheme and a host.
pub(crate) fn is_address(url: &str) -> bool {
    let is_complete = |(scheme, rest): (&str, &str)| {
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        !scheme.is_empty() && scheme.chars().all(is_scheme) && !rest.is_empty()
    };
    url.is_empty() || (url.trim() == url && url.split_once("://").is_some_and(is_complete))
}

/// Visits the ids and names of a resource, and its URL.
fn names(resource: &Resource, mut visit: impl FnMut(&'static str, &str)) {
    macro_rules! names {
        ($resource:ident: $($name:ident),*) => {{
            $(visit(stringify!($name), &$resource.$name);)*
        }};
    }
    match resource {
        Resource::Pipeline(Pipeline::Finished(run)) => names!(run: unique_id, name, url),
        Resource::Pipeline(Pipeline::Running(run)) => names!(run: unique_id, name, url),
        Resource::Stage(stage) => names!(stage: id, name, pipeline_unique_id, pipeline_name),
        Resource::Job(Job::Finished(job)) => {
            names!(job: id, name, pipeline_unique_id, pipeline_name, url);
        }
        Resource::Job(Job::Running(job)) => {
            names!(job: id, name, pipeline_unique_id, pipeline_name, url);
        }
        Resource::Step(step) => {
            names!(step: id, name, pipeline_unique_id, pipeline_name);
            if let Some(url) = &step.url {
                visit("url", url);
            }
        }
        Resource::Unknown(_) => {}
    }
}

/// Reports every rule that a run violates, with JSON pointers within the run. The service decides on
/// resources of unknown levels.
pub fn check_resource(resource: &Resource, checks: &mut Validator) {
    let run = match resource {
        Resource::Pipeline(Pipeline::Finished(run)) => Run {
            times: times(&run.start, &run.end),
            git: run.git.as_deref(),
            tags: run.tags.as_deref(),
            metrics: run.metrics.as_deref(),
        },
        Resource::Pipeline(Pipeline::Running(run)) => Run {
            times: None,
            git: run.git.as_deref(),
            tags: run.tags.as_deref(),
            metrics: run.metrics.as_deref(),
        },
        Resource::Stage(stage) => Run {
            times: times(&stage.start, &stage.end),
            git: stage.git.as_deref(),
            tags: stage.tags.as_deref(),
            metrics: stage.metrics.as_deref(),
        },
        Resource::Job(Job::Finished(job)) => Run {
            times: times(&job.start, &job.end),
            git: job.git.as_deref(),
            tags: job.tags.as_deref(),
            metrics: job.metrics.as_deref(),
        },
        Resource::Job(Job::Running(job)) => Run {
            times: None,
            git: job.git.as_deref(),
            tags: job.tags.as_deref(),
            metrics: job.metrics.as_deref(),
        },
        Resource::Step(step) => Run {
            times: times(&step.start, &step.end),
            git: step.git.as_deref(),
            tags: step.tags.as_deref(),
            metrics: step.metrics.as_deref(),
        },
        Resource::Unknown(_) => return,
    };
    run.check(checks);
}

/// The properties that the rules check, on every level.
struct Run<'a> {
    times: Option<(Instant, Instant)>,
    git: Option<&'a GitInfo>,
    tags: Option<&'a [String]>,
    metrics: Option<&'a [String]>,
}

/// The seconds since 1970, and the nanoseconds after them.
type Instant = (i64, u32);

/// Returns the start and the end of a run, if both are instants.
fn times(start: &Timestamp, end: &Timestamp) -> Option<(Instant, Instant)> {
    start.to_unix().zip(end.to_unix())
}

impl Run<'_> {
    fn check(&self, checks: &mut Validator) {
        checks.field("end", self.times.as_ref(), |checks, (start, end)| {
            checks.require(end >= start, "must not be before `start`");
            let last = (start.0 + MAX_SECONDS, start.1);
            checks.require(*end <= last, "must be at most one year after `start`");
        });
        checks.field("git", self.git, |checks, git| {
            // Some clients send an empty tag if there is none.
            let is_given =
                |name: &Option<String>| name.as_ref().is_some_and(|name| !name.is_empty());
            let both = is_given(&git.branch) && is_given(&git.tag);
            checks.require(!both, "must have `branch` or `tag`, not both");
        });
        checks.field("tags", self.tags, |checks, tags| {
            checks.items(tags, |checks, tag| {
                checks.require(key_and_value(tag).is_some(), "must be `key:value`");
            });
        });
        checks.field("metrics", self.metrics, |checks, metrics| {
            checks.items(metrics, |checks, metric| {
                let number =
                    key_and_value(metric).and_then(|(_, value)| value.trim().parse::<f64>().ok());
                checks.require(
                    number.is_some_and(f64::is_finite),
                    "must be `key:value` with a number as value",
                );
            });
        });
    }
}

/// Splits `key:value`. The value may contain colons; the key must not be empty.
#[must_use]
pub fn key_and_value(tag: &str) -> Option<(&str, &str)> {
    tag.split_once(':').filter(|(key, _)| !key.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn addresses_have_a_scheme_and_a_host() {
        for url in ["", "https://ci.example/run/1", "http://x", "jenkins+https://ci/1"] {
            assert!(is_address(url), "{url}");
        }
        for url in
            ["ci.example/run/1", "/run/1", "https://", "://x", "run 1", " https://x", "a b://x"]
        {
            assert!(!is_address(url), "{url}");
        }
    }
}
