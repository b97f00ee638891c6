//! The bytes of an answer as they come.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body::Body as _;

use crate::outcome::error::TransportError;

type Told = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The bytes of an answer, piece by piece. Nothing comes behind an error.
pub(crate) struct Chunks(Source);

enum Source {
    /// From the connection of a call.
    Met { body: reqwest::Body, operation: &'static str, attempts: u32 },
    /// From somebody who plays an API.
    Told(Told),
    /// There already.
    Ready(Bytes),
    /// Over.
    Ended,
}

impl Chunks {
    /// What is left of an answer.
    pub(crate) fn met(body: reqwest::Body, operation: &'static str, attempts: u32) -> Self {
        Self(Source::Met { body, operation, attempts })
    }

    /// What somebody says.
    pub(crate) fn told(
        stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    ) -> Self {
        Self(Source::Told(Box::pin(stream)))
    }

    /// All at once.
    pub(crate) fn ready(bytes: Bytes) -> Self {
        Self(Source::Ready(bytes))
    }

    /// The next piece, which is never empty.
    pub(crate) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        loop {
            let next = match &mut self.0 {
                Source::Met { body, operation, attempts } => {
                    match ready!(Pin::new(body).poll_frame(context)) {
                        // Trailers are not for anyone.
                        Some(Ok(frame)) => Some(Ok(frame.into_data().unwrap_or_default())),
                        Some(Err(error)) => {
                            Some(Err(TransportError::from_reqwest(operation, *attempts, error)))
                        }
                        None => None,
                    }
                }
                Source::Told(stream) => ready!(stream.as_mut().poll_next(context)),
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

/// All that comes of a body, if it comes in time.
pub(crate) async fn collect(
    body: reqwest::Body,
    operation: &'static str,
    attempts: u32,
    limit: Duration,
) -> Result<Bytes, TransportError> {
    let mut chunks = Chunks::met(body, operation, attempts);
    let all = async {
        let mut all = BytesMut::new();
        while let Some(chunk) = poll_fn(|context| chunks.poll_next(context)).await {
            all.extend_from_slice(&chunk?);
        }
        Ok(all.freeze())
    };
    in_time(operation, attempts, limit, all).await
}

/// What comes of something, if it comes in time.
pub(crate) async fn in_time<T>(
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
            Source::Met { .. } | Source::Told(_) => "Chunks(under way)",
            Source::Ready(_) => "Chunks(ready)",
            Source::Ended => "Chunks(ended)",
        })
    }
}
