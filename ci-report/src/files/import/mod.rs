//! `import`: a whole run from a timeline.
//!
//! | module | responsibility |
//! |---|---|
//! | `problem` | what is wrong with a row |
//! | `row` | the rows of a CSV or JSON file |
//! | `values` | timestamps and statuses as other systems write them |
//! | `timeline` | parents, and times and statuses that follow from those of the parts |
//! | `build` | the events of a timeline |

mod build;
mod problem;
mod row;
#[cfg(test)]
mod tests;
mod timeline;
mod values;

use std::path::PathBuf;

use clap::Args;
use datadog_ci_pipelines::jiff::tz::Offset;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};

use self::build::build;
use self::problem::Problem;
use self::timeline::{Run, Timeline};
use super::deliver::{Delivery, Located, comma};
use super::input::{name, read};
use crate::drawing::{note, visible};
use crate::settings::Settings;
use crate::status::{ExitCode, Failure};

/// How old events may be.
const OLDEST: SignedDuration = SignedDuration::from_hours(18);

/// Send a whole run from a timeline in CSV or JSON.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report import timeline.csv --dry-run
  ci-report import timeline.csv --pipeline nightly --provider-name my-ci
  export-run 4812 | ci-report import - --run-id 4812

A timeline:
  level,name,start,end,status,parent
  pipeline,deploy,2026-07-14T10:00:00Z,2026-07-14T10:09:00Z,success,
  stage,build,2026-07-14T10:00:00Z,2026-07-14T10:05:00Z,success,deploy
  job,compile,2026-07-14T10:00:10Z,2026-07-14T10:05:00Z,success,build
  step,cargo build,2026-07-14T10:00:12Z,2026-07-14T10:04:58Z,success,compile

JSON has the same properties, in an array or one object per line. Optional columns: id, url,
duration (seconds, instead of end), queue_time (seconds), error, error_type, error_stack, and
tags (key:value, separated by semicolons). The parent is an id or a name. Without one, a step
belongs to the job above it, everything else to the pipeline. A row with parts may leave out its
times and its status. Timestamps are ISO 8601, or seconds or milliseconds since 1970.")]
pub(crate) struct Arguments {
    /// The file; - is stdin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Name of the pipeline, if the file has none.
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,
    /// Id of the run. By default, it is derived from the name and the start, so that the same file
    /// gives the same run.
    #[arg(long, value_name = "ID")]
    run_id: Option<String>,
    /// Address of the run in the web interface of the CI system.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Offset from UTC of timestamps that have none, such as +02:00.
    #[arg(long, value_name = "OFFSET", value_parser = values::offset, allow_hyphen_values = true)]
    utc_offset: Option<Offset>,
    #[command(flatten)]
    delivery: Delivery,
}

impl Arguments {
    /// Reads the timeline and sends its run.
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let file = name(&self.file);
        let input = read(&self.file)?;
        let mut notes = Vec::new();
        let events = self.events(&input, &mut notes);
        notes.iter().for_each(|input| note(input));
        let events = events.map_err(|mut problems| {
            problems.sort_by_key(Problem::line);
            for Problem { location, message } in &problems {
                note(&format!("{file}{}: {}", comma(location), visible(message)));
            }
            let rows = if problems.len() == 1 { "problem" } else { "problems" };
            Failure::new(format!("{} {rows}; nothing was sent", problems.len()))
        })?;
        self.delivery.run(&file, events)
    }

    fn events(&self, input: &str, notes: &mut Vec<String>) -> Result<Vec<Located>, Vec<Problem>> {
        let mut table = row::read(input)?;
        let mask = Settings::from_env().mask;
        table.rows.iter_mut().for_each(|row| row.mask(&mask));
        if !table.ignored.is_empty() {
            notes
                .push(format!("columns without a meaning: {}", visible(&table.ignored.join(", "))));
        }
        let options = Run {
            pipeline: self.pipeline.as_deref(),
            id: self.run_id.as_deref(),
            url: self.url.as_deref(),
            offset: self.utc_offset,
        };
        let timeline = Timeline::new(table.rows, &options)?;
        if let Some(end) =
            timeline.end().filter(|end| end.duration_until(Timestamp::now()) > OLDEST)
        {
            notes.push(format!(
                "the run ended at {end}; the service accepts only events that ended within the last 18 \
                 hours"
            ));
        }
        build(&timeline)
    }
}
