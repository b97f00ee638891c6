//! The Rust examples of the README, as they stand there. The build script takes them out, and
//! puts macros in the place of what a reader fills in.

use std::error::Error;

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::PipelineEvent;
use datadog_ci_pipelines::models::RunningJob;

type Outcome = Result<(), Box<dyn Error>>;

/// A job that is under way, and so of no age that could be too old.
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
fn every_example_is_run() {
    // One more has to be added below.
    assert_eq!(include_str!(concat!(env!("OUT_DIR"), "/readme/count")), "4");
}

fn unit_tests() -> Result<(), String> {
    Ok(())
}

#[tokio::test]
async fn what_is_reported_in_scopes_arrives() -> Outcome {
    let intake = LocalIntake::start().await?;
    macro_rules! account {
        ($client:ident) => {{
            let _ = $client::from_env;
            intake.client()
        }};
    }
    include!(concat!(env!("OUT_DIR"), "/readme/0.rs"));
    let kept = intake.events();
    let statuses: Vec<_> =
        kept.iter().map(|event| (event.level.name(), &event.attributes["ci"]["status"])).collect();
    assert_eq!(statuses.len(), 4);
    assert!(statuses.iter().all(|(_, status)| *status == "success"), "{statuses:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_reported_by_the_example_arrives() -> Outcome {
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
    include!(concat!(env!("OUT_DIR"), "/readme/1.rs"));
    let kept = intake.events();
    let names: Vec<_> =
        kept.iter().map(|event| &event.attributes["ci"]["pipeline"]["name"]).collect();
    assert_eq!(names, ["Documentation Build", "Release Handbook"]);
    Ok(())
}

#[tokio::test]
async fn the_example_of_a_test_passes() -> Outcome {
    macro_rules! tested {
        ($client:ident) => {
            assert!($client.send(job()?).await.is_err());
            $client.send(job()?).await?;
        };
    }
    include!(concat!(env!("OUT_DIR"), "/readme/2.rs"));
    Ok(())
}

#[tokio::test]
async fn the_example_of_a_double_passes() -> Outcome {
    include!(concat!(env!("OUT_DIR"), "/readme/3.rs"));
    Ok(())
}
