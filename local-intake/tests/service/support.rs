//! An intake whose clock stands still, requests as bytes, and events to send.

use std::io::Write as _;
use std::sync::OnceLock;

use datadog_ci_intake::{LocalIntake, LocalIntakeBuilder};
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// What time it is in every test.
pub(crate) const NOW: &str = "2026-07-14T10:00:00Z";

pub(crate) const SEND: &str = "/api/v2/ci/pipeline";
pub(crate) const LIST: &str = "/api/v2/ci/pipelines/events";
pub(crate) const SEARCH: &str = "/api/v2/ci/pipelines/events/search";
pub(crate) const AGGREGATE: &str = "/api/v2/ci/pipelines/analytics/aggregate";

/// An intake that runs.
pub(crate) struct Server {
    pub(crate) intake: LocalIntake,
}

/// An answer as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::of(LocalIntake::builder()).await
    }

    pub(crate) async fn of(builder: LocalIntakeBuilder) -> Self {
        let intake = builder.start().await.unwrap();
        intake.clock().set(NOW.parse().unwrap());
        Self { intake }
    }

    /// A request without keys.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        http().request(method, format!("{}{path}", self.intake.url()))
    }

    /// A request with both keys.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header("DD-API-KEY", "a").header("DD-APPLICATION-KEY", "b")
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header("content-type", "application/json");
        answer(request.body(body.to_string())).await
    }

    pub(crate) async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        let query: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        answer(self.request(Method::GET, &format!("{path}?{query}"))).await
    }

    /// Sends an event, or an array of them.
    pub(crate) async fn send(&self, data: &Value) -> Answer {
        self.post(SEND, &json!({ "data": data })).await
    }

    /// Sends what must be accepted.
    pub(crate) async fn accept(&self, data: &Value) {
        let answer = self.send(data).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
    }

    /// The events of the last day that a query finds, oldest first.
    pub(crate) async fn found(&self, query: &str) -> Vec<Value> {
        let filter = json!({ "query": query, "from": "now-1d" });
        let body = json!({ "filter": filter, "sort": "timestamp", "page": { "limit": 1000 } });
        let answer = self.post(SEARCH, &body).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        answer.json()["data"].as_array().unwrap().clone()
    }

    /// What stands in an attribute of the events that a query finds, oldest first.
    pub(crate) async fn each(&self, query: &str, path: &str) -> Vec<Value> {
        self.found(query).await.iter().map(|event| at(event, path).clone()).collect()
    }

    /// The buckets of an aggregation over the last day.
    pub(crate) async fn buckets(&self, mut body: Value) -> Value {
        if body.get("filter").is_none() {
            body["filter"] = json!({ "from": "now-1d" });
        }
        let answer = self.post(AGGREGATE, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["data"]["buckets"].clone()
    }
}

/// The client of all tests: making one takes longer than a test does.
fn http() -> &'static reqwest::Client {
    static HTTP: OnceLock<reqwest::Client> = OnceLock::new();
    HTTP.get_or_init(|| {
        // The typed client chooses how TLS is done, which a bare one needs to be told even
        // where there is none.
        drop(datadog_ci_pipelines::Client::builder().build());
        // Every test has a runtime of its own, and connections end with it.
        reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap()
    })
}

/// Sends a request.
pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, text: response.text().await.unwrap() }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Why a request was refused: the texts of a reader, the details of a sender.
    pub(crate) fn errors(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{body}"));
        let text = |error: &Value| error.get("detail").unwrap_or(error).as_str().map(Into::into);
        errors.iter().filter_map(text).collect()
    }
}

/// A body as `Content-Encoding: gzip` says.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An attribute of a found event by its path.
pub(crate) fn at<'a>(event: &'a Value, path: &str) -> &'a Value {
    let pointer = format!("/attributes/attributes/{}", path.replace('.', "/"));
    event.pointer(&pointer).unwrap_or(&Value::Null)
}

/// Sets properties; `null` takes one away.
pub(crate) fn with(mut object: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("{more} is no object") };
    let fields = object.as_object_mut().unwrap();
    for (name, value) in more {
        match value {
            Value::Null => fields.remove(&name),
            value => fields.insert(name, value),
        };
    }
    object
}

/// An event to send: with all that its level needs, and `more`. It lasted a minute and ended a
/// minute ago.
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

/// A pipeline or job that is still running.
pub(crate) fn running(level: &str, id: &str, more: Value) -> Value {
    event(level, id, with(json!({ "status": "running", "end": null }), more))
}

/// The same event with attributes beside its resource.
pub(crate) fn filed(mut event: Value, attributes: Value) -> Value {
    event["attributes"] = with(event["attributes"].take(), attributes);
    event
}
