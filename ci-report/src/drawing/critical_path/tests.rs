use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::EventLevel;

use super::critical_path;
use crate::drawing::Found;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn event(level: EventLevel, id: &str, start: i64, end: i64) -> Found {
    Found {
        level,
        id: id.to_owned(),
        name: id.to_owned(),
        status: "success".to_owned(),
        start: at(start),
        duration: Some(SignedDuration::from_secs(end - start)),
        queue_time: SignedDuration::ZERO,
        error: None,
        pipeline_id: "run".to_owned(),
        pipeline_name: None,
        stage_id: None,
        job_id: None,
        dependencies: Vec::new(),
        number: None,
        url: None,
        commit: String::new(),
        previous: None,
        partial: None,
    }
}

fn job(id: &str, start: i64, end: i64) -> Found {
    event(EventLevel::Job, id, start, end)
}

/// Returns the ids on the path, each with the seconds of its exclusive time.
fn path(events: &[Found]) -> Vec<(&str, i64)> {
    let path = critical_path(events, at(1000));
    path.into_iter().map(|part| (part.job.id.as_str(), part.exclusive.as_secs())).collect()
}

#[test]
fn the_path_leads_from_the_end_to_the_start() {
    let events =
        [job("build", 0, 100), job("lint", 0, 80), job("test", 100, 250), job("x", 90, 120)];
    assert_eq!(path(&events), [("build", 10), ("test", 130)]);
}

#[test]
fn dependencies_of_jobs_and_stages_limit_the_choice() {
    let of_stage = |stage: &str, mut job: Found| {
        job.stage_id = Some(stage.to_owned());
        job
    };
    let mut stage = event(EventLevel::Stage, "deploy", 100, 140);
    stage.dependencies = vec!["build".to_owned()];
    let mut notify = job("notify", 150, 160);
    notify.dependencies = vec!["check".to_owned()];
    let events = [
        stage,
        job("other", 120, 149),
        notify,
        of_stage("build", job("compile", 0, 60)),
        of_stage("docs", job("docs", 0, 99)),
        of_stage("deploy", job("upload", 100, 120)),
        of_stage("deploy", job("check", 120, 140)),
    ];
    assert_eq!(path(&events), [("compile", 0), ("upload", 20), ("check", 0), ("notify", 10)]);
}

#[test]
fn running_skipped_and_empty_jobs_are_handled() {
    let mut running = job("running", 50, 0);
    running.duration = None;
    let mut skipped = job("skipped", 900, 999);
    skipped.status = "skipped".to_owned();
    let events = [job("a", 0, 50), job("empty", 50, 50), job("other", 50, 50), running, skipped];
    let ids: Vec<&str> = path(&events).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["a", "empty", "other", "running"]);
    assert_eq!(path(&[]), []);
}
