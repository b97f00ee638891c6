//! Input that nobody should send: refused at once and without a trace, whatever it is.

mod bodies;
mod wire;

use std::time::{Duration, Instant};

use serde_json::json;

use crate::http::{AGGREGATE, Answer, LIST, SEARCH, SEND, count, get, post, request};
use crate::program::Program;

/// How long an answer may take, by a build without optimizations on a busy machine. None
/// takes as long as a second elsewhere.
const QUICKLY: Duration = Duration::from_secs(10);

/// The program, and what is asked of it in between.
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

    /// Sends a body, and fails if the answer takes long or is the server's fault.
    fn answer(&self, parts: [&str; 3], body: &[u8]) -> Answer {
        let [method, target, _] = parts;
        let shown = || String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let started = Instant::now();
        let answer = request(self.address(), parts, body);
        let answer = answer.unwrap_or_else(|e| panic!("{method} {target}: {e}: {}", shown()));
        assert!(started.elapsed() < QUICKLY, "{method} {target}: {:?}", started.elapsed());
        assert!(answer.status < 500, "{method} {target}: {}\n{}", answer.text(), shown());
        answer
    }

    /// Sends a body that must be refused, and leave nothing behind.
    fn refused(&self, parts: [&str; 3], body: &[u8]) {
        let [method, target, headers] = parts;
        let answer = self.answer(parts, body);
        let shown = || String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let is_refused = (400..500).contains(&answer.status);
        assert!(is_refused, "{method} {target} {headers}: {}: {}", answer.status, shown());
        assert!(answer.body.len() < 50_000, "a refusal of {} bytes", answer.body.len());
    }

    /// Fails unless all operations work, and there is no event.
    fn assert_untouched(&mut self) {
        assert_eq!(count(self.address()), 0, "something was stored");
        self.program.assert_sound();
        let search = post(self.address(), SEARCH, b"{}").unwrap();
        let list = get(self.address(), LIST).unwrap();
        let body = json!({ "compute": [{ "aggregation": "count" }] }).to_string();
        let aggregate = post(self.address(), AGGREGATE, body.as_bytes()).unwrap();
        let sent = post(self.address(), SEND, &bodies::event()).unwrap();
        let status = [search.status, list.status, aggregate.status, sent.status];
        assert_eq!(status, [200, 200, 200, 202], "{}", sent.text());
        self.reset();
    }

    fn reset(&self) {
        assert_eq!(post(self.address(), "/_intake/reset", b"").unwrap().status, 200);
    }
}
