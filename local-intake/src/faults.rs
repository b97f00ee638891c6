//! What can go wrong on purpose, and what was asked: for tests of clients.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use specwright_server::axum::Json;
use specwright_server::axum::body::{Body, Bytes, to_bytes};
use specwright_server::axum::extract::{Request, State};
use specwright_server::axum::middleware::Next;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::header::{HeaderMap, HeaderValue};
use specwright_server::http::{HeaderName, StatusCode, Uri};
use specwright_server::{Hangup, Refusal, Upload};

use crate::service::http_errors;
use crate::shared::Shared;
use crate::sync::lock;

/// How many requests are remembered.
const REMEMBERED: usize = 100_000;
/// How many bytes they have at most: headers may be long.
const REMEMBERED_BYTES: usize = 128 * 1024 * 1024;
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

/// How many requests are taken in a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Requests for each period.
    pub limit: u64,
    /// Seconds; none at all count as one.
    pub period: u64,
    /// Whether refusals say `Retry-After` beside the headers of the rate limit.
    #[serde(default)]
    pub retry_after: bool,
}

/// A request that was answered, or dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// The path and the query, as they came.
    pub target: String,
    /// The status of the answer; none where the connection was closed instead.
    pub status: Option<u16>,
    /// The headers by their names. The values of keys are not kept.
    pub headers: Vec<(String, String)>,
}

impl Recorded {
    /// About how many bytes it takes up.
    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len() + 48);
        self.target.len() + headers.sum::<usize>() + 100
    }
}

/// What goes wrong, and what was asked.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    state: Mutex<Going>,
}

#[derive(Debug, Default)]
struct Going {
    queue: VecDeque<Fault>,
    latency: Duration,
    limit: Option<(RateLimit, Instant, u64)>,
    requests: VecDeque<Recorded>,
    /// What the requests take up.
    bytes: usize,
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
        let limit = limit.map(|limit| RateLimit { period: limit.period.max(1), ..limit });
        lock(&self.state).limit = limit.map(|limit| (limit, Instant::now(), 0));
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        lock(&self.state).requests.iter().cloned().collect()
    }

    /// Lets nothing go wrong any more, and forgets all requests.
    pub(crate) fn reset(&self) {
        *lock(&self.state) = Going::default();
    }

    fn record(&self, request: Recorded) {
        let Going { requests, bytes, .. } = &mut *lock(&self.state);
        *bytes += request.size();
        requests.push_back(request);
        while (requests.len() > REMEMBERED || *bytes > REMEMBERED_BYTES)
            && let Some(oldest) = requests.pop_front()
        {
            *bytes -= oldest.size();
        }
    }

    /// What goes wrong with the next request.
    fn next(&self) -> (Fault, Duration) {
        let mut state = lock(&self.state);
        (state.queue.pop_front().unwrap_or(Fault::None), state.latency)
    }

    /// Counts a request, and says how the rate limit stands.
    fn take(&self) -> Option<Standing> {
        let mut state = lock(&self.state);
        let (limit, since, taken) = state.limit.as_mut()?;
        let period = Duration::from_secs(limit.period);
        if since.elapsed() >= period {
            (*since, *taken) = (Instant::now(), 0);
        }
        let is_exceeded = *taken >= limit.limit;
        *taken += u64::from(!is_exceeded);
        Some(Standing {
            limit: limit.clone(),
            remaining: limit.limit.saturating_sub(*taken),
            // Rounded up: after so many seconds there is room.
            reset: period.saturating_sub(since.elapsed()).as_secs_f64().ceil() as u64,
            is_exceeded,
        })
    }
}

/// How a rate limit stands.
struct Standing {
    limit: RateLimit,
    remaining: u64,
    /// Seconds.
    reset: u64,
    is_exceeded: bool,
}

impl Standing {
    fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let mut headers = vec![
            ("x-ratelimit-limit", HeaderValue::from(self.limit.limit)),
            ("x-ratelimit-period", HeaderValue::from(self.limit.period)),
            ("x-ratelimit-remaining", HeaderValue::from(self.remaining)),
            ("x-ratelimit-reset", HeaderValue::from(self.reset)),
            ("x-ratelimit-name", HeaderValue::from_static("local_intake")),
        ];
        if self.is_exceeded && self.limit.retry_after {
            headers.push(("retry-after", HeaderValue::from(self.reset)));
        }
        headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value)).collect()
    }
}

/// Lets go wrong what is to go wrong, and keeps what was asked.
pub(crate) async fn inject(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let Shared { faults, gate, .. } = &*shared;
    let mut recorded = Recorded {
        method: request.method().to_string(),
        target: target(request.uri()),
        status: None,
        headers: shown(request.headers()),
    };
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
    faults.record(recorded);
    response
}

fn upload(request: Request) -> Upload {
    let (parts, body) = request.into_parts();
    Upload::new(&parts.headers, body)
}

/// Whether something of this name is a key, or may be.
fn is_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "auth", "cookie", "token", "secret"].iter().any(|word| name.contains(word))
}

/// The path and query without the values of keys, which some put there by mistake.
fn target(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let shown = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_key(name) => format!("{name}=<redacted>"),
        _ => pair.to_owned(),
    };
    let pairs: Vec<String> = query.split('&').map(shown).collect();
    format!("{}?{}", uri.path(), pairs.join("&"))
}

/// Headers without the values of keys.
fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| match is_key(name.as_str()) {
            true => (name.to_string(), "<redacted>".to_owned()),
            false => (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()),
        })
        .collect()
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
        return refusal.into_response();
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

#[cfg(test)]
mod tests {
    use super::{Faults, REMEMBERED_BYTES, Recorded};

    #[test]
    fn requests_with_long_headers_are_remembered_for_less_long() {
        let faults = Faults::default();
        let headers = vec![("x-long".to_owned(), "x".repeat(10_000_000))];
        for _ in 0..20 {
            let (method, target) = ("GET".to_owned(), "/".to_owned());
            faults.record(Recorded { method, target, status: None, headers: headers.clone() });
        }
        assert_eq!(faults.requests().len(), REMEMBERED_BYTES / 10_000_000);
        faults.reset();
        faults.record(Recorded {
            method: String::new(),
            target: String::new(),
            status: None,
            headers: Vec::new(),
        });
        assert_eq!(faults.requests().len(), 1);
    }
}
