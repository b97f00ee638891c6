//! Blocking calls, for programs without an async runtime.

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

/// Runs futures to completion on the calling thread. Clones share it.
///
/// A background thread keeps idle connections alive between calls, and closes them when they expire.
#[derive(Clone)]
pub struct Driver(Arc<Started>);

struct Started {
    handle: Handle,
    /// Set until this value is dropped.
    runtime: Option<Runtime>,
}

impl Driver {
    /// Starts the background thread.
    ///
    /// # Errors
    /// Returns an error if the thread cannot be started.
    pub fn start() -> Result<Self, ConfigError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("blocking-client")
            .enable_all()
            .build()
            .map_err(|error| ConfigError::new(format!("cannot start a thread: {error}")))?;
        Ok(Self(Arc::new(Started { handle: runtime.handle().clone(), runtime: Some(runtime) })))
    }

    /// Blocks until a future completes.
    ///
    /// # Errors
    /// Returns an error inside an async runtime. Blocking would stop the other tasks of its thread,
    /// and the future might depend on them.
    pub fn block_on<F: Future>(&self, future: F) -> Result<F::Output, ConfigError> {
        match Handle::try_current() {
            Err(error) if error.is_missing_context() => Ok(self.0.handle.block_on(future)),
            _ => Err(ConfigError::new(
                "blocking call inside an async runtime: use the async client, or call from a thread \
                 of `std::thread::spawn`",
            )),
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for the thread would panic inside another runtime.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").finish_non_exhaustive()
    }
}

/// An iterator over the items of a paginated result or of a stream. It blocks until the next item
/// arrives.
///
/// After a blocking call inside an async runtime, it returns an error and ends.
#[derive(Debug)]
#[must_use = "iterators do nothing unless consumed"]
pub struct Iter<S> {
    stream: Option<S>,
    driver: Driver,
}

impl<S> Iter<S> {
    /// Creates an iterator over a stream.
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

/// A binary response body that is read on demand.
///
/// It implements [`Read`]; [`bytes`](Self::bytes) reads all of it.
#[derive(Debug)]
pub struct Reader {
    download: Download,
    driver: Driver,
}

impl Reader {
    /// Creates a reader of a download.
    pub fn new(driver: Driver, download: Download) -> Self {
        Self { download, driver }
    }

    /// Reads the whole body into memory.
    ///
    /// # Errors
    /// Returns an error if the body exceeds the client's
    /// [`max_response_size`](crate::HttpOptions::max_response_size), if the connection is interrupted
    /// or pauses for longer than the read timeout, and inside an async runtime.
    pub fn bytes<B>(self) -> Result<Bytes, Error<B>> {
        Ok(self.driver.block_on(self.download.bytes())??)
    }

    /// Returns the media type (`Content-Type`).
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
