//! Server-sent events as a typed stream, which goes on behind a connection that is cut off.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use futures_core::Stream;
use specwright_model::stream::{Decoder, MAX_SIZE, RawEvent, ServerSentEvent};

use crate::call::chunks::Chunks;
use crate::call::raw_response::{Origin, RawResponse, Reconnect, Sent};
use crate::outcome::error::CallError;
use crate::resilience::retry::{Attempts, FailureKind};

/// The events of an answer (`text/event-stream`), as they come.
///
/// It ends with the answer, and where the data of an event is a mark such as `[DONE]` instead of
/// JSON. Where the connection is cut off, or pauses for longer than the client's
/// [`read_timeout`](crate::HttpOptions::read_timeout), it goes on behind the last event that has
/// an id, if the operation may be carried out twice and the client's retry policy allows it; the
/// server may say how long to wait (`retry:`). Without an id, it begins again only if there was no
/// event yet; else that is an error, because events would come twice. See [`live`](Self::reconnect_on_end).
///
/// An event that cannot be read is an error that says which one it is, and the events behind it
/// come all the same. Nothing comes behind any other error.
#[must_use = "events come as they are asked for"]
pub struct EventStream<T, E>(Source<T, E>);

type Told<T, E> = Pin<Box<dyn Stream<Item = Result<ServerSentEvent<T>, E>> + Send>>;

enum Source<T, E> {
    Met(Box<Met<T, E>>),
    /// From somebody who plays an API.
    Told(Told<T, E>),
}

struct Met<T, E> {
    state: State,
    decoder: Decoder,
    /// Sends the request again, if it can be sent again.
    reconnect: Option<Box<dyn Reconnect>>,
    origin: Origin,
    /// How many events there were.
    count: u64,
    is_live: bool,
    /// Since when, and how often in vain, it has been tried to go on.
    outage: Option<(Instant, u32)>,
    how: How<T, E>,
}

/// What depends on the types.
pub(crate) struct How<T, E> {
    /// What the data of an event is.
    pub(crate) read: fn(&Origin, &str, String) -> Result<T, CallError>,
    /// Whether the data of an event is JSON, so that a mark can be told from it.
    pub(crate) is_json: bool,
    /// What an answer is that has no events.
    pub(crate) refused: fn(RawResponse) -> E,
    pub(crate) fail: fn(CallError) -> E,
}

enum State {
    Reading(Chunks),
    Reopening(Sent),
    Failed(CallError),
    Ended,
}

impl<T, E> EventStream<T, E> {
    pub(crate) fn met(
        chunks: Chunks,
        origin: Origin,
        reconnect: Option<Box<dyn Reconnect>>,
        how: How<T, E>,
    ) -> Self {
        Self(Source::Met(Box::new(Met {
            state: State::Reading(chunks),
            decoder: Decoder::new(MAX_SIZE),
            reconnect,
            origin,
            count: 0,
            is_live: false,
            outage: None,
            how,
        })))
    }

    /// Events that a stream brings, for whoever plays an API.
    pub fn new(stream: impl Stream<Item = Result<ServerSentEvent<T>, E>> + Send + 'static) -> Self {
        Self(Source::Told(Box::pin(stream)))
    }

    /// The most bytes that one event may have: 16 MiB unless this says otherwise.
    pub fn max_event_size(mut self, most: usize) -> Self {
        if let Source::Met(met) = &mut self.0 {
            met.decoder.most = most;
        }
        self
    }

    /// Takes it for a feed that never ends: it goes on behind the end of an answer as it does
    /// where one is cut off, and also if events have no ids, as browsers do.
    pub fn reconnect_on_end(mut self) -> Self {
        if let Source::Met(met) = &mut self.0 {
            met.is_live = true;
        }
        self
    }

    /// The next event; `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<ServerSentEvent<T>, E>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next event; `Ok(None)` behind the last.
    ///
    /// # Errors
    /// Fails where the event cannot be read, or the answer is cut off and cannot go on.
    pub async fn try_next(&mut self) -> Result<Option<ServerSentEvent<T>>, E> {
        self.next().await.transpose()
    }
}

impl<T, E> Stream for EventStream<T, E> {
    type Item = Result<ServerSentEvent<T>, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.get_mut().0 {
            Source::Met(met) => met.poll_next(context),
            Source::Told(stream) => stream.as_mut().poll_next(context),
        }
    }
}

impl<T, E> Met<T, E> {
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
                if self.how.is_json && is_end_mark(&event.data) {
                    self.decoder.events.clear();
                    self.state = State::Ended;
                    return Poll::Ready(None);
                }
                return Poll::Ready(Some(self.typed(event).map_err(self.how.fail)));
            }
            let state = match &mut self.state {
                State::Reading(chunks) => match ready!(chunks.poll_next(context)) {
                    Some(Ok(bytes)) => match self.decoder.feed(&bytes) {
                        Ok(()) => continue,
                        Err(_) => State::Failed(self.too_long()),
                    },
                    Some(Err(error)) => {
                        let failed = FailureKind::of_interruption(&error);
                        self.reopen(failed).unwrap_or(State::Failed(CallError::Transport(error)))
                    }
                    None => {
                        match self.is_live.then(|| self.reopen(FailureKind::Interrupted)).flatten()
                        {
                            // What is not whole comes once more.
                            Some(again) => again,
                            None => {
                                self.decoder.finish();
                                State::Ended
                            }
                        }
                    }
                },
                State::Reopening(opening) => match ready!(opening.as_mut().poll(context)) {
                    // It says that there is nothing more.
                    Ok(answer) if answer.status() == 204 => State::Ended,
                    Ok(answer) => match answer.into_chunks() {
                        Ok(chunks) => State::Reading(chunks),
                        Err(answer) => {
                            self.state = State::Ended;
                            return Poll::Ready(Some(Err((self.how.refused)(*answer))));
                        }
                    },
                    Err(failure) => State::Failed(failure),
                },
                State::Failed(_) => {
                    let failed = std::mem::replace(&mut self.state, State::Ended);
                    let State::Failed(failure) = failed else { return Poll::Ready(None) };
                    return Poll::Ready(Some(Err((self.how.fail)(failure))));
                }
                State::Ended => return Poll::Ready(None),
            };
            self.state = state;
        }
    }

    /// An event with its data.
    fn typed(&self, event: RawEvent) -> Result<ServerSentEvent<T>, CallError> {
        let RawEvent { id, event, data } = event;
        let mut part = format!("event {}", self.count);
        if let Some(name) = &event {
            part.push_str(&format!(" `{name}`"));
        }
        if let Some(id) = &id {
            part.push_str(&format!(" (id `{id}`)"));
        }
        let data = (self.how.read)(&self.origin, &data, part)?;
        let mut typed = ServerSentEvent::new(data);
        (typed.id, typed.event) = (id, event);
        Ok(typed)
    }

    fn too_long(&self) -> CallError {
        let number = self.count + self.decoder.events.len() as u64 + 1;
        let message = format!("is longer than {} bytes", self.decoder.most);
        self.origin.unreadable("", 0, &message, format!("event {number}"))
    }

    /// Asks for the events behind the last one, if that can be.
    fn reopen(&mut self, failed: FailureKind<'_>) -> Option<State> {
        // What has come must be behind the last id, or it would come once more.
        let count = self.count + self.decoder.events.len() as u64;
        if count > 0 && self.decoder.last_id.is_none() && !self.is_live {
            return None;
        }
        let (begun, made) = self.outage.unwrap_or((Instant::now(), 1));
        let reconnect = self.reconnect.as_ref()?;
        let mut attempts = Attempts::resumed(reconnect.policy(), begun, made);
        let delay = attempts.again_after(failed, reconnect.is_repeatable(), self.decoder.retry)?;
        let sent = reconnect.send(delay, self.decoder.last_id.as_deref())?;
        self.outage = Some((begun, attempts.made()));
        self.decoder.begin_again();
        Some(State::Reopening(sent))
    }
}

/// Whether data marks the end of a stream: a word in brackets, such as `[DONE]`, which is no JSON.
fn is_end_mark(data: &str) -> bool {
    let word = data.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    word.is_some_and(|word| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    })
}

impl<T, E> fmt::Debug for EventStream<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match &self.0 {
            Source::Met(met) => Some(met.count),
            Source::Told(_) => None,
        };
        f.debug_struct("EventStream").field("read", &count).finish_non_exhaustive()
    }
}
