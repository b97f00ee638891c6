//! Repository URLs without credentials.

/// Removes user, password, query and fragment from a URL. The user of an SSH URL without a password
/// is kept, as in `ssh://git@host/path`.
pub(super) fn without_credentials(url: &str) -> String {
    let url = url.trim();
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, url),
    };
    let is_web = scheme.is_some_and(|scheme| !scheme.to_ascii_lowercase().ends_with("ssh"));
    // Only web URLs have a query; elsewhere these characters are part of the path.
    let rest = match is_web {
        true => rest.split(['?', '#']).next().unwrap_or_default(),
        false => rest,
    };
    let authority = rest.find('/').unwrap_or(rest.len());
    // A slash in a password ends the authority too early; it then has no valid port.
    let is_cut = scheme.is_some()
        && !rest[..authority].contains('@')
        && rest[..authority].rsplit_once(':').is_some_and(|(_, port)| !is_number(port));
    let end = if is_cut { rest.len() } else { authority };
    let (user, location) = match rest[..end].rfind('@') {
        Some(at) => (Some(&rest[..at]), &rest[at + 1..]),
        None => (None, rest),
    };
    let user = user.filter(|user| !is_web && !user.contains([':', '/']));
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    match scheme {
        Some(scheme) => format!("{scheme}://{user}{location}"),
        None => format!("{user}{location}"),
    }
}

fn is_number(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn credentials_are_removed() {
        for (url, expected) in [
            ("https://github.com/o/r.git", "https://github.com/o/r.git"),
            ("https://x:SECRET@host/o/r.git", "https://host/o/r.git"),
            ("https://SECRET@host/o/r", "https://host/o/r"),
            ("HTTPS://gitlab-ci-token:SECRET@host:8443/o/r", "HTTPS://host:8443/o/r"),
            ("https://user:SE@CRET@host/o/r", "https://host/o/r"),
            ("https://user:SEC/RET@host/o/r", "https://host/o/r"),
            ("https://host/o/r?private_token=SECRET", "https://host/o/r"),
            ("https://host/o/r@v1", "https://host/o/r@v1"),
            ("https://host:8443/o/r@v1", "https://host:8443/o/r@v1"),
            ("https://user:SECRET@host/o/r@v1", "https://host/o/r@v1"),
            ("https://[::1]:80/o/r", "https://[::1]:80/o/r"),
            ("ssh://git@host:22/o/r.git", "ssh://git@host:22/o/r.git"),
            ("git+ssh://git@host/o/r.git", "git+ssh://git@host/o/r.git"),
            ("ssh://git:SECRET@host/o/r.git", "ssh://host/o/r.git"),
            (" git@github.com:o/r.git\n", "git@github.com:o/r.git"),
            ("user:SECRET@host:o/r.git", "host:o/r.git"),
            ("/srv/git/r.git", "/srv/git/r.git"),
            ("file:///srv/git/r.git", "file:///srv/git/r.git"),
            ("", ""),
        ] {
            assert_eq!(without_credentials(url), expected, "{url}");
        }
    }
}
