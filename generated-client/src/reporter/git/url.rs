//! Addresses of repositories, without what is secret in them.

/// The address without user, password, query and fragment. A user alone stays where it is part of
/// the address, as the `git` of `ssh://git@host/path`, and no password.
pub(super) fn without_credentials(address: &str) -> String {
    let address = address.trim();
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, address),
    };
    let is_web = scheme.is_some_and(|scheme| !scheme.to_ascii_lowercase().ends_with("ssh"));
    // Queries are for the web; elsewhere these are letters like any other.
    let rest = match is_web {
        true => rest.split(['?', '#']).next().unwrap_or_default(),
        false => rest,
    };
    let authority = rest.find('/').unwrap_or(rest.len());
    // A password with a slash in it ends the authority too soon, which then has no port.
    let is_cut = scheme.is_some()
        && !rest[..authority].contains('@')
        && rest[..authority].rsplit_once(':').is_some_and(|(_, port)| !is_number(port));
    let end = if is_cut { rest.len() } else { authority };
    let (user, place) = match rest[..end].rfind('@') {
        Some(at) => (Some(&rest[..at]), &rest[at + 1..]),
        None => (None, rest),
    };
    let user = user.filter(|user| !is_web && !user.contains([':', '/']));
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    match scheme {
        Some(scheme) => format!("{scheme}://{user}{place}"),
        None => format!("{user}{place}"),
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn nothing_secret_is_left_in_an_address() {
        for (address, expected) in [
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
            assert_eq!(without_credentials(address), expected, "{address}");
        }
    }
}
