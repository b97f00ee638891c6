//! `list` and `search`: events that match.

use clap::{Args, ValueEnum};
use datadog_ci_pipelines::Client;
use datadog_ci_pipelines::models::Sort;

use super::column::EventColumn;
use super::connection::{block_on, client, failure};
use super::options::{Formats, Range};
use super::rows::Rows;
use crate::drawing::{Format, Output, note};
use crate::status::{ExitCode, Failure};

/// The largest page of the API.
const PAGE: usize = 1000;
const LISTED: &[&str] = &["time", "status", "duration", "name", "branch", "run"];
const FOUND: &[&str] = &["time", "level", "status", "duration", "name", "pipeline", "run"];

/// List recent runs, or their stages, jobs or steps.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report list
  ci-report list --pipeline deploy --status error --from 7d
  ci-report list --level job --columns time,name,duration,error
  ci-report list --output jsonl | jq -r .attributes.attributes.ci.pipeline.id")]
pub(crate) struct ListArguments {
    /// Level of the events.
    #[arg(long, value_enum, default_value_t = Level::Pipeline)]
    level: Level,
    /// Only events with this status, such as error or running.
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Only events of the pipeline with this name.
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,
    /// Only events of this branch.
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    #[command(flatten)]
    listing: Listing,
}

/// Search events with the search syntax of the CI Visibility Explorer.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report search 'ci_level:job @ci.status:error'
  ci-report search '@ci.pipeline.name:deploy @duration:>10m' --from 7d
  ci-report search 'team:docs' --columns time,name,@git.commit.sha --output json

In a query, `ci_level:job` selects the level, `@ci.status:error` an attribute, `team:docs` a tag.
AND, OR, - (not), *, ranges and comparisons work as in the explorer.")]
pub(crate) struct SearchArguments {
    /// Query, for example 'ci_level:job @ci.status:error'.
    #[arg(value_name = "QUERY", default_value = "*")]
    query: String,
    #[command(flatten)]
    listing: Listing,
}

/// How events are listed.
#[derive(Clone, Debug, Args)]
struct Listing {
    #[command(flatten)]
    range: Range,
    /// Order of the events by their end.
    #[arg(long, value_enum, default_value_t = Order::Newest)]
    sort: Order,
    /// Stop after this number of events. By default, all pages are printed as they arrive.
    #[arg(long, short = 'n', value_name = "NUMBER")]
    limit: Option<usize>,
    /// Columns, separated by commas: time, start, level, status, duration, queue, name, id, url,
    /// pipeline, stage, job, run, number, branch, commit, message, author, provider, node, error,
    /// tags, or any attribute such as @git.commit.sha. JSON has whole events by default.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', value_parser = EventColumn::parse)]
    columns: Vec<EventColumn>,
    #[command(flatten)]
    formats: Formats,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    Newest,
    Oldest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Level {
    Pipeline,
    Stage,
    Job,
    Step,
    All,
}

impl ListArguments {
    /// Lists the events.
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let level = match self.level {
            Level::Pipeline => Some("ci_level:pipeline"),
            Level::Stage => Some("ci_level:stage"),
            Level::Job => Some("ci_level:job"),
            Level::Step => Some("ci_level:step"),
            Level::All => None,
        };
        let term = |name: &str, value: &Option<String>| {
            Some(format!("@{name}:{}", quote(value.as_deref()?)))
        };
        let terms = [
            level.map(str::to_owned),
            term("ci.status", &self.status),
            term("ci.pipeline.name", &self.pipeline),
            term("git.branch", &self.branch),
        ];
        let query = terms.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let query = if query.is_empty() { "*".to_owned() } else { query };
        let columns = if self.level == Level::Pipeline { LISTED } else { FOUND };
        block_on(self.listing.print(&client()?, &query, columns))
    }
}

impl SearchArguments {
    /// Searches, and prints the events.
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        block_on(self.listing.print(&client()?, &self.query, FOUND))
    }
}

impl Listing {
    async fn print(
        &self,
        client: &Client,
        query: &str,
        columns: &[&str],
    ) -> Result<ExitCode, Failure> {
        let mut out = Output::new();
        let mut rows = Rows::new(columns, &self.columns, self.formats.output);
        let limit = self.limit.unwrap_or(usize::MAX);
        let page = i32::try_from(limit.clamp(1, PAGE)).unwrap_or_default();
        let sort = match self.sort {
            Order::Newest => Sort::TimestampDescending,
            Order::Oldest => Sort::TimestampAscending,
        };
        let search = client.search_pipeline_events().query(query).sort(sort).limit(page);
        let mut events = search.from(self.range.from.as_str()).to(self.range.to.as_str()).stream();
        while rows.count < limit {
            let Some(event) = events.try_next().await.map_err(|error| failure(&error))? else {
                break;
            };
            rows.push(&event, &mut out)?;
        }
        let is_empty = rows.count == 0;
        rows.end(&mut out)?;
        if is_empty && self.formats.output == Format::Table {
            note(&format!(
                "no events match `{query}` from {} to {}; --from 30d searches a longer time",
                self.range.from, self.range.to
            ));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Quotes a value for the search syntax.
pub(super) fn quote(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}
