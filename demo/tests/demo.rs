//! The output of the demo at a fixed time, as a snapshot.

use datadog_ci_demo::{Result, Style, play};
use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::jiff::Timestamp;

/// Starts an intake whose clock is set to a fixed time.
async fn intake() -> Result<(LocalIntake, Timestamp)> {
    let now = "2026-07-14T15:00:00Z".parse()?;
    let intake = LocalIntake::start().await?;
    intake.clock().set(now);
    Ok((intake, now))
}

/// Returns the output of the demo, with a placeholder for the port.
async fn output(style: Style) -> Result<String> {
    let (intake, now) = intake().await?;
    let mut out = Vec::new();
    play(&intake, now, style, &mut out).await?;
    Ok(String::from_utf8(out)?.replace(intake.url(), "http://127.0.0.1:PORT"))
}

fn assert_line_lengths(output: &str) {
    for line in output.lines() {
        assert!(line.chars().count() <= 100, "too long: {line}");
    }
}

#[tokio::test]
async fn the_output_matches_the_snapshot() {
    let output = output(Style::Plain).await.unwrap();
    assert_line_lengths(&output);
    assert!(output.lines().all(|line| line == line.trim_end()), "{output}");
    insta::assert_snapshot!(output);
}

#[tokio::test]
async fn terminals_get_colors_and_symbols() {
    let output = output(Style::Colored).await.unwrap();
    assert!(output.contains("\u{1b}[31m✘ \u{1b}[0mcargo test --test refunds"), "{output}");
    let mut parts = output.split("\u{1b}[");
    let first = parts.next().unwrap().to_owned();
    let plain: String = parts.map(|part| part.split_once('m').unwrap().1).collect();
    assert_line_lengths(&(first + &plain));
}

#[tokio::test]
async fn unexpected_events_are_an_error() {
    let (intake, now) = intake().await.unwrap();
    play(&intake, now, Style::Plain, &mut Vec::new()).await.unwrap();
    let later = now + std::time::Duration::from_secs(60);
    intake.clock().set(later);
    let error = play(&intake, later, Style::Plain, &mut Vec::new()).await.unwrap_err();
    assert!(error.to_string().contains("expected the run once"), "{error}");
}

#[tokio::test]
async fn failed_requests_are_an_error() {
    let (intake, now) = intake().await.unwrap();
    intake.fail_next(1, 503);
    let error = play(&intake, now, Style::Plain, &mut Vec::new()).await.unwrap_err();
    assert!(error.to_string().contains("503"), "{error}");
}
