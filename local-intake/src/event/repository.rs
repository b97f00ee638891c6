//! The parts of a repository URL.

/// The parts of a repository URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repository<'a> {
    pub(super) scheme: &'a str,
    pub(super) host: &'a str,
    /// Starts with a slash.
    pub(super) path: String,
    /// The path without the leading slash and `.git`.
    pub(super) name: &'a str,
}

impl<'a> Repository<'a> {
    /// Parses `scheme://user@host:port/path` and `user@host:path`.
    pub(super) fn from_url(url: &'a str) -> Option<Self> {
        let (scheme, rest) = match url.split_once("://") {
            Some((scheme, rest)) => (scheme, rest),
            // The scp-like syntax of SSH.
            None => ("ssh", url),
        };
        let is_short = scheme == "ssh" && !url.contains("://");
        let (authority, path) = rest.split_once(if is_short { ':' } else { '/' })?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        // An IPv6 address contains colons within its brackets.
        let port = host.find(']').unwrap_or_default();
        let host = match host.get(port..).and_then(|rest| rest.find(':')) {
            Some(colon) => host.get(..port + colon).unwrap_or(host),
            None => host,
        };
        let path = path.split(['?', '#']).next().unwrap_or(path).trim_start_matches('/');
        let name = path.trim_end_matches('/');
        let name = name.strip_suffix(".git").unwrap_or(name);
        if host.is_empty() || name.is_empty() || host.contains(char::is_whitespace) {
            return None;
        }
        Some(Self { scheme, host, path: format!("/{path}"), name })
    }

    pub(super) fn id(&self) -> String {
        format!("{}/{}", self.host, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Repository;

    #[test]
    fn repository_urls_are_split_into_parts() {
        for (url, expected) in [
            (
                "https://github.com/DataDog/repo.git",
                Some(("https", "github.com", "/DataDog/repo.git", "DataDog/repo")),
            ),
            ("git@github.com:a/b.git", Some(("ssh", "github.com", "/a/b.git", "a/b"))),
            ("ssh://git@git.example:22/a/b", Some(("ssh", "git.example", "/a/b", "a/b"))),
            (
                "https://token@git.example/g/s/r/?x=1",
                Some(("https", "git.example", "/g/s/r/", "g/s/r")),
            ),
            ("https://[::1]:80/a/b", Some(("https", "[::1]", "/a/b", "a/b"))),
            ("/srv/git/repo.git", None),
            ("https://host", None),
            ("", None),
        ] {
            let actual = Repository::from_url(url);
            let expected = expected.map(|(scheme, host, path, name)| Repository {
                scheme,
                host,
                path: path.to_owned(),
                name,
            });
            assert_eq!(actual, expected, "{url}");
        }
    }
}
