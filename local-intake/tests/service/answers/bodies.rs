//! Bodies: how they are packed, and what is said of those that cannot be read.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{AGGREGATE, Answer, SEARCH, SEND, Server, answer, gzip, job};

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 0).unwrap()
}

fn plain(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

async fn sent(server: &Server, path: &str, encoding: &str, body: Vec<u8>) -> Answer {
    let request = server.request(Method::POST, path).header("content-encoding", encoding);
    answer(request.header("content-type", "application/json").body(body)).await
}

#[tokio::test]
async fn gzip_deflate_and_zstd_are_taken() {
    type Pack = fn(&[u8]) -> Vec<u8>;
    for (name, pack) in [
        ("gzip", gzip as Pack),
        ("deflate", deflate),
        ("zstd", zstd),
        ("identity", plain),
        ("gzip, zstd", |bytes| zstd(&gzip(bytes))),
    ] {
        let server = Server::start().await;
        let body = json!({ "data": job("1", json!({})) }).to_string();
        assert_eq!(sent(&server, SEND, name, pack(body.as_bytes())).await.status, 202, "{name}");
        let search =
            sent(&server, SEARCH, name, pack(br#"{"filter":{"query":"@ci.job.id:1"}}"#)).await;
        assert_eq!(search.json()["data"].as_array().map(Vec::len), Some(1), "{name}");
        let aggregate = sent(&server, AGGREGATE, name, pack(b"{}")).await;
        assert_eq!(aggregate.json()["data"]["buckets"][0]["computes"]["c0"], 1, "{name}");
    }
}

#[tokio::test]
async fn bodies_that_are_not_what_their_encoding_says_are_refused() {
    let server = Server::start().await;
    let body = json!({ "data": job("1", json!({})) }).to_string();
    let body = body.as_bytes();
    let cut = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() - 3);
        bytes
    };
    for (name, bytes) in [
        ("gzip", plain(body)),
        ("gzip", cut(gzip(body))),
        ("deflate", cut(deflate(body))),
        ("zstd", cut(zstd(body))),
        ("zstd", gzip(body)),
    ] {
        let answer = sent(&server, SEND, name, bytes).await;
        let expected = "the body is not what its content encoding says, or is cut off";
        assert_eq!((answer.status, answer.errors()), (400, vec![expected.to_owned()]), "{name}");
    }
    // Large is what comes out, not what goes in.
    let bomb = vec![b' '; 6 * 1024 * 1024];
    for (name, bytes) in [("gzip", gzip(&bomb)), ("zstd", zstd(&bomb))] {
        assert_eq!(sent(&server, SEND, name, bytes).await.status, 413, "{name}");
    }
    let answer = sent(&server, SEND, "br", plain(body)).await;
    assert_eq!(answer.status, 415);
    assert_eq!(answer.header("accept-encoding"), Some("gzip, deflate, zstd"));
    assert_eq!(
        answer.errors(),
        ["the content encoding `br` is not supported, only gzip, deflate, zstd"]
    );
    assert!(server.intake.events().is_empty());
}

#[tokio::test]
async fn a_body_is_json_or_does_not_say_what_it_is() {
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
        let answer = answer(request).await;
        assert_eq!(answer.status, expected, "{content_type:?}");
        if expected == 415 {
            let what = content_type.unwrap();
            assert_eq!(answer.errors(), [format!("the body is `{what}`, not `application/json`")]);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_said_with_its_place() {
    let server = Server::start().await;
    for (body, expected) in [
        ("", "the body is required"),
        ("{}", "/data is required"),
        ("[]", "the body must be an object, not an array"),
        (r#"{"data":{"attributes":7}}"#, "/data/attributes must be an object, not integer `7`"),
    ] {
        let answer = sent(&server, SEND, "identity", body.into()).await;
        assert_eq!((answer.status, answer.errors()), (400, vec![expected.to_owned()]), "{body}");
    }
    let answer = sent(&server, SEND, "identity", br#"{"data":"#.to_vec()).await;
    assert_eq!((answer.status, answer.errors().len()), (400, 1));
    let answer = sent(&server, SEND, "identity", vec![b'"', 0xFF, b'"']).await;
    assert_eq!(answer.errors(), ["the body is not UTF-8 from byte 1 on"]);
}

#[tokio::test]
async fn a_search_without_a_body_is_one_for_everything() {
    let server = Server::start().await;
    let events: Value = (0..12).map(|i| job(&i.to_string(), json!({}))).collect();
    server.accept(&events).await;
    let page = answer(server.request(Method::POST, SEARCH)).await;
    assert_eq!(page.json()["data"].as_array().map(Vec::len), Some(10));
    let refused = answer(server.request(Method::POST, AGGREGATE)).await;
    assert_eq!(
        (refused.status, refused.text.as_str()),
        (400, r#"{"errors":["the body is required"]}"#)
    );
}
