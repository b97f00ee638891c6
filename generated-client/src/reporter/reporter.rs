//! The configured reporter.

use std::sync::Arc;
use std::time::Duration;

use super::delivery::{Delivery, Guard, Listener, Problem, Queue, Sink, start};
use super::git::GitFacts;
use super::scope::{Context, Facts, OnDrop, RunOrigin, ScopeBuilder, ScopeHandle, pair};
use crate::Client;
use crate::models::{HostInfo, Pipeline};

/// Reports runs of a CI system; see the [module](crate::reporter). Clones share one queue.
#[doc(alias = "trace")]
#[doc(alias = "tracer")]
#[derive(Clone, Debug)]
pub struct Reporter {
    guard: Arc<Guard>,
    context: Context,
}

impl Reporter {
    /// Creates a reporter that sends with the key in the environment variable `DD_API_KEY`, to the
    /// site `DD_SITE` (default `datadoghq.com`) or the address `DD_URL`.
    ///
    /// It never fails: without a key, as in a pull request from a fork, or with an invalid address,
    /// the reporter sends nothing. When something is reported, the reason is passed once to the
    /// callback of [`on_problem`](Self::on_problem), or printed to stderr if there is none.
    ///
    /// ```
    /// use datadog_ci_pipelines::Reporter;
    ///
    /// # if std::env::var_os("DD_API_KEY").is_none() {
    /// let reporter = Reporter::from_env().provider_name("my-ci").git_from_env();
    /// let run = reporter.pipeline("deploy", "https://ci.example/run/1").start();
    /// println!("{}", run.success().wait());
    /// # }
    /// ```
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_env_with(|name| std::env::var(name).ok())
    }

    /// Creates a reporter as [`from_env`](Self::from_env) does, from a lookup function that returns the
    /// value of a variable if it is set.
    #[must_use]
    pub fn from_env_with(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let has_key = lookup("DD_API_KEY").is_some_and(|key| !key.trim().is_empty());
        if has_key {
            Self::new(Client::builder().env_from(lookup).build())
        } else {
            let why = "DD_API_KEY is not set or empty, as in pull requests from forks";
            Self::new(Sink::Disabled(why.to_owned()))
        }
    }

    /// Creates a reporter that sends with a client, async or blocking, or an outbox. Nothing is sent
    /// before something is reported.
    ///
    /// It accepts a `Result`, too: with an error, the reporter sends nothing and reports the error, as
    /// [`from_env`](Self::from_env) does.
    pub fn new(sink: impl Into<Sink>) -> Self {
        let queue = Queue::new(sink.into(), start);
        Self { guard: Arc::new(Guard::new(queue)), context: Context::default() }
    }

    /// Sets the name of the CI system. Defaults to `custom` on the service.
    #[must_use]
    pub fn provider_name(mut self, name: impl Into<String>) -> Self {
        self.context.provider_name = Some(name.into());
        self
    }

    /// Sets the environment of all events.
    #[must_use]
    pub fn env(mut self, env: impl Into<String>) -> Self {
        self.context.env = Some(env.into());
        self
    }

    /// Sets the instance of the CI system, if there are several.
    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.context.service = Some(service.into());
        self
    }

    /// Sets the default node. Scopes can override it.
    #[must_use]
    pub fn node(mut self, node: HostInfo) -> Self {
        self.context.node = Some(Box::new(node));
        self
    }

    /// Adds a tag `key:value` to all events.
    #[must_use]
    pub fn tag(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match pair("tag", key.as_ref(), value.as_ref()) {
            Ok(tag) => self.context.tags.push(tag),
            Err(problem) => self.context.problems.push(problem),
        }
        self
    }

    /// Sets the commit: a complete [`GitInfo`](crate::models::GitInfo), or [`GitFacts`] that may be
    /// incomplete. The first value of each property wins; further sources fill in missing ones.
    ///
    /// Passwords and tokens in the repository URL are removed. If something that the API requires is
    /// still missing when a run starts, what is known is sent as tags, such as `git.commit.sha`.
    #[must_use]
    pub fn git(mut self, git: impl Into<GitFacts>) -> Self {
        self.context.git = Some(self.context.git.take().unwrap_or_default().or(git.into()));
        self
    }

    /// Fills in the commit from the environment variables of the CI system; see
    /// [`GitFacts::from_env`].
    #[must_use]
    pub fn git_from_env(self) -> Self {
        self.git(GitFacts::from_env())
    }

    /// Fills in the commit from the checkout in a directory; see [`GitFacts::from_checkout`]. If the
    /// hash is already known, for example from the environment, that commit is read. A checkout that
    /// lacks it, as a shallow one may, is reported.
    #[cfg(feature = "git")]
    #[must_use]
    pub fn git_from_checkout(mut self, directory: impl AsRef<std::path::Path>) -> Self {
        let sha = self.context.git.as_ref().and_then(|git| git.sha.as_deref());
        match GitFacts::from_commit(directory.as_ref(), sha) {
            Ok((git, problem)) => {
                self.context.problems.extend(problem);
                self.git(git)
            }
            Err(problem) => {
                self.context.problems.push(problem.to_string());
                // The caller asked for a commit, so its absence is reported.
                self.git(GitFacts::default())
            }
        }
    }

    /// Sets how dropped scopes are reported. Defaults to [`OnDrop::ByCause`].
    #[must_use]
    pub fn on_drop(mut self, on_drop: OnDrop) -> Self {
        self.context.on_drop = on_drop;
        self
    }

    /// Registers a callback that runs for each problem when it is noticed, in addition to the
    /// [`Report`](super::Report). It runs on the thread that reports or on the one that sends.
    #[must_use]
    pub fn on_problem(mut self, listener: impl Fn(&Problem) + Send + Sync + 'static) -> Self {
        self.context.listener = Listener::new(listener);
        self
    }

    /// Sets how long a [`Delivery`], or dropping the last scope or reporter, waits for delivery. The
    /// value applies to all clones of the reporter. Defaults to 10 s.
    #[must_use]
    pub fn delivery_timeout(self, timeout: Duration) -> Self {
        self.guard.set_delivery_timeout(timeout);
        self
    }

    /// Creates a run. `url` is its page in the web interface of the CI system and may be empty.
    pub fn pipeline(
        &self,
        name: impl Into<String>,
        url: impl Into<String>,
    ) -> ScopeBuilder<Pipeline> {
        ScopeBuilder::new(self.origin(), name.into(), Some(url.into()))
    }

    /// Returns a handle for a run that another process has started, to report a part of it. The
    /// other process ends the run; this one calls [`flush`](Self::flush).
    ///
    /// ```
    /// use datadog_ci_pipelines::Reporter;
    /// # use datadog_ci_intake::LocalIntake;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let intake = LocalIntake::start().await?;
    /// # let client = intake.client();
    /// # let (run_id, job_id) = ("b3262537-a573-44eb-b777-4c0f37912b05", "7");
    /// let reporter = Reporter::new(client);
    /// let job = reporter.within(run_id, "deploy").within_job(job_id, "cargo test");
    /// job.step("lint").start().success();
    /// job.step("unit tests").start().failed("1 of 412 tests failed");
    /// assert_eq!(reporter.flush().await.accepted, 2);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn within(
        &self,
        unique_id: impl Into<String>,
        name: impl Into<String>,
    ) -> ScopeHandle<Pipeline> {
        let mut facts = Facts::new("pipeline", name.into(), None);
        facts.set_id(unique_id.into());
        let parents = self.origin().enter(&mut facts);
        facts.report_corrections(&parents.run);
        ScopeHandle::new(&facts, parents)
    }

    /// Waits until all events reported so far are delivered, of all runs. The report covers
    /// everything since the previous flush.
    pub fn flush(&self) -> Delivery {
        Delivery::for_all(Arc::clone(&self.guard))
    }

    fn origin(&self) -> RunOrigin {
        RunOrigin { guard: Arc::clone(&self.guard), context: self.context.clone() }
    }
}
