//! `wait`: until a run has ended.

use std::time::{Duration, Instant};

use clap::Args;
use datadog_ci_pipelines::models::{PipelineStatus, Sort};
use datadog_ci_pipelines::{Client, Error, JsonView};

use super::connection::{block_on, failure, patient_client};
use super::options::{duration, time};
use super::search::quote;
use crate::drawing::{self, Output, nanoseconds, visible};
use crate::status::{ExitCode, Failure};

/// The exit code if the time is over, as that of `timeout`.
const TIMED_OUT: u8 = 124;
/// The status of a run that has not ended.
const RUNNING: &str = "running";

/// Wait for a run to end; the exit code is that of its status.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report wait b3262537-a573-44eb-b777-4c0f37912b05 && ./deploy
  ci-report wait \"$RUN\" --status success --status skipped --timeout 30m

Exit codes: 0 if the run has one of the statuses, 1 if it ended with another one or cannot be read,
124 if the time is over.")]
pub(crate) struct Arguments {
    /// Id of the run, as `ci-report list` shows it.
    #[arg(value_name = "RUN")]
    run: String,
    /// Status to wait for: success, error, canceled, skipped, blocked or running.
    #[arg(long, value_name = "STATUS", default_value = "success", value_delimiter = ',')]
    #[arg(value_parser = status)]
    status: Vec<String>,
    /// Give up after this time. By default, it waits for as long as it takes.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    timeout: Option<Duration>,
    /// Time between two searches.
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = duration)]
    every: Duration,
    /// Earliest end of the run: a duration before now, or a date and time.
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = time)]
    from: String,
    /// Print nothing; only the exit code reports the status.
    #[arg(long, short)]
    quiet: bool,
}

fn status(input: &str) -> Result<String, String> {
    let mut known = PipelineStatus::VALUES.to_vec();
    known.push(RUNNING);
    match known.contains(&input) {
        true => Ok(input.to_owned()),
        false => Err(format!("no such status; use one of {}", known.join(", "))),
    }
}

/// The status of a run, and its duration if it has ended.
struct Status {
    status: String,
    name: String,
    duration: Option<f64>,
}

impl Arguments {
    /// Waits, and returns the exit code.
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        block_on(self.wait(&patient_client()?))
    }

    async fn wait(&self, client: &Client) -> Result<ExitCode, Failure> {
        let deadline = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let left = || deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let mut last = None;
        loop {
            let found = match left() {
                // A search that takes longer than the timeout is given up.
                Some(left) => tokio::time::timeout(left, self.find(client)).await.ok(),
                None => Some(self.find(client).await),
            };
            match found {
                Some(Ok(Some(found))) => {
                    let is_awaited = self.status.contains(&found.status);
                    if is_awaited || found.status != RUNNING {
                        self.print(&found)?;
                        return Ok(if is_awaited { ExitCode::SUCCESS } else { ExitCode::FAILURE });
                    }
                    last = Some(found.status);
                }
                Some(Err(error)) if !is_temporary(&error) => return Err(failure(&error)),
                Some(Err(error)) => {
                    self.warn(&format!("{}; it is searched again", failure(&error)))
                }
                Some(Ok(None)) | None => {}
            }
            if left().is_some_and(|left| left.is_zero()) {
                let (run, from) = (visible(&self.run), &self.from);
                let reason = match &last {
                    Some(status) => format!("the run {run} is still {}", visible(status)),
                    None => format!("no run with the id {run} was found since {from}"),
                };
                return Err(
                    Failure::new(format!("{reason}; the time is over")).with_code(TIMED_OUT)
                );
            }
            tokio::time::sleep(left().unwrap_or(self.every).min(self.every)).await;
        }
    }

    async fn find(&self, client: &Client) -> Result<Option<Status>, Error> {
        let query = format!("ci_level:pipeline @ci.pipeline.id:{}", quote(&self.run));
        let search = client.search_pipeline_events().query(query).from(self.from.as_str()).limit(1);
        let event = search.sort(Sort::TimestampDescending).stream().try_next().await?;
        let found = event.map(|event| Status {
            status: event.str("ci.status").unwrap_or_default().into_owned(),
            name: event.str("ci.pipeline.name").unwrap_or_default().into_owned(),
            duration: event.get("duration").and_then(JsonView::as_f64),
        });
        Ok(found)
    }

    fn print(&self, found: &Status) -> Result<(), Failure> {
        if self.quiet {
            return Ok(());
        }
        let mut out = Output::new();
        let status = visible(&found.status);
        let status = out.style.of_status(&status, &status);
        let time = found.duration.map(|time| format!(" after {}", nanoseconds(time)));
        out.line(&format!("{}: {status}{}", visible(&found.name), time.unwrap_or_default()))?;
        out.flush()
    }

    fn warn(&self, note: &str) {
        if !self.quiet {
            drawing::note(note);
        }
    }
}

/// Returns whether another search may succeed.
fn is_temporary(error: &Error) -> bool {
    let is_status = |status| status == 408 || status == 429 || status >= 500;
    matches!(error, Error::Transport(_)) || error.status().is_some_and(is_status)
}
