//! An answer of which only the head has come: its body is read bit by bit.

use std::future::{Future, poll_fn};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use serde::de::DeserializeOwned;

use crate::answer::{Origin, RawResponse};
use crate::chunks::Chunks;
use crate::download::Download;
use crate::error::{CallError, TransportError};
use crate::events::{EventStream, How};
use crate::lines::JsonLines;
use crate::request::Request;
use crate::response::Response;
use specwright_model::media_type as media;
use specwright_model::stream::Framing;

/// A body that is still to come.
pub(crate) struct Rest {
    pub(crate) body: reqwest::Body,
    pub(crate) length: Option<u64>,
    /// What was asked, to ask it again.
    pub(crate) request: Option<Request>,
}

impl RawResponse {
    /// The body as bytes.
    pub fn download(self) -> Response<Download> {
        let media_type = self.content_type().map(str::to_owned);
        let length = match &self.rest {
            Some(rest) => rest.length,
            None => u64::try_from(self.body.len()).ok(),
        };
        let (answer, chunks, _) = self.apart();
        Response::read(Download::met(chunks, length, media_type), answer.meta)
    }

    /// The body as events with JSON in them.
    pub fn events<T, E>(
        self,
        refused: fn(RawResponse) -> E,
    ) -> Result<Response<EventStream<T, E>>, CallError>
    where
        T: DeserializeOwned,
        E: From<CallError>,
    {
        let how = How { read: Origin::json, is_json: true, refused, fail: E::from };
        self.events_as(how)
    }

    /// The body as events with texts in them.
    pub fn text_events<E: From<CallError>>(
        self,
        refused: fn(RawResponse) -> E,
    ) -> Result<Response<EventStream<String, E>>, CallError> {
        let read = |_: &Origin, text: &str, _| Ok(text.to_owned());
        self.events_as(How { read, is_json: false, refused, fail: E::from })
    }

    fn events_as<T, E>(self, how: How<T, E>) -> Result<Response<EventStream<T, E>>, CallError> {
        self.is_stream("a stream of events")?;
        let origin = self.origin();
        let transport = self.transport.clone();
        let (answer, chunks, request) = self.apart();
        let stream = EventStream::met(chunks, origin, transport, request, how);
        Ok(Response::read(stream, answer.meta))
    }

    /// The body as JSON values, one behind the other.
    pub fn lines<T, E>(self, framing: Framing) -> Result<Response<JsonLines<T, E>>, CallError>
    where
        T: DeserializeOwned,
        E: From<CallError>,
    {
        self.is_stream("a stream of JSON values")?;
        let origin = self.origin();
        let (answer, chunks, _) = self.apart();
        Ok(Response::read(JsonLines::met(chunks, origin, framing), answer.meta))
    }

    /// The bytes that are still to come; the answer where its status is no success.
    pub(crate) fn into_chunks(self) -> Result<Chunks, Box<Self>> {
        let is_success = (200..300).contains(&self.status());
        if is_success { Ok(self.apart().1) } else { Err(Box::new(self)) }
    }

    /// One JSON value is no stream of anything: an API that has no stream to give answers so.
    fn is_stream(&self, wanted: &str) -> Result<(), CallError> {
        match self.content_type() {
            Some(sent) if media::is_json(&media::essence(sent)) => {
                let message = format!("comes as `{}`, which is not {wanted}", sent.trim());
                Err(self.origin().unreadable("", 0, &message, String::new()))
            }
            _ => Ok(()),
        }
    }

    fn apart(mut self) -> (Self, Chunks, Option<Request>) {
        match self.rest.take().map(|rest| *rest) {
            Some(Rest { body, request, .. }) => {
                let chunks = Chunks::met(body, self.operation, self.meta.attempts);
                (self, chunks, request)
            }
            None => {
                let chunks = Chunks::ready(self.body.clone());
                (self, chunks, None)
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
