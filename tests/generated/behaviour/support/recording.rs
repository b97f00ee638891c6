//! A server on the loopback interface that records its requests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde_json::Value;

/// A running server. It returns its responses in order, then 204.
pub(crate) struct Server {
    /// The base URL.
    pub(crate) url: String,
    state: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    responses: VecDeque<(u16, Value)>,
    lines: Vec<String>,
    /// The headers of the last request.
    headers: Vec<String>,
}

impl Server {
    pub(crate) async fn start(
        responses: impl IntoIterator<Item = (u16, Value)>,
    ) -> Result<Self, std::io::Error> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let state = Arc::new(Mutex::new(Log {
            responses: responses.into_iter().collect(),
            ..Log::default()
        }));
        let router = Router::new().fallback(response).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, state })
    }

    /// Returns the method, path and body of each request.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).lines.clone()
    }

    /// Returns the headers of the last request with this prefix, sorted.
    pub(crate) fn headers(&self, prefix: &str) -> Vec<String> {
        let log = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<_> =
            log.headers.iter().filter(|header| header.starts_with(prefix)).cloned().collect();
        found.sort();
        found
    }
}

async fn response(State(state): State<Arc<Mutex<Log>>>, request: Request) -> (StatusCode, String) {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let line = format!("{} {} {}", head.method, head.uri, String::from_utf8_lossy(&body));
    let mut log = state.lock().unwrap_or_else(PoisonError::into_inner);
    log.lines.push(line.trim_end().to_owned());
    log.headers = head
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    match log.responses.pop_front() {
        Some((status, body)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
            (status, body.to_string())
        }
        None => (StatusCode::NO_CONTENT, String::new()),
    }
}
