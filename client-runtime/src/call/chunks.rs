//! The bytes of a response body, as they arrive.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body::Body as _;

use crate::outcome::error::TransportError;

type Supplied = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The chunks of a response body. The stream ends after the first error.
pub(crate) struct Chunks(Source);

enum Source {
    /// Read from the connection of a call.
    Received {
        body: reqwest::Body,
        operation: &'static str,
        attempts: u32,
    },
    /// Supplied by a test double.
    Supplied(Supplied),
    /// Already in memory.
    Ready(Bytes),
    Ended,
}

impl Chunks {
    /// Creates the chunks of a body that is still being received.
    pub(crate) fn received(body: reqwest::Body, operation: &'static str, attempts: u32) -> Self {
        Self(Source::Received { body, operation, attempts })
    }

    /// Creates the chunks of a stream that a test double supplies.
    pub(crate) fn supplied(
        stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    ) -> Self {
        Self(Source::Supplied(Box::pin(stream)))
    }

    /// Creates a single chunk of bytes that are already in memory.
    pub(crate) fn ready(bytes: Bytes) -> Self {
        Self(Source::Ready(bytes))
    }

    /// Polls for the next chunk, which is never empty.
    pub(crate) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        loop {
            let next = match &mut self.0 {
                Source::Received { body, operation, attempts } => {
                    match ready!(Pin::new(body).poll_frame(context)) {
                        // Trailers are ignored.
                        Some(Ok(frame)) => Some(Ok(frame.into_data().unwrap_or_default())),
                        Some(Err(error)) => {
                            Some(Err(TransportError::from_reqwest(operation, *attempts, error)))
                        }
                        None => None,
                    }
                }
                Source::Supplied(stream) => ready!(stream.as_mut().poll_next(context)),
                Source::Ready(bytes) => {
                    let bytes = std::mem::take(bytes);
                    self.0 = Source::Ended;
                    Some(Ok(bytes))
                }
                Source::Ended => return Poll::Ready(None),
            };
            match next {
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(Ok(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                last => {
                    self.0 = Source::Ended;
                    return Poll::Ready(last);
                }
            }
        }
    }
}

/// Reads a whole body within a time limit.
pub(crate) async fn collect(
    body: reqwest::Body,
    operation: &'static str,
    attempts: u32,
    limit: Duration,
) -> Result<Bytes, TransportError> {
    let mut chunks = Chunks::received(body, operation, attempts);
    let all = async {
        let mut all = BytesMut::new();
        while let Some(chunk) = poll_fn(|context| chunks.poll_next(context)).await {
            all.extend_from_slice(&chunk?);
        }
        Ok(all.freeze())
    };
    with_timeout(operation, attempts, limit, all).await
}

/// Awaits a future, and returns a timeout error when the time limit is exceeded.
pub(crate) async fn with_timeout<T>(
    operation: &'static str,
    attempts: u32,
    limit: Duration,
    future: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    match tokio::time::timeout(limit, future).await {
        Ok(result) => result,
        Err(_) => Err(TransportError::timed_out(operation, attempts)),
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Source::Received { .. } | Source::Supplied(_) => "Chunks(streaming)",
            Source::Ready(_) => "Chunks(ready)",
            Source::Ended => "Chunks(ended)",
        })
    }
}
