//! The table of CI systems and the environment variables that describe the commit.

/// A property of a commit and its notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    RepositoryUrl,
    Sha,
    /// The name of a branch, or a reference to a branch or tag.
    Branch,
    Tag,
    DefaultBranch,
    Message,
    AuthorName,
    AuthorEmail,
    AuthorTime,
    /// `Name <email>`
    Author,
    CommitterName,
    CommitterEmail,
    CommitTime,
}

/// A CI system.
pub(super) struct System {
    /// The variable that only this system sets, and its value if that matters.
    pub(super) detect: (&'static str, Option<&'static str>),
    /// Templates of properties: `{A}` is the value of the variable `A`. A template with an unset
    /// variable is ignored. The first usable template of a property wins, so those of pull requests
    /// come first.
    pub(super) variables: &'static [(Property, &'static str)],
}

use Property::{
    Author, AuthorEmail, AuthorName, AuthorTime, Branch, CommitTime, CommitterEmail, CommitterName,
    DefaultBranch, Message, RepositoryUrl, Sha, Tag,
};

/// The CI systems. Systems that set the variables of another one, such as Gitea and Forgejo, need no
/// entry.
pub(super) const SYSTEMS: &[System] = &[
    System {
        detect: ("GITHUB_ACTIONS", None),
        variables: &[
            (RepositoryUrl, "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}.git"),
            (Sha, "{GITHUB_SHA}"),
            (Branch, "{GITHUB_HEAD_REF}"),
            (Branch, "{GITHUB_REF}"),
        ],
    },
    System {
        detect: ("GITLAB_CI", None),
        variables: &[
            (RepositoryUrl, "{CI_REPOSITORY_URL}"),
            (Sha, "{CI_COMMIT_SHA}"),
            (Tag, "{CI_COMMIT_TAG}"),
            (Branch, "{CI_MERGE_REQUEST_SOURCE_BRANCH_NAME}"),
            (Branch, "{CI_COMMIT_BRANCH}"),
            (DefaultBranch, "{CI_DEFAULT_BRANCH}"),
            (Message, "{CI_COMMIT_MESSAGE}"),
            (Author, "{CI_COMMIT_AUTHOR}"),
            (CommitTime, "{CI_COMMIT_TIMESTAMP}"),
        ],
    },
    System {
        detect: ("JENKINS_URL", None),
        variables: &[
            (RepositoryUrl, "{GIT_URL}"),
            (RepositoryUrl, "{GIT_URL_1}"),
            (Sha, "{GIT_COMMIT}"),
            (Tag, "{TAG_NAME}"),
            (Branch, "{CHANGE_BRANCH}"),
            (Branch, "{GIT_BRANCH}"),
            (Branch, "{BRANCH_NAME}"),
        ],
    },
    System {
        detect: ("CIRCLECI", None),
        variables: &[
            (RepositoryUrl, "{CIRCLE_REPOSITORY_URL}"),
            (Sha, "{CIRCLE_SHA1}"),
            (Tag, "{CIRCLE_TAG}"),
            (Branch, "{CIRCLE_BRANCH}"),
        ],
    },
    System {
        detect: ("BUILDKITE", None),
        variables: &[
            (RepositoryUrl, "{BUILDKITE_REPO}"),
            (Sha, "{BUILDKITE_COMMIT}"),
            (Tag, "{BUILDKITE_TAG}"),
            (Branch, "{BUILDKITE_BRANCH}"),
            (DefaultBranch, "{BUILDKITE_PIPELINE_DEFAULT_BRANCH}"),
            (Message, "{BUILDKITE_MESSAGE}"),
            (AuthorName, "{BUILDKITE_BUILD_AUTHOR}"),
            (AuthorEmail, "{BUILDKITE_BUILD_AUTHOR_EMAIL}"),
        ],
    },
    System {
        detect: ("TF_BUILD", None),
        variables: &[
            (RepositoryUrl, "{SYSTEM_PULLREQUEST_SOURCEREPOSITORYURI}"),
            (RepositoryUrl, "{BUILD_REPOSITORY_URI}"),
            (Sha, "{SYSTEM_PULLREQUEST_SOURCECOMMITID}"),
            (Sha, "{BUILD_SOURCEVERSION}"),
            (Branch, "{SYSTEM_PULLREQUEST_SOURCEBRANCH}"),
            (Branch, "{BUILD_SOURCEBRANCH}"),
            (Message, "{BUILD_SOURCEVERSIONMESSAGE}"),
            (AuthorName, "{BUILD_REQUESTEDFOR}"),
            (AuthorEmail, "{BUILD_REQUESTEDFOREMAIL}"),
        ],
    },
    System {
        detect: ("BITBUCKET_BUILD_NUMBER", None),
        variables: &[
            (RepositoryUrl, "{BITBUCKET_GIT_SSH_ORIGIN}"),
            (RepositoryUrl, "{BITBUCKET_GIT_HTTP_ORIGIN}"),
            (Sha, "{BITBUCKET_COMMIT}"),
            (Tag, "{BITBUCKET_TAG}"),
            (Branch, "{BITBUCKET_BRANCH}"),
        ],
    },
    System {
        detect: ("DRONE", None),
        variables: &[
            (RepositoryUrl, "{DRONE_GIT_HTTP_URL}"),
            (Sha, "{DRONE_COMMIT_SHA}"),
            (Tag, "{DRONE_TAG}"),
            (Branch, "{DRONE_SOURCE_BRANCH}"),
            (Branch, "{DRONE_BRANCH}"),
            (DefaultBranch, "{DRONE_REPO_BRANCH}"),
            (Message, "{DRONE_COMMIT_MESSAGE}"),
            (AuthorName, "{DRONE_COMMIT_AUTHOR_NAME}"),
            (AuthorEmail, "{DRONE_COMMIT_AUTHOR_EMAIL}"),
        ],
    },
    System {
        detect: ("CI", Some("woodpecker")),
        variables: &[
            (RepositoryUrl, "{CI_REPO_CLONE_URL}"),
            (Sha, "{CI_COMMIT_SHA}"),
            (Tag, "{CI_COMMIT_TAG}"),
            (Branch, "{CI_COMMIT_SOURCE_BRANCH}"),
            (Branch, "{CI_COMMIT_BRANCH}"),
            (DefaultBranch, "{CI_REPO_DEFAULT_BRANCH}"),
            (Message, "{CI_COMMIT_MESSAGE}"),
            (AuthorName, "{CI_COMMIT_AUTHOR}"),
            (AuthorEmail, "{CI_COMMIT_AUTHOR_EMAIL}"),
        ],
    },
    System { detect: ("TEAMCITY_VERSION", None), variables: &[(Sha, "{BUILD_VCS_NUMBER}")] },
    System {
        detect: ("TRAVIS", None),
        variables: &[
            (RepositoryUrl, "https://github.com/{TRAVIS_REPO_SLUG}.git"),
            (Sha, "{TRAVIS_PULL_REQUEST_SHA}"),
            (Sha, "{TRAVIS_COMMIT}"),
            (Tag, "{TRAVIS_TAG}"),
            (Branch, "{TRAVIS_PULL_REQUEST_BRANCH}"),
            (Branch, "{TRAVIS_BRANCH}"),
            (Message, "{TRAVIS_COMMIT_MESSAGE}"),
        ],
    },
    System {
        detect: ("APPVEYOR", None),
        variables: &[
            (Sha, "{APPVEYOR_PULL_REQUEST_HEAD_COMMIT}"),
            (Sha, "{APPVEYOR_REPO_COMMIT}"),
            (Tag, "{APPVEYOR_REPO_TAG_NAME}"),
            (Branch, "{APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH}"),
            (Branch, "{APPVEYOR_REPO_BRANCH}"),
            (Message, "{APPVEYOR_REPO_COMMIT_MESSAGE}\n\n{APPVEYOR_REPO_COMMIT_MESSAGE_EXTENDED}"),
            (Message, "{APPVEYOR_REPO_COMMIT_MESSAGE}"),
            (AuthorName, "{APPVEYOR_REPO_COMMIT_AUTHOR}"),
            (AuthorEmail, "{APPVEYOR_REPO_COMMIT_AUTHOR_EMAIL}"),
        ],
    },
    System {
        detect: ("CODEBUILD_BUILD_ID", None),
        variables: &[
            (RepositoryUrl, "{CODEBUILD_SOURCE_REPO_URL}"),
            (Sha, "{CODEBUILD_RESOLVED_SOURCE_VERSION}"),
            (Branch, "{CODEBUILD_WEBHOOK_HEAD_REF}"),
        ],
    },
    System {
        detect: ("BITRISE_BUILD_NUMBER", None),
        variables: &[
            (RepositoryUrl, "{GIT_REPOSITORY_URL}"),
            (Sha, "{BITRISE_GIT_COMMIT}"),
            (Sha, "{GIT_CLONE_COMMIT_HASH}"),
            (Tag, "{BITRISE_GIT_TAG}"),
            (Branch, "{BITRISEIO_PULL_REQUEST_HEAD_BRANCH}"),
            (Branch, "{BITRISE_GIT_BRANCH}"),
            (Message, "{BITRISE_GIT_MESSAGE}"),
            (AuthorName, "{GIT_CLONE_COMMIT_AUTHOR_NAME}"),
            (AuthorEmail, "{GIT_CLONE_COMMIT_AUTHOR_EMAIL}"),
            (CommitterName, "{GIT_CLONE_COMMIT_COMMITER_NAME}"),
            (CommitterEmail, "{GIT_CLONE_COMMIT_COMMITER_EMAIL}"),
        ],
    },
];

/// Variables that users set to add or override facts.
pub(super) const OVERRIDES: &[(Property, &str)] = &[
    (RepositoryUrl, "{DD_GIT_REPOSITORY_URL}"),
    (Sha, "{DD_GIT_COMMIT_SHA}"),
    (Branch, "{DD_GIT_BRANCH}"),
    (Tag, "{DD_GIT_TAG}"),
    (Message, "{DD_GIT_COMMIT_MESSAGE}"),
    (AuthorName, "{DD_GIT_COMMIT_AUTHOR_NAME}"),
    (AuthorEmail, "{DD_GIT_COMMIT_AUTHOR_EMAIL}"),
    (AuthorTime, "{DD_GIT_COMMIT_AUTHOR_DATE}"),
    (CommitterName, "{DD_GIT_COMMIT_COMMITTER_NAME}"),
    (CommitterEmail, "{DD_GIT_COMMIT_COMMITTER_EMAIL}"),
    (CommitTime, "{DD_GIT_COMMIT_COMMITTER_DATE}"),
];
