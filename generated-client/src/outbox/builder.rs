//! Options, and opening an outbox.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use std::{fmt, thread};

use specwright_runtime::__private::Background;
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot, watch};

use super::deliver::Delivery;
use super::error::{Listener, Notice, OutboxError};
use super::limits::{Limits, WhenFull};
use super::outbox::Outbox;
use super::writer::{Jobs, Status, Writer};
use crate::Client;

/// Opens an [`Outbox`].
#[must_use = "nothing is opened before `open`"]
#[derive(Clone)]
pub struct OutboxBuilder {
    client: Client,
    limits: Limits,
    listener: Listener,
    max_backoff: Duration,
    adoption_interval: Duration,
}

impl Outbox {
    /// Opens an outbox in a directory; see [`OutboxBuilder::open`].
    ///
    /// # Errors
    /// Returns an error if the directory or a file in it cannot be used, or outside a tokio runtime.
    pub async fn open(directory: impl Into<PathBuf>, client: Client) -> Result<Self, OutboxError> {
        Self::builder(client).open(directory).await
    }

    /// Creates a builder. The outbox delivers with `client`.
    pub fn builder(client: Client) -> OutboxBuilder {
        OutboxBuilder::new(client)
    }
}

impl OutboxBuilder {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            limits: Limits::default(),
            listener: Arc::new(|_| {}),
            max_backoff: Duration::from_secs(60),
            adoption_interval: Duration::from_secs(60),
        }
    }

    /// Sets the maximum number of waiting events. Defaults to 100,000.
    pub fn max_events(mut self, events: usize) -> Self {
        self.limits.max_events = events;
        self
    }

    /// Sets the maximum size of waiting events, in bytes of JSON. Defaults to 256 MiB.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_bytes = bytes;
        self
    }

    /// Sets what happens to an event if the outbox is full. Defaults to [`WhenFull::Reject`].
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.limits.when_full = when_full;
        self
    }

    /// Sets the maximum backoff between deliveries. Defaults to 1 min. The backoff applies after the
    /// [`RetryPolicy`](crate::RetryPolicy) of the client has given up.
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff.max(Duration::from_millis(1));
        self
    }

    /// Sets how often the outbox adopts events of ended processes. Defaults to 1 min. It also does so
    /// when it is opened.
    pub fn adoption_interval(mut self, interval: Duration) -> Self {
        self.adoption_interval = interval.max(Duration::from_millis(1));
        self
    }

    /// Registers a callback for background notices, for example to log them. The thread and the task
    /// of the outbox call it and wait for it.
    pub fn on_notice(mut self, listener: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        // A panic of the callback must not stop delivery. The panic hook has printed it.
        self.listener = Arc::new(move |notice| {
            let _ = catch_unwind(AssertUnwindSafe(|| listener(notice)));
        });
        self
    }

    /// Opens the outbox in a directory, which is created if needed, and starts to deliver its events.
    ///
    /// # Errors
    /// Returns an error if the directory or a file in it cannot be used, or outside a tokio runtime.
    pub async fn open(self, directory: impl Into<PathBuf>) -> Result<Outbox, OutboxError> {
        let Self { client, limits, listener, max_backoff, adoption_interval } = self;
        let runtime = Handle::try_current().map_err(|_| OutboxError::NoRuntime)?;
        let directory = directory.into();
        let (status, seen) = watch::channel(Status::default());
        let status = Arc::new(status);
        let (sender, jobs) = mpsc::channel();
        let (opened, is_open) = oneshot::channel();
        let run = {
            let (directory, listener, status) =
                (directory.clone(), Arc::clone(&listener), Arc::clone(&status));
            move || match Writer::open(directory, limits, listener, status) {
                Ok(writer) => {
                    let _ = opened.send(Ok(()));
                    writer.run(&jobs);
                }
                Err(error) => drop(opened.send(Err(error))),
            }
        };
        let thread = thread::Builder::new()
            .name("outbox".to_owned())
            .spawn(run)
            .map_err(|error| OutboxError::file(&directory, error))?;
        is_open.await.map_err(|_| OutboxError::Closed)??;
        let (jobs, hurry) = (Jobs(sender), Arc::new(Notify::new()));
        let background = Arc::new(Background::sharing_connections());
        let delivery = Delivery {
            client,
            background: Arc::clone(&background),
            jobs: jobs.clone(),
            status,
            seen: seen.clone(),
            hurry: Arc::clone(&hurry),
            listener,
            max_backoff,
            adoption_interval,
        };
        let delivery = runtime.spawn(delivery.run()).abort_handle();
        Ok(Outbox::new(jobs, seen, hurry, delivery, thread, background))
    }
}

impl fmt::Debug for OutboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxBuilder")
            .field("client", &self.client)
            .field("limits", &self.limits)
            .field("max_backoff", &self.max_backoff)
            .field("adoption_interval", &self.adoption_interval)
            .finish_non_exhaustive()
    }
}
