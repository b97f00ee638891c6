//! Server-sent events as a typed stream that reconnects.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_core::Stream;
use specwright_model::stream::{Decoder, MAX_SIZE, RawEvent, ServerSentEvent};

use crate::call::chunks::Chunks;
use crate::call::raw_response::{Origin, RawResponse, Reconnect, Sent};
use crate::outcome::error::CallError;
use crate::resilience::backoff::exponential;
use crate::resilience::retry::{Attempts, FailureKind};

/// The minimum delay before a reconnect, whatever the server requests.
const MIN_DELAY: Duration = Duration::from_millis(100);

/// The delay up to which a delay that the server requests grows.
const MAX_DELAY: Duration = Duration::from_secs(20);

/// A stream of the server-sent events of a response (`text/event-stream`).
///
/// The stream ends when the response ends, or at an event whose data is a sentinel such as `[DONE]`
/// instead of JSON. See also [`reconnect_on_end`](Self::reconnect_on_end).
///
/// # Reconnecting
/// The stream reconnects if the connection is interrupted, or pauses for longer than the client's
/// [`read_timeout`](crate::HttpOptions::read_timeout). It continues after the last event id, which is
/// sent as `Last-Event-ID`. The operation must be repeatable, and the client's retry policy must allow
/// another attempt. The server can set the delay (`retry:`), which is at least 100 ms, and grows
/// by a factor of two with every attempt until an event arrives.
///
/// Without an event id, the stream reconnects only if no event was received yet. Otherwise the
/// interruption is an error, because events would be delivered twice.
///
/// # Errors
/// An event that cannot be decoded is an error that identifies the event; the stream continues after
/// it. The stream ends after any other error.
#[must_use = "streams do nothing unless polled"]
pub struct EventStream<T, E>(Source<T, E>);

type Supplied<T, E> = Pin<Box<dyn Stream<Item = Result<ServerSentEvent<T>, E>> + Send>>;

enum Source<T, E> {
    Received(Box<Received<T, E>>),
    /// Supplied by a test double.
    Supplied(Supplied<T, E>),
}

struct Received<T, E> {
    state: State,
    decoder: Decoder,
    /// Sends the request again, if that is possible.
    reconnect: Option<Box<dyn Reconnect>>,
    origin: Origin,
    /// The number of events so far.
    count: u64,
    reconnects_on_end: bool,
    /// The start of the current outage, and the number of attempts since.
    outage: Option<(Instant, u32)>,
    functions: Functions<T, E>,
}

/// The functions and settings that depend on the types.
pub(crate) struct Functions<T, E> {
    /// Decodes the data of an event.
    pub(crate) read: fn(&Origin, &str, String) -> Result<T, CallError>,
    /// Whether the data of an event is JSON, so that a sentinel can be recognised.
    pub(crate) is_json: bool,
    /// Converts an error response to a reconnect.
    pub(crate) to_error: fn(RawResponse) -> E,
    /// Converts any other error.
    pub(crate) fail: fn(CallError) -> E,
}

enum State {
    Reading(Chunks),
    Reconnecting(Sent),
    Failed(CallError),
    Ended,
}

impl<T, E> EventStream<T, E> {
    pub(crate) fn received(
        chunks: Chunks,
        origin: Origin,
        reconnect: Option<Box<dyn Reconnect>>,
        functions: Functions<T, E>,
    ) -> Self {
        Self(Source::Received(Box::new(Received {
            state: State::Reading(chunks),
            decoder: Decoder::new(MAX_SIZE),
            reconnect,
            origin,
            count: 0,
            reconnects_on_end: false,
            outage: None,
            functions,
        })))
    }

    /// Creates a stream of events, for test doubles.
    pub fn new(stream: impl Stream<Item = Result<ServerSentEvent<T>, E>> + Send + 'static) -> Self {
        Self(Source::Supplied(Box::pin(stream)))
    }

    /// Sets the maximum size of an event, in bytes. Defaults to 16 MiB.
    pub fn max_event_size(mut self, bytes: usize) -> Self {
        if let Source::Received(received) = &mut self.0 {
            received.decoder.max_size = bytes;
        }
        self
    }

    /// Reconnects when the server ends the response, as `EventSource` does in browsers.
    ///
    /// The stream then also reconnects if events have no ids.
    pub fn reconnect_on_end(mut self) -> Self {
        if let Source::Received(received) = &mut self.0 {
            received.reconnects_on_end = true;
        }
        self
    }

    /// Returns the next event, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<ServerSentEvent<T>, E>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the next event, or `Ok(None)` at the end.
    ///
    /// # Errors
    /// Returns an error if the event cannot be decoded, or if the connection is interrupted and the
    /// stream cannot reconnect.
    pub async fn try_next(&mut self) -> Result<Option<ServerSentEvent<T>>, E> {
        self.next().await.transpose()
    }
}

impl<T, E> Stream for EventStream<T, E> {
    type Item = Result<ServerSentEvent<T>, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.get_mut().0 {
            Source::Received(received) => received.poll_next(context),
            Source::Supplied(stream) => stream.as_mut().poll_next(context),
        }
    }
}

impl<T, E> Received<T, E> {
    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<ServerSentEvent<T>, E>>> {
        loop {
            if let Some(event) = self.decoder.events.pop_front() {
                self.count += 1;
                if let (Some(_), Some(reconnect)) = (self.outage.take(), &self.reconnect) {
                    reconnect.policy().recovered();
                }
                if self.functions.is_json && is_sentinel(&event.data) {
                    self.decoder.events.clear();
                    self.state = State::Ended;
                    return Poll::Ready(None);
                }
                return Poll::Ready(Some(self.typed(event).map_err(self.functions.fail)));
            }
            let state = match &mut self.state {
                State::Reading(chunks) => match ready!(chunks.poll_next(context)) {
                    Some(Ok(bytes)) => match self.decoder.feed(&bytes) {
                        Ok(()) => continue,
                        Err(_) => State::Failed(self.too_long()),
                    },
                    Some(Err(error)) => {
                        let failure = FailureKind::from_interruption(&error);
                        self.reconnect(failure)
                            .unwrap_or(State::Failed(CallError::Transport(error)))
                    }
                    None => {
                        match self
                            .reconnects_on_end
                            .then(|| self.reconnect(FailureKind::Interrupted))
                            .flatten()
                        {
                            // An incomplete event is discarded: it will be sent again.
                            Some(reconnecting) => reconnecting,
                            None => {
                                self.decoder.finish();
                                State::Ended
                            }
                        }
                    }
                },
                State::Reconnecting(response) => match ready!(response.as_mut().poll(context)) {
                    // 204 means that there are no more events.
                    Ok(response) if response.status() == 204 => State::Ended,
                    Ok(response) => match response.into_chunks() {
                        Ok(chunks) => State::Reading(chunks),
                        Err(response) => {
                            self.state = State::Ended;
                            return Poll::Ready(Some(Err((self.functions.to_error)(*response))));
                        }
                    },
                    Err(failure) => State::Failed(failure),
                },
                State::Failed(_) => {
                    let state = std::mem::replace(&mut self.state, State::Ended);
                    let State::Failed(failure) = state else { return Poll::Ready(None) };
                    return Poll::Ready(Some(Err((self.functions.fail)(failure))));
                }
                State::Ended => return Poll::Ready(None),
            };
            self.state = state;
        }
    }

    /// Decodes the data of an event.
    fn typed(&self, event: RawEvent) -> Result<ServerSentEvent<T>, CallError> {
        let RawEvent { id, event, data } = event;
        let mut part = format!("event {}", self.count);
        if let Some(name) = &event {
            part.push_str(&format!(" `{name}`"));
        }
        if let Some(id) = &id {
            part.push_str(&format!(" (id `{id}`)"));
        }
        let data = (self.functions.read)(&self.origin, &data, part)?;
        let mut typed = ServerSentEvent::new(data);
        (typed.id, typed.event) = (id.as_deref().map(str::to_owned), event);
        Ok(typed)
    }

    /// Returns the error of an event that exceeds the maximum size.
    fn too_long(&self) -> CallError {
        let number = self.count + self.decoder.events.len() as u64 + 1;
        let message = format!("is longer than {} bytes", self.decoder.max_size);
        self.origin.unreadable(b"", 0, &message, format!("event {number}"))
    }

    /// Reconnects after the last event, if that is possible.
    fn reconnect(&mut self, failure: FailureKind<'_>) -> Option<State> {
        // Without an id to continue from, the received events would be delivered again.
        let count = self.count + self.decoder.events.len() as u64;
        if count > 0 && self.decoder.last_id.is_none() && !self.reconnects_on_end {
            return None;
        }
        let (start, made) = self.outage.unwrap_or((Instant::now(), 1));
        let reconnect = self.reconnect.as_ref()?;
        let mut attempts = Attempts::resumed(reconnect.policy(), start, made);
        // The server's delay grows as well while no event arrives.
        let requested = self
            .decoder
            .retry
            .map(|delay| exponential(delay.max(MIN_DELAY), delay.max(MAX_DELAY), made));
        let delay = attempts.again_after(failure, reconnect.is_repeatable(), requested)?;
        let delay = delay.max(MIN_DELAY);
        let sent = reconnect.send(delay, self.decoder.last_id.as_deref())?;
        self.outage = Some((start, attempts.made()));
        self.decoder.restart();
        Some(State::Reconnecting(sent))
    }
}

/// Returns whether the data is a sentinel that ends the stream: a word in brackets, such as `[DONE]`,
/// which is not JSON.
fn is_sentinel(data: &str) -> bool {
    let word = data.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    word.is_some_and(|word| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    })
}

impl<T, E> fmt::Debug for EventStream<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match &self.0 {
            Source::Received(received) => Some(received.count),
            Source::Supplied(_) => None,
        };
        f.debug_struct("EventStream").field("read", &count).finish_non_exhaustive()
    }
}
