//! The middleware that injects faults and records requests.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use specwright_server::axum::Json;
use specwright_server::axum::body::{Body, Bytes, to_bytes};
use specwright_server::axum::extract::{self, Request};
use specwright_server::axum::middleware::Next;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::StatusCode;
use specwright_server::http::header::HeaderValue;
use specwright_server::{Disconnect, IncomingBody, Rejection};

use super::errors::{ReadError, http_errors};
use super::faults::{Fault, RateLimitStatus};
#[cfg(feature = "pages")]
use super::request_log::Recorder;
use super::request_log::{RecordedRequest, keep_problems};
use super::sending::Memory;
use super::state::State;

/// The path of the operation that sends events.
const SEND_PATH: &str = "/api/v2/ci/pipeline";

/// Injects the faults that are set, and records the request.
pub(crate) async fn inject(
    extract::State(state): extract::State<Arc<State>>,
    mut request: Request,
    next: Next,
) -> Response {
    let memory = Memory::default();
    request.extensions_mut().insert(memory.clone());
    let started = Instant::now();
    let State { faults, requests, body_limiter, .. } = &*state;
    let mut recorded = RecordedRequest::new(&request, state.intake.clock.nanoseconds());
    #[cfg(feature = "pages")]
    let recorder = Recorder::default();
    #[cfg(feature = "pages")]
    let request = recorder.record(request);
    let path = request.uri().path().to_owned();
    let (fault, latency) = faults.next();
    // A sleep of zero still takes a tick of the timer.
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let status = faults.count();
    let mut response = match (&fault, &status) {
        (Fault::Drop, _) => disconnect(),
        (Fault::Status { status, retry_after }, _) => {
            body_limiter.drain(&mut incoming(request)).await;
            let mut response = rejection(&path, *status, "injected fault");
            if let Some(seconds) = retry_after {
                response.headers_mut().insert("retry-after", HeaderValue::from(*seconds));
            }
            response
        }
        (_, Some(status)) if status.is_exceeded => {
            body_limiter.drain(&mut incoming(request)).await;
            rejection(&path, 429, "too many requests")
        }
        (Fault::Lose, _) => {
            next.run(request).await;
            disconnect()
        }
        (Fault::Truncate, _) => truncate(next.run(request).await).await,
        (Fault::Delay(milliseconds), _) => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            next.run(request).await
        }
        (Fault::None, _) => next.run(request).await,
    };
    for (name, value) in status.iter().flat_map(RateLimitStatus::headers) {
        response.headers_mut().insert(name, value);
    }
    if fault != Fault::Truncate {
        response = keep_problems(&mut recorded, response).await;
    }
    let is_disconnect = response.extensions().get::<Disconnect>().is_some();
    recorded.status = (!is_disconnect).then(|| response.status().as_u16());
    tracing::info!(
        method = recorded.method,
        target = recorded.target,
        status = recorded.status,
        milliseconds = started.elapsed().as_millis() as u64,
        "request"
    );
    recorded.duration = i64::try_from(started.elapsed().as_nanos()).unwrap_or(i64::MAX);
    #[cfg(feature = "pages")]
    requests.add_with_body(recorded, &recorder);
    #[cfg(not(feature = "pages"))]
    requests.add(recorded);
    memory.attach(response)
}

fn incoming(request: Request) -> IncomingBody {
    let (parts, body) = request.into_parts();
    IncomingBody::new(&parts.headers, body)
}

/// Creates a response that closes the connection instead of being sent.
fn disconnect() -> Response {
    let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
    response.extensions_mut().insert(Disconnect);
    response
}

/// Creates a rejection with the error body of the path.
fn rejection(path: &str, status: u16, reason: &str) -> Response {
    let rejection = Rejection::new(status, reason);
    if path != SEND_PATH {
        return ReadError(rejection).into_response();
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(http_errors(&rejection))).into_response()
}

/// Returns half of a response, after which the connection is closed.
async fn truncate(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = bytes.slice(..bytes.len() / 2);
    let error = async {
        // Without yielding, the error would discard the first half before it is written.
        tokio::task::yield_now().await;
        Err(std::io::Error::other("the response is truncated"))
    };
    let half = futures_util::stream::iter([Ok::<Bytes, _>(half)]);
    let chunks = half.chain(futures_util::stream::once(error));
    Response::from_parts(parts, Body::from_stream(chunks))
}
