//! How an outbox is opened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use std::{fmt, thread};

use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot, watch};

use super::deliver::Delivery;
use super::error::{Notice, OutboxError};
use super::writer::{Status, Writer};
use super::{Jobs, Outbox};
use crate::Client;

/// Who is told what happens in the background.
pub(super) type Listener = Arc<dyn Fn(&Notice) + Send + Sync>;

/// What becomes of an event for which an outbox has no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenFull {
    /// It is not taken: [`OutboxError::Full`].
    #[default]
    Refuse,
    /// The oldest events make room for it, and are lost.
    DropOldest,
    /// It waits until there is room.
    Wait,
}

/// How much an outbox holds.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    max_events: usize,
    max_bytes: u64,
    pub(super) when_full: WhenFull,
}

impl Limits {
    /// Whether so much is no more than what it holds.
    pub(super) fn hold(&self, events: usize, bytes: u64) -> bool {
        events <= self.max_events && bytes <= self.max_bytes
    }
}

/// Opens an [`Outbox`].
#[must_use = "nothing is opened before `open`"]
#[derive(Clone)]
pub struct OutboxBuilder {
    client: Client,
    limits: Limits,
    listener: Listener,
    max_backoff: Duration,
    adopt_every: Duration,
}

impl OutboxBuilder {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            limits: Limits {
                max_events: 100_000,
                max_bytes: 256 * 1024 * 1024,
                when_full: WhenFull::default(),
            },
            listener: Arc::new(|_| {}),
            max_backoff: Duration::from_secs(60),
            adopt_every: Duration::from_secs(60),
        }
    }

    /// How many events may wait; 100,000 unless this says otherwise.
    pub fn max_events(mut self, events: usize) -> Self {
        self.limits.max_events = events;
        self
    }

    /// How many bytes of JSON may wait; 256 MiB unless this says otherwise.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_bytes = bytes;
        self
    }

    /// What becomes of an event for which there is no room; it is refused unless this says
    /// otherwise.
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.limits.when_full = when_full;
        self
    }

    /// To how long the waits between tries to deliver grow; a minute unless this says
    /// otherwise. These are beside the waits of the client's own
    /// [`RetryPolicy`](crate::RetryPolicy), which ends at some time.
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait.max(Duration::from_millis(1));
        self
    }

    /// How often the outbox looks for what other processes have left behind; every minute unless
    /// this says otherwise, and in any case when it is opened.
    pub fn adopt_every(mut self, interval: Duration) -> Self {
        self.adopt_every = interval.max(Duration::from_millis(1));
        self
    }

    /// Who is told what happens in the background, to log it for example. It is called by the
    /// outbox's own thread and task, which wait for it.
    pub fn on_notice(mut self, listener: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        // A panic there would end the delivery with it. The panic hook has shown it.
        self.listener = Arc::new(move |notice| {
            let _ = catch_unwind(AssertUnwindSafe(|| listener(notice)));
        });
        self
    }

    /// Opens the outbox in a directory, which is made if there is none, and begins to deliver
    /// what is in there.
    ///
    /// # Errors
    /// Fails where the directory or a file in it cannot be used, and outside of a tokio runtime.
    pub async fn open(self, directory: impl Into<PathBuf>) -> Result<Outbox, OutboxError> {
        let Self { client, limits, listener, max_backoff, adopt_every } = self;
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
        let delivery = Delivery {
            client,
            jobs: jobs.clone(),
            status,
            seen: seen.clone(),
            hurry: Arc::clone(&hurry),
            listener,
            max_backoff,
            adopt_every,
        };
        let delivery = runtime.spawn(delivery.run()).abort_handle();
        Ok(Outbox::new(jobs, seen, hurry, delivery, thread))
    }
}

impl fmt::Debug for OutboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxBuilder")
            .field("client", &self.client)
            .field("limits", &self.limits)
            .field("longest_wait", &self.max_backoff)
            .field("adopt_every", &self.adopt_every)
            .finish_non_exhaustive()
    }
}
