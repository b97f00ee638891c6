//! Sends many events in requests of bounded size, several at a time, and isolates rejected events.

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::vec;

use specwright_runtime::__private::{Background, Encoded};
use specwright_runtime::Validator;

use super::report::{Outcome, SendReport};
use super::request::{MAX_BATCH, request, without_body};
use crate::event::PipelineEvent;
use crate::models::{SendData, SendDataSingleOrArray, SendRequest};
use crate::rules::check_sent;
use crate::{Client, Error};

/// The maximum size of a request body, in bytes.
const MAX_BYTES: usize = 5 * 1024 * 1024;

/// The default number of concurrent requests.
const CONCURRENCY: usize = 4;

/// Sends many events; created by [`Client::send_all`], and started when it is awaited.
///
/// If it is dropped early, the requests in flight are cancelled. Their events may or may not have
/// arrived; sending them again is harmless.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `.await`"]
pub struct SendAll {
    client: Client,
    events: Vec<SendData>,
    concurrency: usize,
    once: bool,
    background: Option<Arc<Background>>,
}

impl SendAll {
    pub(super) fn new(client: Client, events: Vec<SendData>) -> Self {
        Self { client, events, concurrency: CONCURRENCY, once: false, background: None }
    }

    /// Sets the maximum number of concurrent requests, at least 1. Defaults to 4.
    ///
    /// With 1, events arrive in order. With more, requests may overtake each other. The service
    /// keeps the latest update of a run, except that a running event never replaces a final one.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// Disables retries, for callers that retry themselves.
    pub fn without_retries(mut self) -> Self {
        self.once = true;
        self
    }

    /// Sends as a background task.
    #[cfg(any(feature = "outbox", feature = "reporter"))]
    pub(crate) fn in_background(mut self, background: &Arc<Background>) -> Self {
        self.background = Some(Arc::clone(background));
        self
    }
}

impl IntoFuture for SendAll {
    type Output = SendReport;
    type IntoFuture = Pin<Box<dyn Future<Output = SendReport> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(Sending::new(self).run())
    }
}

/// Events of one request, with their indices in the input.
struct Batch {
    indices: Vec<usize>,
    events: Vec<SendData>,
}

impl Batch {
    #[inline]
    fn halves(mut self) -> (Self, Self) {
        let middle = self.indices.len() / 2;
        let indices = self.indices.split_off(middle);
        let events = self.events.split_off(middle);
        (self, Self { indices, events })
    }
}

/// A batch that was sent. Its events are kept as the body of the request.
struct SentBatch {
    indices: Vec<usize>,
    body: Encoded,
}

impl SentBatch {
    /// Returns the events again. Encoding loses nothing.
    #[inline]
    fn decode(self) -> Option<Batch> {
        let events = events_of(self.body.decode()?);
        (events.len() == self.indices.len()).then_some(Batch { indices: self.indices, events })
    }
}

/// A request in flight. It resolves to its events and its result.
type InFlight = Pin<Box<dyn Future<Output = (SentBatch, Result<(), Error>)> + Send>>;

struct Sending {
    client: Client,
    concurrency: usize,
    once: bool,
    background: Option<Arc<Background>>,
    /// Events that are not in a batch yet.
    events: std::iter::Enumerate<vec::IntoIter<SendData>>,
    /// Parts of batches that must be sent separately; the last one is next.
    parts: Vec<Batch>,
    /// The outcome of each event, if known.
    outcomes: Vec<Option<Outcome>>,
    /// Why no further request is started.
    stopped: Option<Arc<Error>>,
}

impl Sending {
    #[inline]
    fn new(SendAll { client, events, concurrency, once, background }: SendAll) -> Self {
        let outcomes = vec![None; events.len()];
        let events = events.into_iter().enumerate();
        Self {
            client,
            concurrency,
            once,
            background,
            events,
            parts: Vec::new(),
            outcomes,
            stopped: None,
        }
    }

    #[inline]
    async fn run(mut self) -> SendReport {
        let mut in_flight: Vec<InFlight> = Vec::new();
        loop {
            while self.stopped.is_none() && in_flight.len() < self.concurrency {
                let Some(batch) = self.parts.pop().or_else(|| self.next_batch()) else { break };
                in_flight.extend(self.begin(batch));
            }
            if in_flight.is_empty() {
                break;
            }
            let (sent, result) = first(&mut in_flight).await;
            self.end(sent, result);
        }
        let outcome = |outcome: Option<Outcome>| match (outcome, &self.stopped) {
            (Some(outcome), _) => outcome,
            (None, Some(error)) => {
                Outcome::NotSent { error: Arc::clone(error), may_have_arrived: false }
            }
            // Without a failure, every event was in a batch.
            (None, None) => Outcome::Accepted,
        };
        SendReport::new(self.outcomes.into_iter().map(outcome).collect())
    }

    /// Returns the next batch.
    #[inline]
    fn next_batch(&mut self) -> Option<Batch> {
        let (indices, events): (Vec<_>, Vec<_>) = self.events.by_ref().take(MAX_BATCH).unzip();
        (!indices.is_empty()).then_some(Batch { indices, events })
    }

    /// Starts to send a batch, or splits it if it cannot be sent as it is.
    #[inline]
    fn begin(&mut self, Batch { indices, events }: Batch) -> Option<InFlight> {
        // Only the rules of the service: building the request checks the schema. The invalid events
        // are searched for only if there are any.
        let mut checks = Validator::new();
        events.iter().for_each(|event| check_sent(event, &mut checks));
        if let Err(error) = checks.finish() {
            self.not_begun(Batch { indices, events }, error.into());
            return None;
        }
        let call = self.client.create_pipeline_event(request(SendDataSingleOrArray::Array(events)));
        match call.request() {
            // The service decides on a single event that is too large.
            Ok(mut request) if request.encoded().size() <= MAX_BYTES || indices.len() == 1 => {
                let sent = SentBatch { indices, body: request.encoded() };
                request.once(self.once);
                if let Some(background) = &self.background {
                    request.background(background);
                }
                let mut response = call.execute(request);
                let (mut call, mut polls) = (Some(call), 0_u32);
                // Freeing many events takes time: it is done while the service works on the request,
                // and therefore after the connection had an opportunity to write it.
                let result = poll_fn(move |context| {
                    let polled = Pin::new(&mut response).poll(context);
                    polls = polls.saturating_add(1);
                    match polls {
                        1 => context.waker().wake_by_ref(),
                        _ => drop(call.take()),
                    }
                    polled
                });
                Some(Box::pin(async move { (sent, without_body(result.await).map(drop)) }))
            }
            Ok(_) => {
                self.split(Batch { indices, events: events_of(call.body) });
                None
            }
            Err(error) => {
                self.not_begun(Batch { indices, events: events_of(call.body) }, error);
                None
            }
        }
    }

    /// Records the result of a batch.
    #[inline]
    fn end(&mut self, sent: SentBatch, result: Result<(), Error>) {
        match result {
            Ok(()) => self.all(&sent.indices, &Outcome::Accepted),
            Err(Error::Api(error)) if matches!(error.status, 400 | 413 | 422) => {
                let indices = sent.indices.clone();
                match (indices.len() > 1).then(|| sent.decode()).flatten() {
                    Some(batch) => self.split(batch),
                    None => self.all(&indices, &Outcome::Rejected(Arc::new(Error::Api(error)))),
                }
            }
            Err(error) => self.stop(&sent.indices, error),
        }
    }

    /// Finds out why a request could not be built.
    #[inline]
    fn not_begun(&mut self, batch: Batch, error: Error) {
        if !matches!(error, Error::Validation(_)) {
            return self.stop(&batch.indices, error);
        }
        let count = batch.indices.len();
        let (mut indices, mut events) = (Vec::new(), Vec::new());
        for (index, event) in batch.indices.into_iter().zip(batch.events) {
            if let Some(event) = self.sift(index, event) {
                indices.push(index);
                events.push(event);
            }
        }
        let rest = Batch { indices, events };
        match rest.indices.len() {
            0 => {}
            left if left < count => self.parts.push(rest),
            // No constraint is violated: an event cannot be represented as JSON.
            1 => self.all(&rest.indices, &Outcome::Rejected(Arc::new(error))),
            _ => self.split(rest),
        }
    }

    /// Returns the event if it is valid.
    #[inline]
    fn sift(&mut self, index: usize, event: SendData) -> Option<SendData> {
        let event = PipelineEvent::from(event);
        match Validator::run(&event) {
            Ok(()) => Some(event.into()),
            Err(error) => {
                self.all(&[index], &Outcome::Rejected(Arc::new(error.into())));
                None
            }
        }
    }

    #[inline]
    fn split(&mut self, batch: Batch) {
        let (earlier, later) = batch.halves();
        self.parts.extend([later, earlier]);
    }

    #[inline]
    fn stop(&mut self, indices: &[usize], error: Error) {
        let may_have_arrived = may_have_arrived(&error);
        let error = Arc::new(error);
        self.stopped.get_or_insert_with(|| Arc::clone(&error));
        self.all(indices, &Outcome::NotSent { error, may_have_arrived });
    }

    #[inline]
    fn all(&mut self, indices: &[usize], outcome: &Outcome) {
        for index in indices {
            self.outcomes[*index] = Some(outcome.clone());
        }
    }
}

/// Returns whether a failed request may have been processed.
fn may_have_arrived(error: &Error) -> bool {
    match error {
        Error::Config(_) | Error::Validation(_) => false,
        // Only the last attempt is known.
        _ if error.attempts().is_some_and(|attempts| attempts > 1) => true,
        Error::Transport(error) => !error.is_connect(),
        Error::Api(error) => error.status == 408 || error.status >= 500,
        _ => true,
    }
}

#[inline]
pub(super) fn events_of(request: SendRequest) -> Vec<SendData> {
    match request.data {
        Some(SendDataSingleOrArray::Array(events)) => events,
        Some(SendDataSingleOrArray::Single(event)) => vec![event],
        _ => Vec::new(),
    }
}

/// Waits for the first of several requests and removes it. There are few, so all are polled.
async fn first(in_flight: &mut Vec<InFlight>) -> (SentBatch, Result<(), Error>) {
    poll_fn(|context| {
        for index in 0..in_flight.len() {
            if let Poll::Ready(ended) = in_flight[index].as_mut().poll(context) {
                drop(in_flight.swap_remove(index));
                return Poll::Ready(ended);
            }
        }
        Poll::Pending
    })
    .await
}
