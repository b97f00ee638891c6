//! Facts from the file with the event that started a run, of GitHub Actions, Gitea and Forgejo.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use super::facts::GitFacts;

/// The variable that identifies the systems with such a file, and the variable with its path.
pub(super) const EVENT_FILE: (&str, &str) = ("GITHUB_ACTIONS", "GITHUB_EVENT_PATH");

/// The maximum size of a file in bytes; GitHub limits events to 25 MB.
const MAX_SIZE: u64 = 32 * 1024 * 1024;

/// Where events have a commit: those of a push, a merge queue, another workflow, and a check suite.
const COMMITS: [&str; 4] = [
    "/head_commit",
    "/merge_group/head_commit",
    "/workflow_run/head_commit",
    "/check_suite/head_commit",
];

/// Reads the facts that the file contains. Without a readable file there are none.
pub(super) fn from_event_file(path: &Path) -> GitFacts {
    let mut content = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SIZE).read_to_end(&mut content));
    let event = read.ok().and_then(|_| serde_json::from_slice(&content).ok());
    event.map(|event| from_event(&event)).unwrap_or_default()
}

fn from_event(event: &Value) -> GitFacts {
    let commit = COMMITS.iter().filter_map(|at| event.pointer(at)).find(|it| it.is_object());
    let of_commit = |at| commit.and_then(|commit| string(commit, at));
    GitFacts {
        repository_url: string(event, "/repository/clone_url"),
        default_branch: string(event, "/repository/default_branch"),
        sha: of_commit("/id"),
        message: of_commit("/message"),
        author_name: of_commit("/author/name"),
        author_email: of_commit("/author/email"),
        author_time: of_commit("/author/date"),
        committer_name: of_commit("/committer/name"),
        committer_email: of_commit("/committer/email"),
        commit_time: of_commit("/timestamp"),
        branch: None,
        tag: None,
    }
}

/// Returns a string that is not blank.
fn string(value: &Value, at: &str) -> Option<String> {
    let found = value.pointer(at)?.as_str()?.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::{env, fs, process};

    use serde_json::json;

    use super::*;

    const SHA: &str = "a18ebf361cc831f5535e58ec4fae04ffd98d8152";

    /// A file that is removed after the test.
    struct EventFile(PathBuf);

    impl EventFile {
        fn new(name: &str, content: &str) -> Self {
            let path = env::temp_dir().join(format!("ci-event-{}-{name}.json", process::id()));
            fs::write(&path, content).unwrap();
            Self(path)
        }

        /// The facts of a run that this event has started.
        fn facts(&self, reference: &str) -> GitFacts {
            GitFacts::from_env_with(|name| match name {
                "GITHUB_ACTIONS" => Some("true".to_owned()),
                "GITHUB_SERVER_URL" => Some("https://github.com".to_owned()),
                "GITHUB_REPOSITORY" => Some("o/r".to_owned()),
                "GITHUB_SHA" => Some(SHA.to_owned()),
                "GITHUB_REF" => Some(reference.to_owned()),
                "GITHUB_EVENT_PATH" => Some(self.0.to_str()?.to_owned()),
                _ => None,
            })
        }
    }

    impl Drop for EventFile {
        fn drop(&mut self) {
            // A leftover stays in the temporary directory of the system.
            let _ = fs::remove_file(&self.0);
        }
    }

    fn commit(id: &str) -> Value {
        json!({
            "id": id,
            "message": "Fix it",
            "timestamp": "2026-07-14T12:00:00+02:00",
            "author": { "name": "Ada", "email": "ada@git.example", "username": "ada" },
            "committer": { "name": "Bot", "email": "bot@git.example" },
        })
    }

    #[test]
    fn a_push_has_the_whole_commit() {
        let event =
            json!({ "head_commit": commit(SHA), "repository": { "default_branch": "main" } });
        let file = EventFile::new("push", &event.to_string());
        let git = file.facts("refs/heads/work").build().unwrap();
        assert_eq!((git.sha.as_str(), git.author_email.as_str()), (SHA, "ada@git.example"));
        assert_eq!(git.repository_url, "https://github.com/o/r.git");
        for (found, expected) in [
            (git.branch, "work"),
            (git.default_branch, "main"),
            (git.message, "Fix it"),
            (git.author_name, "Ada"),
            (git.committer_name, "Bot"),
            (git.committer_email, "bot@git.example"),
            (git.commit_time, "2026-07-14T12:00:00+02:00"),
        ] {
            assert_eq!(found.as_deref(), Some(expected));
        }
        let queue = json!({ "merge_group": { "head_commit": commit(SHA) } });
        let queue = EventFile::new("queue", &queue.to_string()).facts("refs/heads/queue");
        assert_eq!(queue.author_email.as_deref(), Some("ada@git.example"));
    }

    #[test]
    fn the_commit_of_another_run_is_not_used() {
        let event = json!({ "workflow_run": { "head_commit": commit("cf852e17dea1") } });
        let facts = EventFile::new("other", &event.to_string()).facts("refs/heads/main");
        assert_eq!((facts.sha.as_deref(), facts.author_email), (Some(SHA), None));
    }

    #[test]
    fn pull_requests_and_unreadable_files_provide_what_they_have() {
        let event = json!({
            "pull_request": { "head": { "sha": "cf85" } },
            "head_commit": null,
            "repository": { "default_branch": "main" },
        });
        let pull = EventFile::new("pull", &event.to_string()).facts("refs/pull/7/merge");
        assert_eq!(
            (pull.sha.as_deref(), pull.default_branch.as_deref()),
            (Some(SHA), Some("main"))
        );
        assert_eq!(pull.author_email, None);
        for content in ["", "[]", "{\"head_commit\": {\"author\": 7}}", "{\"head_commit\": {"] {
            let facts = EventFile::new("bad", content).facts("refs/heads/main");
            assert_eq!((facts.sha.as_deref(), facts.author_email), (Some(SHA), None), "{content}");
        }
        let absent = EventFile(env::temp_dir().join("ci-event-that-does-not-exist.json"));
        assert_eq!(absent.facts("refs/heads/main").sha.as_deref(), Some(SHA));
    }
}
