//! A process that reports two jobs and drops everything. The tests look at what it prints.
//!
//! Its arguments are a scenario and the address of the service.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of tests")]

use std::time::Duration;

use datadog_ci_pipelines::{Client, Reporter, RetryPolicy};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("arguments: SCENARIO URL");
    let (scenario, url) = (next(), next());
    let client = || {
        let client = Client::builder().base_url(&url).api_key("wrong").retry(RetryPolicy::none());
        client.build().unwrap()
    };
    let reporter = match scenario.as_str() {
        "no key" => Reporter::from_env_with(|_| None),
        "listener" => Reporter::new(client()).on_problem(|_| {}),
        _ => Reporter::new(client()),
    };
    let reporter = reporter.delivery_timeout(Duration::from_millis(500));
    let run = reporter.pipeline("deploy", "").start();
    for name in ["build", "test"] {
        run.job(name, "").start().success();
    }
    match scenario.as_str() {
        "read" => assert!(!run.success().wait().is_complete()),
        "flushed" => {
            drop(run);
            assert!(!reporter.flush().wait().is_complete());
        }
        _ => drop(run),
    }
}
