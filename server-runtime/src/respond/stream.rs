//! Responses that are sent in parts: server-sent events, sequences of JSON values.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use bytes::Bytes;
use futures_core::Stream;
use specwright_model::stream::ServerSentEvent;

/// A boxed stream of the parts of a response.
type Parts<T> = Pin<Box<dyn Stream<Item = Result<T, BoxError>> + Send>>;

/// The events of a response (`text/event-stream`).
pub struct EventStream<T>(pub(super) Parts<ServerSentEvent<T>>);

impl<T> EventStream<T> {
    /// Sends the events of a stream as they arrive. An error closes the connection.
    pub fn new(
        stream: impl Stream<Item = Result<ServerSentEvent<T>, BoxError>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(stream))
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}

/// The JSON values of a response (`application/x-ndjson`, `application/jsonl`,
/// `application/json-seq`, `multipart/mixed`).
pub struct JsonLines<T>(pub(super) Parts<T>);

impl<T> JsonLines<T> {
    /// Sends the values of a stream as they arrive. An error closes the connection.
    pub fn new(stream: impl Stream<Item = Result<T, BoxError>> + Send + 'static) -> Self {
        Self(Box::pin(stream))
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").finish_non_exhaustive()
    }
}

/// A stream of parts, each encoded by a function.
pub(super) struct Encoded<T> {
    parts: Parts<T>,
    encode: Box<dyn FnMut(T) -> Result<Bytes, BoxError> + Send>,
    /// What follows the last part.
    end: Option<Bytes>,
}

impl<T> Encoded<T> {
    pub(super) fn new(
        parts: Parts<T>,
        encode: impl FnMut(T) -> Result<Bytes, BoxError> + Send + 'static,
    ) -> Self {
        Self { parts, encode: Box::new(encode), end: None }
    }

    /// Sets what follows the last part.
    pub(super) fn with_end(self, end: String) -> Self {
        Self { end: Some(end.into()), ..self }
    }
}

impl<T> Stream for Encoded<T> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.parts.as_mut().poll_next(context));
        Poll::Ready(match next {
            Some(part) => Some(part.and_then(&mut self.encode)),
            None => self.end.take().map(Ok),
        })
    }
}
