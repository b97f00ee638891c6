//! What a reporter prints about events that were lost, in a process of its own.

use std::error::Error;
use std::process::Command;

use datadog_ci_intake::LocalIntake;

type Outcome = Result<(), Box<dyn Error>>;

/// Returns what a scenario prints to stderr.
fn stderr_of(scenario: &str, url: &str) -> Result<String, Box<dyn Error>> {
    let output =
        Command::new(env!("CARGO_BIN_EXE_reporter-process")).args([scenario, url]).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stderr)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_line_describes_losses_unless_they_are_known() -> Outcome {
    let intake = LocalIntake::builder().api_key("right").start().await?;
    let lost = stderr_of("rejected", intake.url())?;
    assert_eq!(lost.lines().count(), 1, "{lost}");
    for expected in [
        "datadog-ci-pipelines: CI events were lost: 6 rejected, 0 not sent; ",
        "pipeline `deploy` and 5 more: rejected: ",
        "403",
        "DD_SITE",
    ] {
        assert!(lost.contains(expected), "{expected}: {lost}");
    }
    for silent in ["read", "flushed", "listener"] {
        assert_eq!(stderr_of(silent, intake.url())?, "", "{silent}");
    }
    let unreachable = stderr_of("unreachable", "http://127.0.0.1:9")?;
    assert!(unreachable.contains("0 rejected, 6 not sent; pipeline `deploy` and 5 more"));
    assert_eq!(unreachable.lines().count(), 1, "{unreachable}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_the_reporter_explains_itself_once() -> Outcome {
    let printed = stderr_of("no key", "")?;
    assert_eq!(
        printed,
        "datadog-ci-pipelines: no CI event is sent: DD_API_KEY is not set or empty, as in pull \
         requests from forks\n"
    );
    Ok(())
}
