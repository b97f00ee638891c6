//! The event that is sent.

use std::error::Error;

use datadog_ci_pipelines::models::{Step, StepStatus};

/// Returns a valid step.
pub(crate) fn step() -> Result<Step, Box<dyn Error>> {
    let step = Step::builder()
        .id("s-1")
        .name("lint")
        .pipeline_unique_id("p-1")
        .pipeline_name("deploy")
        .start("2026-07-14T09:05:03Z".parse()?)
        .end("2026-07-14T09:10:31Z".parse()?)
        .status(StepStatus::Success)
        .build()?;
    Ok(step)
}
