//! What is wrong below JSON: encodings, lengths, chunks, heads.

use std::io::{Read, Write};
use std::net::Shutdown;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::{QUICKLY, Target, bodies};
use crate::http::{AGGREGATE, LIST, SEARCH, SEND, connect, finish, head, post, raw};
use crate::random::Random;

const JSON: &str = "Content-Type: application/json\r\n";
const ALL: [[&str; 2]; 4] = [["POST", SEND], ["POST", SEARCH], ["POST", AGGREGATE], ["GET", LIST]];

#[test]
fn encodings_that_lie_are_refused() {
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
    // A window of 2 GiB, and a block that repeats one byte.
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
            target.refused(["POST", path, &headers], body);
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
            target.refused(["POST", path, &format!("Content-Type: {kind}\r\n")], &event);
        }
    }
    target.assert_untouched();
}

#[test]
fn bodies_that_do_not_come_as_announced_are_refused() {
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
            let text = format!("{}{JSON}{headers}\r\n{body}", head(method, path));
            let started = std::time::Instant::now();
            let mut stream = connect(target.address()).unwrap();
            let _ = stream.write_all(text.as_bytes());
            // Nothing more will come.
            let _ = stream.shutdown(Shutdown::Write);
            // Some are not even told: the connection ends.
            if let Ok(answer) = finish(stream) {
                assert!((400..500).contains(&answer.status), "{headers}{body}: {}", answer.text());
            }
            assert!(started.elapsed() < QUICKLY, "{headers}: {:?}", started.elapsed());
        }
        target.program.assert_sound();
    }
    target.assert_untouched();
}

#[test]
fn heads_that_are_none_or_far_too_large_are_refused() {
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
            if let Ok(answer) = raw(target.address(), request.as_bytes()) {
                assert!((400..500).contains(&answer.status), "{}", answer.text());
            }
        }
    }
    for method in ["DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "BREW"] {
        for [_, path] in ALL {
            target.refused([method, path, ""], b"");
        }
    }
    for path in
        ["/", "/api/v2/ci", "/_intake/x", "/%ff", "/../..", "//", "/_intake/events/%ff/history"]
    {
        target.refused(["GET", path, ""], b"");
    }
    target.assert_untouched();
}

#[test]
fn parameters_that_are_anything_are_answered() {
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
        target.refused(["GET", &format!("{LIST}?{query}"), ""], b"");
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
        target.answer(["GET", &format!("{LIST}?{query}"), ""], b"");
    }
    target.assert_untouched();
}

#[test]
fn random_bytes_on_a_connection_end_it_and_nothing_else() {
    let mut target = Target::start();
    let mut random = Random(31);
    for case in 0..200 {
        let mut bytes: Vec<u8> = (0..random.below(600)).map(|_| random.next() as u8).collect();
        if case % 2 == 0 {
            let [method, path] = random.of(&ALL);
            bytes = [head(method, path).as_bytes(), &bytes].concat();
        }
        let mut stream = connect(target.address()).unwrap();
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    target.assert_untouched();
}

#[test]
fn half_an_answer_is_half_an_answer() {
    let mut target = Target::start();
    let fault = post(target.address(), "/_intake/faults", b"[\"truncate\"]").unwrap();
    assert_eq!(fault.status, 200);
    let mut stream = connect(target.address()).unwrap();
    write!(stream, "{}\r\n", head("GET", LIST)).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("{\"data\":"), "{answer}");
    target.assert_untouched();
}
