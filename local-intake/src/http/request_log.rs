//! The requests received so far, without credentials.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Serialize;
use specwright_server::axum::extract::Request;
use specwright_server::http::{HeaderMap, Uri};

use crate::common::lock;

/// The maximum number of recorded requests.
const MAX_REQUESTS: usize = 100_000;
/// The maximum size of all recorded requests in bytes, because headers may be long.
const MAX_BYTES: usize = 128 * 1024 * 1024;

/// A request that was received, and the status of its response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// The path and query. The values of credentials are redacted.
    pub target: String,
    /// The status of the response. `None` if the connection was closed instead.
    pub status: Option<u16>,
    /// The names and values of the headers. The values of credentials are redacted.
    pub headers: Vec<(String, String)>,
}

impl RecordedRequest {
    /// Creates the record of a request without a response.
    pub(super) fn new(request: &Request) -> Self {
        Self {
            method: request.method().to_string(),
            target: target(request.uri()),
            status: None,
            headers: headers(request.headers()),
        }
    }

    /// Returns the approximate size in bytes.
    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len() + 48);
        self.target.len() + headers.sum::<usize>() + 100
    }
}

/// The last requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Log>);

#[derive(Debug, Default)]
struct Log {
    requests: VecDeque<RecordedRequest>,
    bytes: usize,
    /// The number of requests that were removed.
    removed: u64,
}

impl RequestLog {
    /// Returns all recorded requests in the order of their responses.
    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        lock(&self.0).requests.iter().cloned().collect()
    }

    /// Returns some recorded requests from a number on, and the number after them. It is `None`
    /// after the last one.
    pub(super) fn some(&self, from: u64, count: usize) -> (Vec<RecordedRequest>, Option<u64>) {
        let log = lock(&self.0);
        let from = from.max(log.removed);
        let skipped = usize::try_from(from - log.removed).unwrap_or(usize::MAX);
        let some: Vec<_> = log.requests.iter().skip(skipped).take(count).cloned().collect();
        let next = from + some.len() as u64;
        let is_more = next < log.removed + log.requests.len() as u64;
        (some, is_more.then_some(next))
    }

    /// Returns how many requests were recorded so far.
    #[cfg(feature = "pages")]
    pub(super) fn count(&self) -> u64 {
        let log = lock(&self.0);
        log.removed + log.requests.len() as u64
    }

    pub(super) fn clear(&self) {
        *lock(&self.0) = Log::default();
    }

    /// Adds a request, and removes the oldest ones if there are too many.
    pub(super) fn add(&self, request: RecordedRequest) {
        let Log { requests, bytes, removed } = &mut *lock(&self.0);
        *bytes += request.size();
        requests.push_back(request);
        while (requests.len() > MAX_REQUESTS || *bytes > MAX_BYTES)
            && let Some(oldest) = requests.pop_front()
        {
            *bytes -= oldest.size();
            *removed += 1;
        }
    }
}

/// Returns whether a header or parameter with this name may be a credential.
fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "auth", "cookie", "token", "secret"].iter().any(|word| name.contains(word))
}

/// Returns the path and query. Redacts credentials, which do not belong there but may be sent by
/// mistake.
fn target(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let redacted = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_credential(name) => format!("{name}=<redacted>"),
        _ => pair.to_owned(),
    };
    let pairs: Vec<String> = query.split('&').map(redacted).collect();
    format!("{}?{}", uri.path(), pairs.join("&"))
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| match is_credential(name.as_str()) {
            true => (name.to_string(), "<redacted>".to_owned()),
            false => (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, RecordedRequest, RequestLog};

    #[test]
    fn requests_are_returned_in_parts() {
        let requests = RequestLog::default();
        let request = |target: usize| RecordedRequest {
            method: String::new(),
            target: target.to_string(),
            status: None,
            headers: Vec::new(),
        };
        let part = |from| {
            let (part, next) = requests.some(from, 2);
            (part.into_iter().map(|it| it.target).collect::<Vec<_>>(), next)
        };
        assert_eq!(part(0), (vec![], None));
        (0..super::MAX_REQUESTS + 5).for_each(|number| requests.add(request(number)));
        let end = super::MAX_REQUESTS as u64 + 5;
        assert_eq!(part(0), (vec!["5".to_owned(), "6".to_owned()], Some(7)));
        assert_eq!(part(end - 1), (vec![(end - 1).to_string()], None));
        assert_eq!(part(end), (vec![], None));
    }

    #[test]
    fn requests_with_long_headers_are_removed_earlier() {
        let requests = RequestLog::default();
        let headers = vec![("x-long".to_owned(), "x".repeat(10_000_000))];
        for _ in 0..20 {
            let (method, target) = ("GET".to_owned(), "/".to_owned());
            requests.add(RecordedRequest {
                method,
                target,
                status: None,
                headers: headers.clone(),
            });
        }
        assert_eq!(requests.all().len(), MAX_BYTES / 10_000_000);
        requests.clear();
        requests.add(RecordedRequest {
            method: String::new(),
            target: String::new(),
            status: None,
            headers: Vec::new(),
        });
        assert_eq!(requests.all().len(), 1);
    }
}
