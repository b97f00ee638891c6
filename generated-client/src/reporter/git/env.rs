//! Facts from the environment variables of a CI system.

use super::event_file::{EVENT_FILE, from_event_file};
use super::facts::GitFacts;
use super::systems::{OVERRIDES, Property, SYSTEMS};

impl GitFacts {
    /// Reads the environment variables of this process: those of GitHub Actions (also Gitea and
    /// Forgejo), GitLab, Jenkins, CircleCI, Buildkite, Azure Pipelines, Bitbucket, Drone,
    /// Woodpecker, TeamCity, Travis CI, AppVeyor, CodeBuild and Bitrise. They are overridden by
    /// `DD_GIT_REPOSITORY_URL`, `DD_GIT_COMMIT_SHA`, `DD_GIT_BRANCH`, `DD_GIT_TAG`,
    /// `DD_GIT_COMMIT_MESSAGE`, and `DD_GIT_COMMIT_AUTHOR_` and `DD_GIT_COMMIT_COMMITTER_` with
    /// `NAME`, `EMAIL` and `DATE`.
    ///
    /// On GitHub Actions, Gitea and Forgejo, the file with the event that started the run
    /// (`GITHUB_EVENT_PATH`) provides the author, the committer and the message of a pushed commit.
    ///
    /// Many systems do not provide the author's email, which the API requires of a commit: set
    /// `DD_GIT_COMMIT_AUTHOR_EMAIL`, or read the checkout, too. Without it, the reporter sends what is
    /// known as tags, such as `git.commit.sha` and `git.branch`.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_env_with(|name| std::env::var(name).ok())
    }

    /// Reads variables with a lookup function that returns the value of a variable if it is set, and
    /// the event file that one of them names.
    ///
    /// ```
    /// use datadog_ci_pipelines::reporter::GitFacts;
    ///
    /// let git = GitFacts::from_env_with(|name| {
    ///     let value = match name {
    ///         "GITLAB_CI" => "true",
    ///         "CI_REPOSITORY_URL" => "https://gitlab-ci-token:secret@gitlab.example/team/app.git",
    ///         "CI_COMMIT_SHA" => "a18ebf361cc831f5535e58ec4fae04ffd98d8152",
    ///         "CI_COMMIT_BRANCH" => "main",
    ///         "CI_COMMIT_AUTHOR" => "Ada <ada@gitlab.example>",
    ///         _ => return None,
    ///     };
    ///     Some(value.to_owned())
    /// });
    /// let git = git.build()?;
    /// assert_eq!(git.repository_url, "https://gitlab.example/team/app.git");
    /// assert_eq!(git.author_email, "ada@gitlab.example");
    /// assert_eq!(git.branch.as_deref(), Some("main"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn from_env_with(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| {
            lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let mut facts = Self::default();
        facts.read(OVERRIDES, &value);
        let is_here = |(name, wanted): (&str, Option<&str>)| {
            value(name).is_some_and(|value| wanted.is_none_or(|wanted| wanted == value))
        };
        match SYSTEMS.iter().find(|system| is_here(system.detect)) {
            Some(system) => {
                let mut provided = Self::default();
                provided.read(system.variables, &value);
                let (owner, path) = EVENT_FILE;
                let path = value(path).filter(|_| system.detect.0 == owner);
                let event = path.map(|path| from_event_file(path.as_ref()));
                facts.or(provided).or(event.unwrap_or_default())
            }
            None => facts,
        }
    }

    fn read(&mut self, variables: &[(Property, &str)], value: &impl Fn(&str) -> Option<String>) {
        for (property, template) in variables {
            if let Some(value) = expand(template, value) {
                self.set(*property, value);
            }
        }
    }

    /// Sets a property unless it is already known.
    fn set(&mut self, property: Property, value: String) {
        let (field, value) = match property {
            Property::Branch => return self.set_reference(&value),
            Property::Author => return self.set_author(value),
            Property::Tag => {
                let name = value.strip_prefix("refs/tags/").unwrap_or(&value);
                (&mut self.tag, name.to_owned())
            }
            // Some systems set `HEAD` while the hash is unknown.
            Property::Sha if !value.bytes().all(|byte| byte.is_ascii_hexdigit()) => return,
            Property::Sha => (&mut self.sha, value),
            Property::RepositoryUrl => (&mut self.repository_url, value),
            Property::DefaultBranch => (&mut self.default_branch, value),
            Property::Message => (&mut self.message, value),
            Property::AuthorName => (&mut self.author_name, value),
            Property::AuthorEmail => (&mut self.author_email, value),
            Property::AuthorTime => (&mut self.author_time, value),
            Property::CommitterName => (&mut self.committer_name, value),
            Property::CommitterEmail => (&mut self.committer_email, value),
            Property::CommitTime => (&mut self.commit_time, value),
        };
        field.get_or_insert(value);
    }

    /// Sets the branch or tag from a reference, or from the notation of Jenkins. References of pull
    /// requests are ignored.
    fn set_reference(&mut self, value: &str) {
        let tag = value.strip_prefix("refs/tags/").or_else(|| value.strip_prefix("origin/tags/"));
        if let Some(tag) = tag {
            self.tag.get_or_insert_with(|| tag.to_owned());
            return;
        }
        let branch = ["refs/heads/", "refs/remotes/origin/", "origin/"]
            .iter()
            .find_map(|prefix| value.strip_prefix(prefix))
            .unwrap_or(value);
        if branch != "HEAD" && !branch.starts_with("refs/") {
            self.branch.get_or_insert_with(|| branch.to_owned());
        }
    }

    fn set_author(&mut self, value: String) {
        match value.strip_suffix('>').and_then(|value| value.rsplit_once('<')) {
            Some((name, email)) => {
                self.set(Property::AuthorName, name.trim().to_owned());
                self.set(Property::AuthorEmail, email.trim().to_owned());
            }
            None => self.set(Property::AuthorName, value),
        }
    }
}

/// Replaces the variables of a template. Returns `None` if one is not set.
fn expand(template: &str, value: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut parts = template.split('{');
    let mut expanded = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        expanded += &value(name)?;
        expanded += rest;
    }
    Some(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA: &str = "a18ebf361cc831f5535e58ec4fae04ffd98d8152";

    fn facts(variables: &[(&str, &str)]) -> GitFacts {
        GitFacts::from_env_with(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn reference(facts: &GitFacts) -> (Option<&str>, Option<&str>) {
        (facts.branch.as_deref(), facts.tag.as_deref())
    }

    #[test]
    fn each_system_is_detected_and_provides_the_commit() {
        for system in SYSTEMS {
            let (variable, value) = system.detect;
            let own = |name: &str| {
                let reference = format!("{{{name}}}");
                system.variables.iter().any(|(_, template)| template.contains(&reference))
            };
            let facts = GitFacts::from_env_with(|name| match name {
                _ if name == variable => Some(value.unwrap_or("true").to_owned()),
                // A hash is valid for every property.
                _ => own(name).then(|| SHA.to_owned()),
            });
            assert_eq!(facts.sha.as_deref(), Some(SHA), "{variable}");
            let is_there =
                |property| system.variables.iter().any(|(provided, _)| *provided == property);
            assert_eq!(facts.branch.is_some(), is_there(Property::Branch), "{variable}");
            assert_eq!(
                facts.repository_url.is_some(),
                is_there(Property::RepositoryUrl),
                "{variable}"
            );
        }
        assert_eq!(facts(&[("CI", "true"), ("CI_COMMIT_SHA", SHA)]), GitFacts::default());
    }

    #[test]
    fn github_provides_branches_tags_and_pull_requests() {
        let with = |more: &[(&str, &str)]| {
            let always = [
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_SERVER_URL", "https://github.com"),
                ("GITHUB_REPOSITORY", "o/r"),
                ("GITHUB_SHA", SHA),
            ];
            facts(&[&always, more].concat())
        };
        let branch = with(&[("GITHUB_REF", "refs/heads/feature/x"), ("GITHUB_HEAD_REF", "")]);
        assert_eq!(reference(&branch), (Some("feature/x"), None));
        assert_eq!(branch.repository_url.as_deref(), Some("https://github.com/o/r.git"));
        assert_eq!(reference(&with(&[("GITHUB_REF", "refs/tags/v1.0")])), (None, Some("v1.0")));
        let pull = with(&[("GITHUB_REF", "refs/pull/7/merge"), ("GITHUB_HEAD_REF", "mine")]);
        assert_eq!(reference(&pull), (Some("mine"), None));
        assert_eq!(reference(&with(&[("GITHUB_REF", "refs/pull/7/merge")])), (None, None));
    }

    #[test]
    fn jenkins_and_buildkite_notations_are_read() {
        let jenkins = |branch| facts(&[("JENKINS_URL", "https://ci"), ("GIT_BRANCH", branch)]);
        assert_eq!(reference(&jenkins("origin/main")), (Some("main"), None));
        assert_eq!(reference(&jenkins("origin/tags/v1")), (None, Some("v1")));
        assert_eq!(reference(&jenkins("HEAD")), (None, None));
        let buildkite = facts(&[("BUILDKITE", "true"), ("BUILDKITE_COMMIT", "HEAD")]);
        assert_eq!(buildkite.sha, None);
    }

    #[test]
    fn overrides_take_precedence() {
        let gitlab = [
            ("GITLAB_CI", "true"),
            ("CI_COMMIT_SHA", SHA),
            ("CI_COMMIT_TAG", "v1"),
            ("CI_COMMIT_AUTHOR", "Ada L <ada@x.y>"),
            ("CI_COMMIT_MESSAGE", "Fix it"),
        ];
        let plain = facts(&gitlab);
        assert_eq!(plain.author_name.as_deref(), Some("Ada L"));
        assert_eq!(plain.author_email.as_deref(), Some("ada@x.y"));
        let branch = facts(&[&gitlab[..], &[("DD_GIT_BRANCH", "main")]].concat());
        assert_eq!(reference(&branch), (Some("main"), None));
        assert_eq!(branch.message.as_deref(), Some("Fix it"));
        // The message belongs to another commit.
        let other = facts(&[&gitlab[..], &[("DD_GIT_COMMIT_SHA", "cf85")]].concat());
        assert_eq!((other.sha.as_deref(), other.message), (Some("cf85"), None));
    }
}
