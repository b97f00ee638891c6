//! The credentials of a request.

use std::fmt;

use http::header::{AUTHORIZATION, COOKIE, HeaderMap};
use http::request::Parts;
use specwright_model::credential::Secret;
use specwright_model::credential::{Credential, CredentialLocation};
use specwright_model::style::decode::query_entries;

use super::scheme::Scheme;

/// The credentials of a request, by security scheme. They are never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    found: Vec<(&'static str, String)>,
}

impl Credentials {
    /// Returns the credential for a security scheme: the API key, the token after `Bearer`, or
    /// what follows `Basic` (the base64 of `user:password`).
    #[must_use]
    pub fn get(&self, scheme: &str) -> Option<&str> {
        self.found.iter().find(|(id, _)| *id == scheme).map(|(_, value)| value.as_str())
    }

    /// Extracts the credentials of a request.
    pub(super) fn from_request(parts: &Parts, schemes: &'static [Scheme]) -> Self {
        let find = |scheme: &'static Scheme| Some((scheme.id, credential(parts, scheme)?));
        Self { found: schemes.iter().filter_map(find).collect() }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.found.iter().map(|(id, _)| (id, Secret::new(())))).finish()
    }
}

fn credential(parts: &Parts, scheme: &Scheme) -> Option<String> {
    let found = match &scheme.credential {
        Credential::ApiKey { location: CredentialLocation::Header, name } => {
            header(&parts.headers, name)?.to_owned()
        }
        Credential::ApiKey { location: CredentialLocation::Query, name } => {
            let query = parts.uri.query().unwrap_or_default();
            query_entries(query).into_iter().find(|entry| entry.name == *name)?.value
        }
        Credential::ApiKey { location: CredentialLocation::Cookie, name } => {
            let cookies =
                parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
            let mut cookies = cookies.flat_map(|value| value.split(';'));
            cookies.find_map(|cookie| {
                let (key, value) = cookie.trim().split_once('=')?;
                (key == *name).then(|| value.trim_matches('"').to_owned())
            })?
        }
        Credential::Bearer => authorization(parts, "bearer")?,
        Credential::Basic => authorization(parts, "basic")?,
    };
    (!found.is_empty()).then_some(found)
}

/// Returns what follows the name of an authentication scheme.
fn authorization(parts: &Parts, scheme: &str) -> Option<String> {
    let (name, rest) = header(&parts.headers, AUTHORIZATION.as_str())?.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then(|| rest.trim().to_owned())
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn api_key(id: &'static str, location: CredentialLocation, name: &'static str) -> Scheme {
        Scheme { id, credential: Credential::ApiKey { location, name } }
    }

    static SCHEMES: &[Scheme] = &[
        api_key("h", CredentialLocation::Header, "X-Key"),
        api_key("q", CredentialLocation::Query, "key"),
        api_key("c", CredentialLocation::Cookie, "sid"),
        Scheme { id: "bearer", credential: Credential::Bearer },
        Scheme { id: "basic", credential: Credential::Basic },
    ];

    #[test]
    fn credentials_are_extracted_by_scheme_and_not_printed() {
        let request = http::Request::get("/?a=1&key=quer%79")
            .header("x-key", "head")
            .header("Cookie", "a=b; sid=cook")
            .header("authorization", "bearer tok");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let credentials = Credentials::from_request(&parts, SCHEMES);
        let found = ["h", "q", "c", "bearer", "basic", "other"].map(|id| credentials.get(id));
        assert_eq!(found, [Some("head"), Some("query"), Some("cook"), Some("tok"), None, None]);
        let printed = format!("{credentials:?}");
        assert!(printed.contains("bearer") && !printed.contains("tok"), "{printed}");
    }
}
