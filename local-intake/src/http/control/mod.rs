//! The control interface, `/_intake`: what [`LocalIntake`](crate::LocalIntake) offers, for tests in
//! other languages.
//!
//! | module | responsibility |
//! |---|---|
//! | `index` | the summary at `/`, for programs that do not show pages |
//! | `lists` | lists that are sent in parts |

mod index;
mod lists;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub(super) use index::index;
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

use crate::http::access::check_control;
use crate::http::errors::ReadError;
use crate::http::faults::{Fault, RateLimit};
use crate::http::state::State;
use crate::store::{StoredEvent, Update};

/// How many events are encoded at once.
const EVENTS: usize = 64;
/// How many updates of an event are encoded at once.
const UPDATES: usize = 4;
/// How many requests are encoded at once.
const REQUESTS: usize = 100;

/// The operations, as `GET /_intake` lists them.
const HELP: &[(&str, &str)] = &[
    ("GET /_intake/events", "returns all events in the order of their first update"),
    ("POST /_intake/events", "inserts events of any age, in the format of the API"),
    ("GET /_intake/events/ID/history", "returns the last updates of an event"),
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
    #[cfg(feature = "pages")]
    (
        "GET /_intake/names?contains=STRING&level=LEVEL&from=TIME&to=TIME",
        "returns names of attributes, which start with @, and of tags of the events of a level, for completion",
    ),
    #[cfg(feature = "pages")]
    (
        "GET /_intake/values?name=NAME&contains=STRING&query=QUERY&level=LEVEL&from=TIME&to=TIME",
        "returns the most frequent values of facets, with their numbers of events; `name` can be repeated",
    ),
    #[cfg(feature = "pages")]
    ("GET /_intake/changes", "sends a server-sent event after each change, as long as it is open"),
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

/// Returns the route of `/` for an intake without pages.
#[cfg(not(feature = "pages"))]
pub(crate) fn index_router() -> Router {
    Router::new().route("/", any(index))
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

async fn help(extract::State(state): Extract) -> Json<Value> {
    let intake = &state.intake;
    let number = |number: &AtomicU64| number.load(Ordering::Relaxed);
    let statistics = intake.store().statistics();
    let limits = intake.limits();
    let seconds = |duration: Duration| duration.as_secs_f64();
    Json(json!({
        "operations": HELP.iter().copied().collect::<BTreeMap<_, _>>(),
        "events": { "count": number(&statistics.events), "bytes": number(&statistics.bytes) },
        "removed": {
            "count": number(&statistics.removed_events),
            "bytes": number(&statistics.removed_bytes),
        },
        "queries": {
            "running": intake.running_queries(),
            "response_bytes": intake.response_bytes(),
        },
        "limits": {
            "max_events": limits.retention.max_events,
            "max_bytes": limits.retention.max_bytes,
            "max_age": limits.retention.max_age.map(seconds),
            "max_history": limits.retention.max_history,
            "query_timeout": seconds(limits.query_timeout),
        },
    }))
}

async fn unknown_operation() -> ReadError {
    ReadError(Rejection::with_problems(404, vec![Problem::new("", "unknown operation"), hint()]))
}

async fn events(extract::State(state): Extract) -> Response {
    let end = state.intake.store().end();
    lists::response(0, move |number| {
        let intake = Arc::clone(&state.intake);
        let part = move || {
            let (events, next) = intake.store().events(number as u32, end, EVENTS);
            let events = events.iter().map(|event| lists::encode(&to_json(event.to_event())));
            (events.collect(), next.map(u64::from))
        };
        async { tokio::task::spawn_blocking(part).await.unwrap_or_default() }
    })
}

fn to_json(event: StoredEvent) -> Value {
    json!({
        "id": event.id, "ci_level": event.level.name(), "timestamp": event.timestamp,
        "tags": event.tags, "attributes": event.attributes,
    })
}

async fn seed(extract::State(state): Extract, body: Bytes) -> JsonResult {
    let count = state.seed_body(&body).await?;
    Ok(Json(json!({ "events": count })))
}

async fn history(
    extract::State(state): Extract,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ReadError> {
    let history = id.ok().and_then(|Path(id)| state.intake.store().history(&id));
    let history = history.ok_or_else(|| Rejection::new(404, "unknown event"))?;
    let update = |update: &Update| {
        let sent: Value = serde_json::from_str(&update.sent).unwrap_or_default();
        lists::encode(&json!({ "received": update.received, "attributes": sent }))
    };
    Ok(lists::response(0, move |number| {
        let rest = history.get(number as usize..).unwrap_or_default();
        let part = rest.iter().take(UPDATES).map(update).collect();
        let next = (rest.len() > UPDATES).then_some(number + UPDATES as u64);
        std::future::ready((part, next))
    }))
}

async fn reset(extract::State(state): Extract) -> JsonResult {
    state.reset().await.map_err(|error| Rejection::new(503, error.chain()))?;
    done()
}

async fn requests(extract::State(state): Extract) -> Response {
    lists::response(0, move |number| {
        let (requests, next) = state.requests.some(number, REQUESTS);
        std::future::ready((requests.iter().map(lists::encode).collect(), next))
    })
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
fn parse<T: DeserializeOwned + 'static>(
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
