//! What can go wrong on purpose, for tests of clients.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use specwright_runtime::Checks;
use specwright_server::axum::Json;
use specwright_server::axum::body::{Body, Bytes, to_bytes};
use specwright_server::axum::extract::{Request, State};
use specwright_server::axum::middleware::Next;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::StatusCode;
use specwright_server::http::header::HeaderValue;
use specwright_server::{Hangup, Refusal, Upload};

use crate::problem::Refused;
use crate::rate_limit::{Period, RateLimit, Standing};
use crate::requests::Recorded;
use crate::service::http_errors;
use crate::shared::Shared;
use crate::sync::lock;

/// The path to which events are sent.
const SEND_PATH: &str = "/api/v2/ci/pipeline";

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing.
    None,
    /// It is refused with a status, and not carried out.
    Status {
        /// The status.
        status: u16,
        /// The value of `Retry-After`, in seconds.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// The connection is closed before it is carried out.
    Drop,
    /// It is carried out, and then the connection is closed without an answer.
    Lose,
    /// It is carried out, and half of the answer comes back.
    Truncate,
    /// It is carried out after so many milliseconds.
    Delay(u64),
}

impl Fault {
    /// What can go wrong with a fault that somebody asks for.
    pub(crate) fn check(&self, checks: &mut Checks) {
        let Self::Status { status, .. } = self else { return };
        checks.field("status", Some(status), |checks, status| {
            checks.field("status", Some(status), |checks, status| {
                let is_refusal = (400..600).contains(status);
                checks.require(is_refusal, format_args!("must be from 400 to 599, is {status}"));
            });
        });
    }
}

/// What goes wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    state: Mutex<Going>,
}

#[derive(Debug, Default)]
struct Going {
    queue: VecDeque<Fault>,
    latency: Duration,
    limit: Option<Period>,
}

impl Faults {
    /// Adds faults, one for each of the requests to come.
    pub(crate) fn queue(&self, faults: impl IntoIterator<Item = Fault>) {
        lock(&self.state).queue.extend(faults);
    }

    /// Delays every request.
    pub(crate) fn delay(&self, latency: Duration) {
        lock(&self.state).latency = latency;
    }

    /// Limits how many requests are taken, from now on.
    pub(crate) fn limit(&self, limit: Option<RateLimit>) {
        lock(&self.state).limit = limit.map(Period::of);
    }

    /// Lets nothing go wrong any more.
    pub(crate) fn reset(&self) {
        *lock(&self.state) = Going::default();
    }

    /// What goes wrong with the next request.
    fn next(&self) -> (Fault, Duration) {
        let mut state = lock(&self.state);
        (state.queue.pop_front().unwrap_or(Fault::None), state.latency)
    }

    /// Counts a request, and says how the rate limit stands.
    fn take(&self) -> Option<Standing> {
        Some(lock(&self.state).limit.as_mut()?.take())
    }
}

/// Lets go wrong what is to go wrong, and keeps what was asked.
pub(crate) async fn inject(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let Shared { faults, requests, gate, .. } = &*shared;
    let mut recorded = Recorded::of(&request);
    let path = request.uri().path().to_owned();
    let (fault, latency) = faults.next();
    // Even a sleep of no time lasts a tick of the clock.
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let standing = faults.take();
    let mut response = match (&fault, &standing) {
        (Fault::Drop, _) => hangup(),
        (Fault::Status { status, retry_after }, _) => {
            gate.drain(&mut upload(request)).await;
            let mut response = refusal(&path, *status, "a fault that was asked for");
            if let Some(seconds) = retry_after {
                response.headers_mut().insert("retry-after", HeaderValue::from(*seconds));
            }
            response
        }
        (_, Some(standing)) if standing.is_exceeded => {
            gate.drain(&mut upload(request)).await;
            refusal(&path, 429, "too many requests")
        }
        (Fault::Lose, _) => {
            next.run(request).await;
            hangup()
        }
        (Fault::Truncate, _) => truncated(next.run(request).await).await,
        (Fault::Delay(milliseconds), _) => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            next.run(request).await
        }
        (Fault::None, _) => next.run(request).await,
    };
    for (name, value) in standing.iter().flat_map(Standing::headers) {
        response.headers_mut().insert(name, value);
    }
    let is_hangup = response.extensions().get::<Hangup>().is_some();
    recorded.status = (!is_hangup).then(|| response.status().as_u16());
    tracing::info!(
        method = recorded.method,
        target = recorded.target,
        status = recorded.status,
        milliseconds = started.elapsed().as_millis() as u64,
        "request"
    );
    requests.add(recorded);
    response
}

fn upload(request: Request) -> Upload {
    let (parts, body) = request.into_parts();
    Upload::new(&parts.headers, body)
}

fn hangup() -> Response {
    let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
    response.extensions_mut().insert(Hangup);
    response
}

/// A refusal with the body that this path has for it.
fn refusal(path: &str, status: u16, reason: &str) -> Response {
    let refusal = Refusal::new(status, reason);
    if path != SEND_PATH {
        return Refused(refusal).into_response();
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(http_errors(&refusal))).into_response()
}

/// Half of an answer, behind which the connection is closed.
async fn truncated(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = bytes.slice(..bytes.len() / 2);
    let broken = async {
        // What is sent is first collected: without a pause, nothing of it would go out.
        tokio::task::yield_now().await;
        Err(std::io::Error::other("the rest is left out"))
    };
    let half = futures_util::stream::iter([Ok::<Bytes, _>(half)]);
    let chunks = half.chain(futures_util::stream::once(broken));
    Response::from_parts(parts, Body::from_stream(chunks))
}
