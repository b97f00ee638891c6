//! An answer whose head has come: what its body becomes is decided now.

use std::future::{Future, poll_fn};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use serde::de::DeserializeOwned;

use crate::answer::{Answer, Origin};
use crate::chunks::Chunks;
use crate::download::Download;
use crate::error::{Failure, TransportError};
use crate::events::{EventStream, How};
use crate::lines::{Framing, JsonLines};
use crate::media;
use crate::request::Request;
use crate::response::Response;

/// An answer whose body has not come yet, if its status is a success.
pub struct Opened {
    /// The answer, without its body if that is still to come.
    pub(crate) answer: Answer,
    pub(crate) rest: Option<Rest>,
    /// What was asked, to ask it again.
    pub(crate) request: Option<Request>,
}

/// A body that is still to come.
pub(crate) struct Rest {
    pub(crate) body: reqwest::Body,
    pub(crate) length: Option<u64>,
    /// Until when a body has to come that is read whole.
    pub(crate) until: Instant,
}

impl Opened {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.answer.status()
    }

    /// In which of these media types the answer came.
    pub fn media_type(&self, known: &[&'static str]) -> Result<&'static str, Failure> {
        self.answer.media_type(known)
    }

    /// Waits for the whole body.
    pub async fn whole(mut self) -> Result<Answer, Failure> {
        if let Some(rest) = self.rest.take() {
            let (operation, attempts) = (self.answer.operation, self.answer.meta.attempts);
            let body = rest.collect(operation, attempts).await;
            self.answer.body = body.map_err(Failure::Transport)?;
        }
        Ok(self.answer)
    }

    /// The body as bytes.
    pub fn download(self) -> Response<Download> {
        let media_type = self.answer.content_type().map(str::to_owned);
        let length = self.rest.as_ref().map(|rest| rest.length);
        let (answer, chunks) = self.apart();
        Response::read(Download::met(chunks, length.flatten(), media_type), answer.meta)
    }

    /// The body as events with JSON in them.
    pub fn events<T, E>(
        self,
        refused: fn(Answer) -> E,
    ) -> Result<Response<EventStream<T, E>>, Failure>
    where
        T: DeserializeOwned,
        E: From<Failure>,
    {
        let how = How { read: Origin::json, is_json: true, refused, fail: E::from };
        self.events_as(how)
    }

    /// The body as events with texts in them.
    pub fn text_events<E: From<Failure>>(
        self,
        refused: fn(Answer) -> E,
    ) -> Result<Response<EventStream<String, E>>, Failure> {
        let read = |_: &Origin, text: &str, _| Ok(text.to_owned());
        self.events_as(How { read, is_json: false, refused, fail: E::from })
    }

    fn events_as<T, E>(mut self, how: How<T, E>) -> Result<Response<EventStream<T, E>>, Failure> {
        self.is_stream("a stream of events")?;
        let origin = self.answer.origin();
        let transport = self.answer.transport.clone();
        let request = self.request.take();
        let (answer, chunks) = self.apart();
        let stream = EventStream::met(chunks, origin, transport, request, how);
        Ok(Response::read(stream, answer.meta))
    }

    /// The body as JSON values, one behind the other.
    pub fn lines<T, E>(self, framing: Framing) -> Result<Response<JsonLines<T, E>>, Failure>
    where
        T: DeserializeOwned,
        E: From<Failure>,
    {
        self.is_stream("a stream of JSON values")?;
        let origin = self.answer.origin();
        let (answer, chunks) = self.apart();
        Ok(Response::read(JsonLines::met(chunks, origin, framing), answer.meta))
    }

    /// The bytes that are still to come; the answer where its status is no success.
    pub(crate) fn into_chunks(self) -> Result<Chunks, Box<Answer>> {
        let answered = (200..300).contains(&self.status());
        if answered { Ok(self.apart().1) } else { Err(Box::new(self.answer)) }
    }

    /// One JSON value is no stream of anything: an API that has no stream to give answers so.
    fn is_stream(&self, wanted: &str) -> Result<(), Failure> {
        match self.answer.content_type() {
            Some(sent) if media::is_json(&media::essence(sent)) => {
                let message = format!("comes as `{}`, which is not {wanted}", sent.trim());
                Err(self.answer.origin().unreadable("", 0, &message, String::new()))
            }
            _ => Ok(()),
        }
    }

    fn apart(self) -> (Answer, Chunks) {
        let Self { answer, rest, .. } = self;
        let chunks = match rest {
            Some(rest) => Chunks::met(rest.body, answer.operation, answer.meta.attempts),
            None => Chunks::ready(answer.body.clone()),
        };
        (answer, chunks)
    }
}

impl Rest {
    /// All that comes, if it comes in time.
    pub(crate) async fn collect(
        self,
        operation: &'static str,
        attempts: u32,
    ) -> Result<Bytes, TransportError> {
        let left = self.until.saturating_duration_since(Instant::now());
        let mut chunks = Chunks::met(self.body, operation, attempts);
        let all = async {
            let mut all = BytesMut::new();
            while let Some(chunk) = poll_fn(|context| chunks.poll_next(context)).await {
                all.extend_from_slice(&chunk?);
            }
            Ok(all.freeze())
        };
        in_time(operation, attempts, left, all).await
    }
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
        Err(_) => Err(TransportError::late(operation, attempts)),
    }
}
