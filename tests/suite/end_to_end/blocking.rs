//! The blocking client, in a thread without a runtime. The intake runs in another thread.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use datadog_ci_intake::{Fault, LocalIntake};
use datadog_ci_pipelines::blocking::Client;
use datadog_ci_pipelines::models::{Compute, Event};
use datadog_ci_pipelines::{Error, RetryPolicy};
use tokio::runtime::Runtime;

use crate::end_to_end::support::{Outcome, config_problems, job};

/// The error of a blocking call within an async runtime.
const MUST_NOT_WAIT: &str = "blocking call inside an async runtime: use the async client, or call \
                             from a thread of `std::thread::spawn`";

/// Starts an intake whose time is shortly after the jobs that [`job`] returns. Returns its runtime
/// and a client as well.
fn start() -> Result<(Runtime, LocalIntake, Client), Box<dyn std::error::Error>> {
    let runtime = Runtime::new()?;
    let intake = runtime.block_on(LocalIntake::start())?;
    intake.clock().set("2026-07-14T10:00:00Z".parse()?);
    let client = Client::new(intake.client())?;
    Ok((runtime, intake, client))
}

fn ids(events: &[Event]) -> Vec<String> {
    let id = |event: &Event| Some(event.get("ci.job.id")?.as_str()?.into_owned());
    events.iter().filter_map(id).collect()
}

#[test]
fn all_kinds_of_calls_block_until_the_response() -> Outcome {
    let (_runtime, intake, client) = start()?;
    assert_eq!(client.send(job("j-1")?)?.status(), 202);
    client.send_all([job("j-2")?, job("j-3")?])?.into_result()?;
    assert_eq!(intake.events().len(), 3);

    let search = client.search_pipeline_events().query("ci_level:job").from("now-1d").limit(2);
    let mut found = ids(&search.clone().iter().collect::<Result<Vec<_>, _>>()?);
    found.sort();
    assert_eq!(found, ["j-1", "j-2", "j-3"]);
    let sizes: Vec<_> = search
        .pages()
        .map(|page| page.map(|page| page.data.iter().flatten().count()))
        .collect::<Result<_, _>>()?;
    assert_eq!(sizes[..2], [2, 1]);

    let list = client.list_pipeline_events().from("2026-07-14T00:00:00Z".parse()?).limit(1);
    assert_eq!(list.clone().send()?.data.iter().flatten().count(), 1);
    assert_eq!(list.iter().count(), 3);

    let response = client.aggregate().from("now-1d").compute(Compute::count()).send()?;
    assert_eq!(response.buckets()[0].number("c0"), Some(3.0));

    // Methods that only the async client has.
    let found_by_id = client.block_on(async |client| {
        let search = client.search_pipeline_events().query("@ci.job.id:j-2").from("now-1d");
        search.stream().try_next().await
    })??;
    assert_eq!(ids(found_by_id.as_slice()), ["j-2"]);
    Ok(())
}

#[test]
fn calls_are_retried_and_a_listing_ends_after_its_error() -> Outcome {
    let (_runtime, intake, client) = start()?;
    let retrying = RetryPolicy::default().initial_backoff(Duration::ZERO);
    let builder = || datadog_ci_pipelines::Client::builder().base_url(intake.url());
    let client_of =
        |policy| Client::new(builder().retry(policy).api_key("a").app_key("b").build()?);
    intake.fail_next(2, 503);
    assert_eq!(client_of(retrying)?.send(job("j-1")?)?.attempts(), 3);
    drop(client);

    client_of(RetryPolicy::none())?.send(job("j-2")?)?;
    intake.queue_faults([Fault::None, Fault::Status { status: 503, retry_after: None }]);
    let search = client_of(RetryPolicy::none())?.search_pipeline_events().from("now-1d").limit(1);
    let mut events = search.iter();
    assert!(events.next().ok_or("there is an event")?.is_ok());
    let error = events.next().ok_or("there is an error")?.err();
    assert_eq!(error.as_ref().and_then(Error::status), Some(503), "{error:?}");
    assert!(events.next().is_none());
    Ok(())
}

/// Blocking this thread would block the intake as well.
#[tokio::test]
async fn blocking_calls_within_a_runtime_are_errors_and_do_not_panic() -> Outcome {
    let intake = LocalIntake::start().await?;
    let client = Client::new(intake.client())?;
    assert_eq!(config_problems(client.send(job("j-1")?))?, [MUST_NOT_WAIT]);
    let search = client.search_pipeline_events();
    assert_eq!(config_problems(search.clone().send())?, [MUST_NOT_WAIT]);
    let mut events = search.iter();
    let first = events.next().ok_or("there is an error")?;
    assert_eq!(config_problems(first)?, [MUST_NOT_WAIT]);
    assert!(events.next().is_none());
    assert_eq!(intake.requests().len(), 0);
    drop((client, events));
    Ok(())
}

#[test]
fn clones_can_be_used_in_other_threads() -> Outcome {
    let (_runtime, intake, client) = start()?;
    let (failed, failures) = mpsc::channel();
    thread::scope(|scope| {
        for i in 0..8 {
            let (client, failed) = (client.clone(), failed.clone());
            scope.spawn(move || {
                let sent = job(&format!("j-{i}")).map_err(|error| error.to_string());
                let sent = sent.and_then(|job| client.send(job).map_err(|error| error.to_string()));
                if let Err(error) = sent {
                    // The receiver outlives the threads.
                    let _ = failed.send(error);
                }
            });
        }
    });
    assert_eq!(failures.try_iter().collect::<Vec<_>>(), [""; 0]);
    assert_eq!(intake.events().len(), 8);
    Ok(())
}

#[test]
fn a_test_double_handles_blocking_calls() -> Outcome {
    struct Nothing;
    impl datadog_ci_pipelines::Operations for Nothing {}
    let client = Client::new(datadog_ci_pipelines::Client::from_test_double(Nothing))?;
    let problems = config_problems(client.search_pipeline_events().send())?;
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("`search_pipeline_events` is not implemented"), "{problems:?}");
    Ok(())
}

#[test]
fn closed_connections_are_noticed_between_calls() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    let client = datadog_ci_pipelines::Client::builder().base_url(address);
    let client = Client::new(client.api_key("a").app_key("b").build()?)?;
    let (responded, has_responded) = mpsc::channel();
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept()?;
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            connection.read_exact(&mut byte)?;
            request.extend(byte);
        }
        connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")?;
        // Also ends if the call failed.
        let _ = has_responded.recv();
        connection.shutdown(Shutdown::Write)?;
        // The client closes the connection although no call is made.
        connection.set_read_timeout(Some(Duration::from_secs(20)))?;
        connection.read(&mut [0])
    });
    client.list_pipeline_events().send()?;
    responded.send(())?;
    let left = server.join().map_err(|_| "the server has failed")??;
    assert_eq!(left, 0);
    drop(client);
    Ok(())
}
