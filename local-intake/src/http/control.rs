//! The control interface, `/_intake`: what [`LocalIntake`](crate::LocalIntake) offers, for tests in
//! other languages.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use specwright_runtime::Validator;
use specwright_server::axum::body::{Body, Bytes};
use specwright_server::axum::extract::rejection::PathRejection;
use specwright_server::axum::extract::{self, DefaultBodyLimit, Path, Request};
use specwright_server::axum::middleware::{Next, from_fn_with_state};
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::axum::routing::{any, get, post, put};
use specwright_server::axum::{Json, Router};
use specwright_server::{IncomingBody, Problem, Rejection, decode};

use super::errors::ReadError;
use super::faults::Fault;
use super::origin::check_control;
use super::rate_limit::RateLimit;
use super::state::State;
use crate::store::{StoredEvent, Update};

/// The operations, as `GET /_intake` lists them.
const HELP: &[(&str, &str)] = &[
    ("GET /_intake/events", "returns all events in the order of their first update"),
    ("POST /_intake/events", "inserts events of any age, in the format of the API"),
    ("GET /_intake/events/ID/history", "returns all updates of an event"),
    (
        "POST /_intake/reset",
        "deletes all events and recorded requests, removes all faults, and resets the clock",
    ),
    ("GET /_intake/requests", "returns all requests so far"),
    (
        "POST /_intake/faults",
        "queues faults for the next requests: a list of \"none\", \"drop\", \"lose\", \"truncate\", {\"delay\": MILLISECONDS}, {\"status\": {\"status\": 503, \"retry_after\": 1}}",
    ),
    ("PUT /_intake/latency", "delays every request: {\"milliseconds\": N}"),
    (
        "PUT /_intake/rate-limit",
        "limits the rate of requests: {\"limit\": N, \"period\": SECONDS, \"retry_after\": false}, or null",
    ),
    ("GET /_intake/clock", "returns the time of the clock"),
    (
        "PUT /_intake/clock",
        "sets the clock: {\"now\": \"2026-07-14T10:00:00Z\"}, {\"advance_milliseconds\": N}, or null for the system time",
    ),
];

type Extract = extract::State<Arc<State>>;
type JsonResult = Result<Json<Value>, ReadError>;

/// Returns the routes of the control interface.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/_intake", get(help))
        .route("/_intake/events", get(events).post(seed))
        .route("/_intake/events/{id}/history", get(history))
        .route("/_intake/reset", post(reset))
        .route("/_intake/requests", get(requests))
        .route("/_intake/faults", post(faults))
        .route("/_intake/latency", put(latency))
        .route("/_intake/rate-limit", put(rate_limit))
        .route("/_intake/clock", get(clock).put(set_clock))
        .route("/_intake/{*rest}", any(unknown_operation))
        .route("/_intake/", any(unknown_operation))
        .method_not_allowed_fallback(unknown_operation)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(&state), read_body))
        .with_state(state)
}

/// Checks the request, and reads the whole body before it is processed. A client that is still sending when the
/// connection is closed may lose the response.
async fn read_body(extract::State(state): Extract, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut body = IncomingBody::new(&parts.headers, body);
    if let Err(rejection) = check_control(&state.credentials, &parts.headers) {
        state.body_limiter.drain(&mut body).await;
        return ReadError(rejection).into_response();
    }
    match state.body_limiter.read(&parts.headers, &mut body).await {
        Ok(mut full) => {
            let bytes = std::mem::take(&mut full.bytes);
            let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
            // The size of the body counts against the limit until now.
            drop(full);
            response
        }
        Err(rejection) => {
            state.body_limiter.drain(&mut body).await;
            ReadError(rejection).into_response()
        }
    }
}

async fn help() -> Json<Value> {
    Json(json!({ "operations": HELP.iter().copied().collect::<BTreeMap<_, _>>() }))
}

async fn unknown_operation() -> ReadError {
    ReadError(Rejection::with_problems(404, vec![Problem::new("", "unknown operation"), hint()]))
}

async fn events(extract::State(state): Extract) -> Json<Value> {
    let to_json = |event: StoredEvent| {
        json!({
            "id": event.id, "ci_level": event.level.name(), "timestamp": event.timestamp,
            "tags": event.tags, "attributes": event.attributes,
        })
    };
    Json(json!({ "data": state.intake.store().iter().map(to_json).collect::<Vec<_>>() }))
}

async fn seed(extract::State(state): Extract, body: Bytes) -> JsonResult {
    let count = state.seed_body(&body).await?;
    Ok(Json(json!({ "events": count })))
}

async fn history(
    extract::State(state): Extract,
    id: Result<Path<String>, PathRejection>,
) -> JsonResult {
    let store = state.intake.store();
    let history = id.ok().and_then(|Path(id)| store.history(&id));
    let history = history.ok_or_else(|| Rejection::new(404, "unknown event"))?;
    let update = |update: &Update| {
        let sent: Value = serde_json::from_str(&update.sent).unwrap_or_default();
        json!({ "received": update.received, "attributes": sent })
    };
    Ok(Json(json!({ "data": history.iter().map(update).collect::<Vec<_>>() })))
}

async fn reset(extract::State(state): Extract) -> JsonResult {
    state.reset().await.map_err(|error| Rejection::new(503, error.chain()))?;
    done()
}

async fn requests(extract::State(state): Extract) -> Json<Value> {
    Json(json!({ "data": state.requests.all() }))
}

async fn faults(extract::State(state): Extract, body: Bytes) -> JsonResult {
    let faults = parse(&body, |checks, faults: &Vec<Fault>| {
        checks.items(faults, |checks, fault| fault.check(checks));
    })?;
    state.faults.queue(faults);
    done()
}

/// The delay of every request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Latency {
    milliseconds: u64,
}

async fn latency(extract::State(state): Extract, body: Bytes) -> JsonResult {
    let latency: Latency = parse(&body, |_, _| {})?;
    state.faults.set_latency(Duration::from_millis(latency.milliseconds));
    done()
}

async fn rate_limit(extract::State(state): Extract, body: Bytes) -> JsonResult {
    let limit = parse(&body, |checks, limit: &Option<RateLimit>| {
        checks.part(limit.as_ref(), |checks, limit| limit.check(checks));
    })?;
    state.faults.set_rate_limit(limit);
    done()
}

async fn clock(extract::State(state): Extract) -> Json<Value> {
    Json(json!({ "now": state.intake.clock.now().to_string() }))
}

/// The new time of the clock, with exactly one of the fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Time {
    now: Option<Timestamp>,
    advance_milliseconds: Option<i64>,
}

async fn set_clock(extract::State(state): Extract, body: Bytes) -> JsonResult {
    let clock = &state.intake.clock;
    let time = parse(&body, |checks, time: &Option<Time>| {
        checks.part(time.as_ref(), |checks, time| {
            let is_one = time.now.is_some() != time.advance_milliseconds.is_some();
            checks.require(is_one, "specify either `now` or `advance_milliseconds`");
        });
    })?;
    let Some(Time { now, advance_milliseconds }) = time else {
        clock.use_system_time();
        return done();
    };
    if let Some(now) = now {
        clock.set(now);
    }
    if let Some(by) = advance_milliseconds {
        clock.advance(SignedDuration::from_millis(by));
    }
    done()
}

/// Decodes a body, or returns everything that is wrong with it.
fn parse<T: DeserializeOwned>(
    body: &[u8],
    check: impl FnOnce(&mut Validator, &T),
) -> Result<T, Rejection> {
    decode(body, check).map_err(|mut problems| {
        problems.push(hint());
        Rejection::with_problems(400, problems)
    })
}

fn hint() -> Problem {
    Problem::new("", "GET /_intake lists the operations")
}

fn done() -> JsonResult {
    Ok(Json(json!({})))
}
