//! A few dozen earlier runs, which make the percentiles meaningful.

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{FinishedPipeline, PipelineStatus};
use datadog_ci_pipelines::{PipelineEvent, ValidationError};

use super::events::{error, event, git};
use super::plan::{Commit, Failure, Reference};
use super::random::{Random, stable_id};

/// The age of the first runs. The intake accepts runs that ended within 18 hours.
const FIRST: SignedDuration = SignedDuration::from_mins(11 * 60 + 30);

/// A pipeline, and how its runs usually behave.
struct Profile {
    pipeline: &'static str,
    team: &'static str,
    repository: &'static str,
    /// The number of its first run, and the number of runs.
    number: u32,
    runs: u32,
    /// The minimum age of the last run, in minutes.
    min_age: i64,
    /// The usual duration of a run in seconds.
    seconds: f64,
    /// The share of runs that fail.
    failing: f64,
}

const PROFILES: [Profile; 3] = [
    Profile {
        pipeline: "web-shop",
        team: "storefront",
        repository: "https://git.example/shop/web-shop.git",
        number: 4788,
        runs: 24,
        min_age: 35,
        seconds: 510.0,
        failing: 0.12,
    },
    Profile {
        pipeline: "payments-api",
        team: "payments",
        repository: "https://git.example/shop/payments-api.git",
        number: 1274,
        runs: 16,
        min_age: 95,
        seconds: 420.0,
        failing: 0.25,
    },
    Profile {
        pipeline: "release",
        team: "platform",
        repository: "https://git.example/shop/release.git",
        number: 69,
        runs: 8,
        min_age: 220,
        seconds: 760.0,
        failing: 0.2,
    },
];

const AUTHORS: [[&str; 2]; 4] = [
    ["Ada Okafor", "ada@shop.example"],
    ["Luis Brandt", "luis@shop.example"],
    ["Mei Tanaka", "mei@shop.example"],
    ["Jonas Weber", "jonas@shop.example"],
];

const BRANCHES: [&str; 4] = ["main", "main", "faster-search", "update-dependencies"];

const FAILURES: [Failure; 3] = [
    Failure {
        kind: "test failure",
        message: "cart::is_kept: expected 3 items, found 0",
        stack: "at tests/cart.rs:41:9",
    },
    Failure {
        kind: "compile error",
        message: "mismatched types: expected `Money`, found `f64`",
        stack: "at src/price.rs:17:20",
    },
    Failure {
        kind: "timeout",
        message: "no output for 10 minutes",
        stack: "at step `playwright test`",
    },
];

/// The number of pipelines.
pub(crate) const PIPELINES: usize = PROFILES.len();

/// Returns the earlier runs. Everything except the time is always the same.
///
/// # Errors
/// Returns an error if an event is invalid, which would be a bug in this module.
pub(crate) fn events(now: Timestamp) -> Result<Vec<PipelineEvent>, ValidationError> {
    let mut events = Vec::new();
    for profile in &PROFILES {
        let mut random = Random::from_seed(profile.pipeline);
        let span = FIRST - SignedDuration::from_mins(profile.min_age);
        let gap = span / i32::try_from(profile.runs).unwrap_or(i32::MAX);
        for run in 0..profile.runs {
            let jitter = gap.mul_f64(random.share());
            let start = now - FIRST + gap * i32::try_from(run).unwrap_or(i32::MAX) + jitter;
            events.push(profile.event(profile.number + run, start, &mut random)?);
        }
    }
    Ok(events)
}

impl Profile {
    fn event(
        &self,
        number: u32,
        start: Timestamp,
        random: &mut Random,
    ) -> Result<PipelineEvent, ValidationError> {
        // Most runs take the usual time. Some take much longer: a cold cache, a busy machine.
        let tail = if random.share() < 0.15 { 1.5 + random.share() } else { 1.0 };
        let seconds = self.seconds * (0.8 + 0.4 * random.share()) * tail;
        let (queued, outcome) = (random.share() * 40.0, random.share());
        let commit = Commit {
            repository: self.repository,
            reference: Reference::Branch(random.one_of(&BRANCHES).copied().unwrap_or("main")),
            message: "Small things",
            author: random.one_of(&AUTHORS).copied().unwrap_or_default(),
        };
        let failure = random.one_of(&FAILURES).copied().filter(|_| outcome < self.failing);
        // Failed and canceled runs end early.
        let (status, share) = match outcome {
            _ if failure.is_some() => (PipelineStatus::Error, 0.6),
            _ if outcome > 0.96 => (PipelineStatus::Canceled, 0.3),
            _ => (PipelineStatus::Success, 1.0),
        };
        let Self { pipeline, team, .. } = self;
        let run = FinishedPipeline::builder()
            .unique_id(stable_id(&format!("{pipeline}/{number}/1")))
            .pipeline_id(number.to_string())
            .name(*pipeline)
            .url(format!("https://ci.example/{pipeline}/{number}/1"))
            .start(start.into())
            .end((start + SignedDuration::from_millis((seconds * share * 1000.0) as i64)).into())
            .queue_time((queued * 1000.0) as i64)
            .status(status)
            .partial_retry(false)
            .tags([format!("team:{team}")])
            .git(git(&commit, number)?);
        Ok(event(match failure {
            Some(failure) => run.error(error(failure)?).build()?,
            None => run.build()?,
        }))
    }
}
