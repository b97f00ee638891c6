//! The service that events are for, as a name of a directory.

use std::net::IpAddr;

/// The site without `DD_SITE`.
const SITE: &str = "datadoghq.com";

/// The destination of everything that is meant for this machine.
pub(super) const LOCAL: &str = "local";

/// Returns the host of the service, without `api.`. All addresses of this machine are `local`: what is
/// meant for an intake is never sent to another service, and it may have another port next time.
pub(super) fn destination(url: Option<&str>, site: Option<&str>) -> String {
    let host = url.map_or(site.unwrap_or(SITE), host).to_ascii_lowercase();
    let is_loopback = || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    if host == "localhost" || is_loopback() {
        return LOCAL.to_owned();
    }
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || "-.".contains(*c);
    let name: String =
        host.strip_prefix("api.").unwrap_or(&host).chars().filter(is_plain).collect();
    if name.trim_matches('.').is_empty() { "unknown".to_owned() } else { name }
}

/// Returns the host of a URL.
fn host(url: &str) -> &str {
    let address = url.split_once("://").map_or(url, |(_, address)| address);
    let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((host, _)) => host,
        None => host.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::destination;

    #[test]
    fn events_for_this_machine_are_separate() {
        assert_eq!(destination(None, None), "datadoghq.com");
        assert_eq!(destination(None, Some("datadoghq.eu")), "datadoghq.eu");
        for (url, expected) in [
            ("https://api.datadoghq.com", "datadoghq.com"),
            ("http://user:secret@Proxy.example:8080/path?x=http://localhost", "proxy.example"),
            ("http://127.0.0.1:8127", "local"),
            ("http://localhost:1/", "local"),
            ("http://[::1]:8127", "local"),
            ("http://[2001:db8::1]:80", "2001db81"),
            ("http://../..", "unknown"),
        ] {
            assert_eq!(destination(Some(url), Some("datadoghq.eu")), expected, "{url}");
        }
    }
}
