//! Reads what the environment variables of a CI system tell of the commit.

use super::GitFacts;
use super::systems::{BY_HAND, Property, SYSTEMS};

impl GitFacts {
    /// What this process's environment variables tell: those of GitHub Actions (also of Gitea and
    /// Forgejo), GitLab, Jenkins, CircleCI, Buildkite, Azure Pipelines, Bitbucket, Drone,
    /// Woodpecker, TeamCity, Travis CI, AppVeyor, CodeBuild and Bitrise, and before these
    /// `DD_GIT_REPOSITORY_URL`, `DD_GIT_COMMIT_SHA`, `DD_GIT_BRANCH`, `DD_GIT_TAG`,
    /// `DD_GIT_COMMIT_MESSAGE`, and `DD_GIT_COMMIT_AUTHOR_` and `DD_GIT_COMMIT_COMMITTER_` with
    /// `NAME`, `EMAIL` and `DATE`.
    ///
    /// Most systems do not tell the author's email, without which no commit is sent: set
    /// `DD_GIT_COMMIT_AUTHOR_EMAIL`, or read the checkout too.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_env_with(|name| std::env::var(name).ok())
    }

    /// The same of another environment: for each name its value, if it is set.
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
        facts.take(BY_HAND, &value);
        let is_here = |(name, wanted): (&str, Option<&str>)| {
            value(name).is_some_and(|value| wanted.is_none_or(|wanted| wanted == value))
        };
        match SYSTEMS.iter().find(|system| is_here(system.mark)) {
            Some(system) => {
                let mut told = Self::default();
                told.take(system.tells, &value);
                facts.or(told)
            }
            None => facts,
        }
    }

    fn take(&mut self, tells: &[(Property, &str)], value: &impl Fn(&str) -> Option<String>) {
        for (property, template) in tells {
            if let Some(text) = filled(template, value) {
                self.set(*property, text);
            }
        }
    }

    /// Sets a property, unless it is known.
    fn set(&mut self, property: Property, text: String) {
        let (field, text) = match property {
            Property::Branch => return self.set_reference(&text),
            Property::Author => return self.set_author(text),
            Property::Tag => {
                let name = text.strip_prefix("refs/tags/").unwrap_or(&text);
                (&mut self.tag, name.to_owned())
            }
            // Some systems say `HEAD` as long as they do not know better.
            Property::Sha if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) => return,
            Property::Sha => (&mut self.sha, text),
            Property::RepositoryUrl => (&mut self.repository_url, text),
            Property::DefaultBranch => (&mut self.default_branch, text),
            Property::Message => (&mut self.message, text),
            Property::AuthorName => (&mut self.author_name, text),
            Property::AuthorEmail => (&mut self.author_email, text),
            Property::AuthorTime => (&mut self.author_time, text),
            Property::CommitterName => (&mut self.committer_name, text),
            Property::CommitterEmail => (&mut self.committer_email, text),
            Property::CommitTime => (&mut self.commit_time, text),
        };
        field.get_or_insert(text);
    }

    /// Of a branch or tag by its reference, or as Jenkins writes it. References of pull requests
    /// are neither.
    fn set_reference(&mut self, text: &str) {
        let tag = text.strip_prefix("refs/tags/").or_else(|| text.strip_prefix("origin/tags/"));
        if let Some(tag) = tag {
            self.tag.get_or_insert_with(|| tag.to_owned());
            return;
        }
        let branch = ["refs/heads/", "refs/remotes/origin/", "origin/"]
            .iter()
            .find_map(|prefix| text.strip_prefix(prefix))
            .unwrap_or(text);
        if branch != "HEAD" && !branch.starts_with("refs/") {
            self.branch.get_or_insert_with(|| branch.to_owned());
        }
    }

    fn set_author(&mut self, text: String) {
        match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, email)) => {
                self.set(Property::AuthorName, name.trim().to_owned());
                self.set(Property::AuthorEmail, email.trim().to_owned());
            }
            None => self.set(Property::AuthorName, text),
        }
    }
}

/// A text with the values of its variables; none if one is not set.
fn filled(template: &str, value: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut parts = template.split('{');
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        text += &value(name)?;
        text += rest;
    }
    Some(text)
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

    fn place(facts: &GitFacts) -> (Option<&str>, Option<&str>) {
        (facts.branch.as_deref(), facts.tag.as_deref())
    }

    #[test]
    fn each_system_is_known_by_its_mark_and_tells_its_commit() {
        for system in SYSTEMS {
            let (mark, value) = system.mark;
            let own = |name: &str| {
                let variable = format!("{{{name}}}");
                system.tells.iter().any(|(_, template)| template.contains(&variable))
            };
            let told = GitFacts::from_env_with(|name| match name {
                _ if name == mark => Some(value.unwrap_or("true").to_owned()),
                // A hash is as good a text as any other.
                _ => own(name).then(|| SHA.to_owned()),
            });
            assert_eq!(told.sha.as_deref(), Some(SHA), "{mark}");
            let is_there = |property| system.tells.iter().any(|(told, _)| *told == property);
            assert_eq!(told.branch.is_some(), is_there(Property::Branch), "{mark}");
            assert_eq!(told.repository_url.is_some(), is_there(Property::RepositoryUrl), "{mark}");
        }
        assert_eq!(facts(&[("CI", "true"), ("CI_COMMIT_SHA", SHA)]), GitFacts::default());
    }

    #[test]
    fn github_tells_branches_tags_and_pull_requests() {
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
        assert_eq!(place(&branch), (Some("feature/x"), None));
        assert_eq!(branch.repository_url.as_deref(), Some("https://github.com/o/r.git"));
        assert_eq!(place(&with(&[("GITHUB_REF", "refs/tags/v1.0")])), (None, Some("v1.0")));
        let pull = with(&[("GITHUB_REF", "refs/pull/7/merge"), ("GITHUB_HEAD_REF", "mine")]);
        assert_eq!(place(&pull), (Some("mine"), None));
        assert_eq!(place(&with(&[("GITHUB_REF", "refs/pull/7/merge")])), (None, None));
    }

    #[test]
    fn jenkins_and_buildkite_have_their_own_ways() {
        let jenkins = |branch| facts(&[("JENKINS_URL", "https://ci"), ("GIT_BRANCH", branch)]);
        assert_eq!(place(&jenkins("origin/main")), (Some("main"), None));
        assert_eq!(place(&jenkins("origin/tags/v1")), (None, Some("v1")));
        assert_eq!(place(&jenkins("HEAD")), (None, None));
        let buildkite = facts(&[("BUILDKITE", "true"), ("BUILDKITE_COMMIT", "HEAD")]);
        assert_eq!(buildkite.sha, None);
    }

    #[test]
    fn what_is_set_by_hand_comes_first() {
        let gitlab = [
            ("GITLAB_CI", "true"),
            ("CI_COMMIT_SHA", SHA),
            ("CI_COMMIT_TAG", "v1"),
            ("CI_COMMIT_AUTHOR", "Ada L <ada@x.y>"),
            ("CI_COMMIT_MESSAGE", "Mend it"),
        ];
        let plain = facts(&gitlab);
        assert_eq!(plain.author_name.as_deref(), Some("Ada L"));
        assert_eq!(plain.author_email.as_deref(), Some("ada@x.y"));
        let branch = facts(&[&gitlab[..], &[("DD_GIT_BRANCH", "main")]].concat());
        assert_eq!(place(&branch), (Some("main"), None));
        assert_eq!(branch.message.as_deref(), Some("Mend it"));
        // The message is that of another commit.
        let other = facts(&[&gitlab[..], &[("DD_GIT_COMMIT_SHA", "cf85")]].concat());
        assert_eq!((other.sha.as_deref(), other.message), (Some("cf85"), None));
    }
}
