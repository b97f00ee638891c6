//! Stores an event on disk before it is sent: `cargo run -p specwright-examples -- outbox`.

use std::env;
use std::error::Error;
use std::time::Duration;

use datadog_ci_pipelines::models::{Step, StepStatus};
use datadog_ci_pipelines::outbox::Outbox;
use datadog_ci_pipelines::{Client, Timestamp, jiff};

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let directory = env::var_os("OUTBOX").unwrap_or_else(|| "outbox".into());
    // Also delivers what an earlier process has left.
    let outbox = Outbox::open(directory, Client::from_env()?).await?;
    let now = Timestamp::from(jiff::Timestamp::now());
    let step = Step::builder()
        .id("step-1")
        .name("migrate the database")
        .pipeline_unique_id("run-1")
        .pipeline_name("nightly")
        .start(now.clone())
        .end(now)
        .status(StepStatus::Success)
        .build()?;
    outbox.enqueue(step).await?; // on disk
    let report = outbox.flush(Duration::from_secs(10)).await;
    println!("{report}");
    outbox.close().await?;
    Ok(())
}
