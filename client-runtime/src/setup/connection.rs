//! Connection options: timeouts, proxies, certificates, the connection pool, compression.

use std::fmt;
use std::time::Duration;

use crate::encode::compression::Compression;
use crate::outcome::cause::with_causes;
use crate::setup::server::presentable;
use crate::setup::settings::SizeLimits;

/// The default connect timeout.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum timeout: long enough for all uses, and safe to add to an `Instant`.
const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);

/// The default read timeout of bodies that are read incrementally.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Connection options of a client.
///
/// By default, the connect timeout is 10 s, and the read timeout of a body that is read incrementally
/// 30 s. Idle connections are kept for 90 s. A response has at most 64 MiB, and the body of an error at most 1 MiB. Proxies come from the
/// environment (`HTTPS_PROXY`, `NO_PROXY`, …), and the system's root certificates are trusted.
///
/// Requests use HTTP/1.1. With the feature `http2`, HTTP/2 is used if the server supports it. With the
/// feature `system-proxy`, the proxy settings of macOS and Windows are used, too.
///
/// ```
/// use std::time::Duration;
/// use specwright_runtime::HttpOptions;
///
/// let options = HttpOptions::new()
///     .connect_timeout(Duration::from_secs(3))
///     .proxy("http://ci:secret@proxy.example:3128")
///     .user_agent("our-ci/2.1");
/// assert!(!format!("{options:?}").contains("secret"));
/// ```
#[doc(alias = "proxy")]
#[doc(alias = "tls")]
#[derive(Clone, Default)]
#[must_use = "options have no effect until they are passed to a client"]
pub struct HttpOptions {
    client: Option<reqwest::Client>,
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    pool_idle_timeout: Option<Duration>,
    pool_max_idle_per_host: Option<usize>,
    proxy: Option<Proxy>,
    root_certificates: Vec<Vec<u8>>,
    http1_only: bool,
    user_agent: Option<String>,
    pub(crate) compression: Option<Compression>,
    pub(crate) size_limits: SizeLimits,
}

/// A setting that replaces the proxies of the environment.
#[derive(Clone)]
enum Proxy {
    Url(String),
    None,
}

impl HttpOptions {
    /// Creates the default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses an existing client with its own timeouts, proxies, certificates and user agent. Setting
    /// one of these here as well is an error.
    ///
    /// The client should not follow redirects, which could send credentials to other hosts.
    pub fn client(mut self, client: reqwest::Client) -> Self {
        self.client = Some(client);
        self
    }

    /// Sets the connect timeout, which includes the TLS handshake. Defaults to 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets the maximum time between two reads of a response, also before its first byte. The timeout
    /// of the call applies as well.
    ///
    /// Defaults to 30 s for a body that is read incrementally, to which the timeout of the call does
    /// not apply. Other responses have no default: a call with a timeout of 5 min may wait that long.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = Some(timeout);
        self
    }

    /// Sets how long idle connections are kept. Defaults to 90 s.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = Some(timeout);
        self
    }

    /// Sets the maximum number of idle connections per host. Defaults to no limit.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = Some(connections);
        self
    }

    /// Sets a proxy (`http://user:password@host:port`), instead of those of the environment.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(Proxy::Url(url.into()));
        self
    }

    /// Disables proxies, including those of the environment.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Some(Proxy::None);
        self
    }

    /// Adds one or more root certificates (PEM) to those of the system.
    #[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc", feature = "native-tls"))]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Uses HTTP/1.1 even if the server supports HTTP/2. Has no effect without the feature `http2`.
    pub fn http1_only(mut self) -> Self {
        self.http1_only = true;
        self
    }

    /// Sets a product, such as `our-ci/2.1`, to send before the client's own name and version in
    /// `User-Agent`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Compresses request bodies. Specs do not declare whether an API supports this.
    pub fn compress(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// Sets the maximum size of a response in bytes, after decompression. Defaults to 64 MiB.
    ///
    /// A longer response is a decoding error that names this limit. Bodies that are read
    /// incrementally are not limited, except by [`Download::bytes`](crate::Download::bytes).
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.size_limits.response = bytes;
        self
    }

    /// Sets the maximum size of the body of an error response in bytes, after decompression. Defaults
    /// to 1 MiB. A longer body is cut off; see [`ApiError::cut_at`](crate::ApiError::cut_at).
    pub fn max_error_size(mut self, bytes: usize) -> Self {
        self.size_limits.error = bytes;
        self
    }

    /// Builds a client with these options.
    ///
    /// # Errors
    /// Returns an error with all problems of the options.
    pub(crate) fn build(&self, user_agent: &str) -> Result<reqwest::Client, Vec<String>> {
        if let Some(client) = &self.client {
            let options = self.conflicting();
            return match options.as_slice() {
                [] => Ok(client.clone()),
                _ => Err(vec![format!(
                    "{} cannot be combined with `client(…)`: configure the client that is passed to it",
                    options.join(", ")
                )]),
            };
        }
        install_crypto();
        let mut problems = Vec::new();
        let system = format!("({}; {})", std::env::consts::OS, std::env::consts::ARCH);
        let own = concat!("specwright/", env!("CARGO_PKG_VERSION"));
        let parts = [self.user_agent.as_deref(), Some(user_agent), Some(own), Some(&system)];
        let user_agent: Vec<&str> = parts.into_iter().flatten().collect();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            // A redirect could send credentials to another host.
            .redirect(reqwest::redirect::Policy::none());
        // Not by default: it costs each response a timer, which the timeout of the call has already.
        if let Some(timeout) = self.read_timeout {
            builder = builder.read_timeout(timeout.min(YEAR));
        }
        match reqwest::header::HeaderValue::from_str(&user_agent.join(" ")) {
            Ok(value) => builder = builder.user_agent(value),
            Err(_) => problems.push("`user_agent(…)` is not a valid header value".to_owned()),
        }
        if let Some(timeout) = self.pool_idle_timeout {
            builder = builder.pool_idle_timeout(timeout.min(YEAR));
        }
        if let Some(connections) = self.pool_max_idle_per_host {
            builder = builder.pool_max_idle_per_host(connections);
        }
        if self.http1_only {
            builder = builder.http1_only();
        }
        match &self.proxy {
            None => {}
            Some(Proxy::None) => builder = builder.no_proxy(),
            Some(Proxy::Url(url)) => match reqwest::Proxy::all(url.as_str()) {
                Ok(proxy) => builder = builder.proxy(proxy),
                Err(_) => {
                    problems.push(format!("invalid proxy URL `{}`", presentable(url)));
                }
            },
        }
        #[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc", feature = "native-tls"))]
        for pem in &self.root_certificates {
            match reqwest::Certificate::from_pem_bundle(pem) {
                Ok(certificates) if !certificates.is_empty() => {
                    builder = builder.tls_certs_merge(certificates);
                }
                _ => problems
                    .push("`root_certificates(…)` contains no valid PEM certificate".to_owned()),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        builder.build().map_err(|error| {
            let error = error.without_url();
            vec![format!("cannot build the HTTP client: {}", with_causes(&error))]
        })
    }

    /// Returns the maximum time between two chunks of a body that is read incrementally, unless the
    /// HTTP client limits it.
    pub(crate) fn max_pause(&self) -> Option<Duration> {
        let is_unlimited = self.client.is_none() && self.read_timeout.is_none();
        is_unlimited.then_some(READ_TIMEOUT)
    }

    /// Returns the options that conflict with a custom client.
    fn conflicting(&self) -> Vec<&'static str> {
        [
            ("`connect_timeout`", self.connect_timeout.is_some()),
            ("`read_timeout`", self.read_timeout.is_some()),
            ("`pool_idle_timeout`", self.pool_idle_timeout.is_some()),
            ("`pool_max_idle_per_host`", self.pool_max_idle_per_host.is_some()),
            ("`proxy`", self.proxy.is_some()),
            ("`root_certificates`", !self.root_certificates.is_empty()),
            ("`http1_only`", self.http1_only),
            ("`user_agent`", self.user_agent.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, is_set)| is_set.then_some(name))
        .collect()
    }
}

/// Hides the password of the proxy.
impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = self.proxy.as_ref().map(|proxy| match proxy {
            Proxy::Url(url) => presentable(url),
            Proxy::None => "none".to_owned(),
        });
        f.debug_struct("HttpOptions")
            .field("client", &self.client.is_some())
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("pool_max_idle_per_host", &self.pool_max_idle_per_host)
            .field("proxy", &proxy)
            .field("http1_only", &self.http1_only)
            .field("user_agent", &self.user_agent)
            .field("compression", &self.compression)
            .field("size_limits", &self.size_limits)
            .finish_non_exhaustive()
    }
}

/// Installs the crypto provider of rustls, of which a process has one, unless the program has
/// already installed its own.
fn install_crypto() {
    #[cfg(feature = "rustls-ring")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // If another thread was faster, its provider is used.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_of_open_bodies_are_limited_unless_the_http_client_does_it() {
        assert_eq!(HttpOptions::new().max_pause(), Some(READ_TIMEOUT));
        let with_timeout = HttpOptions::new().read_timeout(Duration::from_secs(90));
        assert_eq!(with_timeout.max_pause(), None);
    }
}
