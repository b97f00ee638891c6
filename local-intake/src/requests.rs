//! What was asked, for tests of clients; no keys.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Serialize;
use specwright_server::axum::extract::Request;
use specwright_server::http::{HeaderMap, Uri};

use crate::sync::lock;

/// How many requests are remembered.
const REMEMBERED: usize = 100_000;
/// How many bytes they have at most: headers may be long.
const REMEMBERED_BYTES: usize = 128 * 1024 * 1024;

/// A request that was answered, or dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// The path and the query, as they came.
    pub target: String,
    /// The status of the answer; none where the connection was closed instead.
    pub status: Option<u16>,
    /// The headers by their names. The values of keys are not kept.
    pub headers: Vec<(String, String)>,
}

impl Recorded {
    /// A request that is not answered yet.
    pub(crate) fn of(request: &Request) -> Self {
        Self {
            method: request.method().to_string(),
            target: target(request.uri()),
            status: None,
            headers: shown(request.headers()),
        }
    }

    /// About how many bytes it takes up.
    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len() + 48);
        self.target.len() + headers.sum::<usize>() + 100
    }
}

/// The last requests.
#[derive(Debug, Default)]
pub(crate) struct Requests(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    requests: VecDeque<Recorded>,
    /// What they take up.
    bytes: usize,
}

impl Requests {
    /// All that are remembered, in the order in which they were answered.
    pub(crate) fn all(&self) -> Vec<Recorded> {
        lock(&self.0).requests.iter().cloned().collect()
    }

    /// Forgets all of them.
    pub(crate) fn reset(&self) {
        *lock(&self.0) = Remembered::default();
    }

    /// Adds one, and forgets as many as there is no room for.
    pub(crate) fn add(&self, request: Recorded) {
        let Remembered { requests, bytes } = &mut *lock(&self.0);
        *bytes += request.size();
        requests.push_back(request);
        while (requests.len() > REMEMBERED || *bytes > REMEMBERED_BYTES)
            && let Some(oldest) = requests.pop_front()
        {
            *bytes -= oldest.size();
        }
    }
}

/// Whether something of this name is a key, or may be.
fn is_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "auth", "cookie", "token", "secret"].iter().any(|word| name.contains(word))
}

/// The path and query without the values of keys, which some put there by mistake.
fn target(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let shown = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_key(name) => format!("{name}=<redacted>"),
        _ => pair.to_owned(),
    };
    let pairs: Vec<String> = query.split('&').map(shown).collect();
    format!("{}?{}", uri.path(), pairs.join("&"))
}

/// Headers without the values of keys.
fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| match is_key(name.as_str()) {
            true => (name.to_string(), "<redacted>".to_owned()),
            false => (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{REMEMBERED_BYTES, Recorded, Requests};

    #[test]
    fn requests_with_long_headers_are_remembered_for_less_long() {
        let requests = Requests::default();
        let headers = vec![("x-long".to_owned(), "x".repeat(10_000_000))];
        for _ in 0..20 {
            let (method, target) = ("GET".to_owned(), "/".to_owned());
            requests.add(Recorded { method, target, status: None, headers: headers.clone() });
        }
        assert_eq!(requests.all().len(), REMEMBERED_BYTES / 10_000_000);
        requests.reset();
        requests.add(Recorded {
            method: String::new(),
            target: String::new(),
            status: None,
            headers: Vec::new(),
        });
        assert_eq!(requests.all().len(), 1);
    }
}
