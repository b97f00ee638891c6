//! How credentials are sent, and values that are not shown.
//!
//! | module | responsibility |
//! |---|---|
//! | `secret` | values that are not shown |

pub(crate) mod secret;

pub use secret::{REDACTED, Secret};

/// How a credential is sent.
#[derive(Debug)]
pub enum Credential {
    /// As it is, under a name.
    ApiKey {
        /// The location.
        location: CredentialLocation,
        /// The name.
        name: &'static str,
    },
    /// As `Authorization: Bearer`, also for OAuth2 and OpenID Connect tokens.
    Bearer,
    /// As `Authorization: Basic`; the credential is `user:password`.
    Basic,
}

/// The location of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialLocation {
    /// In a header.
    Header,
    /// In the query.
    Query,
    /// In a cookie.
    Cookie,
}
