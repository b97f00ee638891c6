//! Many events in requests of bounded size, several at a time, with the bad ones found.

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::vec;

use specwright_runtime::Validator;

use super::report::{Outcome, SendReport};
use super::{MAX_BATCH, request, whatever_it_says};
use crate::event::PipelineEvent;
use crate::models::{SendData, SendDataSingleOrArray};
use crate::operations::CreatePipelineEvent;
use crate::rules::check_event;
use crate::{Client, Error};

/// How many bytes the body of a request may have.
const MAX_BYTES: usize = 5 * 1024 * 1024;

/// How many requests are under way at once, unless something else is asked for.
const CONCURRENCY: usize = 4;

/// Many events on their way; made by [`Client::send_all`], and begun when it is awaited.
///
/// If it is dropped before its end, the requests under way are cut off, and their events may
/// or may not have arrived. To send them again is harmless.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `.await`"]
pub struct SendAll {
    client: Client,
    events: Vec<SendData>,
    concurrency: usize,
    once: bool,
}

impl SendAll {
    pub(super) fn new(client: Client, events: Vec<SendData>) -> Self {
        Self { client, events, concurrency: CONCURRENCY, once: false }
    }

    /// How many requests may be under way at once; 4 unless this says otherwise, and 1 at least.
    ///
    /// With 1, events arrive in the order in which they are given. With more, those of one
    /// request do, but requests may overtake each other. Among updates of the same run, the
    /// service keeps what came last, except that no running state replaces a final one.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// Tries each request once, whatever the client's policy: for those who go on by themselves.
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }
}

impl IntoFuture for SendAll {
    type Output = SendReport;
    type IntoFuture = Pin<Box<dyn Future<Output = SendReport> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(Sending::new(self).run())
    }
}

/// Events that go together, and the places at which they were given.
struct Batch {
    places: Vec<usize>,
    events: Vec<SendData>,
}

impl Batch {
    fn halves(mut self) -> (Self, Self) {
        let middle = self.places.len() / 2;
        let places = self.places.split_off(middle);
        let events = self.events.split_off(middle);
        (self, Self { places, events })
    }
}

/// A request under way; it ends with its events and what became of it.
type UnderWay = Pin<Box<dyn Future<Output = (Batch, Result<(), Error>)> + Send>>;

struct Sending {
    client: Client,
    concurrency: usize,
    once: bool,
    /// Events that are in no batch yet.
    events: std::iter::Enumerate<vec::IntoIter<SendData>>,
    /// Parts of batches that have to be sent apart; the next one is the last.
    parts: Vec<Batch>,
    /// For each event what became of it, as far as that is known.
    outcomes: Vec<Option<Outcome>>,
    /// Why no further request is begun.
    stopped: Option<Arc<Error>>,
}

impl Sending {
    fn new(SendAll { client, events, concurrency, once }: SendAll) -> Self {
        let outcomes = vec![None; events.len()];
        let events = events.into_iter().enumerate();
        Self { client, concurrency, once, events, parts: Vec::new(), outcomes, stopped: None }
    }

    async fn run(mut self) -> SendReport {
        let mut under_way: Vec<UnderWay> = Vec::new();
        loop {
            while self.stopped.is_none() && under_way.len() < self.concurrency {
                let Some(batch) = self.parts.pop().or_else(|| self.next_batch()) else { break };
                under_way.extend(self.begin(batch));
            }
            if under_way.is_empty() {
                break;
            }
            let (batch, result) = first(&mut under_way).await;
            self.end(batch, result);
        }
        let outcome = |outcome: Option<Outcome>| match (outcome, &self.stopped) {
            (Some(outcome), _) => outcome,
            (None, Some(error)) => {
                Outcome::NotSent { error: Arc::clone(error), may_have_arrived: false }
            }
            // Without a failure, every event has been in a batch.
            (None, None) => Outcome::Accepted,
        };
        SendReport::new(self.outcomes.into_iter().map(outcome).collect())
    }

    /// The next events that are in no batch yet.
    fn next_batch(&mut self) -> Option<Batch> {
        let (places, events): (Vec<_>, Vec<_>) = self.events.by_ref().take(MAX_BATCH).unzip();
        (!places.is_empty()).then_some(Batch { places, events })
    }

    /// Begins to send a batch; or leaves its parts, where it cannot go as it is.
    fn begin(&mut self, Batch { places, events }: Batch) -> Option<UnderWay> {
        // The rules of the service; what the description asks is found by putting the request
        // together. Which event is at fault matters only if one is.
        let mut checks = Validator::new();
        events.iter().for_each(|event| check_event(event, &mut checks));
        if let Err(error) = checks.finish() {
            self.not_begun(Batch { places, events }, error.into());
            return None;
        }
        let call = self.client.create_pipeline_event(request(SendDataSingleOrArray::Array(events)));
        match call.request() {
            // An event that is too large alone is for the service to judge.
            Ok(mut request) if request.size() <= MAX_BYTES || places.len() == 1 => {
                request.once(self.once);
                Some(Box::pin(async move {
                    let result = whatever_it_says(call.execute(request).await).map(drop);
                    (Batch { places, events: events_of(call) }, result)
                }))
            }
            Ok(_) => {
                self.split(Batch { places, events: events_of(call) });
                None
            }
            Err(error) => {
                self.not_begun(Batch { places, events: events_of(call) }, error);
                None
            }
        }
    }

    /// Takes up what became of a batch.
    fn end(&mut self, batch: Batch, result: Result<(), Error>) {
        match result {
            Ok(()) => self.all(&batch.places, &Outcome::Accepted),
            Err(Error::Api(error)) if matches!(error.status, 400 | 413 | 422) => {
                match batch.places.len() {
                    1 => self.all(&batch.places, &Outcome::Refused(Arc::new(Error::Api(error)))),
                    _ => self.split(batch),
                }
            }
            Err(error) => self.stop(&batch, error),
        }
    }

    /// Finds out why a request could not be put together.
    fn not_begun(&mut self, batch: Batch, error: Error) {
        if !matches!(error, Error::Validation(_)) {
            return self.stop(&batch, error);
        }
        let count = batch.places.len();
        let (mut places, mut events) = (Vec::new(), Vec::new());
        for (place, event) in batch.places.into_iter().zip(batch.events) {
            if let Some(event) = self.sift(place, event) {
                places.push(place);
                events.push(event);
            }
        }
        let rest = Batch { places, events };
        match rest.places.len() {
            0 => {}
            left if left < count => self.parts.push(rest),
            // No constraint is broken: one of them has no JSON form.
            1 => self.all(&rest.places, &Outcome::Refused(Arc::new(error))),
            _ => self.split(rest),
        }
    }

    /// Gives an event back unless it is not valid.
    fn sift(&mut self, place: usize, event: SendData) -> Option<SendData> {
        let event = PipelineEvent::from(event);
        match Validator::run(&event) {
            Ok(()) => Some(event.into()),
            Err(error) => {
                self.all(&[place], &Outcome::Refused(Arc::new(error.into())));
                None
            }
        }
    }

    fn split(&mut self, batch: Batch) {
        let (earlier, later) = batch.halves();
        self.parts.extend([later, earlier]);
    }

    fn stop(&mut self, batch: &Batch, error: Error) {
        let may_have_arrived = may_have_arrived(&error);
        let error = Arc::new(error);
        self.stopped.get_or_insert_with(|| Arc::clone(&error));
        self.all(&batch.places, &Outcome::NotSent { error, may_have_arrived });
    }

    fn all(&mut self, places: &[usize], outcome: &Outcome) {
        for place in places {
            self.outcomes[*place] = Some(outcome.clone());
        }
    }
}

/// Whether a request may have been carried out although it failed.
fn may_have_arrived(error: &Error) -> bool {
    match error {
        Error::Config(_) | Error::Validation(_) => false,
        // Of several tries, only the last is known.
        _ if error.attempts().is_some_and(|attempts| attempts > 1) => true,
        Error::Transport(error) => !error.is_connect(),
        Error::Api(error) => error.status == 408 || error.status >= 500,
        _ => true,
    }
}

fn events_of(call: CreatePipelineEvent) -> Vec<SendData> {
    match call.body.data {
        Some(SendDataSingleOrArray::Array(events)) => events,
        Some(SendDataSingleOrArray::Single(event)) => vec![event],
        _ => Vec::new(),
    }
}

/// Waits for one of several requests, and takes it away. There are few, so all are asked.
async fn first(under_way: &mut Vec<UnderWay>) -> (Batch, Result<(), Error>) {
    poll_fn(|context| {
        for place in 0..under_way.len() {
            if let Poll::Ready(ended) = under_way[place].as_mut().poll(context) {
                drop(under_way.swap_remove(place));
                return Poll::Ready(ended);
            }
        }
        Poll::Pending
    })
    .await
}
