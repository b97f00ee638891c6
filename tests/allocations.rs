//! What a call allocates: one that succeeds at once costs with retries what it costs without.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use allocation_counter::{AllocationInfo, measure};
use datadog_ci_pipelines::models::{Step, StepStatus};
use datadog_ci_pipelines::{Client, HttpOptions, PipelineEvent, RetryPolicy};

/// Takes every request on every connection, in threads whose allocations do not count here.
fn serve(listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        thread::spawn(move || answer(stream));
    }
}

/// Answers each request of a connection. Each comes in one piece: they are small.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    while stream.read(&mut buffer)? > 0 {
        let answer = "HTTP/1.1 202 Accepted\r\ncontent-length: 13\r\n\r\n{\"data\":null}";
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}

/// The least that a call allocates, of many on a connection that stands.
fn of_a_call(url: &str, policy: RetryPolicy) -> Result<AllocationInfo, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let builder = Client::builder().base_url(url).api_key("k").retry(policy);
    let client = builder.http(HttpOptions::new().no_proxy()).build()?;
    let step = Step::builder()
        .id("s-1")
        .name("lint")
        .pipeline_unique_id("p-1")
        .pipeline_name("deploy")
        .start("2026-07-14T09:05:03Z".parse()?)
        .end("2026-07-14T09:10:31Z".parse()?)
        .status(StepStatus::Success)
        .build()?;
    let mut least: Option<AllocationInfo> = None;
    for _ in 0..200 {
        let event = PipelineEvent::new(step.clone());
        let mut sent = None;
        let counted = measure(|| sent = Some(runtime.block_on(client.send(event))));
        assert_eq!(sent.ok_or("nothing was sent")??.attempts(), 1);
        if least.as_ref().is_none_or(|least| counted.count_total < least.count_total) {
            least = Some(counted);
        }
    }
    least.ok_or_else(|| "nothing was counted".into())
}

#[test]
fn retries_cost_a_call_that_succeeds_at_once_nothing() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || serve(&listener));
    let with = of_a_call(&url, RetryPolicy::default())?;
    let without = of_a_call(&url, RetryPolicy::none())?;
    assert!(without.count_total > 10, "allocations are not counted: {without:?}");
    assert_eq!((with.count_total, with.bytes_total), (without.count_total, without.bytes_total));
    Ok(())
}
