//! Credentials in the query, in a cookie and in headers do not appear in logs.

use std::cell::RefCell;
use std::io;
use std::time::Duration;

use generated_fixtures::security_api_keys::Client;
use specwright_runtime::{HttpOptions, RetryPolicy};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::fmt::{self, format::FmtSpan};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::support::recording::Server;

const CREDENTIALS: [&str; 3] = ["secret-api-key", "secret-app-key", "secret-session"];

thread_local! {
    /// What this thread has logged, if it captures its logs.
    static CAPTURED: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        CAPTURED.with_borrow_mut(|lines| lines.iter_mut().for_each(|all| all.extend(line)));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_of_all_levels_contain_no_credentials() -> Result<(), Box<dyn std::error::Error>> {
    // A subscriber for one thread would miss callsites that another thread registered before.
    let json = fmt::layer().json().with_span_events(FmtSpan::CLOSE).with_writer(|| Writer);
    let is_captured = dynamic_filter_fn(|_, _| CAPTURED.with_borrow(Option::is_some));
    tracing_subscriber::registry().with(json.with_filter(is_captured)).init();
    CAPTURED.set(Some(Vec::new()));

    let [api_key, app_key, session] = CREDENTIALS;
    let body = serde_json::json!({ "detail": CREDENTIALS.join(" ") });
    let server = Server::start([(503, body.clone()), (403, body)]).await?;
    let retry = RetryPolicy::default().max_attempts(2).initial_backoff(Duration::ZERO);
    let builder = Client::builder().base_url(&server.url).retry(retry);
    let builder = builder.api_key(api_key).app_key(app_key).session(session);
    let client = builder.http(HttpOptions::new().no_proxy()).build()?;
    // The first call is retried. The second call sends the session cookie.
    assert!(client.get_a().send().await.is_err());
    client.get_b().send().await?;
    let unreachable = Client::builder().base_url("http://127.0.0.1:9").retry(RetryPolicy::none());
    let unreachable = unreachable.api_key(api_key).app_key(app_key).session(session).build()?;
    assert!(unreachable.get_a().send().await.is_err());

    let logged = String::from_utf8(CAPTURED.take().unwrap_or_default())?;
    for source in ["reqwest", "hyper", "specwright_runtime"] {
        assert!(logged.contains(source), "{source} has logged nothing");
    }
    for credential in CREDENTIALS {
        assert!(!logged.contains(credential), "{credential} is logged");
    }
    assert_eq!(server.seen().len(), 3);
    Ok(())
}
