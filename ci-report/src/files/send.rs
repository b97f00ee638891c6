//! `send`: events from a file.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::deliver::{Delivery, Located, comma};
use super::events;
use super::input::{name, read};
use crate::drawing::{note, visible};
use crate::settings::Settings;
use crate::status::Failure;

/// Send events from a JSON file: one event, an array, or JSON lines.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report send event.json --dry-run
  ci-report send events.jsonl
  make-events | ci-report send - --provider-name my-ci

An event is written as the API has it, or without the outer objects:
  {\"level\": \"step\", \"id\": \"s1\", \"name\": \"test\", \"pipeline_unique_id\": \"run-1\",
   \"pipeline_name\": \"deploy\", \"start\": \"2026-07-14T10:00:00Z\", \"end\": \"2026-07-14T10:02:00Z\",
   \"status\": \"success\"}

All events are checked before the first one is sent. Each problem is printed with its location in
the file and its JSON pointer.")]
pub(crate) struct Arguments {
    /// The file; - is stdin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Send the valid events even if others are invalid. The exit code is still 1.
    #[arg(long)]
    skip_invalid: bool,
    #[command(flatten)]
    delivery: Delivery,
}

impl Arguments {
    /// Checks the events and sends them.
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let file = name(&self.file);
        let entries = events::read(&read(&self.file)?);
        let total = entries.len();
        if total == 0 {
            return Err(Failure::new(format!("{file} has no events")));
        }
        let mask = Settings::from_env().mask;
        let mut valid = Vec::new();
        for entry in entries {
            let location = entry.location;
            match entry.event {
                Ok(event) => valid.push(Located { location, event }),
                Err(problems) => {
                    for problem in problems {
                        let space = if problem.pointer.is_empty() { "" } else { " " };
                        let message =
                            mask.apply(format!("{}{space}{}", problem.pointer, problem.message));
                        note(&format!("{file}{}: {}", comma(&location), visible(&message)));
                    }
                }
            }
        }
        let invalid = total - valid.len();
        if invalid > 0 && (valid.is_empty() || !self.skip_invalid) {
            return Err(Failure::new(format!(
                "{invalid} of {total} events are invalid; nothing was sent{}",
                if valid.is_empty() { "" } else { " (--skip-invalid sends the others)" }
            )));
        }
        let code = self.delivery.run(&file, valid)?;
        Ok(if invalid > 0 { ExitCode::FAILURE } else { code })
    }
}
