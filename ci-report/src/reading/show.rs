//! `show`: a run as a tree, with its errors and its critical path.

use clap::Args;
use datadog_ci_pipelines::Client;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::{Event, EventLevel, Sort};

use super::connection::{block_on, client, failure};
use super::options::{Formats, time};
use super::search::quote;
use crate::drawing::{
    CriticalJob, Format, Found, JsonSequence, Output, critical_path, draw_run, escape, fit, note,
    short_duration, visible,
};
use crate::settings::Settings;
use crate::status::{ExitCode, Failure};

use document::{flat, nested};

mod document;

const PAGE: i32 = 1000;
/// Selects the run that was updated last.
const LATEST: &str = "latest";
/// The shortest start of an id that is searched for: as much as the tree shows.
const SHORT: usize = 8;
/// The lines of an error message, and of a stack, that are shown.
const LINES: usize = 20;

/// Show a run: its stages, jobs and steps, their errors, and the critical path.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report show                                the latest run
  ci-report show nightly                        the latest run of the pipeline `nightly`
  ci-report show b3262537-a573-44eb-b777-4c0f37912b05
  ci-report show \"$(ci-report list -n 1 --status error --columns run --output jsonl | jq -r .run)\"
  ci-report show \"$RUN\" --output json | jq '.critical_path[].name'

The critical path is the sequence of jobs that determines the duration. Exclusive time is the
time of a job in which no other job ran.")]
pub(crate) struct Arguments {
    /// Id of the run, as `ci-report list` shows it, or its start, or the name of a pipeline, whose
    /// latest run is shown.
    #[arg(value_name = "RUN", default_value = LATEST)]
    run: String,
    /// Earliest end of its events: a duration before now, or a date and time.
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = time)]
    from: String,
    /// Print the stacks of errors, too.
    #[arg(long)]
    stack: bool,
    #[command(flatten)]
    formats: Formats,
}

impl Arguments {
    /// Prints the run.
    pub(crate) fn run(mut self) -> Result<ExitCode, Failure> {
        let client = client()?;
        if self.run == LATEST {
            self.run = block_on(self.latest(&client))?;
        }
        let (mut events, mut others) = block_on(self.events(&client))?;
        if events.is_empty()
            && let Some(id) = block_on(self.similar(&client))?
        {
            self.run = id;
            (events, others) = block_on(self.events(&client))?;
        }
        let mut found = Vec::new();
        for event in &events {
            match Found::from_event(event) {
                Ok(event) => found.push(event),
                Err(reason) => note(&format!("not shown: {}", visible(&reason))),
            }
        }
        let is_run = |event: &Found| event.level == EventLevel::Pipeline && event.id == self.run;
        let run = found.iter().position(is_run);
        let run = match (run.map(|index| found.swap_remove(index)), found.first()) {
            (Some(run), _) => run,
            (None, Some(_)) => without_pipeline(&self.run, &found),
            (None, None) => {
                return Err(Failure::new(format!(
                    "no run with the id or name {} since {}; `ci-report list` shows the ids of runs, and \
                     --from 30d searches a longer time",
                    visible(&self.run),
                    self.from
                )));
            }
        };
        let now = Timestamp::now();
        let path = critical_path(&found, now);
        let mut out = Output::new();
        match self.formats.output {
            Format::Table => {
                self.tree(&run, &found, &others, &path, now, &mut out)?;
                self.errors(&events, &mut out)?;
            }
            Format::Json => {
                let document = nested(&run, &found, &path, now);
                let json = serde_json::to_string_pretty(&document);
                let json = json.map_err(|error| Failure::new(error.to_string()))?;
                out.line(&escape(&json))?;
            }
            Format::Jsonl => {
                let mut sequence = JsonSequence::new(Format::Jsonl);
                for document in flat(&run, &found, &path, now) {
                    sequence.push(&document.to_string(), &mut out)?;
                }
            }
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }

    /// Returns the id of the run that was updated last.
    async fn latest(&self, client: &Client) -> Result<String, Failure> {
        // A job of a run that another machine reports is a part of the latest run as well.
        self.newest(client, "*").await?.ok_or_else(|| {
            let from = &self.from;
            Failure::new(format!("no run since {from}; --from 30d searches a longer time"))
        })
    }

    /// Returns the id of the latest run whose id begins with the given one, or whose pipeline has this
    /// name.
    async fn similar(&self, client: &Client) -> Result<Option<String>, Failure> {
        let name = quote(&self.run);
        let is_start = self.run.len() >= SHORT
            && self.run.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let start =
            if is_start { format!(" OR @ci.pipeline.id:{}*", self.run) } else { String::new() };
        self.newest(client, &format!("ci_level:pipeline (@ci.pipeline.name:{name}{start})")).await
    }

    /// Returns the id of the run that was updated last, among those of a query.
    async fn newest(&self, client: &Client, query: &str) -> Result<Option<String>, Failure> {
        let search = client.search_pipeline_events().query(query).limit(1);
        let search = search.from(self.from.as_str()).sort(Sort::TimestampDescending);
        let newest = search.stream().try_next().await.map_err(|error| failure(&error))?;
        Ok(newest.and_then(|event| event.str("ci.pipeline.id").map(String::from)))
    }

    /// Returns the events of the run, and the pipelines that are its other attempts.
    async fn events(&self, client: &Client) -> Result<(Vec<Event>, Vec<Found>), Failure> {
        let id = quote(&self.run);
        let mut events = self.search(client, &format!("@ci.pipeline.id:{id}")).await?;
        // Attributes are values of the search syntax, which may match more than one id.
        events.retain(|event| event.str("ci.pipeline.id").as_deref() == Some(&*self.run));
        if self.formats.output != Format::Table {
            return Ok((events, Vec::new()));
        }
        let previous = events.iter().find_map(|event| event.str("ci.pipeline.previous_attempt.id"));
        let previous = previous.map(|id| format!(" OR @ci.pipeline.id:{}", quote(&id)));
        let query = format!(
            "ci_level:pipeline (@ci.pipeline.previous_attempt.id:{id}{})",
            previous.unwrap_or_default()
        );
        let others = self.search(client, &query).await?;
        let others = others.iter().filter_map(|event| Found::from_event(event).ok()).collect();
        Ok((events, others))
    }

    async fn search(&self, client: &Client, query: &str) -> Result<Vec<Event>, Failure> {
        let search = client
            .search_pipeline_events()
            .query(query)
            .from(self.from.as_str())
            .sort(Sort::TimestampAscending)
            .limit(PAGE);
        let (mut stream, mut events) = (search.stream(), Vec::new());
        while let Some(event) = stream.try_next().await.map_err(|error| failure(&error))? {
            events.push(event);
        }
        Ok(events)
    }

    fn tree(
        &self,
        run: &Found,
        parts: &[Found],
        others: &[Found],
        path: &[CriticalJob<'_>],
        now: Timestamp,
        out: &mut Output,
    ) -> Result<(), Failure> {
        let style = out.style;
        let parts: Vec<&Found> = parts.iter().collect();
        for line in draw_run(run, &parts, others, path, now, style) {
            out.line(&line)?;
        }
        if let Some(url) = &run.url {
            out.line(&style.faint(&format!("\n{}", visible(url))))?;
        }
        if let Some(page) = Settings::from_env().page(&run.id) {
            out.line(&style.faint(&format!("\nIn a browser: {}", visible(&page))))?;
        }
        if path.is_empty() {
            return Ok(());
        }
        let time = |job: &Found| job.start.duration_until(job.end(now));
        let sum = path.iter().map(|part| time(part.job)).sum();
        let whole = run.start.duration_until(run.end(now));
        let summary =
            format!("Critical path (█): {} of {}", short_duration(sum), short_duration(whole));
        out.line(&format!("\n{}", style.heading(&summary)))?;
        for CriticalJob { job, exclusive } in path {
            let alone = match *exclusive == time(job) {
                true => String::new(),
                false => {
                    style.faint(&format!("  {} without other jobs", short_duration(*exclusive)))
                }
            };
            let line = format!("{:>8}  {}{alone}", short_duration(time(job)), fit(&job.name, 40));
            out.line(&format!("  {}", line.trim_end()))?;
        }
        Ok(())
    }

    /// Prints the errors of jobs and steps in full.
    fn errors(&self, events: &[Event], out: &mut Output) -> Result<(), Failure> {
        let mut is_first = true;
        for event in events {
            let Some(message) = event.str("error.message") else { continue };
            let stack = event.str("error.stack").filter(|_| self.stack);
            // What fits into the tree is not repeated.
            if !message.contains('\n') && message.chars().count() <= 60 && stack.is_none() {
                continue;
            }
            if std::mem::take(&mut is_first) {
                out.line(&format!("\n{}", out.style.heading("Errors")))?;
            }
            let Some(level) = event.attributes.as_ref().and_then(|a| a.ci_level.as_ref()) else {
                continue;
            };
            let name = event.str(&format!("ci.{level}.name")).unwrap_or_default();
            let kind = event.str("error.type").map(|kind| format!(" · {}", visible(&kind)));
            let title = format!("{level} {}{}", visible(&name), kind.unwrap_or_default());
            out.line(&format!("  {}", out.style.of_status("error", &title)))?;
            for input in [Some(message), stack].into_iter().flatten() {
                for line in input.lines().take(LINES) {
                    out.line(format!("    {}", visible(line)).trim_end())?;
                }
                if let Some(more @ 1..) = input.lines().count().checked_sub(LINES) {
                    out.line(&out.style.faint(&format!("    … {more} more lines")))?;
                }
            }
        }
        Ok(())
    }
}

/// Returns a pipeline whose own event was not found, with the times of its parts.
fn without_pipeline(id: &str, parts: &[Found]) -> Found {
    let start = parts.iter().map(|part| part.start).min().unwrap_or_default();
    let ends = parts.iter().map(|part| part.duration.map(|_| part.end(part.start)));
    let end: Option<Vec<Timestamp>> = ends.collect();
    let end = end.and_then(|ends| ends.into_iter().max());
    Found {
        level: EventLevel::Pipeline,
        id: id.to_owned(),
        name: parts.iter().find_map(|part| part.pipeline_name.clone()).unwrap_or_default(),
        status: "unknown".to_owned(),
        start,
        duration: end.map(|end| start.duration_until(end)),
        queue_time: SignedDuration::ZERO,
        error: None,
        pipeline_id: id.to_owned(),
        pipeline_name: None,
        stage_id: None,
        job_id: None,
        dependencies: Vec::new(),
        number: None,
        url: None,
        commit: "its own event was not found".to_owned(),
        previous: None,
        partial: None,
    }
}
