//! Keys: which of them a request needs, and how each is sent.

use std::cmp::Reverse;
use std::fmt;

use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};

use specwright_model::credential::{Credential, CredentialLocation};

use crate::outcome::error::ConfigError;

/// A security scheme of a description.
#[derive(Debug)]
pub struct Scheme {
    /// Its name in the description.
    pub id: &'static str,
    /// How its credential is sent.
    pub credential: Credential,
    /// The environment variable that holds it.
    pub env: Option<&'static str>,
    /// The builder's method that sets it.
    pub setter: &'static str,
}

/// A key, which nothing ever prints.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    /// Refuses what no header can carry, without showing it.
    pub(crate) fn new(text: String, from: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err(format!("{from} is empty"));
        }
        if HeaderValue::from_str(&text).is_err() || text.trim() != text {
            return Err(format!(
                "{from} holds white space or a control character at its end or within; \
                 keys often come with a line break when read from a file"
            ));
        }
        Ok(Self(text))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// The keys that a client has, each at its scheme's place.
#[derive(Clone)]
pub(crate) struct Credentials {
    schemes: &'static [Scheme],
    secrets: Vec<Option<Secret>>,
}

impl Credentials {
    pub(crate) fn new(schemes: &'static [Scheme]) -> Self {
        Self { schemes, secrets: schemes.iter().map(|_| None).collect() }
    }

    pub(crate) fn schemes(&self) -> &'static [Scheme] {
        self.schemes
    }

    pub(crate) fn set(&mut self, scheme: usize, secret: Secret) {
        if let Some(place) = self.secrets.get_mut(scheme) {
            *place = Some(secret);
        }
    }

    pub(crate) fn has_any(&self) -> bool {
        self.secrets.iter().any(Option::is_some)
    }

    /// The keys that an operation needs: those of the first alternative for which the
    /// client has every key.
    pub(crate) fn choose(
        &self,
        operation: &str,
        alternatives: &[&[usize]],
    ) -> Result<Vec<(&'static Scheme, &Secret)>, ConfigError> {
        let found = |keys: &[usize]| -> Option<Vec<_>> {
            keys.iter().map(|&i| Some((self.schemes.get(i)?, self.secret(i)?))).collect()
        };
        // An alternative without keys means that keys are optional: it comes last.
        let (open, keyed): (Vec<_>, Vec<_>) =
            alternatives.iter().copied().partition(|keys: &&[usize]| keys.is_empty());
        match keyed.iter().find_map(|keys| found(keys)) {
            Some(keys) => Ok(keys),
            None if keyed.is_empty() || !open.is_empty() => Ok(Vec::new()),
            None => Err(self.lacking(operation, alternatives)),
        }
    }

    /// Takes every key out of a text that came from outside and will be shown, also in the forms
    /// in which it was sent.
    pub(crate) fn redact(&self, text: &str) -> String {
        let keys = self.schemes.iter().zip(&self.secrets);
        let keys = keys.filter_map(|(scheme, secret)| Some((scheme, secret.as_ref()?)));
        keys.fold(text.to_owned(), |text, (scheme, secret)| {
            let forms = scheme.forms(secret);
            forms.iter().fold(text, |text, form| text.replace(form, "<redacted>"))
        })
    }

    fn secret(&self, index: usize) -> Option<&Secret> {
        self.secrets.get(index)?.as_ref()
    }

    fn lacking(&self, operation: &str, alternatives: &[&[usize]]) -> ConfigError {
        let describe = |keys: &&[usize]| {
            let missing = keys.iter().filter(|&&i| self.secret(i).is_none());
            let names: Vec<_> =
                missing.filter_map(|&i| self.schemes.get(i)).map(Scheme::how_to_set).collect();
            names.join(" and ")
        };
        let ways: Vec<_> = alternatives.iter().map(describe).collect();
        ConfigError::new(format!(
            "{operation} needs a key that this client has not: set {}",
            ways.join(", or ")
        ))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.schemes.iter().map(|scheme| scheme.id).zip(&self.secrets))
            .finish()
    }
}

impl Scheme {
    /// What a caller does to give this key.
    pub(crate) fn how_to_set(&self) -> String {
        match self.env {
            Some(env) => format!("{env} (or `.{}(…)` on the builder)", self.setter),
            None => format!("`.{}(…)` on the builder", self.setter),
        }
    }

    /// The forms in which an answer may quote a key, the longest first.
    fn forms(&self, secret: &Secret) -> Vec<String> {
        let secret = secret.expose();
        let mut forms = vec![secret.to_owned()];
        match &self.credential {
            Credential::Basic => {
                forms.push(base64(secret.as_bytes()));
                forms.extend(secret.split_once(':').map(|(_, password)| password.to_owned()));
            }
            Credential::ApiKey { location: CredentialLocation::Query, .. } => {
                if let Ok(url) = reqwest::Url::parse_with_params("http://x", [("", secret)]) {
                    let query = url.query().unwrap_or_default();
                    forms.push(query.trim_start_matches('=').to_owned());
                }
            }
            _ => {}
        }
        // As it stands in JSON.
        let quoted = forms.iter().filter_map(|form| serde_json::to_string(form).ok());
        let quoted: Vec<_> = quoted.map(|form| form.trim_matches('"').to_owned()).collect();
        forms.extend(quoted);
        forms.retain(|form| !form.is_empty());
        forms.sort_by_key(|form| Reverse(form.len()));
        forms
    }

    /// Adds the key to a request, or to its address.
    pub(crate) fn apply(&self, secret: &Secret, url: &mut reqwest::Url, headers: &mut HeaderMap) {
        let secret = secret.expose();
        let (header, value) = match &self.credential {
            Credential::Bearer => (AUTHORIZATION, format!("Bearer {secret}")),
            Credential::Basic => (AUTHORIZATION, format!("Basic {}", base64(secret.as_bytes()))),
            Credential::ApiKey { location: CredentialLocation::Header, name } => {
                match HeaderName::try_from(*name) {
                    Ok(header) => (header, secret.to_owned()),
                    Err(_) => return,
                }
            }
            Credential::ApiKey { location: CredentialLocation::Cookie, name } => {
                (COOKIE, format!("{name}={secret}"))
            }
            Credential::ApiKey { location: CredentialLocation::Query, name } => {
                url.query_pairs_mut().append_pair(name, secret);
                return;
            }
        };
        // There is one header for all cookies (RFC 6265).
        let before = headers.get(&COOKIE).filter(|_| header == COOKIE);
        let value = match before.and_then(|cookies| cookies.to_str().ok()) {
            Some(cookies) => format!("{cookies}; {value}"),
            None => value,
        };
        if let Ok(mut value) = HeaderValue::try_from(value) {
            value.set_sensitive(true);
            if header == COOKIE {
                headers.insert(header, value);
            } else {
                headers.append(header, value);
            }
        }
    }
}

/// Base64 with padding, as Basic authentication wants it.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let sextet = (group >> (18 - 6 * i)) & 63;
            text.push(if i <= chunk.len() { char::from(ALPHABET[sextet as usize]) } else { '=' });
        }
    }
    text
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
            credentials
                .set(*index, Secret::new((*secret).to_owned(), "test").expect("a valid key"));
        }
        credentials
    }

    #[test]
    fn the_first_alternative_with_all_its_keys_is_chosen() {
        let ids = |given: &[(usize, &str)], alternatives: &[&[usize]]| -> Result<Vec<_>, String> {
            let credentials = credentials(given);
            let chosen = credentials.choose("op", alternatives).map_err(|e| e.to_string())?;
            Ok(chosen.iter().map(|(scheme, _)| scheme.id).collect())
        };
        assert_eq!(ids(&[(1, "a:b")], &[&[0], &[1]]), Ok(vec!["basic"]));
        assert_eq!(ids(&[(0, "x"), (1, "a:b")], &[&[0, 1], &[1]]), Ok(vec!["key", "basic"]));
        assert_eq!(ids(&[(0, "x")], &[&[], &[0]]), Ok(vec!["key"]));
        assert_eq!(ids(&[], &[&[], &[0]]), Ok(vec![]));
        assert_eq!(ids(&[], &[]), Ok(vec![]));
        let error = ids(&[(0, "x")], &[&[0, 1]]).expect_err("a key is missing");
        assert!(error.contains("`.basic(…)`") && !error.contains("KEY"), "{error}");
    }

    #[test]
    fn keys_go_where_the_scheme_says_and_are_never_shown() {
        let credentials = credentials(&[(0, "s3cret"), (1, "user:pass")]);
        let mut url = "http://localhost/x".parse().expect("an address");
        let mut headers = HeaderMap::new();
        for (scheme, secret) in credentials.choose("op", &[&[0, 1]]).expect("all keys are there") {
            scheme.apply(secret, &mut url, &mut headers);
        }
        assert_eq!(url.as_str(), "http://localhost/x?k=s3cret");
        assert_eq!(headers[AUTHORIZATION], "Basic dXNlcjpwYXNz");
        let shown = format!("{credentials:?} {headers:?} {}", credentials.redact("key s3cret!"));
        assert!(!shown.contains("s3cret") && !shown.contains("dXNlcjpwYXNz"), "{shown}");
    }

    #[test]
    fn keys_are_taken_out_in_the_forms_in_which_they_are_sent() {
        let credentials = credentials(&[(0, "s3 cr&t"), (1, "user:pass")]);
        for quoted in ["s3 cr&t", "?k=s3+cr%26t", "user:pass", "dXNlcjpwYXNz", "password pass"] {
            let shown = credentials.redact(&format!("`{quoted}` is wrong"));
            assert!(shown.contains("<redacted>") && shown.ends_with("is wrong"), "{shown}");
            for part in ["cr", "dXNl", " pass`"] {
                assert!(!shown.contains(part), "{shown}");
            }
        }
    }

    #[test]
    fn base64_pads() {
        let pairs =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, encoded) in pairs {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
