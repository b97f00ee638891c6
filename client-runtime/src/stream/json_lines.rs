//! Sequences of JSON values as a typed stream.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;
use specwright_model::stream::Splitter;

use crate::call::chunks::Chunks;
use crate::call::raw_response::Origin;
use crate::outcome::error::CallError;

/// A stream of the JSON values of a response (`application/x-ndjson`, `application/jsonl`,
/// `application/json-seq`, `multipart/mixed`).
///
/// # Errors
/// A value that cannot be decoded is an error that identifies the value; the stream continues after
/// it. The stream ends after any other error.
#[must_use = "streams do nothing unless polled"]
pub struct JsonLines<T, E>(Source<T, E>);

enum Source<T, E> {
    Received(Box<Received<T, E>>),
    /// Supplied by a test double.
    Supplied(Pin<Box<dyn Stream<Item = Result<T, E>> + Send>>),
}

struct Received<T, E> {
    chunks: Chunks,
    splitter: Splitter,
    origin: Origin,
    count: u64,
    has_ended: bool,
    failed: Option<CallError>,
    read: fn(&Origin, &str, String) -> Result<T, CallError>,
    fail: fn(CallError) -> E,
}

impl<T, E> JsonLines<T, E> {
    pub(crate) fn received(chunks: Chunks, origin: Origin, splitter: Splitter) -> Self
    where
        T: DeserializeOwned + 'static,
        E: From<CallError>,
    {
        Self(Source::Received(Box::new(Received {
            chunks,
            splitter,
            origin,
            count: 0,
            has_ended: false,
            failed: None,
            read: Origin::json,
            fail: E::from,
        })))
    }

    /// Creates a stream of values, for test doubles.
    pub fn new(stream: impl Stream<Item = Result<T, E>> + Send + 'static) -> Self {
        Self(Source::Supplied(Box::pin(stream)))
    }

    /// Sets the maximum size of a value, in bytes. Defaults to 16 MiB.
    pub fn max_line_size(mut self, bytes: usize) -> Self {
        if let Source::Received(received) = &mut self.0 {
            received.splitter.max_size = bytes;
        }
        self
    }

    /// Returns the next value, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T, E>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the next value, or `Ok(None)` at the end.
    ///
    /// # Errors
    /// Returns an error if the value cannot be decoded, or if the connection is interrupted.
    pub async fn try_next(&mut self) -> Result<Option<T>, E> {
        self.next().await.transpose()
    }
}

impl<T, E> Stream for JsonLines<T, E> {
    type Item = Result<T, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.get_mut().0 {
            Source::Received(received) => received.poll_next(context),
            Source::Supplied(stream) => stream.as_mut().poll_next(context),
        }
    }
}

impl<T, E> Received<T, E> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, E>>> {
        loop {
            if let Some(line) = self.splitter.whole.pop_front() {
                self.count += 1;
                let part = format!("value {}", self.count);
                let value = match std::str::from_utf8(&line) {
                    Ok(json) => (self.read)(&self.origin, json, part),
                    Err(error) => {
                        let valid = error.valid_up_to();
                        Err(self.origin.unreadable(&line, valid, "is not UTF-8", part))
                    }
                };
                return Poll::Ready(Some(value.map_err(self.fail)));
            }
            if let Some(failure) = self.failed.take() {
                return Poll::Ready(Some(Err((self.fail)(failure))));
            }
            if self.has_ended {
                return Poll::Ready(None);
            }
            match ready!(self.chunks.poll_next(context)) {
                Some(Ok(bytes)) => {
                    if !self.splitter.feed(&bytes) {
                        let message = format!("is longer than {} bytes", self.splitter.max_size);
                        let number = self.count + self.splitter.whole.len() as u64 + 1;
                        let part = format!("value {number}");
                        self.failed = Some(self.origin.unreadable(b"", 0, &message, part));
                        self.has_ended = true;
                    }
                }
                Some(Err(error)) => {
                    self.failed = Some(CallError::Transport(error));
                    self.has_ended = true;
                }
                None => {
                    self.splitter.end();
                    self.has_ended = true;
                    if !self.splitter.is_complete() {
                        let message = "ends before the last boundary";
                        self.failed =
                            Some(self.origin.unreadable(b"", 0, message, "the body".to_owned()));
                    }
                }
            }
        }
    }
}

impl<T, E> fmt::Debug for JsonLines<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match &self.0 {
            Source::Received(received) => Some(received.count),
            Source::Supplied(_) => None,
        };
        f.debug_struct("JsonLines").field("read", &count).finish_non_exhaustive()
    }
}
