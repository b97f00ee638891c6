//! The bytes of an answer as they come.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;

use crate::error::TransportError;

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

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Source::Met { .. } | Source::Told(_) => "Chunks(under way)",
            Source::Ready(_) => "Chunks(ready)",
            Source::Ended => "Chunks(ended)",
        })
    }
}
