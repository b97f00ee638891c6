//! HTTP options: timeouts, proxies, certificates, the user agent, compression.

use std::io::Read;
use std::time::Duration;

use datadog_ci_pipelines::{Client, Compression, Error, HttpOptions, RetryPolicy, reqwest};
use tokio::net::TcpListener;

use crate::end_to_end::support::server::{API_KEY, ScriptedResponse, Server};
use crate::end_to_end::support::{Outcome, config_problems, job, page};

/// Returns a client of any address with these options.
fn client(url: &str, options: HttpOptions) -> Result<Client, Error> {
    let builder = Client::builder().base_url(url).retry(RetryPolicy::none());
    builder.api_key(API_KEY).http(options).build()
}

/// Returns the error of a call.
fn failed<T>(result: Result<T, Error>) -> Result<Error, &'static str> {
    result.err().ok_or("no error")
}

#[tokio::test]
async fn requests_have_a_user_agent() -> Outcome {
    let server =
        Server::responding([ScriptedResponse::accepted(), ScriptedResponse::accepted()]).await?;
    client(server.url(), HttpOptions::new())?.send(job("j-1")?).await?;
    let ours = HttpOptions::new().user_agent("our-ci/2.1");
    client(server.url(), ours)?.send(job("j-1")?).await?;
    let requests = server.requests();
    let names: Vec<_> =
        requests.iter().filter_map(|request| request.header("user-agent")).collect();
    let expected = format!(
        "datadog-ci-pipelines/{version} specwright/{version} ({}; {})",
        std::env::consts::OS,
        std::env::consts::ARCH,
        version = env!("CARGO_PKG_VERSION"),
    );
    assert_eq!(names, [expected.clone(), format!("our-ci/2.1 {expected}")]);
    Ok(())
}

#[tokio::test]
async fn a_configured_proxy_is_used() -> Outcome {
    let proxy = Server::responding([ScriptedResponse::accepted()]).await?;
    let address = proxy.url().replace("http://", "http://ci:s3cret@");
    // The host does not exist, so only the proxy can respond.
    let client = client("http://intake.invalid", HttpOptions::new().proxy(address))?;
    client.send(job("j-1")?).await?;
    assert!(!format!("{client:?}").contains("s3cret"));
    let requests = proxy.requests();
    assert_eq!(requests[0].path, "/api/v2/ci/pipeline");
    assert_eq!(requests[0].header("host"), Some("intake.invalid"));
    assert_eq!(requests[0].header("proxy-authorization"), Some("Basic Y2k6czNjcmV0"));
    Ok(())
}

#[tokio::test]
async fn a_slow_tls_handshake_is_a_connection_error() -> Outcome {
    // Accepts connections and sends nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await?;
    let options = HttpOptions::new().no_proxy().connect_timeout(Duration::from_millis(50));
    let client = client(&format!("https://{}", silent.local_addr()?), options)?;
    match failed(client.send(job("j-1")?).await)? {
        // The API has received nothing, so every operation may be retried.
        Error::Transport(error) | Error::Timeout(error) => assert!(error.is_connect(), "{error}"),
        other => return Err(other.into()),
    }
    Ok(())
}

#[tokio::test]
async fn a_response_that_stalls_is_a_timeout() -> Outcome {
    let server = Server::responding([ScriptedResponse::stalled("{\"data\": [")]).await?;
    let options = HttpOptions::new().read_timeout(Duration::from_millis(50));
    let client = client(server.url(), options)?;
    let error = failed(client.send(job("j-1")?).await)?;
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_custom_http_client_is_used_unchanged() -> Outcome {
    let server = Server::responding([ScriptedResponse::accepted()]).await?;
    let own = reqwest::Client::builder().user_agent("mine/1").build()?;
    client(server.url(), HttpOptions::new().client(own))?.send(job("j-1")?).await?;
    let requests = server.requests();
    assert_eq!(requests[0].header("user-agent"), Some("mine/1"));
    assert_eq!(requests[0].header("dd-api-key"), Some(API_KEY));
    Ok(())
}

#[test]
fn all_problems_of_the_options_are_reported_at_once() -> Outcome {
    let problems = |options| config_problems(client("http://intake.invalid", options));
    let wrong = HttpOptions::new()
        .proxy("http://ci:s3cret@[oops")
        .user_agent("two\nlines")
        .root_certificates("no certificate");
    let found = problems(wrong)?;
    assert_eq!(
        found,
        [
            "`user_agent(…)` is not a valid header value",
            "invalid proxy URL `…@[oops`",
            "`root_certificates(…)` contains no valid PEM certificate",
        ]
    );
    let idle = HttpOptions::new()
        .client(reqwest::Client::new())
        .pool_idle_timeout(Duration::ZERO)
        .pool_max_idle_per_host(1)
        .http1_only();
    let found = problems(idle)?;
    assert_eq!(
        found,
        ["`pool_idle_timeout`, `pool_max_idle_per_host`, `http1_only` cannot be combined \
          with `client(…)`: configure the client that is passed to it"]
    );
    Ok(())
}

#[tokio::test]
async fn large_bodies_are_compressed() -> Outcome {
    let accepted = || ScriptedResponse::accepted();
    let server = Server::responding([accepted(), accepted(), accepted(), accepted()]).await?;
    let compressed = |compression| client(server.url(), HttpOptions::new().compress(compression));
    let name = "a long name ".repeat(1000);
    let mut long = job("j-1")?;
    long.name = name.clone();
    compressed(Compression::gzip())?.send(long.clone()).await?;
    compressed(Compression::zstd())?.send(long.clone()).await?;
    compressed(Compression::zstd().min_size(100_000))?.send(long).await?;
    compressed(Compression::gzip())?.send(job("j-2")?).await?;

    let requests = server.requests();
    let encodings: Vec<_> =
        requests.iter().map(|request| request.header("content-encoding")).collect();
    assert_eq!(encodings, [Some("gzip"), Some("zstd"), None, None]);
    let mut gunzipped = String::new();
    flate2::read::GzDecoder::new(&*requests[0].body).read_to_string(&mut gunzipped)?;
    let unzstd = String::from_utf8(zstd::decode_all(&*requests[1].body)?)?;
    assert!(gunzipped.contains(&name) && gunzipped == unzstd);
    assert_eq!(unzstd.as_bytes(), &*requests[2].body);
    assert!(requests[0].body.len() < 1000 && requests[1].body.len() < 1000);
    Ok(())
}

#[tokio::test]
async fn compressed_responses_are_decoded() -> Outcome {
    let page = page(&["a", "b"], None).to_string();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, page.as_bytes())?;
    let response = |encoding, body| {
        ScriptedResponse::new(200, "application/json", body).header("content-encoding", encoding)
    };
    let responses =
        [response("gzip", gzip.finish()?), response("zstd", zstd::encode_all(page.as_bytes(), 0)?)];
    let server = Server::responding(responses).await?;
    let client = server.client()?;
    for _ in 0..2 {
        let page = client.list_pipeline_events().send().await?;
        assert_eq!(page.data.as_ref().map(Vec::len), Some(2));
    }
    for request in server.requests().iter() {
        let offered = request.header("accept-encoding").unwrap_or_default();
        assert!(offered.contains("gzip") && offered.contains("zstd"), "{offered}");
    }
    Ok(())
}
