//! Which pages and hosts may use the intake.
//!
//! A browser lets a page of any site send requests to this machine: simple ones directly, and any
//! after DNS rebinding, when the page's own name resolves to this machine. So the intake serves only
//! hosts that no other site can be at, and no page of another origin.

use std::net::Ipv6Addr;
use std::sync::Arc;

use specwright_server::Rejection;
use specwright_server::axum::extract::{self, Request};
use specwright_server::axum::middleware::Next;
use specwright_server::axum::response::{IntoResponse, Response};
use specwright_server::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN};
use specwright_server::http::{HeaderMap, Method, Version};

use super::credentials::RequiredCredentials;
use crate::http::errors::ReadError;

/// The host names that are served in addition to IP addresses and `localhost`.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    /// Allows a host name, without a port.
    pub(crate) fn add(&mut self, name: &str) {
        self.0.push(normalized(name));
    }

    /// Returns whether a host, with or without a port, is served.
    fn allow(&self, authority: &str) -> bool {
        let host = normalized(host_of(authority));
        // A site cannot be at an IP address under its own name.
        let is_address = host.parse::<std::net::Ipv4Addr>().is_ok()
            || host
                .strip_prefix('[')
                .and_then(|host| host.strip_suffix(']'))
                .is_some_and(|host| host.parse::<Ipv6Addr>().is_ok());
        let is_local = host == "localhost" || host.ends_with(".localhost");
        is_address || is_local || self.0.contains(&host)
    }
}

/// Without a final dot, which does not change the host, and in lower case.
fn normalized(host: &str) -> String {
    let host = host.trim();
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Returns the host of `host:port` or `[address]:port`.
fn host_of(authority: &str) -> &str {
    match authority.rfind([':', ']']) {
        Some(at) if authority[at..].starts_with(':') => &authority[..at],
        _ => authority,
    }
}

/// Rejects requests to other hosts, and those of pages from other origins.
pub(crate) async fn check_origin(
    extract::State(hosts): extract::State<Arc<AllowedHosts>>,
    request: Request,
    next: Next,
) -> Response {
    match check(&hosts, &request) {
        Ok(()) => next.run(request).await,
        Err(rejection) => ReadError(rejection).into_response(),
    }
}

fn check(hosts: &AllowedHosts, request: &Request) -> Result<(), Rejection> {
    let headers = request.headers();
    let mut named = headers.get_all(HOST).iter();
    let host = match (named.next(), named.next()) {
        (_, Some(_)) => return Err(Rejection::new(400, "the request has several `Host` headers")),
        (Some(host), None) => Some(host.to_str().map_err(|_| unknown_host("this host"))?),
        (None, None) => None,
    };
    // The target of a request may repeat the host, and HTTP/2 has it only there.
    let target = request.uri().authority().map(|authority| authority.as_str());
    for host in host.into_iter().chain(target) {
        if !hosts.allow(host) {
            return Err(unknown_host(&format!("the host `{host}`")));
        }
    }
    if host.is_none() && target.is_none() && request.version() == Version::HTTP_11 {
        return Err(Rejection::new(400, "the request has no `Host` header"));
    }
    let is_foreign = headers.get_all(ORIGIN).iter().any(|origin| {
        let own = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        own.is_none_or(|own| Some(own) != host.or(target))
    });
    let is_other_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site.as_bytes() != b"same-origin" && site.as_bytes() != b"none");
    match is_foreign || is_other_site && !is_visit(request) {
        true => Err(Rejection::new(403, "pages of other origins must not use the intake")),
        false => Ok(()),
    }
}

/// Returns whether a person follows a link of another site to a page for people. The other site cannot
/// read the page, and showing it changes nothing.
fn is_visit(request: &Request) -> bool {
    let has = |name: &str, value: &str| {
        request.headers().get(name).is_some_and(|sent| sent.as_bytes() == value.as_bytes())
    };
    let path = request.uri().path();
    cfg!(feature = "pages")
        && request.method() == Method::GET
        && has("sec-fetch-mode", "navigate")
        && has("sec-fetch-dest", "document")
        && !["/api/", "/_intake"].iter().any(|prefix| path.starts_with(prefix))
}

fn unknown_host(host: &str) -> Rejection {
    let reason = format!("{host} is not served; `--allow-host NAME` allows a host name");
    Rejection::new(403, reason)
}

/// Checks what the control interface requires in addition: the keys that are required, and JSON.
pub(in crate::http) fn check_control(
    credentials: &RequiredCredentials,
    headers: &HeaderMap,
) -> Result<(), Rejection> {
    let sent = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    credentials
        .accept_control(sent("dd-api-key"), sent("dd-application-key"))
        .map_err(|name| Rejection::new(403, format!("the control interface requires `{name}`")))?;
    let is_empty = headers.get(CONTENT_LENGTH).is_none_or(|length| length.as_bytes() == b"0")
        && !headers.contains_key("transfer-encoding");
    let media_type = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let is_json = |media_type: &str| {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json")
    };
    match media_type {
        None if is_empty => Ok(()),
        Some(media_type) if is_json(media_type) => Ok(()),
        _ => Err(Rejection::new(415, "the `Content-Type` must be `application/json`")),
    }
}

#[cfg(test)]
mod tests {
    use specwright_server::axum::body::Body;

    use super::*;

    #[test]
    fn only_hosts_that_no_site_can_be_at_are_served() {
        let mut hosts = AllowedHosts::default();
        hosts.add("CI.example");
        for host in [
            "127.0.0.1:8127",
            "127.0.0.1",
            "[::1]:8127",
            "[::1]",
            "192.168.1.7:80",
            "localhost:8127",
            "LOCALHOST.",
            "intake.localhost:1",
            "ci.example:8127",
            "ci.example.",
        ] {
            assert!(hosts.allow(host), "{host}");
        }
        for host in [
            "",
            ":8127",
            "evil.example:8127",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.ci.example",
            "notlocalhost",
            "[::1",
            "::1",
            "1.2.3",
            "2130706433",
        ] {
            assert!(!hosts.allow(host), "{host}");
        }
    }

    fn status(version: Version, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().version(version).uri("/_intake");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        check(&AllowedHosts::default(), &request)
            .map_or_else(|rejection| rejection.status, |()| 200)
    }

    #[test]
    fn requests_of_other_origins_are_rejected() {
        let host = ("host", "127.0.0.1:8127");
        for (header, expected) in [
            (("origin", "http://127.0.0.1:8127"), 200),
            (("origin", "http://127.0.0.1:3000"), 403),
            (("origin", "http://localhost:8127"), 403),
            (("origin", "https://127.0.0.1:8127"), 403),
            (("origin", "null"), 403),
            (("origin", "https://evil.example"), 403),
            (("sec-fetch-site", "same-origin"), 200),
            (("sec-fetch-site", "none"), 200),
            (("sec-fetch-site", "same-site"), 403),
            (("sec-fetch-site", "cross-site"), 403),
            (("accept", "*/*"), 200),
        ] {
            assert_eq!(status(Version::HTTP_11, &[host, header]), expected, "{header:?}");
        }
    }

    #[cfg(feature = "pages")]
    #[test]
    fn links_of_other_sites_lead_to_pages_but_not_into_frames_or_the_api() {
        let status = |method: &str, path: &str, dest: &str| {
            let request = Request::builder().method(method).uri(path);
            let request = request
                .header("host", "127.0.0.1:8127")
                .header("sec-fetch-site", "cross-site")
                .header("sec-fetch-mode", "navigate")
                .header("sec-fetch-dest", dest)
                .body(Body::empty())
                .expect("a request");
            check(&AllowedHosts::default(), &request).map_or_else(|it| it.status, |()| 200)
        };
        assert_eq!(status("GET", "/executions?query=x", "document"), 200);
        for (method, path, dest) in [
            ("GET", "/executions", "iframe"),
            ("POST", "/executions", "document"),
            ("GET", "/_intake/events", "document"),
            ("GET", "/api/v2/ci/pipelines/events", "document"),
        ] {
            assert_eq!(status(method, path, dest), 403, "{method} {path} {dest}");
        }
    }

    #[test]
    fn a_request_has_exactly_one_host() {
        let host = ("host", "127.0.0.1:8127");
        assert_eq!(status(Version::HTTP_11, &[]), 400);
        assert_eq!(status(Version::HTTP_10, &[]), 200);
        assert_eq!(status(Version::HTTP_11, &[host, host]), 400);
        assert_eq!(status(Version::HTTP_11, &[("host", "evil.example")]), 403);
    }
}
