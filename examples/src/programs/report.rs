//! Reports a run as it happens: `cargo run -p specwright-examples -- report`.

use std::error::Error;

use datadog_ci_pipelines::Reporter;

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    // Reads DD_API_KEY, and optionally DD_SITE or DD_URL. Without a key it sends nothing.
    let reporter = Reporter::from_env().provider_name("examples").env("ci").git_from_env();

    let run = reporter.pipeline("deploy", "https://ci.example/run/1").start();
    let test = run.stage("test").start();
    let mut job = test.job("cargo test", "https://ci.example/job/7").tag("team", "docs").start();
    let tested = job.step("unit tests").start().outcome(unit_tests());
    job.metric("tests", 412);
    job.outcome(tested)?;
    test.success();
    println!("{}", run.success().await);
    Ok(())
}

fn unit_tests() -> Result<(), String> {
    Ok(())
}
