//! The CI systems, and the environment variables in which each tells of the commit.

/// A property of a commit, and how it is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    RepositoryUrl,
    Sha,
    /// The name of a branch, or a whole reference, which may be that of a tag.
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
    /// The variable that is set there and nowhere else, and its value if that matters.
    pub(super) mark: (&'static str, Option<&'static str>),
    /// What it tells: `{A}` is the value of the variable `A`, and a text of which any variable is
    /// not set tells nothing. Of several texts for a property, the first that tells it wins, so
    /// those of pull requests come first.
    pub(super) tells: &'static [(Property, &'static str)],
}

use Property::{
    Author, AuthorEmail, AuthorName, AuthorTime, Branch, CommitTime, CommitterEmail, CommitterName,
    DefaultBranch, Message, RepositoryUrl, Sha, Tag,
};

/// The systems. One that imitates another, as those of Gitea and Forgejo do, needs no entry.
pub(super) const SYSTEMS: &[System] = &[
    System {
        mark: ("GITHUB_ACTIONS", None),
        tells: &[
            (RepositoryUrl, "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}.git"),
            (Sha, "{GITHUB_SHA}"),
            (Branch, "{GITHUB_HEAD_REF}"),
            (Branch, "{GITHUB_REF}"),
        ],
    },
    System {
        mark: ("GITLAB_CI", None),
        tells: &[
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
        mark: ("JENKINS_URL", None),
        tells: &[
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
        mark: ("CIRCLECI", None),
        tells: &[
            (RepositoryUrl, "{CIRCLE_REPOSITORY_URL}"),
            (Sha, "{CIRCLE_SHA1}"),
            (Tag, "{CIRCLE_TAG}"),
            (Branch, "{CIRCLE_BRANCH}"),
        ],
    },
    System {
        mark: ("BUILDKITE", None),
        tells: &[
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
        mark: ("TF_BUILD", None),
        tells: &[
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
        mark: ("BITBUCKET_BUILD_NUMBER", None),
        tells: &[
            (RepositoryUrl, "{BITBUCKET_GIT_SSH_ORIGIN}"),
            (RepositoryUrl, "{BITBUCKET_GIT_HTTP_ORIGIN}"),
            (Sha, "{BITBUCKET_COMMIT}"),
            (Tag, "{BITBUCKET_TAG}"),
            (Branch, "{BITBUCKET_BRANCH}"),
        ],
    },
    System {
        mark: ("DRONE", None),
        tells: &[
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
        mark: ("CI", Some("woodpecker")),
        tells: &[
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
    System { mark: ("TEAMCITY_VERSION", None), tells: &[(Sha, "{BUILD_VCS_NUMBER}")] },
    System {
        mark: ("TRAVIS", None),
        tells: &[
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
        mark: ("APPVEYOR", None),
        tells: &[
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
        mark: ("CODEBUILD_BUILD_ID", None),
        tells: &[
            (RepositoryUrl, "{CODEBUILD_SOURCE_REPO_URL}"),
            (Sha, "{CODEBUILD_RESOLVED_SOURCE_VERSION}"),
            (Branch, "{CODEBUILD_WEBHOOK_HEAD_REF}"),
        ],
    },
    System {
        mark: ("BITRISE_BUILD_NUMBER", None),
        tells: &[
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

/// What people set themselves, because no system tells it or tells it wrong.
pub(super) const BY_HAND: &[(Property, &str)] = &[
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
