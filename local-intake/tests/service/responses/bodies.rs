//! Bodies: content encodings, content types, and errors of decoding.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{AGGREGATE, Response, SEARCH, SEND, Server, execute, gzip, job};

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 0).unwrap()
}

fn identity(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

async fn post(server: &Server, path: &str, encoding: &str, body: Vec<u8>) -> Response {
    let request = server.request(Method::POST, path).header("content-encoding", encoding);
    execute(request.header("content-type", "application/json").body(body)).await
}

#[tokio::test]
async fn gzip_deflate_and_zstd_are_supported() {
    type Encode = fn(&[u8]) -> Vec<u8>;
    for (name, encode) in [
        ("gzip", gzip as Encode),
        ("deflate", deflate),
        ("zstd", zstd),
        ("identity", identity),
        ("gzip, zstd", |bytes| zstd(&gzip(bytes))),
    ] {
        let server = Server::start().await;
        let body = json!({ "data": job("1", json!({})) }).to_string();
        assert_eq!(post(&server, SEND, name, encode(body.as_bytes())).await.status, 202, "{name}");
        let search =
            post(&server, SEARCH, name, encode(br#"{"filter":{"query":"@ci.job.id:1"}}"#)).await;
        assert_eq!(search.json()["data"].as_array().map(Vec::len), Some(1), "{name}");
        let aggregate = post(&server, AGGREGATE, name, encode(b"{}")).await;
        assert_eq!(aggregate.json()["data"]["buckets"][0]["computes"]["c0"], 1, "{name}");
    }
}

#[tokio::test]
async fn bodies_that_do_not_match_their_encoding_are_rejected() {
    let server = Server::start().await;
    let body = json!({ "data": job("1", json!({})) }).to_string();
    let body = body.as_bytes();
    let cut = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() - 3);
        bytes
    };
    for (name, bytes) in [
        ("gzip", identity(body)),
        ("gzip", cut(gzip(body))),
        ("deflate", cut(deflate(body))),
        ("zstd", cut(zstd(body))),
        ("zstd", gzip(body)),
    ] {
        let response = post(&server, SEND, name, bytes).await;
        let expected = "the body is not in its content encoding, or is truncated";
        assert_eq!(
            (response.status, response.errors()),
            (400, vec![expected.to_owned()]),
            "{name}"
        );
    }
    // The limit applies to the decoded body.
    let bomb = vec![b' '; 6 * 1024 * 1024];
    for (name, bytes) in [("gzip", gzip(&bomb)), ("zstd", zstd(&bomb))] {
        assert_eq!(post(&server, SEND, name, bytes).await.status, 413, "{name}");
    }
    let response = post(&server, SEND, "br", identity(body)).await;
    assert_eq!(response.status, 415);
    assert_eq!(response.header("accept-encoding"), Some("gzip, deflate, zstd"));
    assert_eq!(
        response.errors(),
        ["the content encoding `br` is not supported, only gzip, deflate, zstd"]
    );
    assert!(server.intake.events().is_empty());
}

#[tokio::test]
async fn the_content_type_is_json_or_absent() {
    let server = Server::start().await;
    for (content_type, expected) in [
        (None, 202),
        (Some("application/json"), 202),
        (Some("application/json; charset=utf-8"), 202),
        (Some("application/vnd.api+json"), 202),
        (Some("text/plain"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
    ] {
        let body = json!({ "data": job("1", json!({})) }).to_string();
        let request = server.request(Method::POST, SEND).body(body);
        let request =
            content_type.iter().fold(request, |r, value| r.header("content-type", *value));
        let response = execute(request).await;
        assert_eq!(response.status, expected, "{content_type:?}");
        if expected == 415 {
            let content_type = content_type.unwrap();
            assert_eq!(
                response.errors(),
                [format!(
                    "the media type `{content_type}` is not supported, only `application/json`"
                )]
            );
        }
    }
}

#[tokio::test]
async fn decoding_errors_have_a_location() {
    let server = Server::start().await;
    for (body, expected) in [
        ("", "the body is required"),
        ("{}", "/data is required"),
        ("[]", "the body must be an object, not an array"),
        (r#"{"data":{"attributes":7}}"#, "/data/attributes must be an object, not integer `7`"),
    ] {
        let response = post(&server, SEND, "identity", body.into()).await;
        assert_eq!(
            (response.status, response.errors()),
            (400, vec![expected.to_owned()]),
            "{body}"
        );
    }
    let response = post(&server, SEND, "identity", br#"{"data":"#.to_vec()).await;
    assert_eq!((response.status, response.errors().len()), (400, 1));
    let response = post(&server, SEND, "identity", vec![b'"', 0xFF, b'"']).await;
    assert_eq!(response.errors(), ["the body is not UTF-8 after byte 1"]);
}

#[tokio::test]
async fn a_search_without_a_body_matches_everything() {
    let server = Server::start().await;
    let events: Value = (0..12).map(|i| job(&i.to_string(), json!({}))).collect();
    server.accept(&events).await;
    let page = execute(server.request(Method::POST, SEARCH)).await;
    assert_eq!(page.json()["data"].as_array().map(Vec::len), Some(10));
    let rejected = execute(server.request(Method::POST, AGGREGATE)).await;
    assert_eq!(
        (rejected.status, rejected.body.as_str()),
        (400, r#"{"errors":["the body is required"]}"#)
    );
}
