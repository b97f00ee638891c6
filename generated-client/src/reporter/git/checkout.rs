//! Facts from a checkout on disk.

use std::path::Path;

use gix::bstr::{BStr, BString};
use gix::open::Options;
use gix::remote::Direction;
use gix::{ObjectId, Repository};
use jiff::Timestamp;
use specwright_runtime::jiff;

use super::facts::{GitError, GitFacts};

/// The prefix of references to branches.
const BRANCHES: &str = "refs/heads/";

impl GitFacts {
    /// Reads the checked-out commit of the repository that contains the directory. Without a remote
    /// there is no URL. With a detached HEAD, as in most CI systems, there is no branch.
    ///
    /// Only the Git configuration of the repository itself is read, and no program is run.
    ///
    /// # Errors
    /// Returns an error if there is no repository, it has no commit, or it cannot be read.
    pub fn from_checkout(directory: impl AsRef<Path>) -> Result<Self, GitError> {
        Self::from_commit(directory.as_ref(), None).map(|(facts, _)| facts)
    }

    /// Reads the commit with this hash. If the repository does not contain it, the facts about the
    /// commit stay unknown, and a message describes why.
    pub(in crate::reporter) fn from_commit(
        directory: &Path,
        sha: Option<&str>,
    ) -> Result<(Self, Option<String>), GitError> {
        let unreadable = |error: &dyn std::fmt::Display| {
            GitError(format!("cannot read the commit from `{}`: {error}", directory.display()))
        };
        let repository = gix::discover_opts(directory, Default::default(), Options::isolated())
            .map_err(|error| unreadable(&error))?;
        let mut facts = Self::from_repository(&repository);
        let commit = match sha.and_then(|sha| ObjectId::from_hex(sha.as_bytes()).ok()) {
            None => repository.head_commit().map_err(|error| unreadable(&error))?,
            Some(id) => match repository.find_commit(id) {
                Ok(commit) => commit,
                Err(_) => return Ok((facts, Some(absent(&repository, directory, id)))),
            },
        };
        let decoded = commit.decode().map_err(|error| unreadable(&error))?;
        facts.sha = Some(commit.id.to_string());
        facts.message = non_blank(decoded.message);
        if let Ok(author) = commit.author() {
            facts.author_name = non_blank(author.name);
            facts.author_email = non_blank(author.email);
            facts.author_time = author.time().ok().and_then(|time| timestamp(time.seconds));
        }
        if let Ok(committer) = commit.committer() {
            facts.committer_name = non_blank(committer.name);
            facts.committer_email = non_blank(committer.email);
            facts.commit_time = committer.time().ok().and_then(|time| timestamp(time.seconds));
        }
        Ok((facts, None))
    }

    /// Reads the facts that do not depend on the commit.
    fn from_repository(repository: &Repository) -> Self {
        let head = repository.head_name().ok().flatten();
        let branch = head.and_then(|name| strip(name.as_bstr(), BRANCHES));
        let remote = repository.remote_default_name(Direction::Fetch);
        let remote = remote.unwrap_or_else(|| BString::from("origin"));
        let url = repository.config_snapshot().string(format!("remote.{remote}.url").as_str());
        // The default branch of the remote when it was cloned.
        let main = repository.try_find_reference(&format!("refs/remotes/{remote}/HEAD"));
        let main = main.ok().flatten().and_then(|main| {
            let target = main.target();
            strip(target.try_name()?.as_bstr(), &format!("refs/remotes/{remote}/"))
        });
        Self {
            repository_url: url.and_then(|url| non_blank(url.as_ref())),
            branch,
            default_branch: main,
            ..Self::default()
        }
    }
}

/// Describes that a repository does not contain a commit.
fn absent(repository: &Repository, directory: &Path, id: ObjectId) -> String {
    let directory = directory.display();
    let why = match repository.is_shallow().unwrap_or_default() {
        true => {
            "it is shallow: fetch more of the history, for example with `fetch-depth: 0` of \
             actions/checkout or `GIT_DEPTH: 0` of GitLab"
        }
        false => "is it a checkout of another repository?",
    };
    format!("the checkout `{directory}` does not contain the commit {id}; {why}")
}

/// Returns a string that is not blank.
fn non_blank(bytes: &BStr) -> Option<String> {
    let value = bytes.to_string();
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Removes the prefix of a reference.
fn strip(name: &BStr, prefix: &str) -> Option<String> {
    name.to_string().strip_prefix(prefix).map(str::to_owned)
}

fn timestamp(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}
