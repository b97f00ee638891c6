//! Lists the jobs that failed in the last hour: `cargo run -p specwright-examples -- list`.

use std::error::Error;

use datadog_ci_pipelines::models::Sort;
use datadog_ci_pipelines::{Client, jiff};
use jiff::ToSpan as _;

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    // Reading also needs DD_APP_KEY.
    let client = Client::from_env()?;
    let since = jiff::Timestamp::now().checked_sub(1.hour())?;
    let failed = client
        .list_pipeline_events()
        .query("ci_level:job @ci.status:error")
        .from(since.into())
        .sort(Sort::TimestampAscending)
        .limit(100);
    // Pages are fetched as they are needed.
    let mut events = failed.stream();
    while let Some(event) = events.try_next().await? {
        let pipeline = event.str("ci.pipeline.name");
        let job = event.str("ci.job.name");
        println!("{}: {}", pipeline.as_deref().unwrap_or("?"), job.as_deref().unwrap_or("?"));
    }
    Ok(())
}
