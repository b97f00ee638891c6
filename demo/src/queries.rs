//! The searches of the demo, and what each is expected to find.

use datadog_ci_pipelines::jiff::SignedDuration;

use crate::sent::SentRun;

/// A search.
pub(crate) struct Search {
    /// The query, in the search syntax.
    pub(crate) query: &'static str,
    /// What it searches for.
    pub(crate) label: &'static str,
    /// Returns whether it is expected to find a run that was sent.
    pub(crate) finds: fn(&SentRun) -> bool,
}

/// The searches.
pub(crate) const SEARCHES: [Search; 8] = [
    Search {
        query: "ci_level:job @ci.status:error",
        label: "failed jobs",
        finds: |run| run.level == "job" && run.status == "error",
    },
    Search {
        query: "@ci.status:running",
        label: "everything that is running",
        finds: |run| run.status == "running",
    },
    Search {
        query: "ci_level:pipeline -@ci.status:success",
        label: "runs that did not succeed",
        finds: |run| run.level == "pipeline" && run.status != "success",
    },
    Search {
        query: "ci_level:pipeline @duration:>15min",
        label: "runs of more than 15 minutes",
        finds: |run| {
            let limit = SignedDuration::from_mins(15);
            run.level == "pipeline" && run.duration.is_some_and(|duration| duration > limit)
        },
    },
    Search {
        query: "ci_level:(job OR step) @duration:[1min TO 3min]",
        label: "jobs and steps of 1 to 3 minutes",
        finds: |run| {
            let limits = SignedDuration::from_mins(1)..=SignedDuration::from_mins(3);
            ["job", "step"].contains(&run.level)
                && run.duration.is_some_and(|duration| limits.contains(&duration))
        },
    },
    Search {
        query: "@ci.pipeline.name:pay* @ci.partial_pipeline:retry",
        label: "partial retries, names with a wildcard",
        finds: |run| run.level == "pipeline" && run.pipeline.starts_with("pay") && run.is_retry,
    },
    Search {
        query: "team:payments ci_level:step",
        label: "a custom tag",
        finds: |run| run.level == "step" && run.pipeline == "payments-api",
    },
    Search { query: "@tests.failed:>0", label: "a custom metric", finds: |run| run.tests_failed },
];
