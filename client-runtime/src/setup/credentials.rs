//! Credentials: which ones a request needs, and how each is sent.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};

use specwright_model::credential::REDACTED;
use specwright_model::credential::{Credential, CredentialLocation};

use crate::outcome::error::ConfigError;
use crate::setup::redaction::Redactor;

/// A security scheme of a spec.
#[derive(Debug)]
pub struct Scheme {
    /// The name in the spec.
    pub id: &'static str,
    /// The type and location of the credential.
    pub credential: Credential,
    /// The environment variable with the credential.
    pub env: Option<&'static str>,
    /// The builder method that sets the credential.
    pub setter: &'static str,
}

/// A credential, which is never printed.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    /// Creates a secret from a valid header value. The error does not show it.
    pub(crate) fn new(value: String, from: &str) -> Result<Self, String> {
        if value.trim().is_empty() {
            return Err(format!("{from} is empty"));
        }
        if HeaderValue::from_str(&value).is_err() || value.trim() != value {
            return Err(format!(
                "{from} has leading or trailing white space, or contains a control character; \
                 values read from a file often end with a line break"
            ));
        }
        Ok(Self(value))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// The credentials of a client, each at the index of its scheme.
#[derive(Clone)]
pub(crate) struct Credentials {
    schemes: &'static [Scheme],
    secrets: Vec<Option<Prepared>>,
}

/// A credential, and how each request sends it.
#[derive(Clone)]
struct Prepared {
    secret: Secret,
    sent: SentAs,
}

/// The part of a request that has a credential.
#[derive(Clone)]
enum SentAs {
    Header(HeaderName, HeaderValue),
    Cookie(String),
    Query(&'static str),
}

impl Credentials {
    pub(crate) fn new(schemes: &'static [Scheme]) -> Self {
        Self { schemes, secrets: schemes.iter().map(|_| None).collect() }
    }

    pub(crate) fn schemes(&self) -> &'static [Scheme] {
        self.schemes
    }

    pub(crate) fn set(&mut self, scheme: usize, secret: Secret) {
        let sent = self.schemes.get(scheme).and_then(|scheme| scheme.prepare(&secret));
        if let (Some(slot), Some(sent)) = (self.secrets.get_mut(scheme), sent) {
            *slot = Some(Prepared { secret, sent });
        }
    }

    pub(crate) fn has_any(&self) -> bool {
        self.secrets.iter().any(Option::is_some)
    }

    /// Returns the credentials for an operation, as indices of schemes: those of the first
    /// alternative for which the client has all credentials.
    pub(crate) fn choose<'a>(
        &self,
        operation: &str,
        alternatives: &[&'a [usize]],
    ) -> Result<&'a [usize], ConfigError> {
        let is_set = |scheme: &usize| self.prepared(*scheme).is_some();
        // An alternative without credentials makes them optional: it is considered last.
        let mut secured = alternatives.iter().filter(|schemes| !schemes.is_empty());
        match secured.find(|schemes| schemes.iter().all(is_set)) {
            Some(schemes) => Ok(schemes),
            None if alternatives.is_empty() || alternatives.contains(&[].as_slice()) => Ok(&[]),
            None => Err(self.missing(operation, alternatives)),
        }
    }

    /// Adds credentials to the headers or the URL of a request.
    pub(crate) fn apply(&self, schemes: &[usize], url: &mut reqwest::Url, headers: &mut HeaderMap) {
        for prepared in schemes.iter().filter_map(|&scheme| self.prepared(scheme)) {
            match &prepared.sent {
                SentAs::Header(name, value) => drop(headers.append(name.clone(), value.clone())),
                SentAs::Cookie(cookie) => add_cookie(cookie, headers),
                SentAs::Query(name) => {
                    url.query_pairs_mut().append_pair(name, prepared.secret.expose());
                }
            }
        }
    }

    /// Returns what removes all credentials from received data that will be shown, also in the
    /// encodings in which they are sent.
    pub(crate) fn redactor(&self) -> Redactor {
        let secrets = self.schemes.iter().zip(&self.secrets);
        let secrets = secrets.filter_map(|(scheme, it)| Some((scheme, &it.as_ref()?.secret)));
        Redactor::new(secrets.flat_map(|(scheme, secret)| scheme.forms(secret)))
    }

    fn prepared(&self, scheme: usize) -> Option<&Prepared> {
        self.secrets.get(scheme)?.as_ref()
    }

    fn missing(&self, operation: &str, alternatives: &[&[usize]]) -> ConfigError {
        let describe = |schemes: &&[usize]| {
            let missing = schemes.iter().filter(|&&i| self.prepared(i).is_none());
            let names: Vec<_> =
                missing.filter_map(|&i| self.schemes.get(i)).map(Scheme::how_to_set).collect();
            names.join(" and ")
        };
        let settings: Vec<_> = alternatives.iter().map(describe).collect();
        ConfigError::new(format!(
            "no credentials configured for {operation}: set {}",
            settings.join(", or ")
        ))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets = self.secrets.iter().map(|it| it.as_ref().map(|it| &it.secret));
        f.debug_map().entries(self.schemes.iter().map(|scheme| scheme.id).zip(secrets)).finish()
    }
}

impl Scheme {
    pub(crate) fn is_cookie(&self) -> bool {
        let location = match &self.credential {
            Credential::ApiKey { location, .. } => Some(location),
            _ => None,
        };
        matches!(location, Some(CredentialLocation::Cookie))
    }

    /// Describes how to set the credential.
    pub(crate) fn how_to_set(&self) -> String {
        match self.env {
            Some(env) => format!("{env} (or `.{}(…)` on the builder)", self.setter),
            None => format!("`.{}(…)` on the builder", self.setter),
        }
    }

    /// Returns the parts and forms of a credential that a response may quote.
    fn forms(&self, secret: &Secret) -> Vec<String> {
        let secret = secret.expose();
        let mut forms = vec![secret.to_owned()];
        if matches!(self.credential, Credential::Basic) {
            forms.push(base64(secret.as_bytes()));
            forms.extend(secret.split_once(':').map(|(_, password)| password.to_owned()));
        }
        forms
    }

    /// Returns how a credential is sent, or `None` if the scheme has an invalid header name.
    fn prepare(&self, secret: &Secret) -> Option<SentAs> {
        let secret = secret.expose();
        let (name, value) = match &self.credential {
            Credential::Bearer => (AUTHORIZATION, format!("Bearer {secret}")),
            Credential::Basic => (AUTHORIZATION, format!("Basic {}", base64(secret.as_bytes()))),
            Credential::ApiKey { location: CredentialLocation::Header, name } => {
                (HeaderName::try_from(*name).ok()?, secret.to_owned())
            }
            Credential::ApiKey { location: CredentialLocation::Cookie, name } => {
                return Some(SentAs::Cookie(format!("{name}={secret}")));
            }
            Credential::ApiKey { location: CredentialLocation::Query, name } => {
                return Some(SentAs::Query(name));
            }
        };
        let mut value = HeaderValue::try_from(value).ok()?;
        value.set_sensitive(true);
        Some(SentAs::Header(name, value))
    }
}

/// Adds a cookie. There is one header for all cookies (RFC 6265).
fn add_cookie(cookie: &str, headers: &mut HeaderMap) {
    let before = headers.get(&COOKIE).and_then(|cookies| cookies.to_str().ok());
    let cookies = before.map_or_else(|| cookie.to_owned(), |before| format!("{before}; {cookie}"));
    if let Ok(mut value) = HeaderValue::try_from(cookies) {
        value.set_sensitive(true);
        headers.insert(COOKIE, value);
    }
}

/// Encodes Base64 with padding, as Basic authentication requires.
fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    static SCHEMES: &[Scheme] = &[
        Scheme {
            id: "key",
            credential: Credential::ApiKey { location: CredentialLocation::Query, name: "k" },
            env: Some("KEY"),
            setter: "key",
        },
        Scheme { id: "basic", credential: Credential::Basic, env: None, setter: "basic" },
    ];

    fn credentials(given: &[(usize, &str)]) -> Credentials {
        let mut credentials = Credentials::new(SCHEMES);
        for (index, secret) in given {
            credentials.set(
                *index,
                Secret::new((*secret).to_owned(), "test").expect("a valid credential"),
            );
        }
        credentials
    }

    #[test]
    fn first_alternative_with_all_credentials_is_chosen() {
        let ids = |given: &[(usize, &str)], alternatives: &[&[usize]]| -> Result<Vec<_>, String> {
            let credentials = credentials(given);
            let chosen = credentials.choose("op", alternatives).map_err(|e| e.to_string())?;
            Ok(chosen.iter().map(|&scheme| SCHEMES[scheme].id).collect())
        };
        assert_eq!(ids(&[(1, "a:b")], &[&[0], &[1]]), Ok(vec!["basic"]));
        assert_eq!(ids(&[(0, "x"), (1, "a:b")], &[&[0, 1], &[1]]), Ok(vec!["key", "basic"]));
        assert_eq!(ids(&[(0, "x")], &[&[], &[0]]), Ok(vec!["key"]));
        assert_eq!(ids(&[], &[&[], &[0]]), Ok(vec![]));
        assert_eq!(ids(&[], &[]), Ok(vec![]));
        let error = ids(&[(0, "x")], &[&[0, 1]]).expect_err("a credential is missing");
        assert!(error.contains("`.basic(…)`") && !error.contains("KEY"), "{error}");
    }

    #[test]
    fn credentials_are_sent_as_declared_and_never_shown() {
        let credentials = credentials(&[(0, "s3cret"), (1, "user:pass")]);
        let mut url = "http://localhost/x".parse().expect("an address");
        let mut headers = HeaderMap::new();
        let chosen = credentials.choose("op", &[&[0, 1]]).expect("all credentials are set");
        credentials.apply(chosen, &mut url, &mut headers);
        assert_eq!(url.as_str(), "http://localhost/x?k=s3cret");
        assert_eq!(headers[AUTHORIZATION], "Basic dXNlcjpwYXNz");
        let shown =
            format!("{credentials:?} {headers:?} {}", credentials.redactor().redact("key s3cret!"));
        assert!(!shown.contains("s3cret") && !shown.contains("dXNlcjpwYXNz"), "{shown}");
    }

    #[test]
    fn credentials_are_redacted_in_all_sent_encodings() {
        let credentials = credentials(&[(0, "s3 cr&t"), (1, "user:pass")]);
        for quoted in ["s3 cr&t", "?k=s3+cr%26t", "user:pass", "dXNlcjpwYXNz", "password pass"] {
            let shown = credentials.redactor().redact(&format!("`{quoted}` is wrong"));
            assert!(shown.contains("<redacted>") && shown.ends_with("is wrong"), "{shown}");
            for part in ["cr", "dXNl", " pass`"] {
                assert!(!shown.contains(part), "{shown}");
            }
        }
    }
}
