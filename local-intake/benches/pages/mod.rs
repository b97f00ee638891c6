//! The pages for people, over HTTP on the loopback interface.

mod events;

use criterion::Criterion;
use datadog_ci_intake::LocalIntake;
use tokio::runtime::Runtime;

pub(crate) use events::bodies;

/// Pages over jobs.
pub(crate) fn of_jobs(criterion: &mut Criterion, runtime: &Runtime, intake: &LocalIntake) {
    let pages = [
        ("pipelines", "/"),
        ("executions", "/executions"),
        ("executions of jobs", "/executions?level=job"),
        ("jobs", "/jobs"),
        ("requests", "/requests"),
    ];
    measure(criterion, runtime, intake, "pages of 100,000 events", &pages);
}

/// Pages over pipelines, stages, jobs and steps, with many names, and with a large execution.
pub(crate) fn of_all_levels(criterion: &mut Criterion, runtime: &Runtime, intake: &LocalIntake) {
    let pages = [
        ("pipelines", "/"),
        ("pipelines of a branch", "/?query=%40git.branch%3Abranch-7"),
        ("executions", "/executions"),
        ("executions of stages", "/executions?level=stage"),
        ("executions of jobs", "/executions?level=job"),
        ("executions of steps", "/executions?level=step"),
        ("jobs", "/jobs"),
        ("one execution", "/execution?id=run-7"),
        ("one execution of 2000", "/execution?id=large"),
    ];
    measure(criterion, runtime, intake, "pages of 100,000 varied events", &pages);
}

fn measure(
    criterion: &mut Criterion,
    runtime: &Runtime,
    intake: &LocalIntake,
    group: &str,
    pages: &[(&str, &str)],
) {
    let client = reqwest::Client::new();
    let mut group = criterion.benchmark_group(group);
    for (name, path) in pages {
        let page = || {
            runtime.block_on(async {
                let request = client.get(format!("{}{path}", intake.url()));
                let response = request.header("accept", "text/html").send().await;
                let response = response.expect("a response");
                assert_eq!(response.status(), 200);
                response.bytes().await.expect("a body").len()
            })
        };
        group.bench_function(*name, |b| b.iter(page));
    }
    group.finish();
}
