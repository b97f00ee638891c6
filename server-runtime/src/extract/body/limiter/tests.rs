//! Bodies of every encoding: valid, invalid, too large and too slow.

use std::io::Write;

use axum::body::Body;
use http::HeaderValue;
use http::header::CONTENT_ENCODING;
use proptest::prelude::*;

use super::*;

fn encode(encoding: &str, plain: &[u8]) -> Vec<u8> {
    let level = flate2::Compression::default();
    match encoding {
        "gzip" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
            encoder.write_all(plain).unwrap();
            encoder.finish().unwrap()
        }
        "deflate" => {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(plain).unwrap();
            encoder.finish().unwrap()
        }
        "zstd" | "zstd1" => zstd::encode_all(plain, 3).unwrap(),
        _ => plain.to_vec(),
    }
}

fn read(encodings: &str, sent: Vec<u8>, limits: Limits) -> Result<Vec<u8>, u16> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_ENCODING, HeaderValue::from_str(encodings).unwrap());
    let read = async {
        BodyLimiter::new(limits)
            .read(&headers, &mut IncomingBody::new(&headers, Body::from(sent)))
            .await
    };
    runtime.block_on(read).map(|body| body.bytes).map_err(|rejection| rejection.status)
}

#[test]
fn all_encodings_are_removed() {
    let plain = br#"{"data":"0123456789"}"#.repeat(1000);
    for encodings in
        ["", "identity", "gzip", "deflate", "zstd", "zstd1", "gzip, zstd", "ZSTD,deflate , gzip"]
    {
        let lower = encodings.to_ascii_lowercase();
        let names = lower.split(',').map(str::trim);
        let sent = names.fold(plain.clone(), |bytes, name| encode(name, &bytes));
        assert_eq!(read(encodings, sent, Limits::default()), Ok(plain.clone()), "{encodings}");
    }
    assert_eq!(read("br", plain.clone(), Limits::default()), Err(415));
    assert_eq!(read("gzip,gzip,gzip,gzip,gzip", plain, Limits::default()), Err(415));
}

#[test]
fn large_bodies_are_rejected_before_they_are_decoded() {
    let limits = || Limits { body: 100_000, ..Limits::default() };
    let exact = vec![b' '; 100_000];
    let bomb = vec![b' '; 50_000_000];
    for encoding in ["identity", "gzip", "deflate", "zstd"] {
        let read_exact = read(encoding, encode(encoding, &exact), limits());
        assert_eq!(read_exact.map(|bytes| bytes.len()), Ok(100_000), "{encoding}");
        assert_eq!(read(encoding, encode(encoding, &bomb), limits()), Err(413), "{encoding}");
    }
    let twice = encode("gzip", &encode("zstd", &bomb));
    assert_eq!(read("zstd, gzip", twice, limits()), Err(413));
}

#[test]
fn truncated_and_invalid_bodies_are_rejected() {
    let plain: Vec<u8> =
        (0..2000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    for encoding in ["gzip", "deflate", "zstd"] {
        let sent = encode(encoding, &plain);
        for end in [1, 5, sent.len() / 2, sent.len() - 1] {
            let truncated = sent[..end].to_vec();
            assert_eq!(
                read(encoding, truncated, Limits::default()),
                Err(400),
                "{encoding} to {end}"
            );
        }
        let garbage = [sent.clone(), b"garbage!".to_vec()].concat();
        assert_eq!(read(encoding, garbage, Limits::default()), Err(400), "{encoding} garbage");
        assert_eq!(read(encoding, b"{}".to_vec(), Limits::default()), Err(400), "{encoding}");
    }
}

#[test]
fn dropping_a_body_releases_its_memory() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(async {
        let limiter = BodyLimiter::new(Limits { in_flight: 1500, ..Limits::default() });
        let headers = HeaderMap::new();
        let body = || IncomingBody::new(&headers, Body::from(vec![b' '; 1000]));
        let first = limiter.read(&headers, &mut body()).await.unwrap();
        let second = limiter.read(&headers, &mut body()).await.unwrap_err();
        assert_eq!(second.status, 503);
        drop(first);
        assert!(limiter.read(&headers, &mut body()).await.is_ok());
    });
}

#[test]
fn slow_bodies_time_out() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(async {
        let never = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
        let mut body = IncomingBody::new(&HeaderMap::new(), Body::from_stream(never));
        let rejected = BodyLimiter::new(Limits::default()).read(&HeaderMap::new(), &mut body).await;
        assert_eq!(rejected.unwrap_err().status, 408);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decoders_do_not_panic(
        encoding in prop::sample::select(vec!["gzip", "deflate", "zstd"]),
        plain in prop::collection::vec(any::<u8>(), 0..300),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        head in any::<bool>(),
    ) {
        let mut sent = if head { encode(encoding, &plain) } else { plain };
        if !sent.is_empty() {
            let at = at.index(sent.len());
            sent[at] = byte;
        }
        let _ = read(encoding, sent, Limits { body: 10_000, ..Limits::default() });
    }
}
