//! Git facts from a checkout.

use std::error::Error;
use std::path::Path;
use std::{env, fs, process};

use datadog_ci_pipelines::reporter::{GitFacts, ProblemKind};
use gix::actor::SignatureRef;
use gix::bstr::BStr;

use crate::support::{Outcome, attribute, event, start};

/// A temporary directory that is removed after the test.
struct Directory(std::path::PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("ci-reporter-{}-{name}", process::id()));
        fs::create_dir_all(path.join("src/deep")).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // A leftover stays in the temporary directory of the system.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Creates a repository with two commits and returns their hashes.
fn repository(path: &Path) -> Result<[String; 2], Box<dyn Error>> {
    let repository = gix::init(path)?;
    let person = |name: &'static str, email: &'static str, time| SignatureRef {
        name: BStr::new(name),
        email: BStr::new(email),
        time,
    };
    let author = person("Ada", "ada@git.example", "1784023200 +0200");
    let committer = person("Bot", "bot@git.example", "1784026800 +0000");
    let tree = repository.empty_tree().id;
    let none: [gix::ObjectId; 0] = [];
    let first =
        repository.commit_as(committer, author, "refs/heads/work", "First\n", tree, none)?;
    let first = first.detach();
    let second =
        repository.commit_as(committer, author, "refs/heads/work", "Second", tree, [first])?;
    let git = path.join(".git");
    fs::write(git.join("HEAD"), "ref: refs/heads/work\n")?;
    let remote = "[remote \"origin\"]\n\turl = https://x:SECRET@git.example/team/app.git\n";
    fs::write(git.join("config"), fs::read_to_string(git.join("config"))? + remote)?;
    fs::create_dir_all(git.join("refs/remotes/origin"))?;
    fs::write(git.join("refs/remotes/origin/HEAD"), "ref: refs/remotes/origin/main\n")?;
    Ok([first.to_string(), second.to_string()])
}

#[tokio::test]
async fn all_facts_are_read_from_a_checkout() -> Outcome {
    let directory = Directory::new("whole");
    let [_, second] = repository(&directory.0)?;
    let (intake, reporter) = start().await?;
    let reporter = reporter.git_from_checkout(directory.0.join("src/deep"));
    let report = reporter.pipeline("deploy", "").start().success().await;
    assert!(report.is_complete() && report.problems.is_empty(), "{report}");
    let pipeline = event(&intake, "pipeline", "deploy");
    for (path, expected) in [
        ("git.repository_url", "https://git.example/team/app.git"),
        ("git.branch", "work"),
        ("git.default_branch", "main"),
        ("git.commit.sha", &second),
        ("git.commit.message", "Second"),
        ("git.commit.author.name", "Ada"),
        ("git.commit.author.email", "ada@git.example"),
        ("git.commit.author.date", "2026-07-14T10:00:00Z"),
        ("git.commit.committer.name", "Bot"),
        ("git.commit.committer.email", "bot@git.example"),
        ("git.commit.committer.date", "2026-07-14T11:00:00Z"),
    ] {
        assert_eq!(attribute(&pipeline, path), expected, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn the_checkout_completes_the_commit_of_the_environment() -> Outcome {
    let directory = Directory::new("both");
    let [first, second] = repository(&directory.0)?;
    let (intake, reporter) = start().await?;
    let environment = |name: &str| match name {
        "GITHUB_ACTIONS" => Some("true".to_owned()),
        "GITHUB_SHA" => Some(first.clone()),
        "GITHUB_REF" => Some("refs/tags/v1".to_owned()),
        _ => None,
    };
    let from_env = GitFacts::from_env_with(environment);
    let reporter = reporter.git(from_env.clone()).git_from_checkout(&directory.0);
    assert!(reporter.pipeline("deploy", "").start().success().await.problems.is_empty());
    let pipeline = event(&intake, "pipeline", "deploy");
    for (path, expected) in [
        ("git.commit.sha", first.as_str()),
        ("git.commit.message", "First"),
        ("git.tag", "v1"),
        ("git.branch", ""),
    ] {
        assert_eq!(attribute(&pipeline, path), expected, "{path}");
    }
    // In the other order the checkout selects the commit.
    let checkout = GitFacts::from_checkout(&directory.0)?;
    let git = checkout.or(from_env).build()?;
    assert_eq!((git.sha, git.branch.as_deref()), (second, Some("work")));
    Ok(())
}

#[tokio::test]
async fn unreadable_checkouts_are_reported() -> Outcome {
    let directory = Directory::new("none");
    let (_intake, reporter) = start().await?;
    let reporter = reporter.git_from_checkout(&directory.0);
    let report = reporter.pipeline("deploy", "").start().success().await;
    assert!(report.is_complete());
    let [unreadable, missing] = &report.problems[..] else { panic!("{report}") };
    assert!(unreadable.message.starts_with("cannot read the commit from"), "{unreadable}");
    assert!(missing.message.contains("DD_GIT_COMMIT_SHA"), "{missing}");
    assert_eq!(missing.kind, ProblemKind::Corrected);
    gix::init(&directory.0)?;
    assert!(GitFacts::from_checkout(&directory.0).is_err(), "the repository has no commit");
    Ok(())
}

/// A clone of the latest commit, in which an earlier one is to be found.
#[tokio::test]
async fn a_shallow_checkout_that_lacks_the_commit_is_reported() -> Outcome {
    let directory = Directory::new("shallow");
    let [_, second] = repository(&directory.0)?;
    let facts = || {
        GitFacts::from_env_with(|name| match name {
            "CIRCLECI" => Some("true".to_owned()),
            "CIRCLE_SHA1" => Some("1b2f6b3c0d4e5f60718293a4b5c6d7e8f9012345".to_owned()),
            "CIRCLE_BRANCH" => Some("main".to_owned()),
            _ => None,
        })
    };
    for (is_shallow, advice) in [(false, "another repository"), (true, "fetch-depth: 0")] {
        if is_shallow {
            fs::write(directory.0.join(".git/shallow"), format!("{second}\n"))?;
        }
        let (intake, reporter) = start().await?;
        let reporter = reporter.git(facts()).git_from_checkout(&directory.0);
        let report = reporter.pipeline("deploy", "").start().success().await;
        assert!(report.is_complete());
        let [absent, missing] = &report.problems[..] else { panic!("{report}") };
        assert!(absent.message.contains("does not contain the commit 1b2f6b3c"), "{absent}");
        assert!(absent.message.contains(advice), "{absent}");
        assert!(missing.message.contains("DD_GIT_COMMIT_AUTHOR_EMAIL"), "{missing}");
        let tags = event(&intake, "pipeline", "deploy").tags;
        assert!(tags.iter().any(|tag| tag.starts_with("git.commit.sha:1b2f")), "{tags:?}");
        assert!(tags.iter().any(|tag| tag == "git.branch:main"), "{tags:?}");
    }
    Ok(())
}
