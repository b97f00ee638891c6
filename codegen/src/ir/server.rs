//! Servers, their variables, and security schemes.

use super::Name;

/// A server of an API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Server {
    /// The URL, with variables in braces; empty if the document has no server.
    pub url: String,
    /// Its name in the document.
    pub name: Option<String>,
    /// Its documentation.
    pub docs: Option<String>,
    /// The variables.
    pub variables: Vec<ServerVariable>,
    /// The environment variable that overrides the URL.
    pub env: Option<String>,
}

/// A variable in the URL of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerVariable {
    /// Its name in the URL.
    pub wire: String,
    /// The builder method that sets it, in [`Api::variables`](super::Api::variables).
    pub name: Name,
    /// Its documentation.
    pub docs: Option<String>,
    /// Its default value.
    pub default: String,
    /// Its known values; empty if it may have any value.
    pub values: Vec<String>,
    /// The environment variable that holds it.
    pub env: Option<String>,
}

/// A security scheme.
#[derive(Clone, Debug)]
pub(crate) struct SecurityScheme {
    /// Its name in the document.
    pub id: String,
    /// The builder method that sets the credential.
    pub name: Name,
    /// Its documentation.
    pub docs: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// How the credential is sent.
    pub credential: Credential,
    /// The environment variable that holds the credential.
    pub env: Option<String>,
}

/// How a credential is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    /// In the header with this name.
    Header(String),
    /// In the query parameter with this name.
    Query(String),
    /// In the cookie with this name.
    Cookie(String),
    /// As `Authorization: Bearer`.
    Bearer,
    /// As `Authorization: Basic`.
    Basic,
}
