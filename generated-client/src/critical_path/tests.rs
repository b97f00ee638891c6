use super::{Job, Stage, find};

fn job(id: &str, start: i64, end: i64) -> Job<'_> {
    Job { id, start, end, ..Job::default() }
}

/// Returns the ids on the path with their exclusive times.
fn path<'a>(jobs: &[Job<'a>], stages: &[Stage<'a>]) -> Vec<(&'a str, i64)> {
    let path = find(jobs, stages);
    path.iter().map(|part| (jobs[part.job].id, part.exclusive)).collect()
}

#[test]
fn the_path_leads_from_the_end_to_the_start() {
    let jobs = [job("build", 0, 100), job("lint", 0, 80), job("test", 100, 250), job("x", 90, 120)];
    assert_eq!(path(&jobs, &[]), [("build", 10), ("test", 130)]);
    assert_eq!(path(&[], &[]), []);
}

#[test]
fn exclusive_time_excludes_jobs_in_parallel() {
    assert_eq!(path(&[job("a", 0, 100), job("b", 0, 80)], &[]), [("a", 20)]);
    let jobs = [job("a", 0, 100), job("b", 10, 30), job("c", 20, 40)];
    assert_eq!(path(&jobs, &[]), [("a", 70)]);
    // Jobs without duration, or that seem to end before they start, run at no time.
    let jobs = [job("a", 0, 100), job("b", 10, 10), job("c", 20, 15)];
    assert_eq!(path(&jobs, &[]), [("a", 100)]);
}

#[test]
fn dependencies_of_jobs_limit_the_choice() {
    let deploy = Job { dependencies: vec!["build", "unknown"], ..job("deploy", 100, 120) };
    let jobs = [job("build", 0, 60), job("docs", 0, 99), deploy.clone()];
    assert_eq!(path(&jobs, &[]), [("build", 0), ("deploy", 20)]);
    // The last attempt of a dependency counts.
    let jobs = [job("build", 0, 60), job("build", 60, 90), job("docs", 0, 99), deploy];
    assert_eq!(path(&jobs, &[]), [("build", 0), ("build", 0), ("deploy", 20)]);
}

#[test]
fn dependencies_of_stages_limit_the_choice() {
    let jobs = [
        Job { stage: Some("build"), ..job("compile", 0, 60) },
        Job { stage: Some("docs"), ..job("docs", 0, 99) },
        Job { stage: Some("deploy"), ..job("upload", 100, 120) },
        Job { stage: Some("deploy"), ..job("check", 120, 140) },
    ];
    let stages = [Stage { id: "deploy", dependencies: vec!["build"] }, Stage::default()];
    assert_eq!(path(&jobs, &stages), [("compile", 0), ("upload", 20), ("check", 20)]);
}

#[test]
fn clocks_that_differ_do_not_end_the_path() {
    let deploy = Job { dependencies: vec!["build"], ..job("deploy", 59, 120) };
    assert_eq!(path(&[job("build", 0, 60), deploy], &[]), [("build", 59), ("deploy", 60)]);
}

#[test]
fn the_order_of_jobs_is_irrelevant() {
    let jobs = [job("c", 5, 10), job("a", 0, 5), job("b", 0, 5), job("d", 5, 10)];
    let mut reversed = jobs.clone();
    reversed.reverse();
    assert_eq!(path(&jobs, &[]), [("b", 0), ("d", 0)]);
    assert_eq!(path(&reversed, &[]), path(&jobs, &[]));
    let empty = [job("a", 0, 5), job("b", 5, 5), job("c", 5, 5)];
    assert_eq!(path(&empty, &[]), [("a", 5), ("b", 0), ("c", 0)]);
}

#[test]
fn circular_dependencies_end_the_path() {
    let after = |id, dependency| Job { dependencies: vec![dependency], ..job(id, 0, 10) };
    assert_eq!(path(&[after("a", "b"), after("b", "a")], &[]), [("b", 0)]);
    // Each stage waits for the other, and their jobs alternate.
    let of = |stage, id, start| Job { stage: Some(stage), ..job(id, start, start + 10) };
    let jobs = [of("x", "1", 0), of("y", "2", 1), of("x", "3", 2), of("y", "4", 3)];
    let stages = ["x", "y"].map(|id| Stage { id, dependencies: vec!["x", "y"] });
    assert_eq!(path(&jobs, &stages).len(), 3);
}

#[test]
fn many_jobs_with_dependencies_take_little_time() {
    // Quadratic time would be 900,000,000 steps.
    let ids: Vec<String> = (0..30_000).map(|number| number.to_string()).collect();
    let jobs: Vec<Job<'_>> = (0..ids.len())
        .map(|number| Job {
            id: &ids[number],
            start: number as i64,
            end: 1_000_000 - number as i64,
            stage: Some(["x", "y"][number % 2]),
            dependencies: number.checked_sub(1).map(|i| ids[i].as_str()).into_iter().collect(),
        })
        .collect();
    let reversed: Vec<Job<'_>> =
        jobs.iter().map(|job| Job { end: job.start + 1_000_000, ..job.clone() }).collect();
    assert_eq!(find(&reversed, &[]).len(), ids.len());
    assert_eq!(find(&jobs, &[]).len(), 1);
}
