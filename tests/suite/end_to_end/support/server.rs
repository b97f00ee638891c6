//! A server on the loopback interface that returns scripted responses in order and records its
//! requests.

use std::collections::VecDeque;
use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, Response};
use datadog_ci_pipelines::{Client, ClientBuilder, RetryPolicy};
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The credentials of all clients here. They are long enough to be found in any output.
pub(crate) const API_KEY: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
pub(crate) const APP_KEY: &str = "f9e8d7c6b5a493827160-app-key-5f4e3d2c1b0a";
pub(crate) const TOKEN: &str = "ya29.access-token-of-a-user";

/// A response of the script.
pub(crate) struct ScriptedResponse {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Content,
}

enum Content {
    Whole(Vec<u8>),
    /// Some bytes, after which the body stalls.
    Stalled(&'static str),
}

impl ScriptedResponse {
    /// Creates a response of any content type.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: Content::Whole(body.into()),
        }
    }

    /// Creates a response with JSON, which may be invalid.
    pub(crate) fn json(status: u16, body: impl ToString) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Creates the response to accepted events.
    pub(crate) fn accepted() -> Self {
        Self::new(202, "application/vnd.api+json", r#"{"data":null}"#)
    }

    /// Creates a response whose body starts and never ends.
    pub(crate) fn stalled(beginning: &'static str) -> Self {
        Self { body: Content::Stalled(beginning), ..Self::json(200, "") }
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    fn into_response(self) -> Result<Response<Body>, axum::http::Error> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(match self.body {
            Content::Whole(bytes) => Body::from(bytes),
            Content::Stalled(start) => {
                let beginning = Ok::<_, io::Error>(Bytes::from_static(start.as_bytes()));
                let beginning = stream::iter([beginning]);
                Body::from_stream(beginning.chain(stream::pending()))
            }
        })
    }
}

/// A request that the server received.
#[derive(Debug)]
pub(crate) struct RecordedRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl RecordedRequest {
    /// Returns a header that was sent once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.get_all(name).iter();
        let only = all.next()?.to_str().ok();
        only.filter(|_| all.next().is_none())
    }

    /// Returns a query parameter that was sent once.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let mut all = self.query.iter().filter(|(key, _)| key == name);
        let (_, only) = all.next()?;
        all.next().is_none().then_some(only)
    }

    /// Decodes the body as JSON.
    pub(crate) fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

/// A running server. It ends when it is dropped.
pub(crate) struct Server {
    address: String,
    shared: Arc<Shared>,
    task: JoinHandle<io::Result<()>>,
}

struct Shared {
    script: Mutex<VecDeque<ScriptedResponse>>,
    requests: Mutex<Vec<RecordedRequest>>,
}

impl Server {
    /// Starts a server that returns one of these responses for each request.
    pub(crate) async fn responding(
        script: impl IntoIterator<Item = ScriptedResponse>,
    ) -> Result<Self, Box<dyn Error>> {
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            requests: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let router = Router::new().fallback(response).with_state(shared.clone());
        let task = tokio::spawn(async { axum::serve(listener, router).await });
        Ok(Self { address, shared, task })
    }

    /// The base URL, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.address
    }

    /// Returns a builder of a client without credentials.
    pub(crate) fn client_builder(&self) -> ClientBuilder {
        // Each response of the script is for one request.
        Client::builder().base_url(self.url()).retry(RetryPolicy::none())
    }

    /// Returns a client with both keys.
    pub(crate) fn client(&self) -> Result<Client, datadog_ci_pipelines::Error> {
        let builder = self.client_builder();
        builder.api_key(API_KEY).app_key(APP_KEY).build()
    }

    /// Returns the requests so far.
    pub(crate) fn requests(&self) -> MutexGuard<'_, Vec<RecordedRequest>> {
        locked(&self.shared.requests)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A test that panicked while it held the lock fails by itself.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn response(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let query: Query<Vec<(String, String)>> = Query::try_from_uri(&parts.uri).unwrap_or_default();
    let requests = RecordedRequest {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: query.0,
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.unwrap_or_default(),
    };
    locked(&shared.requests).push(requests);
    // A surplus request gets a response that no test expects.
    let next = locked(&shared.script).pop_front().unwrap_or_else(|| {
        ScriptedResponse::new(599, "text/plain", "the script has no response left")
    });
    next.into_response().unwrap_or_else(|error| Response::new(Body::from(error.to_string())))
}
