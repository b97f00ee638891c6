//! Reads the commit from a checkout.

use std::path::Path;

use gix::bstr::{BStr, BString};
use gix::open::Options;
use gix::remote::Direction;
use gix::{ObjectId, Repository};
use jiff::Timestamp;
use specwright_runtime::jiff;

use super::{GitError, GitFacts};

/// How references to branches begin.
const BRANCHES: &str = "refs/heads/";

impl GitFacts {
    /// What a checkout tells of its commit: the repository that the directory is in, or that is
    /// above it. Without a remote there is no address, and where a commit is checked out that is
    /// not the end of a branch, as CI systems do, no branch.
    ///
    /// Of Git's configuration only that of the repository itself is read, and nothing is run.
    ///
    /// # Errors
    /// Fails where there is no repository, it has no commit yet, or it cannot be read.
    pub fn from_checkout(directory: impl AsRef<Path>) -> Result<Self, GitError> {
        Self::of_commit(directory.as_ref(), None)
    }

    /// The same of a commit by its hash. If the repository does not have it, which may be shallow,
    /// what belongs to the commit stays unknown.
    pub(in super::super) fn of_commit(
        directory: &Path,
        sha: Option<&str>,
    ) -> Result<Self, GitError> {
        let unreadable = |error: &dyn std::fmt::Display| {
            GitError(format!("the commit cannot be read from `{}`: {error}", directory.display()))
        };
        let repository = gix::discover_opts(directory, Default::default(), Options::isolated())
            .map_err(|error| unreadable(&error))?;
        let mut facts = Self::of_repository(&repository);
        let commit = match sha.and_then(|sha| ObjectId::from_hex(sha.as_bytes()).ok()) {
            None => repository.head_commit().map_err(|error| unreadable(&error))?,
            Some(id) => match repository.find_commit(id) {
                Ok(commit) => commit,
                Err(_) => return Ok(facts),
            },
        };
        let decoded = commit.decode().map_err(|error| unreadable(&error))?;
        facts.sha = Some(commit.id.to_string());
        facts.message = text(decoded.message);
        if let Ok(author) = commit.author() {
            facts.author_name = text(author.name);
            facts.author_email = text(author.email);
            facts.author_time = author.time().ok().and_then(|time| moment(time.seconds));
        }
        if let Ok(committer) = commit.committer() {
            facts.committer_name = text(committer.name);
            facts.committer_email = text(committer.email);
            facts.commit_time = committer.time().ok().and_then(|time| moment(time.seconds));
        }
        Ok(facts)
    }

    /// What does not depend on the commit.
    fn of_repository(repository: &Repository) -> Self {
        let head = repository.head_name().ok().flatten();
        let branch = head.and_then(|name| within(name.as_bstr(), BRANCHES));
        let remote = repository.remote_default_name(Direction::Fetch);
        let remote = remote.unwrap_or_else(|| BString::from("origin"));
        let url = repository.config_snapshot().string(format!("remote.{remote}.url").as_str());
        // What the remote has checked out itself, as it was when it was cloned.
        let main = repository.try_find_reference(&format!("refs/remotes/{remote}/HEAD"));
        let main = main.ok().flatten().and_then(|main| {
            let target = main.target();
            within(target.try_name()?.as_bstr(), &format!("refs/remotes/{remote}/"))
        });
        Self {
            repository_url: url.and_then(|url| text(url.as_ref())),
            branch,
            default_branch: main,
            ..Self::default()
        }
    }
}

/// A text that is not blank.
fn text(bytes: &BStr) -> Option<String> {
    let text = bytes.to_string();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The rest of a reference's name behind a beginning.
fn within(name: &BStr, beginning: &str) -> Option<String> {
    name.to_string().strip_prefix(beginning).map(str::to_owned)
}

fn moment(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}
