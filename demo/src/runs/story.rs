//! The runs that are shown in detail: a day of a small company.

use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};

use super::plan::{Commit, Failure, JobPlan, Previous, Reference, RunPlan, StagePlan, StepPlan};

/// The runs that are shown in detail.
pub(crate) struct Story {
    /// Sent while it runs, and again when it is finished.
    pub(crate) watched: RunPlan,
    /// Failed.
    pub(crate) failed: RunPlan,
    /// Repeats the failed jobs and those that were skipped.
    pub(crate) retry: RunPlan,
    /// Waits for approval.
    pub(crate) blocked: RunPlan,
    /// Continues after the approval.
    pub(crate) resumed: RunPlan,
    /// Still running.
    pub(crate) running: RunPlan,
}

impl Story {
    /// Creates the runs, relative to the current time.
    pub(crate) fn new(now: Timestamp) -> Self {
        let ago = |minutes: i64| now - SignedDuration::from_mins(minutes);
        let watched = run("web-shop", 4812, "storefront", WEB, ago(20), WEB_STAGES);
        let running = run("web-shop", 4813, "storefront", WEB_NEXT, ago(4), WEB_STAGES);
        let failed = run("payments-api", 1290, "payments", PAYMENTS, ago(70), PAYMENTS_STAGES);
        let mut retry = run("payments-api", 1290, "payments", PAYMENTS, ago(55), RETRY_STAGES);
        retry.attempt = 2;
        retry.previous = Some(Previous::Retried(failed.id()));
        let mut blocked = run("release", 77, "platform", RELEASE, ago(190), RELEASE_STAGES);
        blocked.is_blocked = true;
        let mut resumed = run("release", 77, "platform", RELEASE, ago(140), PUBLISH_STAGES);
        resumed.attempt = 2;
        resumed.previous = Some(Previous::Blocked(blocked.id()));
        Self { watched, failed, retry, blocked, resumed, running }
    }
}

fn run(
    pipeline: &'static str,
    number: u32,
    team: &'static str,
    commit: Commit,
    start: Timestamp,
    stages: &'static [StagePlan],
) -> RunPlan {
    let (attempt, is_blocked, previous) = (1, false, None);
    RunPlan { pipeline, number, attempt, team, commit, start, stages, is_blocked, previous }
}

const WEB: Commit = Commit {
    repository: "https://git.example/shop/web-shop.git",
    reference: Reference::Branch("main"),
    message: "Keep the cart when a session ends",
    author: ["Ada Okafor", "ada@shop.example"],
};

const WEB_NEXT: Commit = Commit { message: "Show the delivery date in the cart", ..WEB };

const PAYMENTS: Commit = Commit {
    repository: "https://git.example/shop/payments-api.git",
    reference: Reference::Branch("refunds"),
    message: "Refund what was paid twice",
    author: ["Luis Brandt", "luis@shop.example"],
};

const RELEASE: Commit = Commit {
    repository: "https://git.example/shop/release.git",
    reference: Reference::Tag("v2.14.0"),
    message: "Version 2.14.0",
    author: ["Mei Tanaka", "mei@shop.example"],
};

const fn step(name: &'static str, seconds: i64) -> StepPlan {
    StepPlan { name, seconds, failure: None }
}

const fn job(name: &'static str, queue: i64, steps: &'static [StepPlan]) -> JobPlan {
    JobPlan { name, queue, needs: &[], metrics: &[], steps }
}

const WEB_STAGES: &[StagePlan] = &[
    StagePlan {
        name: "build",
        jobs: &[
            job("compile", 8, &[step("npm ci", 44), step("npm run build", 96)]),
            job("lint", 3, &[step("eslint", 38)]),
        ],
    },
    StagePlan {
        name: "test",
        jobs: &[
            JobPlan {
                metrics: &["tests.run:1284", "tests.failed:0"],
                ..job("unit tests", 5, &[step("vitest run", 128)])
            },
            JobPlan {
                metrics: &["tests.run:96", "tests.failed:0"],
                ..job(
                    "browser tests",
                    27,
                    &[step("playwright install", 21), step("playwright test", 214)],
                )
            },
        ],
    },
    StagePlan {
        name: "package",
        jobs: &[job("image", 4, &[step("docker build", 71), step("docker push", 18)])],
    },
];

const PAYMENTS_STAGES: &[StagePlan] = &[
    StagePlan { name: "build", jobs: &[job("compile", 6, &[step("cargo build --locked", 152)])] },
    StagePlan {
        name: "test",
        jobs: &[
            JobPlan {
                metrics: &["tests.run:412", "tests.failed:0"],
                ..job("unit tests", 4, &[step("cargo test --lib", 61)])
            },
            JobPlan {
                metrics: &["tests.run:57", "tests.failed:1"],
                ..job(
                    "integration tests",
                    19,
                    &[
                        step("start postgres", 12),
                        StepPlan {
                            failure: Some(Failure {
                                kind: "test failure",
                                message: "refunds::are_made_once: expected 1 refund, found 2",
                                stack: "at tests/refunds.rs:88:5",
                            }),
                            ..step("cargo test --test refunds", 187)
                        },
                    ],
                )
            },
        ],
    },
    StagePlan { name: "deploy", jobs: DEPLOY },
];

const DEPLOY: &[JobPlan] = &[
    job("deploy to staging", 3, &[step("helm upgrade", 48)]),
    JobPlan {
        needs: &["deploy to staging"],
        ..job("smoke tests", 2, &[step("probe endpoints", 22)])
    },
];

const RETRY_STAGES: &[StagePlan] = &[
    StagePlan {
        name: "test",
        jobs: &[JobPlan {
            metrics: &["tests.run:57", "tests.failed:0"],
            ..job(
                "integration tests",
                11,
                &[step("start postgres", 13), step("cargo test --test refunds", 181)],
            )
        }],
    },
    StagePlan { name: "deploy", jobs: DEPLOY },
];

const RELEASE_STAGES: &[StagePlan] = &[StagePlan {
    name: "build",
    jobs: &[
        job("archives", 12, &[step("cargo build --release", 388)]),
        JobPlan { needs: &["archives"], ..job("signatures", 2, &[step("cosign sign-blob", 9)]) },
    ],
}];

const PUBLISH_STAGES: &[StagePlan] = &[StagePlan {
    name: "publish",
    jobs: &[
        job("registry", 5, &[step("upload archives", 74)]),
        JobPlan { needs: &["registry"], ..job("announce", 1, &[step("post release notes", 6)]) },
    ],
}];
