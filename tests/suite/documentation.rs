//! The Rust blocks of README.md and docs/. The build script extracts those that are named by
//! `<!-- test: NAME -->`, and replaces placeholders with macros.

use std::error::Error;

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::PipelineEvent;
use datadog_ci_pipelines::models::RunningJob;

type Outcome = Result<(), Box<dyn Error>>;

macro_rules! block {
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/documentation/", $name, ".rs"))
    };
}

/// Returns a running job. The intake accepts it at any time, because it has no end.
fn job() -> Result<RunningJob, Box<dyn Error>> {
    let job = RunningJob::builder()
        .id("j-1")
        .name("check-links")
        .pipeline_unique_id("p-1")
        .pipeline_name("Release Handbook")
        .start("2024-08-22T21:00:00Z".parse()?)
        .url("https://ci.example/jobs/1");
    Ok(job.build()?)
}

#[test]
fn every_block_has_a_test() {
    let names = include_str!(concat!(env!("OUT_DIR"), "/documentation/names"));
    let names: Vec<&str> = names.lines().collect();
    // Add a test below for each new name.
    assert_eq!(names, ["intake", "reporter", "send", "test-double"]);
    assert_eq!(include_str!(concat!(env!("OUT_DIR"), "/documentation/problems")), "");
}

fn unit_tests() -> Result<(), String> {
    Ok(())
}

#[tokio::test]
async fn the_reporter_example_sends_its_run() -> Outcome {
    let intake = LocalIntake::start().await?;
    macro_rules! account {
        ($reporter:ident) => {{
            let _ = $reporter::from_env;
            $reporter::new(intake.client())
        }};
    }
    block!("reporter");
    let events = intake.events();
    let statuses: Vec<_> = events
        .iter()
        .map(|event| (event.level.name(), &event.attributes["ci"]["status"]))
        .collect();
    assert_eq!(statuses.len(), 4);
    assert!(statuses.iter().all(|(_, status)| *status == "success"), "{statuses:?}");
    Ok(())
}

#[tokio::test]
async fn the_send_example_sends_its_events() -> Outcome {
    let intake = LocalIntake::start().await?;
    // Shortly after the run of the example.
    intake.clock().set("2024-08-22T22:00:00Z".parse()?);
    let events = vec![PipelineEvent::new(job()?)];
    macro_rules! account {
        ($client:ident) => {{
            let _ = $client::from_env;
            intake.client()
        }};
    }
    block!("send");
    let events = intake.events();
    let names: Vec<_> =
        events.iter().map(|event| &event.attributes["ci"]["pipeline"]["name"]).collect();
    assert_eq!(names, ["Documentation Build", "Release Handbook"]);
    Ok(())
}

#[tokio::test]
async fn the_intake_example_passes() -> Outcome {
    macro_rules! code_under_test {
        ($client:ident) => {
            assert!($client.send(job()?).await.is_err());
            $client.send(job()?).await?;
        };
    }
    block!("intake");
    Ok(())
}

#[tokio::test]
async fn the_test_double_example_passes() -> Outcome {
    block!("test-double");
    Ok(())
}
