//! Servers that exhaust a client: endless and compressed bodies, absurd heads, endless
//! listings. Each call ends with an error in bounded time, and the process stays small, so it is a
//! program of its own.

mod step;

use std::env;
use std::error::Error as StdError;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use datadog_ci_pipelines::{Client, Error, HttpOptions, PipelineEvent, RetryPolicy};
use flate2::{Compress, Compression, FlushCompress};

type Outcome = Result<(), Box<dyn StdError>>;

/// The memory that this program may need at any time, in KiB.
const MAX_MEMORY: u64 = 150 * 1024;

/// The time that a call may take, several times that of its timeout, since other processes use the
/// machine as well.
const MAX_TIME: Duration = Duration::from_secs(60);

/// Whether this process was started to run one test.
const ALONE: &str = "HOSTILE_ALONE";

/// One process at a time, so that each has a core.
static TURN: Mutex<()> = Mutex::new(());

/// Runs a test in a process of its own, so that the memory is that of this test alone: an allocator
/// keeps what others have freed. Returns false in that process.
fn passes_alone(test: &str) -> std::io::Result<bool> {
    if env::var_os(ALONE).is_some() {
        return Ok(false);
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut process = Command::new(env::current_exe()?);
    let output = process.args(["--exact", test, "--nocapture"]).env(ALONE, "1").output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("1 passed"), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    Ok(true)
}

/// Fails if the process has ever needed more memory than permitted.
fn assert_small() {
    // Other systems do not report it.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    assert!(peak.is_none_or(|peak| peak < MAX_MEMORY), "the process needed {peak:?} KiB");
}

/// A server that sends a head, and then the same bytes until the client closes the connection.
struct Hostile {
    url: String,
    connections: Arc<AtomicUsize>,
    /// How many of the repeated bytes were sent.
    sent: Arc<AtomicUsize>,
}

impl Hostile {
    fn start(head: impl Into<Vec<u8>>, repeated: impl Into<Vec<u8>>) -> std::io::Result<Self> {
        let (head, repeated) = (head.into(), repeated.into());
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let (connections, sent) = <(Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
        let (connected, count) = (Arc::clone(&connections), Arc::clone(&sent));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connected.fetch_add(1, Ordering::Relaxed);
                let (head, repeated, count) = (head.clone(), repeated.clone(), Arc::clone(&count));
                thread::spawn(move || flood(stream, &head, &repeated, &count));
            }
        });
        Ok(Self { url, connections, sent })
    }

    fn client(&self, timeout: Duration) -> Result<Client, Error> {
        let builder = Client::builder().base_url(&self.url).api_key("a-key").app_key("a-key");
        let http = HttpOptions::new().no_proxy();
        builder.retry(RetryPolicy::none()).timeout(timeout).http(http).build()
    }

    /// Returns the error of a listing, which must come within some seconds.
    fn listed(&self, timeout: Duration) -> Result<Error, Box<dyn StdError>> {
        let client = self.client(timeout)?;
        let start = Instant::now();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let result = runtime.block_on(async { client.list_pipeline_events().send().await });
        assert!(start.elapsed() < MAX_TIME, "it took {:?}", start.elapsed());
        assert_small();
        result.err().ok_or_else(|| "no error".into())
    }
}

fn flood(
    mut stream: TcpStream,
    head: &[u8],
    repeated: &[u8],
    sent: &AtomicUsize,
) -> std::io::Result<()> {
    // What the request contains is irrelevant.
    let _length = stream.read(&mut [0; 4096])?;
    stream.write_all(head)?;
    // Interim responses one by one. Of a flood of them, hyper reads until tokio makes it pause, which is
    // after 128 reads of up to 400 KB, and no timer of this thread runs before; `docs/client.md`.
    let is_interim = repeated.starts_with(b"HTTP/1.1 1");
    if is_interim {
        loop {
            stream.write_all(repeated)?;
            thread::sleep(Duration::from_millis(1));
        }
    }
    // Few large writes, because each is a system call.
    let many = repeated.repeat((64 * 1024 / repeated.len().max(1)).max(1));
    while !repeated.is_empty() {
        stream.write_all(&many)?;
        sent.fetch_add(many.len(), Ordering::Relaxed);
    }
    Ok(())
}

const LONG: Duration = Duration::from_secs(15);

fn head(status: u16, headers: &str) -> String {
    format!("HTTP/1.1 {status} x\r\ncontent-type: application/json\r\n{headers}\r\n")
}

/// Fails if the error is not that of a response that exceeds the default limit.
fn assert_names_limit(error: &Error) {
    let message = error.to_string();
    assert!(matches!(error, Error::Decode(_)), "{error:?}");
    for part in ["67108864", "max_response_size", "status 200"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn an_endless_body_ends_at_the_limit() -> Outcome {
    if passes_alone("an_endless_body_ends_at_the_limit")? {
        return Ok(());
    }
    // Until the end of the connection, in chunks, and with a length.
    let whole = Hostile::start(head(200, "") + "[\"", "x".repeat(64 * 1024))?;
    assert_names_limit(&whole.listed(LONG)?);
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let chunked = Hostile::start(head(200, "transfer-encoding: chunked\r\n"), chunk)?;
    assert_names_limit(&chunked.listed(LONG)?);
    let long = Hostile::start(head(200, "content-length: 99999999999\r\n") + "[", "1")?;
    assert_names_limit(&long.listed(LONG)?);
    // It was announced, so that little more than what fits into the buffers of sockets is sent.
    let sent = long.sent.load(Ordering::Relaxed);
    assert!(sent < 32 << 20, "{sent} bytes were sent");
    Ok(())
}

/// Returns a deflated mebibyte of zeros that may follow itself.
fn deflated() -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let mut output = Vec::with_capacity(1 << 16);
    let zeros = vec![0; 1 << 20];
    assert!(compress.compress_vec(&zeros, &mut output, FlushCompress::Full).is_ok());
    output
}

#[test]
fn compressed_bombs_end_at_the_limit() -> Outcome {
    if passes_alone("compressed_bombs_end_at_the_limit")? {
        return Ok(());
    }
    let mut gzip = head(200, "content-encoding: gzip\r\n").into_bytes();
    gzip.extend([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
    assert_names_limit(&Hostile::start(gzip, deflated())?.listed(LONG)?);
    // A frame with a window of 128 MiB, and blocks that repeat a byte 128 Ki times.
    let mut zstd = head(200, "content-encoding: zstd\r\n").into_bytes();
    zstd.extend([0x28, 0xb5, 0x2f, 0xfd, 0, 17 << 3]);
    let block: u32 = (128 << 10 << 3) | (1 << 1);
    let [a, b, c, _] = block.to_le_bytes();
    assert_names_limit(&Hostile::start(zstd, [a, b, c, b'x'])?.listed(LONG)?);
    Ok(())
}

#[test]
fn an_endless_error_body_is_cut_off_and_keeps_its_status() -> Outcome {
    if passes_alone("an_endless_error_body_is_cut_off_and_keeps_its_status")? {
        return Ok(());
    }
    let mut zstd = head(503, "content-encoding: zstd\r\n").into_bytes();
    zstd.extend([0x28, 0xb5, 0x2f, 0xfd, 0, 10 << 3, 0x02, 0, 0x10, b'x']);
    for server in
        [Hostile::start(head(503, "") + "xx", "x")?, Hostile::start(zstd, [0x02, 0, 0x10, b'x'])?]
    {
        let Error::Api(error) = server.listed(LONG)? else { return Err("not an API error".into()) };
        assert_eq!((error.status, error.cut_at), (503, Some(1 << 20)));
        assert_eq!(error.excerpt.len(), 512);
        let message = error.to_string();
        assert!(message.contains("cut off at 1048576 bytes"), "{message}");
        assert!(message.contains("max_error_size"), "{message}");
    }
    Ok(())
}

#[test]
fn the_limits_can_be_configured() -> Outcome {
    if passes_alone("the_limits_can_be_configured")? {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let body = format!(r#"{{"data":[],"note":"{}"}}"#, "x".repeat(1000));
    let length = body.len();
    for (status, limit, is_cut) in
        [(200, length, false), (200, length - 1, true), (400, length, false), (400, 7, true)]
    {
        for announced in [true, false] {
            let length =
                if announced { format!("content-length: {length}\r\n") } else { String::new() };
            let headers = format!("{length}connection: close\r\n");
            let server = Hostile::start(head(status, &headers) + &body, "")?;
            let http = HttpOptions::new().no_proxy();
            let http = http.max_response_size(limit).max_error_size(limit);
            let builder = Client::builder().base_url(&server.url).api_key("a-key").app_key("a-key");
            let client = builder.retry(RetryPolicy::none()).http(http).build()?;
            let result = runtime.block_on(async { client.list_pipeline_events().send().await });
            match result {
                Ok(_) => assert!(status == 200 && !is_cut),
                Err(Error::Decode(error)) => {
                    assert!(is_cut && error.message.contains(&limit.to_string()), "{error}");
                }
                Err(Error::Api(error)) => {
                    assert_eq!(error.cut_at, is_cut.then_some(limit), "{error}");
                    assert_eq!(error.excerpt.len(), limit.min(512));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

#[test]
fn a_status_that_is_enough_needs_no_body() -> Outcome {
    if passes_alone("a_status_that_is_enough_needs_no_body")? {
        return Ok(());
    }
    let server = Hostile::start(head(202, "") + "{\"data\":", "1")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = server.client(LONG)?;
    let event = PipelineEvent::new(step::step()?);
    let sent = runtime.block_on(async { client.send(event).await })?;
    assert_eq!(sent.status(), 202);
    assert_small();
    Ok(())
}

#[test]
fn absurd_heads_are_errors() -> Outcome {
    if passes_alone("absurd_heads_are_errors")? {
        return Ok(());
    }
    let short = Duration::from_millis(500);
    for (head, repeated) in [
        ("", "x"),
        ("HTTP/1.1 200 ", "x"),
        ("HTTP/1.1 200 x\r\n", "a: b\r\n"),
        ("HTTP/1.1 200 x\r\na: ", "b"),
        ("HTTP/1.1 200 x\r\n", "a"),
        ("", "HTTP/1.1 100 x\r\n\r\n"),
        ("", "HTTP/1.1 103 x\r\nlink: </x>\r\n\r\n"),
        ("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n", "0"),
        ("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n1;", "x"),
        ("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", "a: b\r\n"),
    ] {
        let error = Hostile::start(head, repeated)?.listed(short)?;
        let is_expected = matches!(error, Error::Transport(_) | Error::Timeout(_));
        assert!(is_expected, "{head:?} {repeated:?}: {error:?}");
    }
    Ok(())
}

#[test]
fn a_listing_ends_at_an_empty_page() -> Outcome {
    if passes_alone("a_listing_ends_at_an_empty_page")? {
        return Ok(());
    }
    // The page has a cursor, a new one each time.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let count = Arc::new(Mutex::new(0));
    let pages = Arc::clone(&count);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut count = pages.lock().unwrap_or_else(PoisonError::into_inner);
            *count += 1;
            let data = if *count < 3 { r#"[{"id":"a"}]"# } else { "[]" };
            let after = format!(r#"{{"page":{{"after":"c{count}"}}}}"#);
            let body = format!(r#"{{"data":{data},"meta":{after}}}"#);
            let headers = format!("content-length: {}\r\nconnection: close\r\n", body.len());
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all((head(200, &headers) + &body).as_bytes());
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let builder = Client::builder().base_url(url).api_key("a-key").app_key("a-key");
    let client = builder.http(HttpOptions::new().no_proxy()).build()?;
    for (is_search, requests) in [(false, 3), (true, 4)] {
        let mut events = 0;
        runtime.block_on(async {
            let mut list = client.list_pipeline_events().stream();
            let mut search = client.search_pipeline_events().stream();
            while match is_search {
                true => search.try_next().await?.is_some(),
                false => list.try_next().await?.is_some(),
            } {
                events += 1;
            }
            Ok::<_, Error>(())
        })?;
        assert_eq!(events, if is_search { 0 } else { 2 });
        assert_eq!(*count.lock().unwrap_or_else(PoisonError::into_inner), requests);
    }
    Ok(())
}

#[test]
fn a_response_that_is_too_long_is_not_requested_again() -> Outcome {
    if passes_alone("a_response_that_is_too_long_is_not_requested_again")? {
        return Ok(());
    }
    let server = Hostile::start(head(200, ""), "x")?;
    let builder = Client::builder().base_url(&server.url).api_key("a-key").app_key("a-key");
    let client = builder.http(HttpOptions::new().no_proxy().max_response_size(1000)).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let error = runtime.block_on(async { client.list_pipeline_events().send().await });
    assert!(matches!(error, Err(Error::Decode(_))), "{error:?}");
    assert_eq!(server.connections.load(Ordering::Relaxed), 1);
    Ok(())
}
