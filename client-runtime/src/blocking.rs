//! Calls that wait for their answers, for programs without an async runtime.

use std::fmt;
use std::future::{Future, poll_fn};
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::outcome::error::{ConfigError, Error};
use crate::stream::download::Download;

/// Makes threads wait for what is asynchronous. Clones share it.
///
/// It has one thread of its own, for what goes on between calls: connections that idle are kept
/// alive there, and closed in time. What is waited for runs in the thread that waits.
#[derive(Clone)]
pub struct Driver(Arc<Started>);

struct Started {
    handle: Handle,
    /// It is there until it is dropped.
    runtime: Option<Runtime>,
}

impl Driver {
    /// Starts its thread.
    pub fn start() -> Result<Self, ConfigError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("blocking-client")
            .enable_all()
            .build()
            .map_err(|error| ConfigError::new(format!("no thread can be started: {error}")))?;
        Ok(Self(Arc::new(Started { handle: runtime.handle().clone(), runtime: Some(runtime) })))
    }

    /// Waits. It fails where a runtime is at work: its other tasks would stand still meanwhile,
    /// and might be what is waited for.
    pub fn block_on<F: Future>(&self, future: F) -> Result<F::Output, ConfigError> {
        match Handle::try_current() {
            Err(error) if error.is_missing_context() => Ok(self.0.handle.block_on(future)),
            _ => Err(ConfigError::new(
                "a blocking call must not be made where an async runtime is at work: use the \
                 client that does not block, or make the call in a thread of `std::thread::spawn`",
            )),
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // To wait for its thread would be a panic where another runtime is at work.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").finish_non_exhaustive()
    }
}

/// A listing or a stream that waits for what comes next. It ends where what it waits for ends.
#[derive(Debug)]
#[must_use = "it asks for nothing until it is read"]
pub struct Iter<S> {
    stream: Option<S>,
    driver: Driver,
}

impl<S> Iter<S> {
    /// Waits for what a stream brings.
    pub fn new(driver: Driver, stream: S) -> Self {
        Self { stream: Some(stream), driver }
    }
}

impl<T, E: From<ConfigError>, S: Stream<Item = Result<T, E>> + Unpin> Iterator for Iter<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let next = poll_fn(|context| Pin::new(&mut *stream).poll_next(context));
        self.driver.block_on(next).unwrap_or_else(|error| {
            self.stream = None;
            Some(Err(error.into()))
        })
    }
}

/// A body of bytes that is waited for as it is read: with [`Read`], or [`bytes`](Self::bytes) for
/// all of it.
#[derive(Debug)]
pub struct Reader {
    download: Download,
    driver: Driver,
}

impl Reader {
    /// Waits for a body.
    pub fn new(driver: Driver, download: Download) -> Self {
        Self { download, driver }
    }

    /// All the bytes, in memory.
    ///
    /// # Errors
    /// Fails where the answer is cut off, or pauses for too long, and where an async runtime is at
    /// work.
    pub fn bytes<B>(self) -> Result<Bytes, Error<B>> {
        Ok(self.driver.block_on(self.download.bytes())??)
    }

    /// What the bytes are, as the answer says (`Content-Type`).
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.download.media_type()
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self { download, driver } = self;
        let read = poll_fn(|context| {
            let mut buffer = ReadBuf::new(&mut *buffer);
            let polled = Pin::new(&mut *download).poll_read(context, &mut buffer);
            polled.map_ok(|()| buffer.filled().len())
        });
        driver.block_on(read).map_err(io::Error::other)?
    }
}
