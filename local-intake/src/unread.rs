//! Bodies that nobody reads. A connection that is closed before its request was read is reset,
//! and whoever was still sending may lose the answer.

use std::time::Duration;

use futures_util::StreamExt;
use specwright_server::axum::body::{Body, to_bytes};
use specwright_server::axum::extract::Request;
use specwright_server::axum::middleware::Next;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::StatusCode;

/// How long a body is read over.
const PATIENCE: Duration = Duration::from_secs(1);
/// What a request to the control interface may have: tests seed more than clients send.
const MOST: usize = 64 << 20;

/// Reads over a body, for a while.
pub(crate) async fn drain(body: Body) {
    let mut chunks = body.into_data_stream();
    let all = async { while let Some(Ok(_)) = chunks.next().await {} };
    // What is left after that loses its answer.
    let _ = tokio::time::timeout(PATIENCE, all).await;
}

/// Reads the whole body before a request is carried out, whether that needs it or not.
pub(crate) async fn read_whole(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match to_bytes(body, MOST).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}
