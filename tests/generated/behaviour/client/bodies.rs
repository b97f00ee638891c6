//! Request bodies that are not JSON or of several media types, and when they are sent again.

use std::io::{self, Read};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use generated_fixtures::{bodies_multipart, bodies_raw, bodies_several};
use serde_json::json;
use specwright_runtime::{Blob, Error, Response, RetryPolicy};

use crate::support::recording::Server;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn chunks(chunks: &[&'static str]) -> Blob {
    Blob::from_stream(stream::iter(chunks.to_vec()).map(Ok::<_, io::Error>))
}

fn quick() -> RetryPolicy {
    RetryPolicy::default().initial_backoff(Duration::ZERO)
}

#[tokio::test]
async fn strings_and_bytes_are_sent_unchanged_with_their_media_type() -> Outcome {
    let server = Server::start([]).await?;
    let client = bodies_raw::Client::builder().base_url(&server.url).build()?;
    let sent = || server.headers("content-type");
    client.add_note("a \"b\"").send().await?;
    assert_eq!(sent(), ["content-type: text/plain; charset=utf-8"]);
    client.set_count(-3).send().await?;
    assert_eq!(sent(), ["content-type: text/plain; version=1; charset=utf-8"]);
    client.put_archive(b"zip").send().await?;
    assert_eq!(sent(), ["content-type: application/zip"]);
    client.put_archive(Blob::new("gz").with_media_type("application/gzip")).send().await?;
    assert_eq!(sent(), ["content-type: application/gzip"]);
    client.add_thing(vec![b'x']).send().await?;
    assert_eq!(sent(), ["content-type: application/octet-stream"]);
    let patch = bodies_raw::models::PatchThingBody::builder().name("n").build()?;
    client.patch_thing(patch).send().await?;
    assert_eq!(sent(), ["content-type: application/merge-patch+json; v=2"]);
    client.add_image().send().await?;
    assert_eq!(sent(), [""; 0]);
    let rejected = client.add_image().body("png").send().await;
    assert!(matches!(rejected, Err(Error::Validation(_))), "{rejected:?}");
    client.add_image().body(Blob::new("png").with_media_type("image/png")).send().await?;
    assert_eq!(sent(), ["content-type: image/png"]);
    let rejected = client.add_note("longer than ten").send().await;
    assert!(matches!(rejected, Err(Error::Validation(_))), "{rejected:?}");
    let expected = [
        "POST /notes a \"b\"",
        "PUT /counts -3",
        "PUT /archives zip",
        "PUT /archives gz",
        "POST /things x",
        "PATCH /things {\"name\":\"n\"}",
        "POST /images",
        "POST /images png",
    ];
    assert_eq!(server.seen(), expected);
    Ok(())
}

#[tokio::test]
async fn a_stream_is_sent_in_chunks_and_with_its_length_if_known() -> Outcome {
    let server = Server::start([]).await?;
    let client = bodies_raw::Client::builder().base_url(&server.url).build()?;
    client.add_thing(chunks(&["ab", "", "c"])).send().await?;
    assert_eq!(server.headers("content-length"), [""; 0]);
    client.add_thing(chunks(&["ab", "c"]).with_len(3)).send().await?;
    assert_eq!(server.headers("content-length"), ["content-length: 3"]);
    client.add_thing(Blob::from_reader(&b"from a reader"[..])).send().await?;
    assert_eq!(
        server.seen(),
        ["POST /things abc", "POST /things abc", "POST /things from a reader"]
    );
    for length in [2, 4] {
        let wrong = client.add_thing(chunks(&["ab", "c"]).with_len(length)).send().await;
        assert!(matches!(wrong, Err(Error::Transport(_))), "{wrong:?}");
    }
    assert_eq!(server.seen().len(), 3);
    Ok(())
}

/// A reader that creates its bytes when they are read.
struct Large(Arc<Mutex<u64>>, u64);

impl Read for Large {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.1.min(bytes.len() as u64);
        self.1 -= read;
        bytes[..read as usize].fill(b'x');
        *self.0.lock().map_err(|_| io::ErrorKind::Other)? += read;
        Ok(read as usize)
    }
}

/// The server accepts a part of the body and closes the connection.
#[tokio::test]
async fn a_large_file_is_not_read_ahead() -> Outcome {
    use tokio::io::AsyncReadExt;

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let client = bodies_multipart::Client::builder()
        .base_url(format!("http://{}", listener.local_addr()?))
        .retry(quick())
        .build()?;
    let read = Arc::new(Mutex::new(0));
    let (all, half_a_gigabyte) = (read.clone(), 1 << 29);
    let file = Blob::from_reader(Large(all, half_a_gigabyte)).with_len(half_a_gigabyte);
    let picture = bodies_multipart::models::Picture::builder().file(file).title("t").build()?;
    let hang_up = async {
        let (mut stream, _) = listener.accept().await?;
        let mut some = vec![0; 100_000];
        stream.read_exact(&mut some).await?;
        io::Result::Ok(String::from_utf8_lossy(&some).into_owned())
    };
    let (sent, seen) = tokio::join!(client.add_picture(picture).send(), hang_up);
    let Err(Error::Transport(error)) = sent else { return Err(format!("{sent:?}").into()) };
    assert_eq!(error.attempts(), 1, "a part of the stream is consumed");
    let seen = seen?;
    assert!(seen.contains("content-length: 53687"), "{}", &seen[..1000]);
    let read = *read.lock().map_err(|_| "poisoned")?;
    assert!((1..100 << 20).contains(&read), "{read} bytes were read");
    Ok(())
}

#[tokio::test]
async fn bytes_are_sent_again_and_started_streams_are_not() -> Outcome {
    let busy = || (503, json!("later"));
    let server = Server::start([busy(), busy()]).await?;
    let client = bodies_raw::Client::builder().base_url(&server.url).retry(quick()).build()?;
    assert_eq!(client.put_archive("zip").send().await?.attempts(), 3);

    let server = Server::start([busy()]).await?;
    let client = bodies_raw::Client::builder().base_url(&server.url).retry(quick()).build()?;
    let body = chunks(&["z", "ip"]);
    let Err(Error::Api(error)) = client.put_archive(body.clone()).send().await else {
        return Err("503 is an error".into());
    };
    assert_eq!(error.attempts, 1);
    // The rest of the stream is not a body.
    let again = client.put_archive(body).send().await;
    assert!(matches!(again, Err(Error::Validation(_))), "{again:?}");
    assert_eq!(server.seen(), ["PUT /archives zip"]);
    Ok(())
}

#[tokio::test]
async fn streams_that_have_not_started_are_retried() -> Outcome {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    // The server is gone.
    drop(listener);
    let nowhere =
        bodies_raw::Client::builder().base_url(url).retry(quick().max_attempts(3)).build()?;
    let body = chunks(&["z", "ip"]);
    let rejected = nowhere.put_archive(body.clone()).send().await;
    assert_eq!(rejected.as_ref().err().and_then(Error::attempts), Some(3), "{rejected:?}");
    let server = Server::start([]).await?;
    let client = bodies_raw::Client::builder().base_url(&server.url).build()?;
    client.put_archive(body).send().await?;
    assert_eq!(server.seen(), ["PUT /archives zip"]);
    Ok(())
}

#[tokio::test]
async fn the_error_of_a_stream_is_the_cause_of_the_error_of_the_call() -> Outcome {
    let server = Server::start([]).await?;
    let client = bodies_raw::Client::builder().base_url(&server.url).retry(quick()).build()?;
    let broken = stream::iter([Ok("a"), Err("the disk is gone")]);
    let failed = client.put_archive(Blob::from_stream(broken)).send().await;
    let Err(Error::Transport(error)) = failed else { return Err(format!("{failed:?}").into()) };
    let mut reasons = vec![error.to_string()];
    let mut reason = std::error::Error::source(&error);
    while let Some(error) = reason {
        reasons.push(error.to_string());
        reason = error.source();
    }
    assert!(reasons.iter().any(|reason| reason.contains("the disk is gone")), "{reasons:?}");
    Ok(())
}

#[tokio::test]
async fn each_media_type_is_sent_in_its_format() -> Outcome {
    use bodies_several::models::{AddVideoJsonBody, AddVideoMultipartBody, Log};
    use bodies_several::operations::{AddLogsBody, AddTextBody};

    let server = Server::start([]).await?;
    let client = bodies_several::Client::builder().base_url(&server.url).build()?;
    let sent = || server.headers("content-type");
    let log = || Log::builder().message("m").build();
    client.add_logs(vec![log()?]).send().await?;
    assert_eq!(sent(), ["content-type: application/json"]);
    client.add_logs(log()?).send().await?;
    assert_eq!(sent(), ["content-type: application/json;simple"]);
    client.add_logs(Blob::from("83 <40>1")).send().await?;
    assert_eq!(sent(), ["content-type: application/logplex-1"]);
    client.add_logs("line".to_owned()).send().await?;
    assert_eq!(sent(), ["content-type: text/plain; charset=utf-8"]);
    let mut empty = log()?;
    empty.message.clear();
    let rejected = client.add_logs(vec![empty]).send().await;
    let Err(Error::Validation(error)) = rejected else {
        return Err(format!("{rejected:?}").into());
    };
    assert_eq!(error.violations()[0].pointer, "/0/message");
    // One type in three formats is sent as JSON, in any order.
    client.add_pet(log()?).send().await?;
    assert_eq!(sent(), ["content-type: application/json"]);
    client.add_text(AddTextBody::Html("<p>".to_owned())).send().await?;
    assert_eq!(sent(), ["content-type: text/html; charset=utf-8"]);
    client.add_video().body(AddVideoJsonBody::builder().url("u").build()?).send().await?;
    assert_eq!(sent(), ["content-type: application/json"]);
    let short = AddVideoMultipartBody::builder().file("f").name("n").build();
    assert!(short.is_err());
    client.add_video().body(AddVideoMultipartBody::builder().file("f").build()?).send().await?;
    assert!(sent()[0].starts_with("content-type: multipart/form-data; boundary="), "{:?}", sent());
    let _ = AddLogsBody::Text("any is there".to_owned());
    let expected = [
        r#"POST /logs [{"message":"m"}]"#,
        r#"POST /logs {"message":"m"}"#,
        "POST /logs 83 <40>1",
        "POST /logs line",
        r#"POST /pets {"message":"m"}"#,
        "POST /texts <p>",
        r#"POST /videos {"url":"u"}"#,
    ];
    assert_eq!(server.seen()[..7], expected);
    Ok(())
}

#[tokio::test]
async fn the_content_of_a_file_is_not_shown() -> Outcome {
    use bodies_multipart::models::Picture;

    let client = bodies_multipart::Client::builder().base_url("http://x.example").build()?;
    let file = Blob::new("secret").with_file_name("f.png");
    let request = client.add_picture(Picture::builder().file(file).title("t").build()?);
    let shown = format!("{request:?}");
    assert!(shown.contains("f.png") && shown.contains("length: Some(6)"), "{shown}");
    assert!(!shown.contains("secret") && !shown.contains("115"), "{shown}");
    Ok(())
}

#[test]
fn blocking_calls_send_streams() -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    let server = runtime.block_on(Server::start([]))?;
    let client = bodies_raw::Client::builder().base_url(&server.url).build()?;
    let client = bodies_raw::blocking::Client::new(client)?;
    client.put_archive(chunks(&["z", "ip"])).send()?;
    client.put_archive(Blob::from_reader(&b"read"[..])).send()?;
    assert_eq!(server.seen(), ["PUT /archives zip", "PUT /archives read"]);
    Ok(())
}

struct Recorder(Mutex<Vec<Blob>>);

impl bodies_raw::Operations for Recorder {
    async fn put_archive(
        &self,
        request: bodies_raw::operations::PutArchive,
    ) -> Result<Response<()>, bodies_raw::Error> {
        self.0.lock().unwrap_or_else(|error| error.into_inner()).push(request.body);
        Ok(Response::new(()))
    }
}

#[tokio::test]
async fn a_test_double_receives_the_stream() -> Outcome {
    let test_double = Arc::new(Recorder(Mutex::new(Vec::new())));
    let client = bodies_raw::Client::from_test_double(Forwards(test_double.clone()));
    client.put_archive(chunks(&["z", "ip"])).send().await?;
    let body = test_double.0.lock().map_err(|_| "poisoned")?.pop().ok_or("nothing was received")?;
    assert_eq!(body.into_bytes().await.map_err(|error| error.to_string())?, "zip");
    Ok(())
}

/// The client owns this, and the test keeps the test double.
struct Forwards(Arc<Recorder>);

impl bodies_raw::Operations for Forwards {
    async fn put_archive(
        &self,
        request: bodies_raw::operations::PutArchive,
    ) -> Result<Response<()>, bodies_raw::Error> {
        self.0.put_archive(request).await
    }
}
