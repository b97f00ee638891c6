//! A few dozen runs of the hours before, so that percentiles mean something.

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{FinishedPipeline, PipelineStatus};
use datadog_ci_pipelines::{PipelineEvent, ValidationError};

use crate::events::{error, event, git};
use crate::plan::{Commit, Failure, Reference};
use crate::random::{Random, id_of};

/// How far back the first runs lie. The intake takes what ended within 18 hours.
const FIRST: SignedDuration = SignedDuration::from_mins(11 * 60 + 30);

/// A pipeline, and how its runs usually go.
struct Habit {
    pipeline: &'static str,
    team: &'static str,
    repository: &'static str,
    /// The number of its first run, and how many there are.
    number: u32,
    runs: u32,
    /// How many minutes ago the last one began at the latest.
    until: i64,
    /// Seconds that a run usually takes.
    seconds: f64,
    /// The share of runs that fail.
    failing: f64,
}

const HABITS: [Habit; 3] = [
    Habit {
        pipeline: "web-shop",
        team: "storefront",
        repository: "https://git.example/shop/web-shop.git",
        number: 4788,
        runs: 24,
        until: 35,
        seconds: 510.0,
        failing: 0.12,
    },
    Habit {
        pipeline: "payments-api",
        team: "payments",
        repository: "https://git.example/shop/payments-api.git",
        number: 1274,
        runs: 16,
        until: 95,
        seconds: 420.0,
        failing: 0.25,
    },
    Habit {
        pipeline: "release",
        team: "platform",
        repository: "https://git.example/shop/release.git",
        number: 69,
        runs: 8,
        until: 220,
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

/// How many pipelines there are.
pub(crate) const PIPELINES: usize = HABITS.len();

/// The runs of the hours before a moment. Everything but the time is always the same.
///
/// # Errors
/// Fails where an event is not valid, which would be a mistake in here.
pub(crate) fn events(now: Timestamp) -> Result<Vec<PipelineEvent>, ValidationError> {
    let mut events = Vec::new();
    for habit in &HABITS {
        let mut random = Random::of(habit.pipeline);
        let span = FIRST - SignedDuration::from_mins(habit.until);
        let gap = span / i32::try_from(habit.runs).unwrap_or(i32::MAX);
        for run in 0..habit.runs {
            let jitter = gap.mul_f64(random.share());
            let start = now - FIRST + gap * i32::try_from(run).unwrap_or(i32::MAX) + jitter;
            events.push(habit.event(habit.number + run, start, &mut random)?);
        }
    }
    Ok(events)
}

impl Habit {
    fn event(
        &self,
        number: u32,
        start: Timestamp,
        random: &mut Random,
    ) -> Result<PipelineEvent, ValidationError> {
        // Most runs take about as long as usual, some much longer: a cold cache, a busy machine.
        let tail = if random.share() < 0.15 { 1.5 + random.share() } else { 1.0 };
        let seconds = self.seconds * (0.8 + 0.4 * random.share()) * tail;
        let (waited, fate) = (random.share() * 40.0, random.share());
        let commit = Commit {
            repository: self.repository,
            reference: Reference::Branch(random.one_of(&BRANCHES).copied().unwrap_or("main")),
            message: "Small things",
            author: random.one_of(&AUTHORS).copied().unwrap_or_default(),
        };
        let failure = random.one_of(&FAILURES).copied().filter(|_| fate < self.failing);
        // What fails or is stopped does not take its whole time.
        let (status, share) = match fate {
            _ if failure.is_some() => (PipelineStatus::Error, 0.6),
            _ if fate > 0.96 => (PipelineStatus::Canceled, 0.3),
            _ => (PipelineStatus::Success, 1.0),
        };
        let Self { pipeline, team, .. } = self;
        let run = FinishedPipeline::builder()
            .unique_id(id_of(&format!("{pipeline}/{number}/1")))
            .pipeline_id(number.to_string())
            .name(*pipeline)
            .url(format!("https://ci.example/{pipeline}/{number}/1"))
            .start(start)
            .end(start + SignedDuration::from_millis((seconds * share * 1000.0) as i64))
            .queue_time((waited * 1000.0) as i64)
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
