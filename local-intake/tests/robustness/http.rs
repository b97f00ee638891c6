//! A minimal HTTP client that can send arbitrary bytes, which real clients cannot.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// The timeout of everything. Nothing that is tested takes as long.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);
pub(crate) const SEND: &str = "/api/v2/ci/pipeline";
pub(crate) const LIST: &str = "/api/v2/ci/pipelines/events";
pub(crate) const SEARCH: &str = "/api/v2/ci/pipelines/events/search";
pub(crate) const AGGREGATE: &str = "/api/v2/ci/pipelines/analytics/aggregate";

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn body_str(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let body = bytes[end + 4..].to_vec();
        // An incomplete response counts as none.
        if head.lines().any(|line| line == "transfer-encoding: chunked") {
            return Some(Self { status, body: unchunked(&body)? });
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        (length?.parse() == Ok(body.len())).then_some(Self { status, body })
    }
}

/// Joins the chunks of a body.
fn unchunked(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = chunks.windows(2).position(|two| two == b"\r\n")?;
        let length = std::str::from_utf8(&chunks[..end]).ok()?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunks.get(end + 2..end + 2 + length)?);
        chunks = chunks.get(end + 2 + length + 2..)?;
    }
}

/// Opens a connection with timeouts.
pub(crate) fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends bytes as they are, and reads until the connection is closed.
pub(crate) fn raw(address: &str, bytes: &[u8]) -> io::Result<Response> {
    let mut stream = connect(address)?;
    // If the request is rejected early, writing may fail; only the response matters.
    let _ = stream.write_all(bytes);
    finish(stream)
}

/// Reads a response until the connection is closed.
pub(crate) fn finish(mut stream: TcpStream) -> io::Result<Response> {
    let mut response = Vec::new();
    match stream.read_to_end(&mut response) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            Err(io::ErrorKind::TimedOut.into())
        }
        // A reset after a complete response counts as its end.
        _ => Response::read(&response).ok_or_else(|| io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Returns the head of a request without its end.
pub(crate) fn head(method: &str, target: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         DD-API-KEY: k\r\nDD-APPLICATION-KEY: k\r\n"
    )
}

/// Sends a request with further headers, each terminated by a line break.
pub(crate) fn request(
    address: &str,
    [method, target, headers]: [&str; 3],
    body: &[u8],
) -> io::Result<Response> {
    let head = head(method, target);
    let head = format!("{head}{headers}Content-Length: {}\r\n\r\n", body.len());
    raw(address, &[head.as_bytes(), body].concat())
}

pub(crate) fn post(address: &str, target: &str, body: &[u8]) -> io::Result<Response> {
    request(address, ["POST", target, "Content-Type: application/json\r\n"], body)
}

pub(crate) fn get(address: &str, target: &str) -> io::Result<Response> {
    request(address, ["GET", target, ""], b"")
}

/// Returns the number of events of an intake.
pub(crate) fn count(address: &str) -> usize {
    let events = get(address, "/_intake/events").unwrap().json();
    events["data"].as_array().map_or(usize::MAX, Vec::len)
}
