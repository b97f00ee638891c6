//! Facts about a commit, and how sources are combined.

use std::fmt;

use super::url::without_credentials;
use crate::models::GitInfo;

/// The maximum length of a tag, in characters.
const MAX_TAG: usize = 300;

/// Why a commit is unknown, or too incomplete to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitError(pub(super) String);

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GitError {}

/// Facts about a commit, possibly incomplete.
///
/// A [`GitInfo`] requires a repository URL, a hash and the author's email. `GitFacts` may lack any of
/// them; [`or`](Self::or) fills in missing facts from another source. If something required is still
/// missing, the reporter sends what is known as tags, such as `git.commit.sha`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitFacts {
    pub(in crate::reporter) repository_url: Option<String>,
    pub(in crate::reporter) sha: Option<String>,
    pub(super) branch: Option<String>,
    pub(super) tag: Option<String>,
    pub(super) default_branch: Option<String>,
    pub(super) message: Option<String>,
    pub(super) author_name: Option<String>,
    pub(super) author_email: Option<String>,
    pub(super) author_time: Option<String>,
    pub(super) committer_name: Option<String>,
    pub(super) committer_email: Option<String>,
    pub(super) commit_time: Option<String>,
}

impl GitFacts {
    /// Fills in missing facts from another source. A branch or tag is filled in only if there is
    /// neither, and facts about a commit only if it is the same commit.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let is_same = match (&self.sha, &other.sha) {
            (Some(this), Some(that)) => this == that,
            _ => true,
        };
        let of_commit = if is_same { other.clone() } else { Self::default() };
        let is_bare = self.branch.is_none() && self.tag.is_none();
        let of_ref = if is_bare { other.clone() } else { Self::default() };
        Self {
            repository_url: self.repository_url.or(other.repository_url),
            sha: self.sha.or(other.sha),
            branch: self.branch.or(of_ref.branch),
            tag: self.tag.or(of_ref.tag),
            default_branch: self.default_branch.or(other.default_branch),
            message: self.message.or(of_commit.message),
            author_name: self.author_name.or(of_commit.author_name),
            author_email: self.author_email.or(of_commit.author_email),
            author_time: self.author_time.or(of_commit.author_time),
            committer_name: self.committer_name.or(of_commit.committer_name),
            committer_email: self.committer_email.or(of_commit.committer_email),
            commit_time: self.commit_time.or(of_commit.commit_time),
        }
    }

    /// Converts to the type of the API. Credentials are removed from the URL. If branch and tag are
    /// known, only the tag is kept.
    ///
    /// # Errors
    /// Returns an error that lists all missing facts and the variables that set them.
    pub fn build(self) -> Result<GitInfo, GitError> {
        if let Some(missing) = self.missing() {
            return Err(GitError(format!("no source provides {missing}")));
        }
        let (Some(repository_url), Some(sha), Some(author_email)) =
            (self.repository_url, self.sha, self.author_email)
        else {
            return Err(GitError("the commit is incomplete".to_owned()));
        };
        Ok(GitInfo {
            repository_url: without_credentials(&repository_url),
            sha,
            author_email,
            author_name: self.author_name,
            author_time: self.author_time,
            branch: self.branch.filter(|_| self.tag.is_none()),
            commit_time: self.commit_time,
            committer_email: self.committer_email,
            committer_name: self.committer_name,
            default_branch: self.default_branch,
            message: self.message,
            tag: self.tag,
            additional_properties: Default::default(),
        })
    }
}

impl GitFacts {
    /// Returns what the API requires of a commit and is not known, with the variables that set it.
    fn missing(&self) -> Option<String> {
        let required = [
            ("the repository URL (`DD_GIT_REPOSITORY_URL`)", &self.repository_url),
            ("the commit hash (`DD_GIT_COMMIT_SHA`)", &self.sha),
            ("the author's email (`DD_GIT_COMMIT_AUTHOR_EMAIL`)", &self.author_email),
        ];
        let missing = required.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name);
        let missing: Vec<_> = missing.collect();
        (!missing.is_empty()).then(|| missing.join(", "))
    }

    /// Returns the commit, or, if the API requires more than is known, tags with all that is known and
    /// a message.
    pub(in crate::reporter) fn into_parts(self) -> Result<GitInfo, (Vec<String>, String)> {
        let Some(missing) = self.missing() else {
            return self.build().map_err(|error| (Vec::new(), error.to_string()));
        };
        let advice = "set what is missing, or read it with `git_from_checkout` (feature `git`)";
        let tags = self.tags();
        let message = match tags.is_empty() {
            true => format!("sent without a commit: no source provides {missing}; {advice}"),
            false => format!(
                "what is known of the commit is sent as tags (`git.commit.sha` and others), because \
                 the API requires {missing}; {advice}"
            ),
        };
        Err((tags, message))
    }

    /// Returns the facts as tags, named after the attributes that they would have become.
    fn tags(self) -> Vec<String> {
        let facts = [
            ("git.repository_url", self.repository_url.as_deref().map(without_credentials)),
            ("git.commit.sha", self.sha),
            ("git.branch", self.branch.filter(|_| self.tag.is_none())),
            ("git.tag", self.tag),
            ("git.default_branch", self.default_branch),
            ("git.commit.message", self.message.map(first_line)),
            ("git.commit.author.name", self.author_name),
            ("git.commit.author.email", self.author_email),
            ("git.commit.author.date", self.author_time),
            ("git.commit.committer.name", self.committer_name),
            ("git.commit.committer.email", self.committer_email),
            ("git.commit.committer.date", self.commit_time),
        ];
        let tag = |(name, value): (&str, Option<String>)| {
            let tag = format!("{name}:{}", value?);
            Some(tag.chars().take(MAX_TAG).collect())
        };
        facts.into_iter().filter_map(tag).collect()
    }
}

fn first_line(message: String) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

/// Additional properties are dropped.
impl From<GitInfo> for GitFacts {
    fn from(git: GitInfo) -> Self {
        Self {
            repository_url: Some(git.repository_url),
            sha: Some(git.sha),
            branch: git.branch,
            tag: git.tag,
            default_branch: git.default_branch,
            message: git.message,
            author_name: git.author_name,
            author_email: Some(git.author_email),
            author_time: git.author_time,
            committer_name: git.committer_name,
            committer_email: git.committer_email,
            commit_time: git.commit_time,
        }
    }
}
