//! `tail`: events as they arrive.

use std::collections::HashSet;
use std::time::Duration;

use clap::Args;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{Event, Sort};
use datadog_ci_pipelines::{Client, Error, JsonView};

use super::column::EventColumn;
use super::connection::{block_on, failure, patient_client};
use super::options::{Formats, duration};
use super::rows::Rows;
use crate::drawing::{Format, Output, note};
use crate::status::{ExitCode, Failure};

const COLUMNS: &[&str] = &["time", "level", "status", "duration", "name", "pipeline", "run"];
const PAGE: i32 = 1000;

/// Follow new events, and updates of running ones.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report tail
  ci-report tail '@ci.status:error' --columns time,name,error
  ci-report tail ci_level:pipeline --output jsonl | while read -r event; do …; done

Events are found by their end. One that arrives later than --lookback after its end is missed. As an
array would never end, --output json prints JSON lines.")]
pub(crate) struct Arguments {
    /// Query, for example '@ci.status:error'.
    #[arg(value_name = "QUERY", default_value = "*")]
    query: String,
    /// Begin with events of this long ago.
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    from: Duration,
    /// Time between two searches.
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = duration)]
    every: Duration,
    /// How late events may arrive after their end.
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = duration)]
    lookback: Duration,
    /// Stop after this number of events.
    #[arg(long, short = 'n', value_name = "NUMBER")]
    limit: Option<usize>,
    /// Columns, separated by commas; see `ci-report search --help`.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', value_parser = EventColumn::parse)]
    columns: Vec<EventColumn>,
    #[command(flatten)]
    formats: Formats,
}

impl Arguments {
    /// Follows events until the limit, an error, or a signal.
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        // An array that never ends cannot be read.
        let format = match self.formats.output {
            Format::Json => Format::Jsonl,
            format => format,
        };
        block_on(self.follow(&patient_client()?, format))
    }

    async fn follow(&self, client: &Client, format: Format) -> Result<ExitCode, Failure> {
        let mut out = Output::new();
        let mut rows = Rows::new(COLUMNS, &self.columns, format);
        let limit = self.limit.unwrap_or(usize::MAX);
        let mut seen = HashSet::new();
        let begin = before(Timestamp::now(), self.from);
        let mut failed = false;
        while rows.count < limit {
            let now = Timestamp::now();
            let from = before(now, self.lookback).max(begin);
            match self.events(client, from).await {
                Ok(events) => {
                    failed = false;
                    let found: HashSet<String> = events.iter().map(version).collect();
                    for event in events.iter().filter(|event| !seen.contains(&version(event))) {
                        if rows.count < limit {
                            rows.push(event, &mut out)?;
                        }
                    }
                    // Whatever is not found anymore is too old to be found again.
                    seen = found;
                    rows.show(&mut out)?;
                    out.flush()?;
                }
                Err(error) if is_final(&error) => return Err(failure(&error)),
                Err(error) if !failed => {
                    failed = true;
                    note(&format!("{}; it is searched again", failure(&error)));
                }
                Err(_) => {}
            }
            if rows.count < limit {
                tokio::time::sleep(self.every).await;
            }
        }
        rows.end(&mut out)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Returns all events since a timestamp, oldest first.
    async fn events(&self, client: &Client, from: Timestamp) -> Result<Vec<Event>, Error> {
        let search = client
            .search_pipeline_events()
            .query(self.query.as_str())
            .from(from.as_millisecond().to_string())
            .sort(Sort::TimestampAscending)
            .limit(PAGE);
        let (mut stream, mut events) = (search.stream(), Vec::new());
        while let Some(event) = stream.try_next().await? {
            events.push(event);
        }
        Ok(events)
    }
}

fn before(now: Timestamp, time: Duration) -> Timestamp {
    let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
    now.checked_sub(time).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Returns what differs when an event is updated: a job runs, then it has a duration and a result.
fn version(event: &Event) -> String {
    let duration = event.get("duration").map(JsonView::as_json).unwrap_or_default();
    let status = event.str("ci.status").unwrap_or_default();
    format!("{} {status} {duration}", event.id.as_deref().unwrap_or_default())
}

/// Returns whether another search would fail, too.
fn is_final(error: &Error) -> bool {
    matches!(error.status(), Some(400 | 401 | 403 | 404)) || matches!(error, Error::Config(_))
}
