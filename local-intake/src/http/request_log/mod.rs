//! The requests received so far, without credentials.
//!
//! | module | responsibility |
//! |---|---|
//! | `body` | the start of the body of a request (feature `pages`) |
//! | `problems` | why a request was rejected |

#[cfg(feature = "pages")]
mod body;
mod problems;

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Serialize;
use specwright_server::axum::extract::Request;
use specwright_server::http::{HeaderMap, Uri};

#[cfg(feature = "pages")]
pub(super) use body::{BodyStart, Recorder};
pub(super) use problems::keep_problems;

use crate::common::lock;

/// The maximum number of recorded requests.
const MAX_REQUESTS: usize = 100_000;
/// The maximum size of all recorded requests in bytes, because headers may be long.
const MAX_BYTES: usize = 128 * 1024 * 1024;

/// A request that was received, and the status of its response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// The path and query. The values of credentials are redacted.
    pub target: String,
    /// The status of the response. `None` if the connection was closed instead.
    pub status: Option<u16>,
    /// The names and values of the headers. The values of credentials are redacted.
    pub headers: Vec<(String, String)>,
    /// When it was received, in nanoseconds since 1970.
    pub received: i64,
    /// The time until its response, in nanoseconds.
    pub duration: i64,
    /// Why it was rejected, as the response has it.
    pub problems: Vec<String>,
}

impl RecordedRequest {
    /// Creates the record of a request without a response.
    pub(super) fn new(request: &Request, received: i64) -> Self {
        Self {
            received,
            duration: 0,
            problems: Vec::new(),
            method: request.method().to_string(),
            target: target(request.uri()),
            status: None,
            headers: headers(request.headers()),
        }
    }

    /// Returns the approximate size in bytes.
    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len() + 48);
        let problems = self.problems.iter().map(|problem| problem.len() + 24);
        self.target.len() + headers.sum::<usize>() + problems.sum::<usize>() + 140
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
    /// The starts of the bodies of the last requests.
    #[cfg(feature = "pages")]
    bodies: VecDeque<BodyStart>,
}

/// The number of requests whose bodies are kept.
#[cfg(feature = "pages")]
pub(super) const BODIES: usize = 500;

/// A request with its number and body.
#[cfg(feature = "pages")]
pub(super) struct NumberedRequest {
    pub(super) number: u64,
    pub(super) request: RecordedRequest,
    /// `None` if it is no longer kept.
    pub(super) body: Option<BodyStart>,
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

    #[cfg(any(test, not(feature = "pages")))]
    /// Adds a request, and removes the oldest ones if there are too many.
    pub(super) fn add(&self, request: RecordedRequest) {
        lock(&self.0).add(request);
    }

    /// Adds a request with the start of its body.
    #[cfg(feature = "pages")]
    pub(super) fn add_with_body(&self, request: RecordedRequest, body: &Recorder) {
        let mut log = lock(&self.0);
        log.bodies.push_back(body.take());
        if log.bodies.len() > BODIES {
            log.bodies.pop_front();
        }
        log.add(request);
    }

    /// Returns the last requests before a number, the newest first, and the number to continue with.
    #[cfg(feature = "pages")]
    pub(super) fn before(
        &self,
        number: Option<u64>,
        count: usize,
        is_wanted: impl Fn(&RecordedRequest) -> bool,
    ) -> (Vec<NumberedRequest>, Option<u64>) {
        let log = lock(&self.0);
        let end = log.removed + log.requests.len() as u64;
        let newer = end.saturating_sub(number.unwrap_or(end));
        let requests = log.requests.iter().rev().zip(1..).skip(newer as usize);
        let mut wanted = requests.filter(|(request, _)| is_wanted(request));
        let numbered = wanted.by_ref().take(count).map(|(request, age): (_, usize)| {
            let body = log.bodies.len().checked_sub(age).and_then(|index| log.bodies.get(index));
            let (number, request) = (end - age as u64, request.clone());
            NumberedRequest { number, request, body: body.cloned() }
        });
        let numbered: Vec<_> = numbered.collect();
        let last = numbered.last().map(|last| last.number).filter(|_| wanted.next().is_some());
        (numbered, last)
    }
}

impl Log {
    fn add(&mut self, request: RecordedRequest) {
        let Self { requests, bytes, removed, .. } = self;
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
            target: target.to_string(),
            ..RecordedRequest::default()
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

    #[cfg(feature = "pages")]
    #[test]
    fn the_newest_requests_come_first_with_their_bodies() {
        use super::{BODIES, Recorder};
        let requests = RequestLog::default();
        let all = BODIES as u64 + 3;
        for number in 0..all {
            let status = Some(if number.is_multiple_of(2) { 202 } else { 400 });
            let request = RecordedRequest { status, ..RecordedRequest::default() };
            requests.add_with_body(request, &Recorder::default());
        }
        let numbers = |before, count, rejected: bool| {
            let is_wanted = |it: &RecordedRequest| !rejected || it.status == Some(400);
            let (found, next) = requests.before(before, count, is_wanted);
            (found.iter().map(|it| it.number).collect::<Vec<_>>(), next)
        };
        assert_eq!(numbers(None, 2, false), (vec![all - 1, all - 2], Some(all - 2)));
        assert_eq!(numbers(Some(all - 2), 1, false), (vec![all - 3], Some(all - 3)));
        assert_eq!(numbers(Some(2), 5, false), (vec![1, 0], None));
        assert_eq!(numbers(None, 2, true), (vec![all - 2, all - 4], Some(all - 4)));
        let (found, _) = requests.before(Some(5), 9, |_| true);
        let kept: Vec<_> = found.iter().map(|it| it.body.is_some()).collect();
        assert_eq!(kept, [true, true, false, false, false]);
    }

    #[test]
    fn requests_with_long_headers_are_removed_earlier() {
        let requests = RequestLog::default();
        let headers = vec![("x-long".to_owned(), "x".repeat(10_000_000))];
        for _ in 0..20 {
            requests
                .add(RecordedRequest { headers: headers.clone(), ..RecordedRequest::default() });
        }
        assert_eq!(requests.all().len(), MAX_BYTES / 10_000_000);
        requests.clear();
        requests.add(RecordedRequest::default());
        assert_eq!(requests.all().len(), 1);
    }
}
