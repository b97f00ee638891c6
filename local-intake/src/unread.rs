//! Bodies that nobody reads. A connection that is closed before its request was read is reset,
//! and whoever was still sending may lose the answer.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::json;
use specwright_server::axum::Json;
use specwright_server::axum::body::{Body, to_bytes};
use specwright_server::axum::extract::Request;
use specwright_server::axum::middleware::Next;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::StatusCode;

/// How long a body is read over.
const PATIENCE: Duration = Duration::from_secs(1);

/// Reads over a body, for a while.
pub(crate) async fn drain(body: Body) {
    let mut chunks = body.into_data_stream();
    let all = async { while let Some(Ok(_)) = chunks.next().await {} };
    // What is left after that loses its answer.
    let _ = tokio::time::timeout(PATIENCE, all).await;
}

/// Reads the whole body, of so many bytes at most, before a request is carried out, whether
/// that needs it or not.
pub(crate) async fn read_whole(most: usize, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match to_bytes(body, most).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => {
            let problem = format!("the body has more than {most} bytes, or breaks off");
            let problems = Json(json!({ "errors": [problem] }));
            (StatusCode::PAYLOAD_TOO_LARGE, problems).into_response()
        }
    }
}
