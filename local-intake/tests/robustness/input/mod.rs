//! Invalid input: rejected quickly, and without any effect.

mod bodies;
mod wire;

use std::time::{Duration, Instant};

use serde_json::json;

use crate::http::{AGGREGATE, LIST, Response, SEARCH, SEND, count, get, post, request};
use crate::program::Program;

/// The maximum duration of a request, in a debug build on a busy machine. Otherwise none takes a
/// second.
const MAX_DURATION: Duration = Duration::from_secs(10);

/// The program under test.
struct Target {
    program: Program,
}

impl Target {
    fn start() -> Self {
        Self { program: Program::start::<&str>([]) }
    }

    fn address(&self) -> &str {
        &self.program.address
    }

    /// Sends a request, and asserts that the response is quick and not a server error.
    fn send(&self, parts: [&str; 3], body: &[u8]) -> Response {
        let [method, target, _] = parts;
        let shown = || String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let started = Instant::now();
        let response = request(self.address(), parts, body);
        let response = response.unwrap_or_else(|e| panic!("{method} {target}: {e}: {}", shown()));
        assert!(started.elapsed() < MAX_DURATION, "{method} {target}: {:?}", started.elapsed());
        assert!(response.status < 500, "{method} {target}: {}\n{}", response.body_str(), shown());
        response
    }

    /// Sends a request that must be rejected.
    fn assert_rejected(&self, parts: [&str; 3], body: &[u8]) {
        let [method, target, headers] = parts;
        let response = self.send(parts, body);
        let shown = || String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let is_rejected = (400..500).contains(&response.status);
        assert!(is_rejected, "{method} {target} {headers}: {}: {}", response.status, shown());
        assert!(response.body.len() < 50_000, "a rejection of {} bytes", response.body.len());
    }

    /// Asserts that all operations work and no event is stored.
    fn assert_unchanged(&mut self) {
        assert_eq!(count(self.address()), 0, "something was stored");
        self.program.assert_healthy();
        let search = post(self.address(), SEARCH, b"{}").unwrap();
        let list = get(self.address(), LIST).unwrap();
        let body = json!({ "compute": [{ "aggregation": "count" }] }).to_string();
        let aggregate = post(self.address(), AGGREGATE, body.as_bytes()).unwrap();
        let send = post(self.address(), SEND, &bodies::event()).unwrap();
        let status = [search.status, list.status, aggregate.status, send.status];
        assert_eq!(status, [200, 200, 200, 202], "{}", send.body_str());
        self.reset();
    }

    fn reset(&self) {
        assert_eq!(post(self.address(), "/_intake/reset", b"").unwrap().status, 200);
    }
}
