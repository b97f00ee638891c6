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
fn exclusive_time_excludes_jobs_in_parallel() {
    assert_eq!(path(&[job("a", 0, 100), job("b", 0, 80)]), [("a", 20)]);
    assert_eq!(path(&[job("a", 0, 100), job("b", 10, 30), job("c", 20, 40)]), [("a", 70)]);
}

#[test]
fn dependencies_limit_the_choice() {
    let mut deploy = job("deploy", 100, 120);
    deploy.dependencies = vec!["build".to_owned()];
    let events = [job("build", 0, 60), job("docs", 0, 99), deploy];
    assert_eq!(path(&events), [("build", 0), ("deploy", 20)]);
}

#[test]
fn dependencies_of_stages_limit_the_choice() {
    let of_stage = |stage: &str, mut job: Found| {
        job.stage_id = Some(stage.to_owned());
        job
    };
    let mut stage = event(EventLevel::Stage, "deploy", 100, 140);
    stage.dependencies = vec!["build".to_owned()];
    let events = [
        stage,
        of_stage("build", job("compile", 0, 60)),
        of_stage("docs", job("docs", 0, 99)),
        of_stage("deploy", job("upload", 100, 120)),
        of_stage("deploy", job("check", 120, 140)),
    ];
    assert_eq!(path(&events), [("compile", 0), ("upload", 20), ("check", 20)]);
}

#[test]
fn clocks_that_differ_do_not_end_the_path() {
    let mut deploy = job("deploy", 59, 120);
    deploy.dependencies = vec!["build".to_owned()];
    assert_eq!(path(&[job("build", 0, 60), deploy]), [("build", 59), ("deploy", 60)]);
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
    // Each depends on the other.
    let mut circle = [job("a", 0, 10), job("b", 0, 10)];
    circle[0].dependencies = vec!["b".to_owned()];
    circle[1].dependencies = vec!["a".to_owned()];
    assert_eq!(path(&circle).len(), 1);
    assert_eq!(path(&[]), []);
}
