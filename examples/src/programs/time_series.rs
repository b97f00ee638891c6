//! Prints how many runs each pipeline had per hour, and how long they took:
//! `cargo run -p specwright-examples -- time-series`.

use std::error::Error;

use datadog_ci_pipelines::Client;
use datadog_ci_pipelines::models::{AggregationFunction, Compute};

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let response = client
        .aggregate()
        .query("ci_level:pipeline")
        .from("now-1d")
        .compute(Compute::new(AggregationFunction::Percentile95, "@duration"))
        .compute(Compute::count().every("1h"))
        .group_by("@ci.pipeline.name")
        .send()
        .await?;
    for bucket in response.buckets() {
        let name = bucket.by("@ci.pipeline.name");
        let slowest = bucket.number("c0").unwrap_or_default() / 1e9; // nanoseconds
        println!("{}: 95 % take less than {slowest:.1} s", name.as_deref().unwrap_or("?"));
        for (hour, runs) in bucket.series("c1").into_iter().flatten() {
            println!("  {hour}: {runs}");
        }
    }
    Ok(())
}
