//! Keys, address, connection and clock.

use std::time::Duration;

use datadog_ci_pipelines::jiff::fmt::rfc2822;
use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};
use datadog_ci_pipelines::models::SendRequest;
use datadog_ci_pipelines::{Client, Error, RetryPolicy};
use specwright_model::style::Headers;

use super::finding::Finding;
use crate::settings::Settings;
use crate::status::Failure;

/// The largest difference between the clocks that is not reported.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
const DEFAULT_SITE: &str = "datadoghq.com";

/// Checks what is set.
pub(super) fn settings(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.push(match &settings.api_key {
        None => Finding::fail(
            "API key",
            "DD_API_KEY is not set; nothing is sent",
            "export DD_API_KEY, from Organization Settings > API Keys; without an account, see \
             `ci-report intake --help`",
        ),
        Some(_) => Finding::ok("API key", "DD_API_KEY is set"),
    });
    findings.push(match &settings.app_key {
        None => Finding::note(
            "application key",
            "DD_APP_KEY is not set; reporting does not need it",
            "to read events, export DD_APP_KEY",
        ),
        Some(_) => Finding::ok("application key", "DD_APP_KEY is set"),
    });
    // The address may contain a password, which the client hides in its errors.
    findings.push(match (client(settings, None), &settings.url, &settings.site) {
        (Err(error), _, _) => {
            Finding::fail("address", error.to_string(), "correct DD_URL or DD_SITE")
        }
        (Ok(_), Some(url), _) => Finding::ok("address", format!("{} (DD_URL)", without_user(url))),
        (Ok(_), None, Some(site)) => {
            Finding::ok("address", format!("https://api.{site} (DD_SITE)"))
        }
        (Ok(_), None, None) => Finding::note(
            "address",
            format!("https://api.{DEFAULT_SITE}, because DD_SITE is not set"),
            "if you sign in at another address, export DD_SITE",
        ),
    });
    findings
}

/// Removes the user and the password from a URL.
pub(super) fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

fn client(settings: &Settings, timeout: Option<Duration>) -> Result<Client, Error> {
    let mut builder = settings.client().retry(RetryPolicy::none());
    if let Some(timeout) = timeout {
        builder = builder.timeout(timeout);
    }
    if settings.api_key.is_none() {
        // The address is checked all the same.
        builder = builder.api_key("missing");
    }
    builder.build()
}

/// Checks the connection, both keys, and the clock.
pub(super) async fn requests(
    settings: &Settings,
    timeout: Duration,
) -> Result<Vec<Finding>, Failure> {
    // A wrong address has been reported.
    let Ok(client) = client(settings, Some(timeout)) else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    // A body without events: the key is checked, and nothing is stored.
    let sent = client.create_pipeline_event(SendRequest::default()).send().await;
    let date = match &sent {
        Ok(response) => header(response.headers()),
        Err(Error::Api(error)) => header(&error.headers),
        Err(Error::Decode(error)) => header(&error.headers),
        Err(_) => None,
    };
    let now = Timestamp::now();
    let status = match &sent {
        Ok(response) => Ok(response.status()),
        Err(error) => error.status().ok_or(error),
    };
    match status {
        Err(error) => {
            findings.push(Finding::fail("connection", error.to_string(), advice(error)));
            return Ok(findings);
        }
        Ok(status) => findings.push(connection(status)),
    }
    if settings.api_key.is_some() {
        findings.extend(status.ok().and_then(api_key));
    }
    findings.extend(date.map(|date| clock(date, now)));
    if settings.app_key.is_some() && settings.api_key.is_some() {
        let listed = client.list_pipeline_events().limit(1).send().await;
        findings.push(match listed {
            Ok(_) => Finding::ok("reading", "both keys are accepted"),
            Err(error) if matches!(error.status(), Some(401 | 403)) => Finding::fail(
                "reading",
                "the keys are not accepted",
                "check DD_APP_KEY, which needs the permission ci_visibility_read, and DD_SITE",
            ),
            Err(error) => Finding::fail("reading", error.to_string(), advice(&error)),
        });
    }
    Ok(findings)
}

fn header(headers: &Headers) -> Option<Timestamp> {
    parse(headers.get_str("date")?)
}

fn parse(date: &str) -> Option<Timestamp> {
    Some(rfc2822::parse(date).ok()?.timestamp())
}

fn connection(status: u16) -> Finding {
    match status {
        407 => Finding::fail(
            "connection",
            "the proxy asks for a user and a password (407)",
            "add them to HTTPS_PROXY: http://user:password@host:port",
        ),
        404 => Finding::fail(
            "connection",
            "the address is not that of the API (404)",
            "correct DD_URL or DD_SITE",
        ),
        300..400 => Finding::fail(
            "connection",
            format!("the address redirects to another one ({status})"),
            "correct DD_URL or DD_SITE",
        ),
        500.. => Finding::fail(
            "connection",
            format!("the service is not available ({status})"),
            "wait; events are kept until then",
        ),
        _ => Finding::ok("connection", "the service responds"),
    }
}

/// Checks the key by the response to a request without events. `None` if the status does not depend on
/// the key.
fn api_key(status: u16) -> Option<Finding> {
    match status {
        401 | 403 => Some(Finding::fail(
            "sending",
            format!("DD_API_KEY is not accepted ({status})"),
            "check the key, and that DD_SITE is the site of its organization",
        )),
        200..300 | 400 | 422 => Some(Finding::ok("sending", "DD_API_KEY is accepted")),
        429 => Some(Finding::note("sending", "too many requests (429)", "wait a minute")),
        _ => None,
    }
}

fn clock(date: Timestamp, now: Timestamp) -> Finding {
    let skew = date.duration_until(now);
    let seconds = skew.as_secs();
    if skew.abs() <= SKEW {
        return Finding::ok("clock", "agrees with the service");
    }
    let direction = if seconds > 0 { "later" } else { "earlier" };
    Finding::fail(
        "clock",
        format!(
            "{} s {direction} than that of the service; times of events are wrong",
            seconds.abs()
        ),
        "synchronize the clock, for example with `timedatectl set-ntp true`",
    )
}

fn advice(error: &Error) -> &'static str {
    let message = error.to_string().to_lowercase();
    match error {
        _ if message.contains("certificate") => {
            "install the CA certificates of the system, or set SSL_CERT_FILE to those of your proxy"
        }
        Error::Transport(error) if error.is_connect() => {
            "check the network, DD_URL or DD_SITE, and HTTPS_PROXY"
        }
        Error::Transport(_) => "check the network and the proxy; --timeout 30s waits longer",
        _ => "check DD_URL or DD_SITE",
    }
}

#[cfg(test)]
mod tests {
    use datadog_ci_pipelines::jiff::{SignedDuration, Timestamp};

    use super::{clock, parse, without_user};
    use crate::drawing::Style;

    #[test]
    fn clocks_are_compared_with_the_service() {
        let date = parse("Sun, 29 Nov 2026 18:00:00 GMT").unwrap();
        assert_eq!(date, "2026-11-29T18:00:00Z".parse::<Timestamp>().unwrap());
        let line =
            |seconds| clock(date, date + SignedDuration::from_secs(seconds)).line(Style::Plain);
        assert_eq!(line(5), "ok    clock            agrees with the service");
        assert!(line(90).starts_with("FAIL  clock            90 s later than that"));
        assert!(line(-3600).starts_with("FAIL  clock            3600 s earlier than that"));
    }

    #[test]
    fn users_and_passwords_are_not_shown() {
        assert_eq!(without_user("http://a:b@c@host:1/p?q@r"), "http://host:1/p?q@r");
        assert_eq!(without_user("http://host"), "http://host");
        assert_eq!(without_user("host"), "host");
    }
}
