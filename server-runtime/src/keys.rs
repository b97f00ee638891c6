//! The credentials that came with a request, by security scheme.

use std::fmt;

use http::header::{AUTHORIZATION, COOKIE, HeaderMap};
use http::request::Parts;
use specwright_model::credential::{Credential, CredentialLocation};

use crate::input::pairs;

/// A security scheme of a description.
#[derive(Debug)]
pub struct Scheme {
    /// Its name in the description.
    pub id: &'static str,
    /// How its credential is sent.
    pub credential: Credential,
}

/// The credentials that came with a request. Nothing ever prints them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    found: Vec<(&'static str, String)>,
}

impl Credentials {
    /// The credential for a security scheme: the key, the token behind `Bearer`, or what is
    /// behind `Basic` as it came (base64 of `user:password`).
    #[must_use]
    pub fn get(&self, scheme: &str) -> Option<&str> {
        self.found.iter().find(|(id, _)| *id == scheme).map(|(_, key)| key.as_str())
    }

    /// What of a request is a credential.
    pub(crate) fn of(parts: &Parts, schemes: &'static [Scheme]) -> Self {
        let key = |scheme: &'static Scheme| Some((scheme.id, credential(parts, scheme)?));
        Self { found: schemes.iter().filter_map(key).collect() }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.found.iter().map(|(id, _)| (id, format_args!("<redacted>"))))
            .finish()
    }
}

fn credential(parts: &Parts, scheme: &Scheme) -> Option<String> {
    let found = match &scheme.credential {
        Credential::ApiKey { location: CredentialLocation::Header, name } => {
            text(&parts.headers, name)?.to_owned()
        }
        Credential::ApiKey { location: CredentialLocation::Query, name } => {
            pairs(parts).into_iter().find(|(key, _)| key == name)?.1
        }
        Credential::ApiKey { location: CredentialLocation::Cookie, name } => {
            let cookies =
                parts.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
            let mut cookies = cookies.flat_map(|line| line.split(';'));
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

/// What stands behind the name of an authentication scheme.
fn authorization(parts: &Parts, scheme: &str) -> Option<String> {
    let (name, rest) = text(&parts.headers, AUTHORIZATION.as_str())?.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then(|| rest.trim().to_owned())
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    static SCHEMES: &[Scheme] = &[
        Scheme {
            id: "h",
            credential: Credential::ApiKey { location: CredentialLocation::Header, name: "X-Key" },
        },
        Scheme {
            id: "q",
            credential: Credential::ApiKey { location: CredentialLocation::Query, name: "key" },
        },
        Scheme {
            id: "c",
            credential: Credential::ApiKey { location: CredentialLocation::Cookie, name: "sid" },
        },
        Scheme { id: "bearer", credential: Credential::Bearer },
        Scheme { id: "basic", credential: Credential::Basic },
    ];

    #[test]
    fn keys_are_found_where_the_scheme_says_and_never_shown() {
        let request = http::Request::get("/?a=1&key=quer%79")
            .header("x-key", "head")
            .header("Cookie", "a=b; sid=cook")
            .header("authorization", "bearer tok");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let keys = Credentials::of(&parts, SCHEMES);
        let found = ["h", "q", "c", "bearer", "basic", "other"].map(|id| keys.get(id));
        assert_eq!(found, [Some("head"), Some("query"), Some("cook"), Some("tok"), None, None]);
        let shown = format!("{keys:?}");
        assert!(shown.contains("bearer") && !shown.contains("tok"), "{shown}");
    }
}
