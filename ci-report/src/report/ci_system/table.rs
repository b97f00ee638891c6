//! The CI systems and their variables, from the documentation of each. Facts of the commit are read by
//! [`GitFacts`](datadog_ci_pipelines::reporter::GitFacts).

/// A fact about a run, and how its value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// Identifies the run among those of all servers, the same in all of its jobs and attempts.
    RunKey,
    /// The number of the attempt, the first of which is 1.
    Attempt,
    /// The id of the run in the CI system.
    PipelineId,
    PipelineName,
    PipelineUrl,
    /// The `RunKey` of the run that this one repeats.
    PreviousRun,
    /// The `RunKey` of the run that started this one.
    ParentRun,
    /// Identifies the job within the run.
    JobKey,
    StageName,
    JobName,
    JobUrl,
    /// When the run was queued: RFC 3339, or seconds or milliseconds since 1970.
    QueuedAt,
    /// When the job was queued.
    JobQueuedAt,
    NodeName,
    /// Separated by spaces or commas, or a JSON array.
    NodeLabels,
    Workspace,
}

/// A CI system.
pub(super) struct System {
    pub(super) provider: &'static str,
    /// The variable that only this system sets, and its value if that matters.
    pub(super) detect: (&'static str, Option<&'static str>),
    /// Templates of facts. The first one whose variables are set is used.
    pub(super) facts: &'static [(Fact, &'static str)],
    /// Variables and values that mean that a person started the run. `*` is any value.
    pub(super) manual: &'static [(&'static str, &'static str)],
}

use Fact::{
    Attempt, JobKey, JobName, JobQueuedAt, JobUrl, NodeLabels, NodeName, ParentRun, PipelineId,
    PipelineName, PipelineUrl, PreviousRun, QueuedAt, RunKey, StageName, Workspace,
};

/// Facts that GitHub Actions, Gitea and Forgejo share.
macro_rules! actions {
    ($provider:literal, $detect:literal, $($url:literal),*) => {
        System {
            provider: $provider,
            detect: ($detect, None),
            facts: &[
                (RunKey, "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/{GITHUB_RUN_ID}"),
                (Attempt, "{GITHUB_RUN_ATTEMPT}"),
                (PipelineId, "{GITHUB_RUN_ID}"),
                (PipelineName, "{GITHUB_WORKFLOW}"),
                $((PipelineUrl, $url),)*
                (JobKey, "{GITHUB_JOB}/{RUNNER_NAME}"),
            (JobName, "{GITHUB_JOB}"),
                (NodeName, "{RUNNER_NAME}"),
                (Workspace, "{GITHUB_WORKSPACE}"),
            ],
            manual: &[("GITHUB_EVENT_NAME", "workflow_dispatch")],
        }
    };
}

/// The CI systems. Those that set the variables of another one come first.
pub(super) const SYSTEMS: &[System] = &[
    actions!(
        "forgejo",
        "FORGEJO_ACTIONS",
        "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_NUMBER}"
    ),
    actions!(
        "gitea",
        "GITEA_ACTIONS",
        "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_NUMBER}"
    ),
    actions!(
        "github",
        "GITHUB_ACTIONS",
        "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}/attempts/{GITHUB_RUN_ATTEMPT}",
        "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"
    ),
    System {
        provider: "gitlab",
        detect: ("GITLAB_CI", None),
        facts: &[
            (RunKey, "{CI_SERVER_URL}/{CI_PIPELINE_ID}"),
            (PipelineId, "{CI_PIPELINE_ID}"),
            (PipelineName, "{CI_PROJECT_PATH}"),
            (PipelineUrl, "{CI_PIPELINE_URL}"),
            (JobKey, "{CI_JOB_ID}"),
            (StageName, "{CI_JOB_STAGE}"),
            (JobName, "{CI_JOB_NAME}"),
            (JobUrl, "{CI_JOB_URL}"),
            (QueuedAt, "{CI_PIPELINE_CREATED_AT}"),
            (NodeName, "{CI_RUNNER_DESCRIPTION}"),
            (NodeLabels, "{CI_RUNNER_TAGS}"),
            (Workspace, "{CI_PROJECT_DIR}"),
        ],
        manual: &[("CI_PIPELINE_SOURCE", "web")],
    },
    System {
        provider: "jenkins",
        detect: ("JENKINS_URL", None),
        facts: &[
            (RunKey, "{BUILD_URL}"),
            (RunKey, "{JENKINS_URL}{JOB_NAME}/{BUILD_NUMBER}"),
            (PipelineId, "{BUILD_TAG}"),
            (PipelineName, "{JOB_NAME}"),
            (PipelineUrl, "{BUILD_URL}"),
            (JobKey, "{NODE_NAME}/{WORKSPACE}"),
            (StageName, "{STAGE_NAME}"),
            (NodeName, "{NODE_NAME}"),
            (NodeLabels, "{NODE_LABELS}"),
            (Workspace, "{WORKSPACE}"),
        ],
        // Of the plugin `build-user-vars`.
        manual: &[("BUILD_USER_ID", "*")],
    },
    System {
        provider: "circleci",
        detect: ("CIRCLECI", None),
        facts: &[
            (RunKey, "{CIRCLE_WORKFLOW_ID}"),
            (PipelineId, "{CIRCLE_WORKFLOW_ID}"),
            (PipelineName, "{CIRCLE_PROJECT_REPONAME}"),
            (PipelineUrl, "https://app.circleci.com/pipelines/workflows/{CIRCLE_WORKFLOW_ID}"),
            (JobKey, "{CIRCLE_WORKFLOW_JOB_ID}"),
            (JobName, "{CIRCLE_JOB}"),
            (JobUrl, "{CIRCLE_BUILD_URL}"),
            (Workspace, "{CIRCLE_WORKING_DIRECTORY}"),
        ],
        manual: &[],
    },
    System {
        provider: "buildkite",
        detect: ("BUILDKITE", None),
        facts: &[
            (RunKey, "{BUILDKITE_BUILD_ID}"),
            (PipelineId, "{BUILDKITE_BUILD_ID}"),
            (PipelineName, "{BUILDKITE_PIPELINE_SLUG}"),
            (PipelineUrl, "{BUILDKITE_BUILD_URL}"),
            (PreviousRun, "{BUILDKITE_REBUILT_FROM_BUILD_ID}"),
            (ParentRun, "{BUILDKITE_TRIGGERED_FROM_BUILD_ID}"),
            (JobKey, "{BUILDKITE_JOB_ID}"),
            (JobName, "{BUILDKITE_LABEL}"),
            (JobUrl, "{BUILDKITE_BUILD_URL}#{BUILDKITE_JOB_ID}"),
            (NodeName, "{BUILDKITE_AGENT_NAME}"),
            (Workspace, "{BUILDKITE_BUILD_CHECKOUT_PATH}"),
        ],
        manual: &[("BUILDKITE_SOURCE", "ui")],
    },
    System {
        provider: "azurepipelines",
        detect: ("TF_BUILD", None),
        facts: &[
            (RunKey, "{SYSTEM_TEAMFOUNDATIONSERVERURI}{SYSTEM_TEAMPROJECTID}/{BUILD_BUILDID}"),
            (PipelineId, "{BUILD_BUILDID}"),
            (PipelineName, "{BUILD_DEFINITIONNAME}"),
            (
                PipelineUrl,
                "{SYSTEM_TEAMFOUNDATIONSERVERURI}{SYSTEM_TEAMPROJECTID}/_build/results?buildId={BUILD_BUILDID}",
            ),
            (JobKey, "{SYSTEM_JOBID}"),
            (StageName, "{SYSTEM_STAGEDISPLAYNAME}"),
            (JobName, "{SYSTEM_JOBDISPLAYNAME}"),
            (
                JobUrl,
                "{SYSTEM_TEAMFOUNDATIONSERVERURI}{SYSTEM_TEAMPROJECTID}/_build/results?buildId={BUILD_BUILDID}&view=logs&j={SYSTEM_JOBID}",
            ),
            (NodeName, "{AGENT_NAME}"),
            (Workspace, "{BUILD_SOURCESDIRECTORY}"),
        ],
        manual: &[("BUILD_REASON", "Manual")],
    },
    System {
        provider: "bitbucket",
        detect: ("BITBUCKET_BUILD_NUMBER", None),
        facts: &[
            (RunKey, "{BITBUCKET_PIPELINE_UUID}"),
            (RunKey, "{BITBUCKET_REPO_FULL_NAME}/{BITBUCKET_BUILD_NUMBER}"),
            (PipelineId, "{BITBUCKET_PIPELINE_UUID}"),
            (PipelineName, "{BITBUCKET_REPO_FULL_NAME}"),
            (
                PipelineUrl,
                "https://bitbucket.org/{BITBUCKET_REPO_FULL_NAME}/pipelines/results/{BITBUCKET_BUILD_NUMBER}",
            ),
            (JobKey, "{BITBUCKET_STEP_UUID}"),
            (Workspace, "{BITBUCKET_CLONE_DIR}"),
        ],
        manual: &[],
    },
    System {
        provider: "drone",
        detect: ("DRONE", Some("true")),
        facts: &[
            (RunKey, "{DRONE_SYSTEM_HOST}/{DRONE_REPO}/{DRONE_BUILD_NUMBER}"),
            (RunKey, "{DRONE_BUILD_LINK}"),
            (PipelineId, "{DRONE_BUILD_NUMBER}"),
            (PipelineName, "{DRONE_REPO}"),
            (PipelineUrl, "{DRONE_BUILD_LINK}"),
            (JobKey, "{DRONE_STAGE_NAME}"),
            (JobName, "{DRONE_STAGE_NAME}"),
            (QueuedAt, "{DRONE_BUILD_CREATED}"),
            (NodeName, "{DRONE_STAGE_MACHINE}"),
            (Workspace, "{DRONE_WORKSPACE}"),
        ],
        manual: &[("DRONE_BUILD_EVENT", "custom")],
    },
    System {
        provider: "woodpecker",
        detect: ("CI", Some("woodpecker")),
        facts: &[
            (RunKey, "{CI_SYSTEM_URL}/{CI_REPO}/{CI_PIPELINE_NUMBER}"),
            (PipelineId, "{CI_PIPELINE_NUMBER}"),
            (PipelineName, "{CI_REPO}"),
            (PipelineUrl, "{CI_PIPELINE_URL}"),
            (PipelineUrl, "{CI_PIPELINE_LINK}"),
            // The parent is the pipeline that was restarted or deployed.
            (PreviousRun, "{CI_SYSTEM_URL}/{CI_REPO}/{CI_PIPELINE_PARENT}"),
            (JobKey, "{CI_WORKFLOW_NAME}"),
            (JobName, "{CI_WORKFLOW_NAME}"),
            (JobUrl, "{CI_STEP_URL}"),
            (QueuedAt, "{CI_PIPELINE_CREATED}"),
            (NodeName, "{CI_MACHINE}"),
            (Workspace, "{CI_WORKSPACE}"),
        ],
        manual: &[("CI_PIPELINE_EVENT", "manual")],
    },
    System {
        provider: "teamcity",
        detect: ("TEAMCITY_VERSION", None),
        facts: &[
            (RunKey, "{BUILD_URL}"),
            (RunKey, "{TEAMCITY_PROJECT_NAME}/{TEAMCITY_BUILDCONF_NAME}/{BUILD_NUMBER}"),
            (PipelineId, "{BUILD_NUMBER}"),
            (PipelineName, "{TEAMCITY_BUILDCONF_NAME}"),
            (PipelineUrl, "{BUILD_URL}"),
        ],
        manual: &[],
    },
    System {
        provider: "travisci",
        detect: ("TRAVIS", None),
        facts: &[
            (RunKey, "{TRAVIS_BUILD_WEB_URL}"),
            (PipelineId, "{TRAVIS_BUILD_ID}"),
            (PipelineName, "{TRAVIS_REPO_SLUG}"),
            (PipelineUrl, "{TRAVIS_BUILD_WEB_URL}"),
            (JobKey, "{TRAVIS_JOB_ID}"),
            (StageName, "{TRAVIS_BUILD_STAGE_NAME}"),
            (JobName, "{TRAVIS_JOB_NAME}"),
            (JobUrl, "{TRAVIS_JOB_WEB_URL}"),
            (Workspace, "{TRAVIS_BUILD_DIR}"),
        ],
        manual: &[],
    },
    System {
        provider: "appveyor",
        detect: ("APPVEYOR", None),
        facts: &[
            (RunKey, "{APPVEYOR_URL}/{APPVEYOR_ACCOUNT_NAME}/{APPVEYOR_BUILD_ID}"),
            (PipelineId, "{APPVEYOR_BUILD_ID}"),
            (PipelineName, "{APPVEYOR_PROJECT_SLUG}"),
            (
                PipelineUrl,
                "{APPVEYOR_URL}/project/{APPVEYOR_ACCOUNT_NAME}/{APPVEYOR_PROJECT_SLUG}/builds/{APPVEYOR_BUILD_ID}",
            ),
            (JobKey, "{APPVEYOR_JOB_ID}"),
            (JobName, "{APPVEYOR_JOB_NAME}"),
            (Workspace, "{APPVEYOR_BUILD_FOLDER}"),
        ],
        manual: &[],
    },
    System {
        provider: "awscodebuild",
        detect: ("CODEBUILD_BUILD_ARN", None),
        facts: &[
            (RunKey, "{CODEBUILD_BUILD_ARN}"),
            (PipelineId, "{CODEBUILD_BUILD_ID}"),
            (PipelineName, "{CODEBUILD_BUILD_ID|:}"),
            (PipelineUrl, "{CODEBUILD_BUILD_URL}"),
            (Workspace, "{CODEBUILD_SRC_DIR}"),
        ],
        manual: &[],
    },
    System {
        provider: "bitrise",
        detect: ("BITRISE_BUILD_SLUG", None),
        facts: &[
            (RunKey, "{BITRISE_BUILD_SLUG}"),
            (PipelineId, "{BITRISE_BUILD_SLUG}"),
            (PipelineName, "{BITRISE_TRIGGERED_WORKFLOW_ID}"),
            (PipelineUrl, "{BITRISE_BUILD_URL}"),
            (QueuedAt, "{BITRISE_BUILD_TRIGGER_TIMESTAMP}"),
            (Workspace, "{BITRISE_SOURCE_DIR}"),
        ],
        manual: &[],
    },
    // Tasks have the address alone, unless the pipeline passes the others on as parameters.
    System {
        provider: "concourse",
        detect: ("ATC_EXTERNAL_URL", None),
        facts: &[
            (RunKey, "{ATC_EXTERNAL_URL}/builds/{BUILD_ID}"),
            (PipelineId, "{BUILD_ID}"),
            (PipelineName, "{BUILD_TEAM_NAME}/{BUILD_PIPELINE_NAME}"),
            (PipelineName, "{BUILD_PIPELINE_NAME}"),
            (PipelineUrl, "{ATC_EXTERNAL_URL}/builds/{BUILD_ID}"),
            (JobName, "{BUILD_JOB_NAME}"),
        ],
        manual: &[("BUILD_CREATED_BY", "*")],
    },
    // The workflow passes its name and uid on.
    System {
        provider: "argo",
        detect: ("ARGO_WORKFLOW_UID", None),
        facts: &[
            (RunKey, "{ARGO_WORKFLOW_UID}"),
            (PipelineId, "{ARGO_WORKFLOW_UID}"),
            (PipelineName, "{ARGO_WORKFLOW_TEMPLATE}"),
            (PipelineName, "{ARGO_WORKFLOW_NAME}"),
            (NodeName, "{ARGO_NODE_ID}"),
        ],
        manual: &[],
    },
    // The task passes the names and uids of the run on.
    System {
        provider: "tekton",
        detect: ("TEKTON_PIPELINE_RUN_UID", None),
        facts: &[
            (RunKey, "{TEKTON_PIPELINE_RUN_UID}"),
            (PipelineId, "{TEKTON_PIPELINE_RUN}"),
            (PipelineName, "{TEKTON_PIPELINE}"),
            (JobName, "{TEKTON_TASK}"),
        ],
        manual: &[],
    },
];

/// Facts that the user sets. They take precedence.
pub(super) const OVERRIDES: &[(Fact, &str)] = &[
    (PipelineName, "{CI_REPORT_PIPELINE}"),
    (PipelineUrl, "{CI_REPORT_PIPELINE_URL}"),
    (JobUrl, "{CI_REPORT_JOB_URL}"),
    (QueuedAt, "{CI_REPORT_QUEUED_AT}"),
    (JobQueuedAt, "{CI_REPORT_JOB_QUEUED_AT}"),
    (Workspace, "{CI_REPORT_WORKSPACE}"),
    (NodeName, "{CI_REPORT_NODE}"),
    (NodeLabels, "{CI_REPORT_NODE_LABELS}"),
];
