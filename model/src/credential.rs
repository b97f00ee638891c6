//! How credentials are sent.

/// How a credential is sent.
#[derive(Debug)]
pub enum Credential {
    /// As it is, under a name.
    ApiKey {
        /// Where.
        location: CredentialLocation,
        /// Under which name.
        name: &'static str,
    },
    /// As `Authorization: Bearer`; OAuth2 and OpenID Connect tokens too.
    Bearer,
    /// As `Authorization: Basic`; the credential is `user:password`.
    Basic,
}

/// Where an API key is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialLocation {
    /// In a header.
    Header,
    /// In the query.
    Query,
    /// In a cookie.
    Cookie,
}
