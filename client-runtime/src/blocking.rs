//! Calls that wait for their answers, for programs without an async runtime.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::ConfigError;

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
            .map_err(|error| ConfigError::of(format!("no thread can be started: {error}")))?;
        Ok(Self(Arc::new(Started { handle: runtime.handle().clone(), runtime: Some(runtime) })))
    }

    /// Waits. It fails where a runtime is at work: its other tasks would stand still meanwhile,
    /// and might be what is waited for.
    pub fn block_on<F: Future>(&self, future: F) -> Result<F::Output, ConfigError> {
        match Handle::try_current() {
            Err(error) if error.is_missing_context() => Ok(self.0.handle.block_on(future)),
            _ => Err(ConfigError::of(
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

/// A listing that waits for each of its pages. It ends behind an error.
#[derive(Debug)]
#[must_use = "a listing asks for nothing until it is read"]
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
