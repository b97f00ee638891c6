//! An intake with a fixed clock, requests and responses, and events to send.

use std::time::Duration;

use std::io::Write as _;
use std::sync::OnceLock;

use datadog_ci_intake::{LocalIntake, LocalIntakeBuilder};
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// The time in every test.
pub(crate) const NOW: &str = "2026-07-14T10:00:00Z";

pub(crate) const SEND: &str = "/api/v2/ci/pipeline";
pub(crate) const LIST: &str = "/api/v2/ci/pipelines/events";
pub(crate) const SEARCH: &str = "/api/v2/ci/pipelines/events/search";
pub(crate) const AGGREGATE: &str = "/api/v2/ci/pipelines/analytics/aggregate";

/// A running intake.
pub(crate) struct Server {
    pub(crate) intake: LocalIntake,
}

/// A response.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Server {
    /// Starts an intake whose queries have ten minutes, since tests also run on busy machines.
    pub(crate) async fn start() -> Self {
        Self::with(LocalIntake::builder().query_timeout(Duration::from_secs(600))).await
    }

    pub(crate) async fn with(builder: LocalIntakeBuilder) -> Self {
        let intake = builder.start().await.unwrap();
        intake.clock().set(NOW.parse().unwrap());
        Self { intake }
    }

    /// Returns a request without credentials.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        http().request(method, format!("{}{path}", self.intake.url()))
    }

    /// Returns a request with both keys.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header("DD-API-KEY", "a").header("DD-APPLICATION-KEY", "b")
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        let request = self.request(Method::POST, path).header("content-type", "application/json");
        execute(request.body(body.to_string())).await
    }

    pub(crate) async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Response {
        let query: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        execute(self.request(Method::GET, &format!("{path}?{query}"))).await
    }

    /// Sends an event, or an array of them.
    pub(crate) async fn send(&self, data: &Value) -> Response {
        self.post(SEND, &json!({ "data": data })).await
    }

    /// Sends events that must be accepted.
    pub(crate) async fn accept(&self, data: &Value) {
        let response = self.send(data).await;
        assert_eq!(response.status, 202, "{}", response.body);
    }

    /// Returns the events of the last day that match a query, oldest first.
    pub(crate) async fn search(&self, query: &str) -> Vec<Value> {
        let filter = json!({ "query": query, "from": "now-1d" });
        let body = json!({ "filter": filter, "sort": "timestamp", "page": { "limit": 1000 } });
        let response = self.post(SEARCH, &body).await;
        assert_eq!(response.status, 200, "{query}: {}", response.body);
        response.json()["data"].as_array().unwrap().clone()
    }

    /// Returns an attribute of the events that match a query, oldest first.
    pub(crate) async fn values(&self, query: &str, path: &str) -> Vec<Value> {
        self.search(query).await.iter().map(|event| at(event, path).clone()).collect()
    }

    /// Returns the buckets of an aggregation, by default over the last day.
    pub(crate) async fn buckets(&self, mut body: Value) -> Value {
        if body.get("filter").is_none() {
            body["filter"] = json!({ "from": "now-1d" });
        }
        let response = self.post(AGGREGATE, &body).await;
        assert_eq!(response.status, 200, "{}", response.body);
        response.json()["data"]["buckets"].clone()
    }
}

/// Returns the client of all tests, because creating one takes longer than a test.
fn http() -> &'static reqwest::Client {
    static HTTP: OnceLock<reqwest::Client> = OnceLock::new();
    HTTP.get_or_init(|| {
        // Creating a typed client installs a TLS provider, which `reqwest` requires even without
        // TLS.
        drop(datadog_ci_pipelines::Client::builder().build());
        // Every test has its own runtime, and connections end with it.
        reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap()
    })
}

/// Sends a request and reads the response.
pub(crate) async fn execute(request: RequestBuilder) -> Response {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Response { status, headers, body: response.text().await.unwrap() }
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Returns the reasons of a rejection.
    pub(crate) fn errors(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{body}"));
        let reason = |error: &Value| error.get("detail").unwrap_or(error).as_str().map(Into::into);
        errors.iter().filter_map(reason).collect()
    }
}

/// Compresses a body for `Content-Encoding: gzip`.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Returns an attribute of an event by its path.
pub(crate) fn at<'a>(event: &'a Value, path: &str) -> &'a Value {
    let pointer = format!("/attributes/attributes/{}", path.replace('.', "/"));
    event.pointer(&pointer).unwrap_or(&Value::Null)
}

/// Sets properties. `null` removes one.
pub(crate) fn with(mut object: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("{more} is not an object") };
    let fields = object.as_object_mut().unwrap();
    for (name, value) in more {
        match value {
            Value::Null => fields.remove(&name),
            value => fields.insert(name, value),
        };
    }
    object
}

/// Returns an event with the properties that its level requires, and `more`. It lasted a minute and
/// ended a minute ago.
pub(crate) fn event(level: &str, id: &str, more: Value) -> Value {
    let own = match level {
        "pipeline" => json!({ "unique_id": id, "partial_retry": false, "url": "https://ci/p" }),
        "job" => json!({ "id": id, "pipeline_unique_id": "run", "url": "https://ci/j" }),
        _ => json!({ "id": id, "pipeline_unique_id": "run" }),
    };
    let mut resource = with(
        json!({
            "level": level, "name": format!("{level} {id}"), "status": "success",
            "start": "2026-07-14T09:58:00Z", "end": "2026-07-14T09:59:00Z",
        }),
        own,
    );
    if level != "pipeline" {
        resource["pipeline_name"] = json!("deploy");
    }
    json!({
        "type": "cipipeline_resource_request",
        "attributes": { "resource": with(resource, more) },
    })
}

pub(crate) fn pipeline(id: &str, more: Value) -> Value {
    event("pipeline", id, more)
}

pub(crate) fn stage(id: &str, more: Value) -> Value {
    event("stage", id, more)
}

pub(crate) fn job(id: &str, more: Value) -> Value {
    event("job", id, more)
}

pub(crate) fn step(id: &str, more: Value) -> Value {
    event("step", id, more)
}

/// Returns a pipeline or job that is still running.
pub(crate) fn running(level: &str, id: &str, more: Value) -> Value {
    event(level, id, with(json!({ "status": "running", "end": null }), more))
}

/// Adds attributes next to the resource of an event.
pub(crate) fn with_attributes(mut event: Value, attributes: Value) -> Value {
    event["attributes"] = with(event["attributes"].take(), attributes);
    event
}

/// Returns a job that ended today at this time, which is also its id.
pub(crate) fn ended(at: &str) -> Value {
    job(at, json!({ "start": "2026-07-14T00:00:00Z", "end": format!("2026-07-14T{at}Z") }))
}
