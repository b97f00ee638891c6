//! What is known of the commit that is built, from whichever source.

#[cfg(feature = "git")]
mod checkout;
mod env;
mod systems;
mod url;

use std::fmt;

use crate::models::GitInfo;

/// Why a commit is not known, or not well enough to be sent: a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitError(String);

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GitError {}

/// What is known of a commit; not yet, or never, all that the service asks for.
///
/// A [`GitInfo`] must have an address, a hash and the author's email; this may lack any of them,
/// until another source has them: [`or`](Self::or) fills in what is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitFacts {
    pub(super) repository_url: Option<String>,
    pub(super) sha: Option<String>,
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
    /// Fills in from elsewhere what is missing here. A branch or a tag is taken only where there
    /// is neither, and what belongs to a commit only if it is the same commit.
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

    /// The commit as the service takes it: without passwords in its address, and of branch and
    /// tag only the tag where both are known.
    ///
    /// # Errors
    /// Fails with everything that is missing, and says how it can be given.
    pub fn build(self) -> Result<GitInfo, GitError> {
        let required = [
            ("the address of the repository (`DD_GIT_REPOSITORY_URL`)", &self.repository_url),
            ("the hash of the commit (`DD_GIT_COMMIT_SHA`)", &self.sha),
            ("the author's email (`DD_GIT_COMMIT_AUTHOR_EMAIL`)", &self.author_email),
        ];
        let missing = required.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name);
        let missing = missing.collect::<Vec<_>>().join(", and ");
        let (Some(repository_url), Some(sha), Some(author_email)) =
            (self.repository_url, self.sha, self.author_email)
        else {
            return Err(GitError(format!("nothing tells {missing}")));
        };
        Ok(GitInfo {
            repository_url: url::without_credentials(&repository_url),
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

/// A commit of which all is known; what the description does not name is not kept.
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
