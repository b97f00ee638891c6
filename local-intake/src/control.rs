//! `/_intake/…`: what a test in another language can ask of the intake.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use specwright_runtime::Checks;
use specwright_server::axum::body::{Body, Bytes};
use specwright_server::axum::extract::rejection::PathRejection;
use specwright_server::axum::extract::{DefaultBodyLimit, Path, Request, State};
use specwright_server::axum::middleware::{Next, from_fn_with_state};
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::axum::routing::{any, get, post, put};
use specwright_server::axum::{Json, Router};
use specwright_server::{Problem, Refusal, Upload, decode};

use crate::faults::Fault;
use crate::problem::Refused;
use crate::rate_limit::RateLimit;
use crate::shared::Shared;
use crate::store::{Found, Update};

/// What there is, for those who ask without knowing.
const HELP: &[(&str, &str)] = &[
    ("GET /_intake/events", "every event, in the order in which they first came"),
    ("POST /_intake/events", "take in events of any age, sent as the API takes them, without keys"),
    ("GET /_intake/events/ID/history", "everything that was sent of an event"),
    ("POST /_intake/reset", "forget events, requests and faults, and free the clock"),
    ("GET /_intake/requests", "every request so far"),
    (
        "POST /_intake/faults",
        "what goes wrong with the next requests: a list of \"none\", \"drop\", \"lose\", \"truncate\", {\"delay\": MILLISECONDS}, {\"status\": {\"status\": 503, \"retry_after\": 1}}",
    ),
    ("PUT /_intake/latency", "{\"milliseconds\": N}: how long every request is delayed"),
    (
        "PUT /_intake/rate-limit",
        "{\"limit\": N, \"period\": SECONDS, \"retry_after\": false}, or null for none",
    ),
    ("GET /_intake/clock", "the time that the intake goes by"),
    (
        "PUT /_intake/clock",
        "{\"now\": \"2026-07-14T10:00:00Z\"}, {\"advance_milliseconds\": N}, or null for the machine's",
    ),
];

type Intake = State<Arc<Shared>>;
type Answer = Result<Json<Value>, Refused>;

/// The routes of the control interface.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
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
        .route("/_intake/{*rest}", any(nothing))
        .route("/_intake/", any(nothing))
        .method_not_allowed_fallback(nothing)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(&shared), read_whole))
        .with_state(shared)
}

/// Reads the whole body before a request is carried out, whether that needs it or not: who is
/// still sending when the connection is closed may lose the answer.
async fn read_whole(State(shared): Intake, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut body = Upload::new(&parts.headers, body);
    match shared.gate.read(&parts.headers, &mut body).await {
        Ok(mut whole) => {
            let bytes = std::mem::take(&mut whole.bytes);
            let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
            // Until now the body has taken up its room.
            drop(whole);
            response
        }
        Err(refusal) => {
            shared.gate.drain(&mut body).await;
            Refused(refusal).into_response()
        }
    }
}

async fn help() -> Json<Value> {
    Json(json!({ "operations": HELP.iter().copied().collect::<BTreeMap<_, _>>() }))
}

async fn nothing() -> Refused {
    Refused(Refusal::of(404, vec![Problem::new("", "there is no such operation"), hint()]))
}

async fn events(State(shared): Intake) -> Json<Value> {
    let event = |found: Found| {
        json!({
            "id": found.id, "ci_level": found.level.name(), "timestamp": found.timestamp,
            "tags": found.tags, "attributes": found.attributes,
        })
    };
    Json(json!({ "data": shared.intake.store().iter().map(event).collect::<Vec<_>>() }))
}

async fn seed(State(shared): Intake, body: Bytes) -> Answer {
    let count = shared.seed_body(&body).await?;
    Ok(Json(json!({ "events": count })))
}

async fn history(State(shared): Intake, id: Result<Path<String>, PathRejection>) -> Answer {
    let store = shared.intake.store();
    let history = id.ok().and_then(|Path(id)| store.history(&id));
    let history = history.ok_or_else(|| Refusal::new(404, "there is no such event"))?;
    let update = |update: &Update| {
        let sent: Value = serde_json::from_str(&update.sent).unwrap_or_default();
        json!({ "received": update.received, "attributes": sent })
    };
    Ok(Json(json!({ "data": history.iter().map(update).collect::<Vec<_>>() })))
}

async fn reset(State(shared): Intake) -> Answer {
    shared.reset().await.map_err(|error| Refusal::new(503, error.to_string()))?;
    done()
}

async fn requests(State(shared): Intake) -> Json<Value> {
    Json(json!({ "data": shared.requests.all() }))
}

async fn faults(State(shared): Intake, body: Bytes) -> Answer {
    let faults = read(&body, |checks, faults: &Vec<Fault>| {
        checks.items(faults, |checks, fault| fault.check(checks));
    })?;
    shared.faults.queue(faults);
    done()
}

/// How long every request is delayed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Latency {
    milliseconds: u64,
}

async fn latency(State(shared): Intake, body: Bytes) -> Answer {
    let latency: Latency = read(&body, |_, _| {})?;
    shared.faults.delay(Duration::from_millis(latency.milliseconds));
    done()
}

async fn rate_limit(State(shared): Intake, body: Bytes) -> Answer {
    let limit = read(&body, |checks, limit: &Option<RateLimit>| {
        checks.part(limit.as_ref(), |checks, limit| limit.check(checks));
    })?;
    shared.faults.limit(limit);
    done()
}

async fn clock(State(shared): Intake) -> Json<Value> {
    Json(json!({ "now": shared.intake.clock.now().to_string() }))
}

/// How the clock is set: in one of these ways.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Time {
    now: Option<Timestamp>,
    advance_milliseconds: Option<i64>,
}

async fn set_clock(State(shared): Intake, body: Bytes) -> Answer {
    let clock = &shared.intake.clock;
    let time = read(&body, |checks, time: &Option<Time>| {
        checks.part(time.as_ref(), |checks, time| {
            let is_one = time.now.is_some() != time.advance_milliseconds.is_some();
            checks.require(is_one, "give either `now` or `advance_milliseconds`");
        });
    })?;
    let Some(Time { now, advance_milliseconds }) = time else {
        clock.free();
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

/// What a body says, or everything that is wrong with it.
fn read<T: DeserializeOwned>(
    body: &[u8],
    check: impl FnOnce(&mut Checks, &T),
) -> Result<T, Refusal> {
    decode(body, check).map_err(|mut problems| {
        problems.push(hint());
        Refusal::of(400, problems)
    })
}

fn hint() -> Problem {
    Problem::new("", "GET /_intake says what there is")
}

fn done() -> Answer {
    Ok(Json(json!({})))
}
