//! How a client connects: time limits, proxies, certificates, its name, compression.

use std::io::Read;
use std::time::Duration;

use datadog_ci_pipelines::{Client, Compression, Error, HttpOptions, RetryPolicy, reqwest};
use tokio::net::TcpListener;

use super::server::{API_KEY, Answer, Server};
use super::{Outcome, config_problems, job, page};

/// A client with these options of an address where nothing need be.
fn client(url: &str, options: HttpOptions) -> Result<Client, Error> {
    let builder = Client::builder().base_url(url).retry(RetryPolicy::none());
    builder.api_key(API_KEY).http(options).build()
}

/// The error of a call that has failed.
fn failed<T>(result: Result<T, Error>) -> Result<Error, &'static str> {
    result.err().ok_or("no error")
}

#[tokio::test]
async fn a_client_says_who_it_is() -> Outcome {
    let server = Server::answers([Answer::accepted(), Answer::accepted()]).await?;
    client(server.url(), HttpOptions::new())?.send(job("j-1")?).await?;
    let ours = HttpOptions::new().user_agent("our-ci/2.1");
    client(server.url(), ours)?.send(job("j-1")?).await?;
    let asked = server.asked();
    let names: Vec<_> = asked.iter().filter_map(|asked| asked.header("user-agent")).collect();
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
async fn a_proxy_given_by_hand_is_used() -> Outcome {
    let proxy = Server::answers([Answer::accepted()]).await?;
    let address = proxy.url().replace("http://", "http://ci:s3cret@");
    // Nobody listens there: only the proxy can answer.
    let client = client("http://intake.invalid", HttpOptions::new().proxy(address))?;
    client.send(job("j-1")?).await?;
    assert!(!format!("{client:?}").contains("s3cret"));
    let asked = proxy.asked();
    assert_eq!(asked[0].path, "/api/v2/ci/pipeline");
    assert_eq!(asked[0].header("host"), Some("intake.invalid"));
    assert_eq!(asked[0].header("proxy-authorization"), Some("Basic Y2k6czNjcmV0"));
    Ok(())
}

#[tokio::test]
async fn a_handshake_that_takes_too_long_is_a_connection_that_did_not_come_about() -> Outcome {
    // It accepts and never says a word of TLS.
    let silent = TcpListener::bind("127.0.0.1:0").await?;
    let options = HttpOptions::new().no_proxy().connect_timeout(Duration::from_millis(50));
    let client = client(&format!("https://{}", silent.local_addr()?), options)?;
    match failed(client.send(job("j-1")?).await)? {
        // The API has seen nothing, so it may be tried again whatever it does.
        Error::Transport(error) | Error::Timeout(error) => assert!(error.is_connect(), "{error}"),
        other => return Err(other.into()),
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_pauses_for_too_long_is_not_waited_for() -> Outcome {
    let server = Server::answers([Answer::stalled("{\"data\": [")]).await?;
    let options = HttpOptions::new().read_timeout(Duration::from_millis(50));
    let client = client(server.url(), options)?;
    let error = failed(client.send(job("j-1")?).await)?;
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_client_of_ones_own_is_used_as_it_is() -> Outcome {
    let server = Server::answers([Answer::accepted()]).await?;
    let own = reqwest::Client::builder().user_agent("mine/1").build()?;
    client(server.url(), HttpOptions::new().client(own))?.send(job("j-1")?).await?;
    let asked = server.asked();
    assert_eq!(asked[0].header("user-agent"), Some("mine/1"));
    assert_eq!(asked[0].header("dd-api-key"), Some(API_KEY));
    Ok(())
}

#[test]
fn what_is_wrong_with_the_options_is_told_at_once() -> Outcome {
    let problems = |options| config_problems(client("http://intake.invalid", options));
    let wrong = HttpOptions::new()
        .proxy("http://ci:s3cret@[oops")
        .user_agent("two\nlines")
        .root_certificates("no certificate");
    let told = problems(wrong)?;
    assert_eq!(
        told,
        [
            "`user_agent(…)` holds what no header can carry",
            "`…@[oops` is not the address of a proxy",
            "`root_certificates(…)` has no certificate as PEM",
        ]
    );
    let idle = HttpOptions::new()
        .client(reqwest::Client::new())
        .pool_idle_timeout(Duration::ZERO)
        .pool_max_idle_per_host(1)
        .http1_only();
    let told = problems(idle)?;
    assert_eq!(
        told,
        ["`pool_idle_timeout`, `pool_max_idle_per_host`, `http1_only` would change nothing: \
          `client(…)` brings a client whose options are its own"]
    );
    Ok(())
}

#[tokio::test]
async fn bodies_are_compressed_where_that_is_worth_it() -> Outcome {
    let accepted = || Answer::accepted();
    let server = Server::answers([accepted(), accepted(), accepted(), accepted()]).await?;
    let compressed = |compression| client(server.url(), HttpOptions::new().compress(compression));
    let name = "a long name ".repeat(1000);
    let mut long = job("j-1")?;
    long.name = name.clone();
    compressed(Compression::gzip())?.send(long.clone()).await?;
    compressed(Compression::zstd())?.send(long.clone()).await?;
    compressed(Compression::zstd().over(100_000))?.send(long).await?;
    compressed(Compression::gzip())?.send(job("j-2")?).await?;

    let asked = server.asked();
    let encodings: Vec<_> = asked.iter().map(|asked| asked.header("content-encoding")).collect();
    assert_eq!(encodings, [Some("gzip"), Some("zstd"), None, None]);
    let mut gunzipped = String::new();
    flate2::read::GzDecoder::new(&*asked[0].body).read_to_string(&mut gunzipped)?;
    let unzstd = String::from_utf8(zstd::decode_all(&*asked[1].body)?)?;
    assert!(gunzipped.contains(&name) && gunzipped == unzstd);
    assert_eq!(unzstd.as_bytes(), &*asked[2].body);
    assert!(asked[0].body.len() < 1000 && asked[1].body.len() < 1000);
    Ok(())
}

#[tokio::test]
async fn compressed_answers_are_read() -> Outcome {
    let page = page(&["a", "b"], None).to_string();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, page.as_bytes())?;
    let answer = |encoding, body| {
        Answer::new(200, "application/json", body).header("content-encoding", encoding)
    };
    let answers =
        [answer("gzip", gzip.finish()?), answer("zstd", zstd::encode_all(page.as_bytes(), 0)?)];
    let server = Server::answers(answers).await?;
    let client = server.client()?;
    for _ in 0..2 {
        let page = client.list_pipeline_events().send().await?;
        assert_eq!(page.data.as_ref().map(Vec::len), Some(2));
    }
    for asked in server.asked().iter() {
        let offered = asked.header("accept-encoding").unwrap_or_default();
        assert!(offered.contains("gzip") && offered.contains("zstd"), "{offered}");
    }
    Ok(())
}
