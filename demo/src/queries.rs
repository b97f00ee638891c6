//! The searches of the demo, in the search syntax, and what each has to find.

use datadog_ci_pipelines::jiff::SignedDuration;

use crate::sent::Known;

/// A search.
pub(crate) struct Search {
    /// What it asks for.
    pub(crate) query: &'static str,
    /// The same in words.
    pub(crate) words: &'static str,
    /// Whether it has to find a run that was sent.
    pub(crate) finds: fn(&Known) -> bool,
}

/// The searches.
pub(crate) const SEARCHES: [Search; 8] = [
    Search {
        query: "ci_level:job @ci.status:error",
        words: "jobs that failed",
        finds: |run| run.level == "job" && run.status == "error",
    },
    Search {
        query: "@ci.status:running",
        words: "what is under way",
        finds: |run| run.status == "running",
    },
    Search {
        query: "ci_level:pipeline -@ci.status:success",
        words: "runs that did not just pass",
        finds: |run| run.level == "pipeline" && run.status != "success",
    },
    Search {
        query: "ci_level:pipeline @duration:>15min",
        words: "runs of more than 15 minutes",
        finds: |run| {
            let limit = SignedDuration::from_mins(15);
            run.level == "pipeline" && run.duration.is_some_and(|duration| duration > limit)
        },
    },
    Search {
        query: "ci_level:(job OR step) @duration:[1min TO 3min]",
        words: "jobs and steps of 1 to 3 minutes",
        finds: |run| {
            let limits = SignedDuration::from_mins(1)..=SignedDuration::from_mins(3);
            ["job", "step"].contains(&run.level)
                && run.duration.is_some_and(|duration| limits.contains(&duration))
        },
    },
    Search {
        query: "@ci.pipeline.name:pay* @ci.partial_pipeline:retry",
        words: "partial retries, names with a wildcard",
        finds: |run| run.level == "pipeline" && run.pipeline.starts_with("pay") && run.is_retry,
    },
    Search {
        query: "team:payments ci_level:step",
        words: "by a tag of your own",
        finds: |run| run.level == "step" && run.pipeline == "payments-api",
    },
    Search {
        query: "@tests.failed:>0",
        words: "by a measure of your own",
        finds: |run| run.tests_failed,
    },
];
