//! What the fuzz targets check. Each function takes any bytes, and panics if they break something.
//!
//! `fuzz/` runs them with cargo-fuzz, and the test `inputs` with the inputs that were found so far.
//!
//! | module | responsibility |
//! |---|---|
//! | `bodies` | decoding, validating and encoding of JSON bodies |
//! | `multipart` | forms with files |
//! | `streams` | server-sent events and JSON lines |
#![allow(clippy::expect_used, clippy::panic, reason = "a panic is what a fuzzer reports")]

mod bodies;
mod multipart;
mod streams;

// Written by `build.rs`: the modules `api` and `server`.
/// The client of `spec.yaml`.
pub mod api {
    include!(concat!(env!("OUT_DIR"), "/spec.rs"));
}

/// The server of `spec.yaml`.
pub mod server {
    include!(concat!(env!("OUT_DIR"), "/spec_server.rs"));
}

pub use bodies::bodies;
pub use multipart::multipart;
pub use streams::streams;

/// A check of any bytes.
pub type Check = fn(&[u8]);

/// The names of all targets, each with its check.
pub const TARGETS: [(&str, Check); 6] = [
    ("bodies", bodies),
    ("multipart", multipart),
    ("overlay", overlay),
    ("query", query),
    ("streams", streams),
    ("yaml", yaml),
];

/// Checks a query of the local intake, on the first line, with an event: the rest, a JSON object.
pub fn query(data: &[u8]) {
    let Ok(string) = std::str::from_utf8(data) else { return };
    let (query, event) = string.split_once('\n').unwrap_or((string, EVENT));
    datadog_ci_intake::fuzzing::check_query(query, event);
}

/// An event that many queries match.
const EVENT: &str = r#"{"a":"a b","x":{"y":[1,"a1",-0.5],"z":true},"ci.status":"Error É"}"#;

/// Checks a JSONPath of an overlay, on the first line, with a document: the rest.
pub fn overlay(data: &[u8]) {
    let Ok(string) = std::str::from_utf8(data) else { return };
    let (path, document) = string.split_once('\n').unwrap_or((string, DOCUMENT));
    specwright::fuzzing::check_overlay(path, document);
}

/// A document that many paths match.
const DOCUMENT: &str = "paths: {/a: {get: {tags: [a, b]}, put: {tags: []}}}\n\
                        a: [{b: 1, c: x}, {b: 2}, [3, {b: ~}]]\n\"'~/\\\"\": {b: [true]}\n";

/// Checks a document that is YAML or JSON.
pub fn yaml(data: &[u8]) {
    let Ok(source) = std::str::from_utf8(data) else { return };
    specwright::fuzzing::check_yaml(source);
}
