//! `cargo xtask demo`: the client and the intake in one process, over HTTP.
//!
//! | module | responsibility |
//! |---|---|
//! | `config` | the time range and page size of the searches |
//! | `runs` | the runs that are sent |
//! | `sent` | the runs that were sent, to compare them with those that are found |
//! | `queries` | the searches, and what each is expected to find |
//! | `statistics` | formatting of aggregations |
//!
//! Runs are drawn by `ci_report::drawing`.
//!
//! The demo shows only what the API returned, and compares that with what was sent.

mod config;
mod queries;
mod runs;
mod sent;
mod statistics;

use std::io::Write;

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::{Client, PipelineEvent};

pub use self::config::Result;
use self::config::{FROM, HOURS, PAGE};
use self::runs::{PIPELINES, Story, earlier_events, events_at};
use self::sent::Sent;
pub use ci_report::drawing::Style;
use ci_report::drawing::{Found, draw};

/// Runs the demo on an empty intake, as if it were `now`.
///
/// # Errors
/// Returns an error if a request fails, or if the events found differ from those sent.
pub async fn play(
    intake: &LocalIntake,
    now: Timestamp,
    style: Style,
    out: &mut impl Write,
) -> Result<()> {
    let client = intake.client();
    let mut demo = Demo { client, now, style, out, sent: Sent::default() };
    writeln!(
        demo.out,
        "The local intake runs at {}, in this process. The client sends",
        intake.url()
    )?;
    writeln!(demo.out, "events to it and reads them over HTTP. Nothing leaves this machine.")?;
    demo.send().await?;
    let found = demo.list().await?;

    demo.heading("The runs, assembled from the events found")?;
    writeln!(demo.out, "{}", style.faint("━ running, · queued"))?;
    writeln!(demo.out)?;
    for line in draw(&found, &[], now, style) {
        writeln!(demo.out, "{line}")?;
    }

    demo.heading("All runs of the last 12 hours, aggregated by the API")?;
    for line in statistics::table(&demo.client, &demo.sent, style).await? {
        writeln!(demo.out, "{line}")?;
    }
    // The query and facet of the request.
    let note =
        format!("{}, by @ci.pipeline.name; durations exclude partial retries", statistics::QUERY);
    writeln!(demo.out, "{}", style.faint(&note))?;
    demo.search().await
}

struct Demo<'o, W> {
    client: Client,
    now: Timestamp,
    style: Style,
    out: &'o mut W,
    sent: Sent,
}

impl<W: Write> Demo<'_, W> {
    fn heading(&mut self, heading: &str) -> Result<()> {
        Ok(writeln!(self.out, "\n{}", self.style.heading(heading))?)
    }

    /// Sends all events.
    async fn send(&mut self) -> Result<()> {
        let now = self.now;
        let story = Story::new(now);
        self.heading("Sending")?;

        let middle = story.watched.start + SignedDuration::from_mins(5);
        let events = events_at(&story.watched, middle)?;
        self.batch("web-shop #4812, running", events).await?;
        self.expect_status("running", &story.watched.id()).await?;
        let events = events_at(&story.watched, now)?;
        self.batch("the same run when it is finished, with the same unique_id", events).await?;
        self.expect_status("success", &story.watched.id()).await?;

        for (label, run) in [
            ("payments-api #1290, with a failing test", &story.failed),
            ("its partial retry, with another unique_id", &story.retry),
            ("release #77, blocked until it is approved", &story.blocked),
            ("its resumption, with another unique_id", &story.resumed),
            ("web-shop #4813, still running", &story.running),
        ] {
            self.batch(label, events_at(run, now)?).await?;
        }
        let label = format!("earlier runs of {PIPELINES} pipelines");
        self.batch(&label, earlier_events(now)?).await
    }

    async fn batch(&mut self, label: &str, events: Vec<PipelineEvent>) -> Result<()> {
        events.iter().for_each(|event| self.sent.record(event.clone()));
        let count = self.client.send_all(events).await.into_result()?;
        Ok(writeln!(self.out, "{count:>4} events: {label}")?)
    }

    /// Checks that a run is found exactly once, with a status.
    async fn expect_status(&mut self, status: &str, id: &str) -> Result<()> {
        let query = format!("ci_level:pipeline @ci.pipeline.id:{id}");
        let mut events = self.client.search_pipeline_events().query(query).from(FROM).stream();
        let mut found = Vec::new();
        while let Some(event) = events.try_next().await? {
            found.push(Found::from_event(&event)?.status);
        }
        if found != [status] {
            return Err(format!(
                "expected the run once, with the status {status}, found {found:?}"
            )
            .into());
        }
        Ok(writeln!(self.out, "            found once, with the status `{status}`")?)
    }

    /// Lists all events, page by page.
    async fn list(&mut self) -> Result<Vec<Found>> {
        self.heading("Listing all events")?;
        let from = self.now - SignedDuration::from_hours(HOURS);
        let mut pages = self.client.list_pipeline_events().from(from.into()).limit(PAGE).pages();
        let (mut found, mut count) = (Vec::new(), 0);
        while let Some(page) = pages.try_next().await? {
            let events = page.into_body().data.unwrap_or_default();
            // The last page may be empty.
            count += usize::from(!events.is_empty());
            for event in &events {
                found.push(Found::from_event(event)?);
            }
        }
        self.sent.compare(&found)?;
        let (total, out) = (found.len(), &mut self.out);
        writeln!(out, "{total:>4} events on {count} pages of up to {PAGE}: all that were sent,")?;
        writeln!(out, "            with their last status and duration, without duplicates")?;
        Ok(found)
    }

    /// Searches, and counts the events found.
    async fn search(&mut self) -> Result<()> {
        self.heading("Searches, and the number of events found")?;
        for search in &queries::SEARCHES {
            let mut events =
                self.client.search_pipeline_events().query(search.query).from(FROM).stream();
            let mut count = 0;
            while events.try_next().await?.is_some() {
                count += 1;
            }
            let expected = self.sent.iter().filter(|run| (search.finds)(run)).count();
            if count != expected {
                let query = search.query;
                return Err(format!("`{query}` found {count} events, expected {expected}").into());
            }
            let label = self.style.faint(search.label);
            writeln!(self.out, "{count:>4}  {:<50} {label}", search.query)?;
        }
        let total = self.sent.len();
        let line = format!("All {total} events, all counts and all medians match what was sent.");
        Ok(writeln!(self.out, "\n{}", self.style.heading(&line))?)
    }
}
