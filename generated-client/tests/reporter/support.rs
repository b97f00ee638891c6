//! Shared helpers.

use std::error::Error;
use std::io::{Read as _, Write as _};

use datadog_ci_intake::LocalIntake;
use datadog_ci_intake::StoredEvent;
use datadog_ci_pipelines::models::GitInfo;
use datadog_ci_pipelines::{Client, Reporter, RetryPolicy};

pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// Starts an intake, and a reporter whose client has no retries.
pub(crate) async fn start() -> Result<(LocalIntake, Reporter), Box<dyn Error>> {
    let intake = LocalIntake::start().await?;
    let reporter = Reporter::new(intake.client()).provider_name("my-ci").env("ci");
    Ok((intake, reporter))
}

/// Returns a client of a port on which nothing listens.
pub(crate) fn unreachable_client() -> Result<Client, Box<dyn Error>> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let client = Client::builder().base_url(url).api_key("k").retry(RetryPolicy::none());
    Ok(client.build()?)
}

pub(crate) fn commit() -> Result<GitInfo, Box<dyn Error>> {
    let git = GitInfo::builder()
        .repository_url("https://x:SECRET@git.example/team/app.git")
        .sha("a18ebf361cc831f5535e58ec4fae04ffd98d8152")
        .author_email("ada@git.example")
        .branch("main");
    Ok(git.build()?)
}

/// Returns an attribute of an event by its path, as a string.
pub(crate) fn attribute(event: &StoredEvent, path: &str) -> String {
    let mut parts = path.split('.');
    let first = parts.next().and_then(|part| event.attributes.get(part));
    let found = parts.fold(first, |value, part| value.and_then(|value| value.get(part)));
    match found {
        None => String::new(),
        Some(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    }
}

/// Returns the only event with this level and name.
pub(crate) fn event(intake: &LocalIntake, level: &str, name: &str) -> StoredEvent {
    let path = format!("ci.{level}.name");
    let is_wanted =
        |event: &StoredEvent| event.level.name() == level && attribute(event, &path) == name;
    let mut found: Vec<StoredEvent> = intake.events().into_iter().filter(is_wanted).collect();
    assert_eq!(found.len(), 1, "{level} {name}");
    found.remove(0)
}

/// Returns the statuses that were sent for an event, in order of arrival.
pub(crate) fn statuses(intake: &LocalIntake, event: &StoredEvent) -> Vec<String> {
    let status = |sent: &str| {
        let sent: serde_json::Value = serde_json::from_str(sent).unwrap();
        sent["resource"]["status"].as_str().unwrap_or_default().to_owned()
    };
    intake.history(&event.id).iter().map(|update| status(&update.sent)).collect()
}

/// Starts a server that gives this response to every request. Returns its URL.
pub(crate) fn responding(response: String) -> Result<String, Box<dyn Error>> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = vec![0; 65536];
            // The requests are small and arrive in one or two pieces.
            let _ = stream.set_read_timeout(Some(std::time::Duration::from_millis(50)));
            while stream.read(&mut request).is_ok_and(|size| size > 0) {}
            let _ = stream.write_all(response.as_bytes());
        }
    });
    Ok(url)
}
