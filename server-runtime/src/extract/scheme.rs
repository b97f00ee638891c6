//! Security schemes.

use specwright_model::credential::{Credential, CredentialLocation};

/// A security scheme of an OpenAPI document.
#[derive(Debug)]
pub struct Scheme {
    /// Its name in the document.
    pub id: &'static str,
    /// How its credential is sent.
    pub credential: Credential,
}

impl Scheme {
    /// Returns the name of the parameter that has the credential, if it has this location.
    pub(super) fn parameter(&self, expected: CredentialLocation) -> Option<&'static str> {
        match self.credential {
            Credential::ApiKey { location, name } if location == expected => Some(name),
            _ => None,
        }
    }
}
