//! The number of allocations of a call. Counts the whole process, so it is a program of its own.

mod step;

use std::error::Error;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use allocation_counter::{AllocationInfo, measure};
use datadog_ci_pipelines::{Client, HttpOptions, PipelineEvent, RetryPolicy, reqwest};

/// How many allocations a call may have in addition to those of the bare HTTP client, for the
/// request model, validation, headers, retries and the decoded response. Measured: 28.
const MAX_OVERHEAD: u64 = 32;

/// Accepts every request on every connection, in threads whose allocations are not counted.
fn serve(listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        thread::spawn(move || respond(stream));
    }
}

/// Responds to each request of a connection. Requests are small and arrive in one piece.
fn respond(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    while stream.read(&mut buffer)? > 0 {
        let response = "HTTP/1.1 202 Accepted\r\ncontent-length: 13\r\n\r\n{\"data\":null}";
        stream.write_all(response.as_bytes())?;
    }
    Ok(())
}

/// Returns the minimum of many calls on one connection.
fn minimum(
    mut call: impl FnMut() -> Result<(), Box<dyn Error>>,
) -> Result<AllocationInfo, Box<dyn Error>> {
    let mut minimum: Option<AllocationInfo> = None;
    for _ in 0..200 {
        let mut result = None;
        let counted = measure(|| result = Some(call()));
        result.ok_or("nothing was called")??;
        if minimum.as_ref().is_none_or(|minimum| counted.count_total < minimum.count_total) {
            minimum = Some(counted);
        }
    }
    minimum.ok_or_else(|| "nothing was counted".into())
}

#[test]
fn a_call_allocates_little_more_than_the_bare_http_client() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || serve(&listener));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let step = step::step()?;

    let sending = |retry| {
        let builder = Client::builder().base_url(&url).api_key("k").retry(retry);
        let client = builder.http(HttpOptions::new().no_proxy()).build()?;
        minimum(|| {
            let response = runtime.block_on(client.send(PipelineEvent::new(step.clone())))?;
            assert_eq!(response.attempts(), 1);
            Ok(())
        })
    };
    let call = sending(RetryPolicy::default())?;
    // A policy with retries costs nothing if the first attempt succeeds.
    let single = sending(RetryPolicy::none())?;
    assert_eq!((call.count_total, call.bytes_total), (single.count_total, single.bytes_total));

    let http = reqwest::Client::builder().no_proxy().build()?;
    let body = "x".repeat(500);
    let bare = minimum(|| {
        let response = runtime.block_on(async {
            let request = http.post(&url).header("dd-api-key", "k").body(body.clone());
            request.send().await?.bytes().await
        })?;
        assert_eq!(response.len(), 13);
        Ok(())
    })?;

    assert!(bare.count_total > 10, "allocations are not counted: {bare:?}");
    let overhead = call.count_total.saturating_sub(bare.count_total);
    assert!(overhead <= MAX_OVERHEAD, "{overhead} allocations: {call:?}, {bare:?}");
    Ok(())
}
