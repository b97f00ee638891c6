//! Answers that are sent bit by bit: bytes, server-sent events, JSON values one behind the other.
//!
//! Where what is sent fails, the connection is cut off: the head of the answer is gone already,
//! and whoever reads must not take it for whole.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use axum::body::Body;
use bytes::Bytes;
use futures_core::Stream;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use serde::Serialize;
use specwright_model::blob::Blob;
use specwright_model::stream::{Framing, ServerSentEvent, write_event};

use crate::answer::Reply;

/// The events of a response (`text/event-stream`).
pub struct EventStream<T>(Pin<Box<dyn Stream<Item = Result<ServerSentEvent<T>, BoxError>> + Send>>);

impl<T> EventStream<T> {
    /// Sends the events of a stream as they come.
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
/// `application/json-seq`).
pub struct JsonLines<T>(Pin<Box<dyn Stream<Item = Result<T, BoxError>> + Send>>);

impl<T> JsonLines<T> {
    /// Sends the values of a stream as they come.
    pub fn new(stream: impl Stream<Item = Result<T, BoxError>> + Send + 'static) -> Self {
        Self(Box::pin(stream))
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").finish_non_exhaustive()
    }
}

impl Reply {
    /// An answer of bytes. What they say of themselves goes before what is usual.
    pub fn bytes(usual: &'static str, status: u16, headers: HeaderMap, body: Blob) -> Self {
        let media_type = body.media_type().unwrap_or(usual).to_owned();
        let length = body.len();
        let body = match body.as_bytes() {
            Some(bytes) => Body::from(bytes.clone()),
            None => Body::from_stream(body.into_stream()),
        };
        let mut reply = Self::typed(&media_type, status, headers, body);
        if let Some(length) = length {
            reply.0.headers_mut().entry(CONTENT_LENGTH).or_insert(length.into());
        }
        reply
    }

    /// An answer of events with JSON in them.
    pub fn events<T: Serialize + 'static>(
        status: u16,
        headers: HeaderMap,
        body: EventStream<T>,
    ) -> Self {
        let write = |event: ServerSentEvent<T>| {
            let data = serde_json::to_string(&event.data)?;
            Ok(write_event(event.id, event.event, &data))
        };
        Self::stream("text/event-stream", status, headers, Written { stream: body.0, write })
    }

    /// An answer of events with texts in them.
    pub fn text_events(status: u16, headers: HeaderMap, body: EventStream<String>) -> Self {
        let write =
            |event: ServerSentEvent<String>| Ok(write_event(event.id, event.event, &event.data));
        Self::stream("text/event-stream", status, headers, Written { stream: body.0, write })
    }

    /// An answer of JSON values.
    pub fn values<T: Serialize + 'static>(
        media_type: &'static str,
        framing: Framing,
        status: u16,
        headers: HeaderMap,
        body: JsonLines<T>,
    ) -> Self {
        let write = match framing {
            Framing::Lines => |value: T| Ok(Framing::Lines.write(&value)?),
            Framing::Sequence => |value: T| Ok(Framing::Sequence.write(&value)?),
        };
        Self::stream(media_type, status, headers, Written { stream: body.0, write })
    }

    fn stream<S, I>(
        media_type: &'static str,
        status: u16,
        headers: HeaderMap,
        written: Written<S, I>,
    ) -> Self
    where
        S: Stream<Item = Result<I, BoxError>> + Unpin + Send + 'static,
        I: 'static,
    {
        Self::typed(media_type, status, headers, Body::from_stream(written))
    }
}

/// A stream of values, written one by one.
struct Written<S, I> {
    stream: S,
    write: fn(I) -> Result<Bytes, BoxError>,
}

impl<S, I> Stream for Written<S, I>
where
    S: Stream<Item = Result<I, BoxError>> + Unpin,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(Pin::new(&mut self.stream).poll_next(context));
        Poll::Ready(next.map(|item| item.and_then(self.write)))
    }
}
