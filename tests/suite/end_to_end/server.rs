//! A server on the loopback interface that gives the answers of a script, in order, and
//! remembers what it was asked.

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

/// The keys of every client here. They are long enough to be found wherever they turn up.
pub(super) const API_KEY: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
pub(super) const APP_KEY: &str = "f9e8d7c6b5a493827160-app-key-5f4e3d2c1b0a";
pub(super) const TOKEN: &str = "ya29.access-token-of-a-user";

/// An answer of the script.
pub(super) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Content,
}

enum Content {
    Whole(Vec<u8>),
    /// A beginning after which nothing more comes.
    Stalled(&'static str),
}

impl Answer {
    /// An answer of any content type.
    pub(super) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: Content::Whole(body.into()),
        }
    }

    /// An answer of JSON, which need not be well-formed.
    pub(super) fn json(status: u16, body: impl ToString) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// What the service says to events that it takes.
    pub(super) fn accepted() -> Self {
        Self::new(202, "application/vnd.api+json", r#"{"data":null}"#)
    }

    /// An answer that begins well and never ends.
    pub(super) fn stalled(beginning: &'static str) -> Self {
        Self { body: Content::Stalled(beginning), ..Self::json(200, "") }
    }

    /// The same answer with a header more.
    pub(super) fn header(mut self, name: &'static str, value: impl ToString) -> Self {
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
            Content::Stalled(text) => {
                let beginning = Ok::<_, io::Error>(Bytes::from_static(text.as_bytes()));
                let beginning = stream::iter([beginning]);
                Body::from_stream(beginning.chain(stream::pending()))
            }
        })
    }
}

/// A request that was made.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Asked {
    /// A header, where it was sent once.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.get_all(name).iter();
        let only = all.next()?.to_str().ok();
        only.filter(|_| all.next().is_none())
    }

    /// A parameter of the query, where it was sent once.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut all = self.query.iter().filter(|(key, _)| key == name);
        let (_, only) = all.next()?;
        all.next().is_none().then_some(only)
    }

    /// The body as JSON.
    pub(super) fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

/// A running server. It ends with the test.
pub(super) struct Server {
    address: String,
    shared: Arc<Shared>,
    task: JoinHandle<io::Result<()>>,
}

struct Shared {
    script: Mutex<VecDeque<Answer>>,
    asked: Mutex<Vec<Asked>>,
}

impl Server {
    /// Starts a server that gives these answers, one for each request.
    pub(super) async fn answers(
        script: impl IntoIterator<Item = Answer>,
    ) -> Result<Self, Box<dyn Error>> {
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            asked: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let router = Router::new().fallback(answer).with_state(shared.clone());
        let task = tokio::spawn(async { axum::serve(listener, router).await });
        Ok(Self { address, shared, task })
    }

    /// Its address, without a slash at the end.
    pub(super) fn url(&self) -> &str {
        &self.address
    }

    /// A client of it without keys.
    pub(super) fn client_builder(&self) -> ClientBuilder {
        // Each answer of the script is for one request.
        Client::builder().base_url(self.url()).retry(RetryPolicy::none())
    }

    /// A client of it with both keys.
    pub(super) fn client(&self) -> Result<Client, datadog_ci_pipelines::Error> {
        let builder = self.client_builder();
        builder.api_key(API_KEY).app_key(APP_KEY).build()
    }

    /// What it was asked so far.
    pub(super) fn asked(&self) -> MutexGuard<'_, Vec<Asked>> {
        locked(&self.shared.asked)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A test that failed while it held a lock is reported by itself.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let query: Query<Vec<(String, String)>> = Query::try_from_uri(&parts.uri).unwrap_or_default();
    let asked = Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: query.0,
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.unwrap_or_default(),
    };
    locked(&shared.asked).push(asked);
    // One request too many gets an answer that no test expects.
    let next = locked(&shared.script)
        .pop_front()
        .unwrap_or_else(|| Answer::new(599, "text/plain", "the script has no answer left"));
    next.into_response().unwrap_or_else(|error| Response::new(Body::from(error.to_string())))
}
