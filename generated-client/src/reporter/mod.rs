//! Reports what a CI system does, while it does it: a run, and its stages, jobs and steps, as
//! scopes that fill in whatever can be known without being told.
//!
//! ```
//! use datadog_ci_pipelines::Reporter;
//! use datadog_ci_pipelines::models::PipelineStatus;
//! # use datadog_ci_intake::LocalIntake;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let intake = LocalIntake::start().await?;
//! # let client = intake.client();
//! # fn lint() -> Result<(), String> { Ok(()) }
//! # fn cargo_test() -> Result<(), String> { Err("1 of 412 tests failed".to_owned()) }
//! let reporter = Reporter::new(client).provider_name("my-ci").env("ci").git_from_env();
//!
//! let run = reporter.pipeline("deploy", "https://ci.example/run/1").manual(true).start();
//! let test = run.stage("test").start();
//! let mut job = test.job("cargo test", "https://ci.example/job/7").tag("team", "docs").start();
//! job.step("lint").start().outcome(lint())?;
//! let tested = job.step("unit tests").start().outcome(cargo_test());
//! job.metric("tests", 412);
//! job.failed(tested.unwrap_err());
//! test.failed("not all tests passed");
//!
//! let report = run.finish(PipelineStatus::Error).await;
//! assert!(report.is_complete(), "{report}");
//! // The run and the job are reported twice, as running and as over; here they are two of five.
//! assert_eq!((report.accepted, intake.event_count()), (7, 5));
//! # Ok(())
//! # }
//! ```
//!
//! **Nothing here fails.** A report must not break the build that it is about: what is wrong is
//! corrections where it can be, and told in the [`Report`] and to [`Reporter::on_problem`].
//!
//! **What is dropped is reported too**, as [`OnDrop`] says: an early return, a panic, a task
//! that was aborted leave nothing running for ever.
//!
//! **Events are sent in the background**, in the order in which they came, many with one request,
//! by a thread of the reporter's own. So a scope can be used anywhere, with a runtime or without,
//! and what is not yet sent outlives the runtime. What the service cannot take at the moment is
//! tried again as long as the reporter lives; at most [`MAX_WAITING`] events wait for that.
//!
//! **Whoever ends waits.** [`Scope::finish`] of a run, and [`Reporter::flush`], give a [`Delivery`]
//! that says what was delivered; and when the last scope and the last clone of a reporter are
//! dropped, that waits too, on its thread, for whatever no report has told of: at most
//! [`Reporter::delivery_timeout`]. A test whose intake runs on that same thread awaits a [`Delivery`] before.
//! `std::process::exit` drops nothing, and neither does anyone drop a `static`: they need one, too.
//!
//! **A run can be reported by several processes**: one opens it and ends it, or leaves that to
//! another ([`Scope::hand_over`]), others report a part of it ([`Reporter::within`]).

mod clock;
mod delivery;
mod facts;
mod git;
mod id;
mod level;
mod queue;
mod report;
mod scope;
mod scope_builder;
mod sink;
mod worker;

use std::sync::Arc;
use std::time::Duration;

pub use self::delivery::Delivery;
pub use self::git::{GitError, GitFacts};
pub use self::level::Level;
pub use self::queue::MAX_WAITING;
pub use self::report::{Problem, ProblemKind, Report};
pub use self::scope::{OnDrop, Scope, ScopeHandle};
pub use self::scope_builder::ScopeBuilder;
pub use self::sink::Sink;

use self::clock::Clock;
use self::delivery::Guard;
use self::facts::{Facts, Parents, Run, pair};
use self::queue::{Log, Queue};
use self::report::Listener;
use crate::PipelineEvent;
use crate::models::{HostInfo, Pipeline};

/// Reports runs of a CI system; the [module](self) says how. Clones share one queue.
#[derive(Clone, Debug)]
pub struct Reporter {
    guard: Arc<Guard>,
    context: Context,
}

/// What holds for everything that is reported.
#[derive(Clone, Debug, Default)]
struct Context {
    provider_name: Option<String>,
    env: Option<String>,
    service: Option<String>,
    git: Option<GitFacts>,
    /// What was wrong with what was told; each run says it again.
    problems: Vec<String>,
    node: Option<Box<HostInfo>>,
    tags: Vec<String>,
    on_drop: OnDrop,
    listener: Listener,
}

impl Context {
    /// An event with what holds for all.
    fn with_context(&self, mut event: PipelineEvent) -> PipelineEvent {
        if let Some(name) = &self.provider_name {
            event = event.provider_name(name);
        }
        if let Some(env) = &self.env {
            event = event.env(env);
        }
        if let Some(service) = &self.service {
            event = event.service(service);
        }
        event
    }
}

impl Reporter {
    /// A reporter that sends with a client. Nothing happens before something is reported.
    pub fn new(sink: impl Into<Sink>) -> Self {
        Self { guard: Arc::new(Guard::new(Queue::new(sink.into()))), context: Context::default() }
    }

    /// The name of the CI system; the service takes `custom` if there is none.
    #[must_use]
    pub fn provider_name(mut self, name: impl Into<String>) -> Self {
        self.context.provider_name = Some(name.into());
        self
    }

    /// The environment that everything belongs to.
    #[must_use]
    pub fn env(mut self, env: impl Into<String>) -> Self {
        self.context.env = Some(env.into());
        self
    }

    /// The instance of the CI system, where there are several.
    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.context.service = Some(service.into());
        self
    }

    /// The machine that everything runs on, unless it is said otherwise.
    #[must_use]
    pub fn node(mut self, node: HostInfo) -> Self {
        self.context.node = Some(Box::new(node));
        self
    }

    /// Adds a tag to everything: `key:value`.
    #[must_use]
    pub fn tag(mut self, key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match pair("tag", key.as_ref(), value.as_ref()) {
            Ok(tag) => self.context.tags.push(tag),
            Err(problem) => self.context.problems.push(problem),
        }
        self
    }

    /// The commit that is built: a whole [`GitInfo`](crate::models::GitInfo), or [`GitFacts`] of
    /// which some may be missing. What is told first wins, property by property; each further
    /// source fills in what is still missing.
    ///
    /// Passwords and tokens in the address of the repository are taken out.
    #[must_use]
    pub fn git(mut self, git: impl Into<GitFacts>) -> Self {
        self.context.git = Some(self.context.git.take().unwrap_or_default().or(git.into()));
        self
    }

    /// What the environment variables of the CI system tell of the commit; see
    /// [`GitFacts::from_env`].
    #[must_use]
    pub fn git_from_env(self) -> Self {
        self.git(GitFacts::from_env())
    }

    /// What the checkout in a directory tells of the commit; see [`GitFacts::from_checkout`]. If
    /// its hash is known already, say from the environment, it is that commit that is read.
    #[cfg(feature = "git")]
    #[must_use]
    pub fn git_from_checkout(mut self, directory: impl AsRef<std::path::Path>) -> Self {
        let sha = self.context.git.as_ref().and_then(|git| git.sha.as_deref());
        match GitFacts::of_commit(directory.as_ref(), sha) {
            Ok(git) => self.git(git),
            Err(problem) => {
                self.context.problems.push(problem.to_string());
                // The commit is asked for, so it is missed.
                self.git(GitFacts::default())
            }
        }
    }

    /// What becomes of scopes that are dropped without an end.
    #[must_use]
    pub fn on_drop(mut self, on_drop: OnDrop) -> Self {
        self.context.on_drop = on_drop;
        self
    }

    /// Hears of every problem when it is noticed, beside the [`Report`]: on the thread that
    /// reports, or on the one that sends.
    #[must_use]
    pub fn on_problem(mut self, listen: impl Fn(&Problem) + Send + Sync + 'static) -> Self {
        self.context.listener = Listener::new(listen);
        self
    }

    /// How long is waited for delivery at most: by a [`Delivery`], and by the last scope or
    /// reporter to be dropped. It is 10 seconds unless this says otherwise, and the same for all
    /// clones of a reporter.
    #[must_use]
    pub fn delivery_timeout(self, time: Duration) -> Self {
        self.guard.set_delivery_timeout(time);
        self
    }

    /// A run that is about to begin. The address, in the web interface of the CI system, may be
    /// empty.
    pub fn pipeline(
        &self,
        name: impl Into<String>,
        url: impl Into<String>,
    ) -> ScopeBuilder<Pipeline> {
        ScopeBuilder::new(self.clone(), name.into(), Some(url.into()))
    }

    /// A run that another process has opened, to report a part of it from here. It is that
    /// process's to end it, and this one's to [`flush`](Self::flush).
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
        let parents = self.clone().enter(&mut facts);
        facts.tell(&parents.run);
        ScopeHandle::new(&facts, parents)
    }

    /// Waits until everything that was reported so far is delivered, of all runs. The report is
    /// of what has happened since the last one of this kind.
    pub fn flush(&self) -> Delivery {
        Delivery::of_all(Arc::clone(&self.guard))
    }

    /// Enters a run.
    fn enter(self, facts: &mut Facts) -> Parents {
        let Self { guard, context } = self;
        context.problems.iter().for_each(|problem| facts.correct(problem));
        let git = context.git.clone().map(GitFacts::build).transpose().unwrap_or_else(|problem| {
            facts.correct(format!("it is sent without a commit: {problem}"));
            None
        });
        let run = Run {
            guard,
            log: Arc::new(Log::new(context.listener.clone())),
            clock: Clock::start(),
            git: git.map(Box::new),
            unique_id: facts.id.clone(),
            name: facts.name.clone(),
            context,
        };
        let node = run.context.node.clone();
        Parents { run: Arc::new(run), stage: None, job: None, node }
    }

    /// The same, with a commit that is told before all others.
    fn git_first(mut self, git: GitFacts) -> Self {
        self.context.git = Some(git.or(self.context.git.take().unwrap_or_default()));
        self
    }
}
