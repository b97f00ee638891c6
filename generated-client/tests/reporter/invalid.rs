//! Invalid values are corrected where possible, and always reported.

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::reporter::{GitFacts, ProblemKind, Report};

use crate::support::{Outcome, attribute, commit, event, start};

fn messages(report: &Report, kind: ProblemKind) -> Vec<String> {
    let of_kind = report.problems.iter().filter(|problem| problem.kind == kind);
    of_kind.map(|problem| format!("{}: {}", problem.about, problem.message)).collect()
}

#[tokio::test]
async fn invalid_values_are_corrected() -> Outcome {
    let (intake, reporter) = start().await?;
    let run = reporter.pipeline("deploy", "").unique_id("deploy").tag("", "x").start();
    assert_ne!(run.unique_id(), "deploy");
    let mut job = run.job(" ", "job/7").id("").start();
    job.metric("tests", f64::NAN).end_at(Timestamp::now() - SignedDuration::from_hours(1));
    job.failed("x".repeat(6000));
    let report = run.success().await;
    assert!(report.is_complete(), "{report}");
    let corrections = messages(&report, ProblemKind::Corrected);
    for (problem, expected) in corrections.iter().zip([
        "pipeline `deploy`: the unique id equals the name",
        "pipeline `deploy`: the key of tag `` is empty",
        "job `unnamed`: the job has no name",
        "job `unnamed`: the URL `job/7` has no scheme",
        "job `unnamed`: the id is empty",
        "job `unnamed`: metric `tests` is not a finite number",
        "job `unnamed`: the end is before the start",
    ]) {
        assert!(problem.starts_with(expected), "{problem}");
    }
    assert_eq!(corrections.len(), 7, "{report}");
    let job = event(&intake, "job", "unnamed");
    assert_eq!(attribute(&job, "duration"), "0");
    assert_eq!(attribute(&job, "error.message").len(), 5000);
    Ok(())
}

#[tokio::test]
async fn invalid_events_are_not_sent() -> Outcome {
    let (intake, reporter) = start().await?;
    let run = reporter.pipeline("deploy", "").start();
    let long_ago = Timestamp::now() - SignedDuration::from_hours(24 * 400);
    run.stage("test").start_at(long_ago).start().success();
    let report = run.success().await;
    assert_eq!((report.accepted, report.unsent), (2, 1), "{report}");
    let invalid = messages(&report, ProblemKind::Invalid);
    assert!(invalid[0].starts_with("stage `test`: /attributes/resource/end must be"), "{report}");
    assert_eq!(intake.event_count(), 1);
    Ok(())
}

/// Without the author's email the API takes no commit.
#[tokio::test]
async fn what_is_known_of_an_incomplete_commit_is_sent_as_tags() -> Outcome {
    let (intake, reporter) = start().await?;
    let environment = |name: &str| match name {
        "CIRCLECI" => Some("true".to_owned()),
        "CIRCLE_SHA1" => Some("a18ebf361cc831f5535e58ec4fae04ffd98d8152".to_owned()),
        "CIRCLE_REPOSITORY_URL" => Some("https://x:SECRET@git.example/team/app.git".to_owned()),
        "CIRCLE_BRANCH" => Some("main".to_owned()),
        _ => None,
    };
    let run = reporter.git(GitFacts::from_env_with(environment)).pipeline("deploy", "").start();
    run.job("build", "").tag("team", "docs").start().success();
    let many = run.stage("many tags").start();
    let mut many = many;
    for i in 0..98 {
        many.tag(format!("t{i}"), "x");
    }
    many.success();
    let report = run.success().await;
    assert!(report.is_complete(), "{report}");
    let [problem] = &messages(&report, ProblemKind::Corrected)[..] else { panic!("{report}") };
    for part in ["sent as tags", "DD_GIT_COMMIT_AUTHOR_EMAIL", "git_from_checkout"] {
        assert!(problem.contains(part), "{problem}");
    }
    assert!(!problem.contains("DD_GIT_COMMIT_SHA"), "{problem}");
    for (level, name) in [("pipeline", "deploy"), ("job", "build")] {
        let tags = event(&intake, level, name).tags;
        for tag in [
            "git.repository_url:https://git.example/team/app.git",
            "git.commit.sha:a18ebf361cc831f5535e58ec4fae04ffd98d8152",
            "git.branch:main",
        ] {
            assert!(tags.iter().any(|own| own == tag), "{tag}: {tags:?}");
        }
    }
    // Tags of the program are not displaced, and the service takes 100.
    let tags = event(&intake, "stage", "many tags").tags;
    let is_of_git = |tag: &&String| tag.starts_with("git.");
    assert_eq!(tags.iter().filter(is_of_git).count(), 2, "{tags:?}");
    let client = intake.client();
    let search = client.search_pipeline_events().query("git.branch:main").send().await?;
    assert_eq!(search.data.iter().flatten().count(), 2);
    Ok(())
}

#[tokio::test]
async fn a_run_without_any_commit_is_reported() -> Outcome {
    let (intake, reporter) = start().await?;
    let reporter = reporter.git(GitFacts::from_env_with(|_| None));
    let report = reporter.pipeline("deploy", "").start().success().await;
    let [problem] = &messages(&report, ProblemKind::Corrected)[..] else { panic!("{report}") };
    assert!(problem.contains("sent without a commit"), "{problem}");
    for missing in ["DD_GIT_REPOSITORY_URL", "DD_GIT_COMMIT_SHA", "DD_GIT_COMMIT_AUTHOR_EMAIL"] {
        assert!(problem.contains(missing), "{problem}");
    }
    assert_eq!(attribute(&event(&intake, "pipeline", "deploy"), "git"), "");
    Ok(())
}

#[tokio::test]
async fn the_tag_is_sent_if_branch_and_tag_are_known() -> Outcome {
    let (intake, reporter) = start().await?;
    let (mut both, mut more) = (commit()?, commit()?);
    both.tag = Some("v1".to_owned());
    more.message = Some("Fix it".to_owned());
    let run = reporter.git(more).pipeline("deploy", "").git(both).start();
    assert!(run.success().await.is_complete());
    let pipeline = event(&intake, "pipeline", "deploy");
    assert_eq!(attribute(&pipeline, "git.tag"), "v1");
    assert_eq!(attribute(&pipeline, "git.branch"), "");
    assert_eq!(attribute(&pipeline, "git.commit.message"), "Fix it");
    Ok(())
}

#[tokio::test]
async fn a_panicking_listener_is_ignored() -> Outcome {
    let (intake, reporter) = start().await?;
    let reporter = reporter.on_problem(|_| panic!("deliberate panic"));
    let report = reporter.pipeline(" ", "").start().success().await;
    assert!(report.is_complete());
    assert_eq!((report.problems.len(), intake.event_count()), (1, 1));
    Ok(())
}
