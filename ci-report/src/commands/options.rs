//! Options of everything that opens a scope.

use std::time::Duration;

use crate::report::{Changes, Level, New};
use crate::settings::{optional_number, optional_pair, parse_duration};

/// What is known of a scope when it starts.
#[derive(Debug, clap::Args)]
pub(crate) struct ScopeOptions {
    /// Set the unique id; derived from the CI system or random by default
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Identify the run, instead of by the CI system. All jobs of a run pass the same id
    #[arg(long, value_name = "ID")]
    pub(crate) run_id: Option<String>,
    /// Set the URL in the web interface of the CI system
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// Add tags
    #[arg(long, value_name = "KEY:VALUE", value_delimiter = ',', value_parser = optional_pair)]
    pub(crate) tags: Vec<Option<(String, String)>>,
    /// Add measures
    #[arg(long, value_name = "KEY:NUMBER", value_delimiter = ',', value_parser = optional_number)]
    pub(crate) measures: Vec<Option<(String, f64)>>,
    /// Add a parameter that it was started with
    #[arg(long = "parameter", value_name = "KEY:VALUE", value_parser = optional_pair)]
    pub(crate) parameters: Vec<Option<(String, String)>>,
    /// Add the id of a stage or job that had to end before this one could start
    #[arg(long, value_name = "ID")]
    pub(crate) depends_on: Vec<String>,
    /// Set how long it has waited, such as 90s
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub(crate) queue_time: Option<Duration>,
    /// Set the id of the run that has started this one
    #[arg(long, value_name = "RUN_ID")]
    pub(crate) parent: Option<String>,
    /// Set the id of the run that this one repeats
    #[arg(long, value_name = "RUN_ID")]
    pub(crate) previous_attempt: Option<String>,
    /// Declare that the run repeats only some jobs of the previous attempt
    #[arg(long)]
    pub(crate) partial_retry: bool,
    /// Declare that a person has started the run
    #[arg(long)]
    pub(crate) manual: bool,
    /// Mask the value of a variable in everything that is sent or stored. Values of variables that look
    /// like credentials are always masked
    #[arg(long, value_name = "VARIABLE", value_delimiter = ',')]
    pub(crate) mask: Vec<String>,
}

impl ScopeOptions {
    /// Returns a new scope with these facts. For a pipeline, the id of the run is its own.
    pub(crate) fn to_new(&self, level: Level) -> New {
        let run_id = self.run_id.clone().filter(|_| level == Level::Pipeline);
        New {
            id: self.id.clone().or(run_id),
            url: self.url.clone(),
            changes: Changes {
                tags: self.tags.iter().flatten().cloned().collect(),
                measures: self.measures.iter().flatten().cloned().collect(),
                parameters: self.parameters.iter().flatten().cloned().collect(),
                dependencies: self.depends_on.clone(),
                error: None,
            },
            queue_time: self.queue_time,
            parent: self.parent.clone(),
            previous_attempt: self.previous_attempt.clone(),
            is_manual: self.manual.then_some(true),
            partial_retry: self.partial_retry,
            ..New::default()
        }
    }
}
