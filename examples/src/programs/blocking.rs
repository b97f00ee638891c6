//! Sends and reads events without an async runtime: `cargo run -p specwright-examples -- blocking`.

use std::error::Error;

use datadog_ci_pipelines::blocking::Client;
use datadog_ci_pipelines::models::{Step, StepStatus};
use datadog_ci_pipelines::{Timestamp, jiff};

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let now = Timestamp::from(jiff::Timestamp::now());
    let step = Step::builder()
        .id("step-2")
        .name("compress the logs")
        .pipeline_unique_id("run-2")
        .pipeline_name("cleanup")
        .start(now.clone())
        .end(now)
        .status(StepStatus::Success)
        .build()?;
    client.send(step)?;
    for event in client.search_pipeline_events().query("ci_level:step").from("now-1h").iter() {
        println!("{}", event?.str("ci.step.name").as_deref().unwrap_or("?"));
    }
    Ok(())
}
