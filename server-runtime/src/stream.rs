//! Answers that are sent bit by bit: bytes, server-sent events, JSON values one behind the other.
//!
//! Where what is sent fails, the connection is cut off: the head of the answer is gone already,
//! and whoever reads must not take it for whole.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::BoxError;
use axum::body::Body;
use bytes::Bytes;
use futures_core::Stream;
use http::HeaderMap;
use serde::Serialize;
use specwright_runtime::__private::Framing;
use specwright_runtime::{Download, EventStream, JsonLines, ServerSentEvent};

use crate::answer::Reply;

impl Reply {
    /// An answer of bytes. What they say of themselves goes before what is usual.
    pub fn bytes(usual: &'static str, status: u16, headers: HeaderMap, body: Download) -> Self {
        let media_type = body.media_type().unwrap_or(usual).to_owned();
        Self::typed(&media_type, status, headers, Body::from_stream(body))
    }

    /// An answer of events with JSON in them.
    pub fn events<T: Serialize + 'static>(
        status: u16,
        headers: HeaderMap,
        body: EventStream<T, BoxError>,
    ) -> Self {
        let write = |event: ServerSentEvent<T>| {
            let data = serde_json::to_string(&event.data)?;
            Ok(written(event.id, event.event, &data))
        };
        Self::stream("text/event-stream", status, headers, Written { stream: body, write })
    }

    /// An answer of events with texts in them.
    pub fn text_events(
        status: u16,
        headers: HeaderMap,
        body: EventStream<String, BoxError>,
    ) -> Self {
        let write =
            |event: ServerSentEvent<String>| Ok(written(event.id, event.event, &event.data));
        Self::stream("text/event-stream", status, headers, Written { stream: body, write })
    }

    /// An answer of JSON values.
    pub fn values<T: Serialize + 'static>(
        media_type: &'static str,
        framing: Framing,
        status: u16,
        headers: HeaderMap,
        body: JsonLines<T, BoxError>,
    ) -> Self {
        let write = match framing {
            Framing::Lines => |value: T| line("", &value),
            Framing::Sequence => |value: T| line("\u{1E}", &value),
        };
        Self::stream(media_type, status, headers, Written { stream: body, write })
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

/// A value on a line of its own, which JSON never breaks.
fn line(before: &str, value: &impl Serialize) -> Result<Bytes, BoxError> {
    let json = serde_json::to_string(value)?;
    Ok(Bytes::from(format!("{before}{json}\n")))
}

/// An event as the HTML standard has it. What would end a line in an id or a name is left out.
fn written(id: Option<String>, event: Option<String>, data: &str) -> Bytes {
    let mut text = String::with_capacity(data.len() + 16);
    let mut field = |name: &str, value: &str| {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push('\n');
    };
    let plain = |value: String| value.replace(['\r', '\n', '\0'], "");
    if let Some(id) = id {
        field("id", &plain(id));
    }
    if let Some(event) = event {
        field("event", &plain(event));
    }
    let data = data.replace("\r\n", "\n").replace('\r', "\n");
    data.split('\n').for_each(|line| field("data", line));
    text.push('\n');
    Bytes::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_never_ends_before_its_end() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(written(None, None, "a"), "data: a\n\n");
        assert_eq!(
            written(some("1\n2"), some("add"), "a\r\nb\r\n\rc"),
            "id: 12\nevent: add\ndata: a\ndata: b\ndata: \ndata: c\n\n"
        );
    }
}
