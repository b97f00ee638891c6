//! The names and values in a query, and in cookies, which are told apart in the same way.

use http::HeaderMap;
use http::header::COOKIE;
use http::request::Parts;
use specwright_model::credential::{Credential, CredentialLocation};

use super::decoded;
use crate::keys::Scheme;

/// A name with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// The value as it came: in it, what separates parts can be told from what is in them.
    pub(crate) raw: String,
    pub(crate) text: String,
}

/// All that stand in one place of a request.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) all: Vec<Entry>,
    /// The names that are somebody's.
    pub(super) claimed: Vec<&'static str>,
}

impl Entries {
    /// Those of the query. What the path of the operation has of them is nobody's.
    pub(super) fn of_query(parts: &Parts, path: &'static str, schemes: &'static [Scheme]) -> Self {
        let own = path.split_once('?').map_or("", |(_, query)| query);
        let own = own.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
        let keys = schemes.iter().filter_map(|scheme| match scheme.credential {
            Credential::ApiKey { location: CredentialLocation::Query, name } => Some(name),
            _ => None,
        });
        let query = parts.uri.query().unwrap_or_default();
        Self { all: entries_of(query), claimed: keys.chain(own).collect() }
    }

    /// Those of a form in one line, which is written as a query is.
    pub(crate) fn of_form(text: &str) -> Self {
        Self { all: entries_of(text), claimed: Vec::new() }
    }

    /// Those in cookies.
    pub(super) fn of_cookies(headers: &HeaderMap, schemes: &'static [Scheme]) -> Self {
        let lines = headers.get_all(COOKIE).iter();
        let lines = lines.filter_map(|line| std::str::from_utf8(line.as_bytes()).ok());
        let cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| {
            let (name, raw) = cookie.trim().split_once('=')?;
            let raw = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw);
            Some(Entry { name: decoded(name), raw: raw.to_owned(), text: decoded(raw) })
        });
        let keys = schemes.iter().filter_map(|scheme| match scheme.credential {
            Credential::ApiKey { location: CredentialLocation::Cookie, name } => Some(name),
            _ => None,
        });
        Self { all: cookies.collect(), claimed: keys.collect() }
    }
}

/// The entries of a query.
pub(crate) fn entries_of(query: &str) -> Vec<Entry> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let raw = value.replace('+', " ");
            Entry { name: decoded(&name.replace('+', " ")), text: decoded(&raw), raw }
        })
        .collect()
}

/// The names and values in the query of a request.
pub(crate) fn pairs(parts: &Parts) -> Vec<(String, String)> {
    let query = parts.uri.query().unwrap_or_default();
    entries_of(query).into_iter().map(|entry| (entry.name, entry.text)).collect()
}
