//! A run with all levels and properties.

use std::time::Duration;

use datadog_ci_pipelines::Reporter;
use datadog_ci_pipelines::models::{
    CiError, CiErrorDomain, HostInfo, JobStatus, PipelineStatus, StageStatus, StepStatus,
};

use crate::support::{Outcome, attribute, commit, event, start, statuses};

#[tokio::test]
async fn explicit_and_derived_properties_arrive() -> Outcome {
    let (intake, reporter) = start().await?;
    let node = |name: &str| HostInfo::builder().name(name).build();
    let reporter = reporter.service("eu").node(node("pool")?).tag("team", "docs").git(commit()?);
    let mut run = reporter
        .pipeline("deploy", "https://ci.example/run/1")
        .pipeline_id("17")
        .parent_pipeline("parent")
        .previous_attempt("before")
        .partial_retry()
        .manual(true)
        .queue_time(Duration::from_millis(1500))
        .parameter("target", "staging")
        .tag("release", "1.2")
        .start();
    let id = run.unique_id().to_owned();
    let test = run.stage("test").id("s-1").start();
    let job = test.job("cargo test", "https://ci.example/job/7").node(node("ci-3")?);
    let mut job = job.depends_on("j-0").start();
    let step = job.step("unit tests").url("https://ci.example/step/1").start();
    reporter.flush().await;
    assert_eq!(intake.event_count(), 2, "the run and the job are sent as running");
    assert_eq!(attribute(&event(&intake, "pipeline", "deploy"), "ci.status"), "running");
    assert_eq!(attribute(&event(&intake, "job", "cargo test"), "ci.status"), "running");

    step.finish(StepStatus::Success);
    let error = CiError::builder().domain(CiErrorDomain::User).r#type("test").message("1 of 412");
    job.error(error.build()?).metric("tests", 412).tag("flaky", "no");
    job.finish(JobStatus::Error);
    test.finish(StageStatus::Error);
    run.metric("cost", 0.25);
    let report = run.finish(PipelineStatus::Error).await;
    assert!(report.is_complete() && report.problems.is_empty(), "{report}");
    assert_eq!(report.accepted, 6);

    let levels = ["pipeline", "stage", "job", "step"];
    let names = ["deploy", "test", "cargo test", "unit tests"];
    let [pipeline, stage, job, step] = [0, 1, 2, 3].map(|i| event(&intake, levels[i], names[i]));
    assert_eq!(statuses(&intake, &pipeline), ["running", "error"]);
    assert_eq!(statuses(&intake, &job), ["running", "error"]);
    for event in [&pipeline, &stage, &job, &step] {
        for (path, expected) in [
            ("ci.pipeline.id", id.as_str()),
            ("ci.pipeline.name", "deploy"),
            ("ci.provider.name", "my-ci"),
            ("ci.provider.instance", "eu"),
            ("env", "ci"),
            ("git.branch", "main"),
            ("git.repository_url", "https://git.example/team/app.git"),
            ("team", "docs"),
        ] {
            assert_eq!(attribute(event, path), expected, "{path}");
        }
    }
    for (event, path, expected) in [
        (&pipeline, "ci.pipeline.url", "https://ci.example/run/1"),
        (&pipeline, "ci.pipeline.number", "17"),
        (&pipeline, "ci.pipeline.downstream", "true"),
        (&pipeline, "ci.partial_pipeline", "retry"),
        (&pipeline, "ci.is_manual", "true"),
        (&pipeline, "ci.queue_time", "1500000000"),
        (&pipeline, "ci.parameters", r#"["target:staging"]"#),
        (&pipeline, "ci.node.name", "pool"),
        (&pipeline, "release", "1.2"),
        (&pipeline, "cost", "0.25"),
        (&stage, "ci.stage.id", "s-1"),
        (&stage, "ci.node.name", "pool"),
        (&stage, "release", ""),
        (&job, "ci.stage.id", "s-1"),
        (&job, "ci.stage.name", "test"),
        (&job, "ci.job.url", "https://ci.example/job/7"),
        (&job, "ci.dependencies", r#"["j-0"]"#),
        (&job, "error.message", "1 of 412"),
        (&job, "error.domain", "user"),
        (&job, "tests", "412.0"),
        (&job, "flaky", "no"),
        (&job, "ci.node.name", "ci-3"),
        (&step, "ci.stage.id", "s-1"),
        (&step, "ci.stage.name", "test"),
        (&step, "ci.job.name", "cargo test"),
        (&step, "ci.step.url", "https://ci.example/step/1"),
        (&step, "ci.status", "success"),
        (&step, "ci.node.name", "ci-3"),
    ] {
        assert_eq!(attribute(event, path), expected, "{path}");
    }
    assert_eq!(attribute(&step, "ci.job.id"), attribute(&job, "ci.job.id"));
    let times = |event| -> Result<(i64, i64), std::num::ParseIntError> {
        let start: i64 = attribute(event, "start").parse()?;
        Ok((start, start + attribute(event, "duration").parse::<i64>()?))
    };
    // Children are within their parents, to the nanosecond.
    for (outer, inner) in [(&pipeline, &stage), (&stage, &job), (&job, &step)] {
        let (outer, inner) = (times(outer)?, times(inner)?);
        assert!(outer.0 <= inner.0 && inner.0 <= inner.1 && inner.1 <= outer.1);
    }
    let page = intake.client().search_pipeline_events().query("@ci.status:error").send().await?;
    assert_eq!(page.data.iter().flatten().count(), 3);
    Ok(())
}

#[tokio::test]
async fn update_sends_added_properties() -> Outcome {
    let (intake, reporter) = start().await?;
    let mut run = reporter.pipeline("deploy", "").start();
    run.tag("release", "1.2").update();
    let mut job = run.job("build", "").start();
    job.metric("percent", 50).update();
    reporter.flush().await;
    let pipeline = event(&intake, "pipeline", "deploy");
    assert_eq!(attribute(&pipeline, "release"), "1.2");
    assert_eq!(attribute(&event(&intake, "job", "build"), "percent"), "50.0");
    assert_eq!(statuses(&intake, &pipeline), ["running", "running"]);
    job.success();
    assert!(run.success().await.is_complete());
    Ok(())
}

#[tokio::test]
async fn runs_of_one_pipeline_have_different_ids() -> Outcome {
    let (intake, reporter) = start().await?;
    for _ in 0..3 {
        let run = reporter.pipeline("deploy", "").start();
        run.job("build", "").start().success();
        assert!(run.success().await.is_complete());
    }
    assert_eq!(intake.event_count(), 6);
    Ok(())
}

#[tokio::test]
async fn a_run_can_be_reported_by_several_processes() -> Outcome {
    let (intake, reporter) = start().await?;
    let other = Reporter::new(intake.client());
    let opened = other.pipeline("deploy", "").start();
    let (id, began) = (opened.unique_id().to_owned(), opened.started_at());
    assert!(opened.hand_over().await.is_complete());

    let run = reporter.within(&id, "deploy");
    let job = run.within_stage("s-1", "test").within_job("j-1", "cargo test");
    job.step("lint").start().success();
    run.job("build", "").start().success();
    assert_eq!(reporter.flush().await.accepted, 3);
    let step = event(&intake, "step", "lint");
    for (path, expected) in
        [("ci.pipeline.id", id.as_str()), ("ci.stage.id", "s-1"), ("ci.job.id", "j-1")]
    {
        assert_eq!(attribute(&step, path), expected);
    }

    let ended = reporter.pipeline("deploy", "").unique_id(&id).start_at(began).start();
    assert!(ended.success().await.is_complete());
    let pipeline = event(&intake, "pipeline", "deploy");
    assert_eq!(statuses(&intake, &pipeline), ["running", "running", "success"]);
    Ok(())
}
