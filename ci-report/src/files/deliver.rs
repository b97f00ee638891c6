//! Sends events, or prints what would be sent.

use clap::Args;
use datadog_ci_pipelines::models::{SendData, SendDataSingleOrArray, SendRequest};
use datadog_ci_pipelines::{Outcome, PipelineEvent};

use crate::drawing::{Output, escape, note, visible};
use crate::reading::connection::{block_on, failure};
use crate::settings::Settings;
use crate::status::{ExitCode, Failure};

/// What both commands add to events, and what they do with them.
#[derive(Clone, Debug, Args)]
pub(super) struct Delivery {
    /// Name of the CI system, of events that have none.
    #[arg(long, value_name = "NAME")]
    provider_name: Option<String>,
    /// Environment, of events that have none. Defaults to DD_ENV.
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Instance of the CI system, of events that have none. Defaults to DD_SERVICE.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Print the request body that would be sent, and send nothing. Needs no key.
    #[arg(long)]
    dry_run: bool,
}

/// An event with its location in the file.
pub(super) struct Located {
    pub(super) location: String,
    pub(super) event: PipelineEvent,
}

impl Delivery {
    /// Sends the events, or prints them with `--dry-run`. The exit code is 1 if one was not accepted.
    pub(super) fn run(&self, file: &str, events: Vec<Located>) -> Result<ExitCode, Failure> {
        let settings = Settings::from_env();
        let mut locations = Vec::new();
        let mut complete = Vec::new();
        for Located { location, event } in events {
            locations.push(location);
            complete.push(self.complete(event, &settings)?);
        }
        if self.dry_run {
            return print(complete);
        }
        if settings.api_key.is_none() {
            let message = "DD_API_KEY is not set; --dry-run works without it";
            return Err(Failure::new(message));
        }
        let client = settings.client().build().map_err(|error| failure(&error))?;
        let report = block_on(async { Ok(client.send_all(complete).await) })?;
        let mut is_complete = true;
        let mut unsent = 0;
        let mut reason = None;
        for (outcome, location) in report.outcomes().iter().zip(&locations) {
            match outcome {
                Outcome::Accepted => {}
                Outcome::NotSent { error, .. } => {
                    unsent += 1;
                    reason.get_or_insert_with(|| failure(error));
                }
                _ => {
                    is_complete = false;
                    for reason in outcome.reasons() {
                        note(&format!("{file}{}: {}", comma(location), visible(&reason)));
                    }
                }
            }
        }
        if let Some(reason) = reason {
            let total = locations.len();
            return Err(Failure::new(format!(
                "{unsent} of {total} events were not sent: {reason}; sending them again is harmless"
            )));
        }
        let mut out = Output::new();
        out.line(&format!("{} of {} events accepted", report.accepted(), locations.len()))?;
        out.flush()?;
        Ok(if is_complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Adds what an event does not have, and removes the values of credentials.
    fn complete(
        &self,
        event: PipelineEvent,
        settings: &Settings,
    ) -> Result<PipelineEvent, Failure> {
        let mut data = SendData::from(event);
        if let Some(attributes) = &mut data.attributes {
            let or = |own: &mut Option<String>, option: &Option<String>, other: &Option<String>| {
                if own.is_none() {
                    *own = option.clone().or_else(|| other.clone());
                }
            };
            or(&mut attributes.provider_name, &self.provider_name, &None);
            or(&mut attributes.env, &self.env, &settings.env);
            or(&mut attributes.service, &self.service, &settings.service);
        }
        let failed =
            |error: serde_json::Error| Failure::new(format!("cannot read an event: {error}"));
        let mut json = serde_json::to_value(&data).map_err(failed)?;
        let before = json.clone();
        settings.mask.json(&mut json);
        match json == before {
            true => Ok(data.into()),
            false => Ok(serde_json::from_value::<SendData>(json).map_err(failed)?.into()),
        }
    }
}

/// Returns the location after the name of the file.
pub(super) fn comma(location: &str) -> String {
    if location.is_empty() { String::new() } else { format!(", {location}") }
}

fn print(events: Vec<PipelineEvent>) -> Result<ExitCode, Failure> {
    let events: Vec<SendData> = events.into_iter().map(SendData::from).collect();
    let mut request = SendRequest::default();
    request.data = Some(SendDataSingleOrArray::Array(events));
    let json = serde_json::to_string_pretty(&request);
    let json = json.map_err(|error| Failure::new(format!("cannot print the events: {error}")))?;
    let mut out = Output::new();
    out.line(&escape(&json))?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
