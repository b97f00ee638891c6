//! Invalid encodings, lengths, chunks and heads.

use std::io::{Read, Write};
use std::net::Shutdown;

use fastrand::Rng;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::{MAX_DURATION, Target, bodies};
use crate::http::{AGGREGATE, LIST, SEARCH, SEND, connect, finish, head, post, raw};

const JSON: &str = "Content-Type: application/json\r\n";
const ALL: [[&str; 2]; 4] = [["POST", SEND], ["POST", SEARCH], ["POST", AGGREGATE], ["GET", LIST]];

#[test]
fn invalid_encodings_are_rejected() {
    let mut target = Target::start();
    let zeros = vec![b' '; 200_000_000];
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&zeros).unwrap();
    let bomb = gzip.finish().unwrap();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(&zeros).unwrap();
    let other = zlib.finish().unwrap();
    let mut twice = GzEncoder::new(Vec::new(), Compression::best());
    twice.write_all(&bomb).unwrap();
    let twice = twice.finish().unwrap();
    // A window of 2 GiB, and a block that repeats a byte.
    let window = b"\x28\xb5\x2f\xfd\x00\xa8\x03\x00\x10\x20";
    let event = bodies::event();
    for path in [SEND, SEARCH, AGGREGATE] {
        for (encoding, body) in [
            ("gzip", bomb.as_slice()),
            ("deflate", &other),
            ("gzip, gzip", &twice),
            ("zstd", window),
            ("gzip", &event),
            ("deflate", &event),
            ("zstd", &event),
            ("identity", &bomb[..1000]),
            ("br", &event),
            ("gzip, deflate, gzip, deflate, gzip", &event),
            ("\u{e9}", &event),
        ] {
            let headers = format!("{JSON}Content-Encoding: {encoding}\r\n");
            target.assert_rejected(["POST", path, &headers], body);
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
            target.assert_rejected(["POST", path, &format!("Content-Type: {kind}\r\n")], &event);
        }
    }
    target.assert_unchanged();
}

#[test]
fn bodies_with_an_invalid_length_are_rejected() {
    let mut target = Target::start();
    let event = String::from_utf8(bodies::event()).unwrap();
    let length = event.len();
    let chunked = "Transfer-Encoding: chunked\r\n";
    for (headers, body) in [
        (chunked.to_owned(), format!("zz\r\n{event}\r\n0\r\n\r\n")),
        (chunked.to_owned(), format!("-5\r\n{event}\r\n0\r\n\r\n")),
        (chunked.to_owned(), format!("ffffffffffffffffff\r\n{event}\r\n0\r\n\r\n")),
        (chunked.to_owned(), format!("{length:x}\r\n{event}0\r\n\r\n")),
        (chunked.to_owned(), format!("{length:x}\r\n{event}\r\n")),
        (chunked.to_owned(), format!("{:x}\r\n{event}", length + 1)),
        (chunked.to_owned(), format!("5;{}\r\n", "x".repeat(100_000))),
        (format!("{chunked}Content-Length: 5\r\n"), format!("{length:x}\r\n{event}")),
        ("Transfer-Encoding: cow\r\n".to_owned(), event.clone()),
        (format!("Content-Length: {}\r\n", length + 1), event.clone()),
        ("Content-Length: 99999999999\r\n".to_owned(), event.clone()),
        ("Content-Length: 99999999999999999999999\r\n".to_owned(), event.clone()),
        ("Content-Length: -1\r\n".to_owned(), event.clone()),
        (format!("Content-Length: {length}\r\nContent-Length: 5\r\n"), event.clone()),
        (format!("Expect: 100-continue\r\nContent-Length: {}\r\n", 1_u64 << 40), String::new()),
    ] {
        for [method, path] in [["POST", SEND], ["POST", "/_intake/events"]] {
            let request = format!("{}{JSON}{headers}\r\n{body}", head(method, path));
            let started = std::time::Instant::now();
            let mut stream = connect(target.address()).unwrap();
            let _ = stream.write_all(request.as_bytes());
            // Nothing more is sent.
            let _ = stream.shutdown(Shutdown::Write);
            // Some connections are closed without a response.
            if let Ok(response) = finish(stream) {
                assert!(
                    (400..500).contains(&response.status),
                    "{headers}{body}: {}",
                    response.body_str()
                );
            }
            assert!(started.elapsed() < MAX_DURATION, "{headers}: {:?}", started.elapsed());
        }
        target.program.assert_healthy();
    }
    target.assert_unchanged();
}

#[test]
fn invalid_or_too_large_heads_are_rejected() {
    let mut target = Target::start();
    let large = "x".repeat(1_000_000);
    let many: String = (0..5000).map(|i| format!("X-{i}: {i}\r\n")).collect();
    for [method, path] in ALL {
        for request in [
            format!("{}X-Large: {large}\r\n\r\n", head(method, path)),
            format!("{}{many}\r\n", head(method, path)),
            format!("{}\r\n", head(method, &format!("{path}?filter[query]={large}"))),
            format!("{}: no name\r\n\r\n", head(method, path)),
            format!("{}X-A: \0\r\n\r\n", head(method, path)),
            format!("{method} {path} HTTP/9.9\r\n\r\n"),
            format!("{method} {path}\r\n\r\n"),
            format!("{method} \u{e9} HTTP/1.1\r\n\r\n"),
        ] {
            if let Ok(response) = raw(target.address(), request.as_bytes()) {
                assert!((400..500).contains(&response.status), "{}", response.body_str());
            }
        }
    }
    for method in ["DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "BREW"] {
        for [_, path] in ALL {
            target.assert_rejected([method, path, ""], b"");
        }
    }
    for path in [
        "/index.html",
        "/api/v2/ci",
        "/_intake/x",
        "/%ff",
        "/../..",
        "//",
        "/_intake/events/%ff/history",
    ] {
        target.assert_rejected(["GET", path, ""], b"");
    }
    target.assert_unchanged();
}

#[test]
fn invalid_parameters_are_rejected_and_unknown_ones_ignored() {
    let mut target = Target::start();
    for query in [
        "page[limit]=1e400",
        "page[limit]=-1",
        "page[limit]=99999999999999999999",
        "page[limit]=",
        "sort=up",
        "page[cursor]=eyJ",
        "page[cursor]=bnVsbA",
        "filter[from]=now-99999999999999999999d",
        "filter[to]=%00",
        "filter[from]=9223372036854775807",
        "page[limit]=5&page[limit]=6",
    ] {
        target.assert_rejected(["GET", &format!("{LIST}?{query}"), ""], b"");
    }
    for query in [
        "&&&&",
        "=",
        "a=b",
        "filter[query]=",
        "[[[]]]=1",
        "%00=%00",
        "filter[query]=%",
        "filter[query]=%ff%fe",
    ] {
        let response = target.send(["GET", &format!("{LIST}?{query}"), ""], b"");
        assert_eq!(response.status, 200, "{query}");
    }
    target.assert_unchanged();
}

#[test]
fn random_bytes_only_affect_their_own_connection() {
    let mut target = Target::start();
    let mut random = Rng::with_seed(31);
    for case in 0..200 {
        let mut bytes: Vec<u8> = (0..random.usize(..600)).map(|_| random.u8(..)).collect();
        if case % 2 == 0 {
            let [method, path] = *random.choice(&ALL).unwrap();
            bytes = [head(method, path).as_bytes(), &bytes].concat();
        }
        let mut stream = connect(target.address()).unwrap();
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        // Some of the bytes complete a valid request.
        let starts = [b"HTTP/1.1 4".as_slice(), b"HTTP/1.1 200"];
        let is_expected =
            response.is_empty() || starts.iter().any(|start| response.starts_with(start));
        assert!(is_expected, "case {case}: {}", String::from_utf8_lossy(&response));
    }
    target.assert_unchanged();
}

#[test]
fn a_truncated_response_starts_with_its_first_half() {
    let mut target = Target::start();
    let fault = post(target.address(), "/_intake/faults", b"[\"truncate\"]").unwrap();
    assert_eq!(fault.status, 200);
    let mut stream = connect(target.address()).unwrap();
    write!(stream, "{}\r\n", head("GET", LIST)).unwrap();
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    let response = String::from_utf8(response).unwrap();
    assert!(
        response.starts_with("HTTP/1.1 200 OK") && response.contains("{\"data\":"),
        "{response}"
    );
    target.assert_unchanged();
}
