//! Server-sent events: a message whenever events or requests have changed.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;
use specwright_server::axum::body::{Body, Bytes};
use specwright_server::axum::extract;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::http::State;

/// The time between two messages, at least.
const PERIOD: Duration = Duration::from_millis(500);
/// How many periods may pass without a message, so that a connection to a closed page is noticed.
const MAX_SILENCE: u32 = 30;

/// Returns a stream of the numbers of changes so far.
pub(in crate::http::pages) async fn changes(
    extract::State(state): extract::State<Arc<State>>,
) -> Response {
    let stopping = state.stopping.subscribe();
    // The first message confirms that the connection is open.
    let messages = stream::unfold(None, move |last: Option<[u64; 2]>| {
        let (state, mut stopping) = (Arc::clone(&state), stopping.clone());
        async move {
            for _ in 0..MAX_SILENCE {
                let now = state.changes();
                if last != Some(now) {
                    let [events, requests] = now;
                    return Some((
                        Bytes::from(format!("data: {events}-{requests}\n\n")),
                        Some(now),
                    ));
                }
                tokio::select! {
                    () = tokio::time::sleep(PERIOD) => {}
                    // A request may arrive when the intake is already stopping.
                    _ = stopping.wait_for(|is_stopping| *is_stopping) => return None,
                }
            }
            Some((Bytes::from_static(b": still open\n\n"), last))
        }
    });
    let body = Body::from_stream(futures_util::StreamExt::map(
        messages,
        Ok::<_, std::convert::Infallible>,
    ));
    ([(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")], body).into_response()
}
