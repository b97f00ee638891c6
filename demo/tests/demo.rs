//! The whole demo, at a fixed moment: what it says is a snapshot.

use datadog_ci_demo::{Result, Style, play};
use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::jiff::Timestamp;

/// An intake where it is always the same time, and that time.
async fn intake() -> Result<(LocalIntake, Timestamp)> {
    let now = "2026-07-14T15:00:00Z".parse()?;
    let intake = LocalIntake::start().await?;
    intake.clock().set(now);
    Ok((intake, now))
}

/// What the demo says; only the port is another each time.
async fn played(style: Style) -> Result<String> {
    let (intake, now) = intake().await?;
    let mut out = Vec::new();
    play(&intake, now, style, &mut out).await?;
    Ok(String::from_utf8(out)?.replace(intake.url(), "http://127.0.0.1:PORT"))
}

fn assert_fits(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "too long: {line}");
    }
}

#[tokio::test]
async fn the_demo_shows_what_was_found() {
    let text = played(Style::Plain).await.unwrap();
    assert_fits(&text);
    assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_terminal_gets_colors_and_symbols() {
    let text = played(Style::Colored).await.unwrap();
    assert!(text.contains("\u{1b}[31m✘ \u{1b}[0mcargo test --test refunds"), "{text}");
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap().to_owned();
    let plain: String = parts.map(|part| part.split_once('m').unwrap().1).collect();
    assert_fits(&(first + &plain));
}

#[tokio::test]
async fn finding_more_than_was_sent_is_an_error() {
    let (intake, now) = intake().await.unwrap();
    play(&intake, now, Style::Plain, &mut Vec::new()).await.unwrap();
    let later = now + std::time::Duration::from_secs(60);
    intake.clock().set(later);
    let error = play(&intake, later, Style::Plain, &mut Vec::new()).await.unwrap_err();
    assert!(error.to_string().contains("must be found once"), "{error}");
}

#[tokio::test]
async fn a_request_that_fails_is_an_error() {
    let (intake, now) = intake().await.unwrap();
    intake.fail_next(1, 503);
    let error = play(&intake, now, Style::Plain, &mut Vec::new()).await.unwrap_err();
    assert!(error.to_string().contains("503"), "{error}");
}
