//! `cargo xtask demo`: the client and the intake at work, in one process and over real HTTP.
//!
//! | module | its one job |
//! |---|---|
//! | `plan` | runs as they are planned, and when each part of them happens |
//! | `story` | the runs that are shown part by part |
//! | `history` | the runs of the hours before, for the statistics |
//! | `events` | a planned run at a moment, as the events that a CI system sends |
//! | `sent` | what was sent, to hold against what is found |
//! | `found` | what the API answered, read out of its events |
//! | `queries` | the searches, and what each has to find |
//! | `tree`, `statistics` | what is shown of the answers |
//! | `style` | colours, columns, durations |
//!
//! Nothing is shown that the API did not answer, and what it answered is held against what was
//! sent.

mod events;
mod found;
mod history;
mod plan;
mod queries;
mod random;
mod sent;
mod statistics;
mod story;
mod style;
mod tree;

use std::error::Error;
use std::io::Write;

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::{Client, PipelineEvent};

use self::found::Found;
use self::sent::Sent;
use self::story::Story;
pub use self::style::Style;

/// Why the demo ended early: something is broken, or not as it was expected.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Where the time range of all searches begins, as searches say it …
const FROM: &str = "now-12h";
/// … and as a number of hours.
const HOURS: i64 = 12;
/// How many events a page holds. It is small, so that there are several.
const PAGE: i32 = 25;

/// Plays the whole demo on an intake that is empty, as if it were `now`.
///
/// # Errors
/// Fails where a request fails, and where what is found is not what was sent.
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
        "The local intake is at {}, in this process. The client sends",
        intake.url()
    )?;
    writeln!(demo.out, "to it and reads from it over HTTP. Nothing leaves this machine.")?;
    demo.send().await?;
    let found = demo.list().await?;

    demo.heading("The runs, put together from the events found")?;
    writeln!(demo.out, "{}", style.faint("━ when it ran within its pipeline, · waited"))?;
    writeln!(demo.out)?;
    for line in tree::draw(&found, now, style) {
        writeln!(demo.out, "{line}")?;
    }

    demo.heading("All runs of the last 12 hours, aggregated by the API")?;
    for line in statistics::table(&demo.client, &demo.sent, style).await? {
        writeln!(demo.out, "{line}")?;
    }
    // As the request says it.
    let note = format!(
        "{}, by @ci.pipeline.name; partial retries have no part in times",
        statistics::QUERY
    );
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
    fn heading(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.out, "\n{}", self.style.heading(text))?)
    }

    /// Sends everything there is.
    async fn send(&mut self) -> Result<()> {
        let now = self.now;
        let story = Story::at(now);
        self.heading("Sending")?;

        let middle = story.watched.start + SignedDuration::from_mins(5);
        let events = events::events_at(&story.watched, middle)?;
        self.batch("web-shop #4812 while it runs", events).await?;
        self.is("running", &story.watched.id()).await?;
        let events = events::events_at(&story.watched, now)?;
        self.batch("the same run when it is over, under the same unique_id", events).await?;
        self.is("success", &story.watched.id()).await?;

        for (words, run) in [
            ("payments-api #1290, in which a test fails", &story.failed),
            ("a partial retry of it, under another unique_id", &story.retry),
            ("release #77, blocked until a person approves", &story.blocked),
            ("its resumption, under another unique_id", &story.resumed),
            ("web-shop #4813, which is still running", &story.running),
        ] {
            self.batch(words, events::events_at(run, now)?).await?;
        }
        let words = format!("as many finished runs of {} pipelines", history::PIPELINES);
        self.batch(&words, history::events(now)?).await
    }

    async fn batch(&mut self, words: &str, events: Vec<PipelineEvent>) -> Result<()> {
        events.iter().for_each(|event| self.sent.note(event.clone()));
        let count = self.client.send_all(events).await.into_result()?;
        Ok(writeln!(self.out, "{count:>4} events: {words}")?)
    }

    /// Checks that a run is found with a status, once.
    async fn is(&mut self, status: &str, id: &str) -> Result<()> {
        let query = format!("ci_level:pipeline @ci.pipeline.id:{id}");
        let mut events = self.client.search_pipeline_events().query(query).from(FROM).stream();
        let mut found = Vec::new();
        while let Some(event) = events.try_next().await? {
            found.push(Found::of(&event)?.status);
        }
        if found != [status] {
            return Err(format!("the run must be found once, as {status}, not {found:?}").into());
        }
        Ok(writeln!(self.out, "            found once, with the status `{status}`")?)
    }

    /// Reads everything back, page by page.
    async fn list(&mut self) -> Result<Vec<Found>> {
        self.heading("Reading it all back")?;
        let from = self.now - SignedDuration::from_hours(HOURS);
        let mut pages = self.client.list_pipeline_events().from(from).limit(PAGE).pages();
        let (mut found, mut count) = (Vec::new(), 0);
        while let Some(page) = pages.try_next().await? {
            let events = page.into_body().data.unwrap_or_default();
            // The page behind the last may be an empty one.
            count += usize::from(!events.is_empty());
            for event in &events {
                found.push(Found::of(event)?);
            }
        }
        self.sent.compare(&found)?;
        let (total, out) = (found.len(), &mut self.out);
        writeln!(out, "{total:>4} events on {count} pages of at most {PAGE}: all that were sent,")?;
        writeln!(out, "            with their last status and duration, none of them twice")?;
        Ok(found)
    }

    /// Searches, and counts what is found.
    async fn search(&mut self) -> Result<()> {
        self.heading("Searches, and how many events each finds")?;
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
                return Err(format!("`{query}` must find {expected} events, finds {count}").into());
            }
            let words = self.style.faint(search.words);
            writeln!(self.out, "{count:>4}  {:<50} {words}", search.query)?;
        }
        let total = self.sent.len();
        let line = format!("All {total} events, all counts and all medians are what was sent.");
        Ok(writeln!(self.out, "\n{}", self.style.heading(&line))?)
    }
}
