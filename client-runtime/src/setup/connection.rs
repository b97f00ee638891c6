//! How a client connects: time limits, proxies, certificates, the pool, compression.

use std::fmt;
use std::time::Duration;

use crate::encode::compression::Compression;
use crate::outcome::error::TransportError;
use crate::setup::server::presentable;

/// How long a connection may take to come about, unless told otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Longer than anything takes, and yet a span that can be added to a moment.
const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);

/// How long an answer may pause, unless told otherwise.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// How a client connects.
///
/// Without any: connections take at most 10 seconds to come about, answers pause for at most 30,
/// the proxies of the environment (`HTTPS_PROXY`, `NO_PROXY` and their kin) are used, the
/// certificates are those that the system trusts, idle connections are kept for 90 seconds, and
/// HTTP/2 is spoken where the server offers it.
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
#[derive(Clone, Default)]
#[must_use = "options do nothing until a client has them"]
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
}

/// What replaces the proxies of the environment.
#[derive(Clone)]
enum Proxy {
    At(String),
    None,
}

impl HttpOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends through a client that was put together elsewhere, with its own limits, proxies,
    /// certificates and user agent; the other options about these must not be given then.
    ///
    /// It should not follow redirects, which would carry the keys to wherever they lead.
    pub fn client(mut self, client: reqwest::Client) -> Self {
        self.client = Some(client);
        self
    }

    /// How long a connection may take to come about, with its TLS handshake; 10 seconds unless
    /// this says otherwise.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How long an answer may pause, or keep its first byte back; 30 seconds unless this says
    /// otherwise. The time-out of a call ends it all the same.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = Some(timeout);
        self
    }

    /// How long a connection is kept while nothing uses it; 90 seconds unless this says otherwise.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = Some(timeout);
        self
    }

    /// How many connections to a host are kept while nothing uses them; any number unless this
    /// says otherwise.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = Some(connections);
        self
    }

    /// Connects through this proxy (`http://user:password@host:port`) instead of those that the
    /// environment names.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(Proxy::At(url.into()));
        self
    }

    /// Connects without a proxy, whatever the environment names.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Some(Proxy::None);
        self
    }

    /// Trusts these certificates too, beside those that the system trusts: one or more, as PEM.
    #[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc", feature = "native-tls"))]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Speaks HTTP/1.1 also where the server offers HTTP/2.
    pub fn http1_only(mut self) -> Self {
        self.http1_only = true;
        self
    }

    /// What stands in front of the client's own name and version in `User-Agent`, such as
    /// `our-ci/2.1`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Compresses the bodies of requests. Whether an API takes that, its description does not
    /// say.
    pub fn compress(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// The client that these options ask for, and everything that is wrong with them.
    pub(crate) fn build(&self, user_agent: &str) -> Result<reqwest::Client, Vec<String>> {
        if let Some(client) = &self.client {
            let given = self.given();
            return match given.as_slice() {
                [] => Ok(client.clone()),
                _ => Err(vec![format!(
                    "{} would change nothing: `client(…)` brings a client whose options are its own",
                    given.join(", ")
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
            .read_timeout(self.read_timeout.unwrap_or(READ_TIMEOUT).min(YEAR))
            // A redirect to another host would carry the keys there.
            .redirect(reqwest::redirect::Policy::none());
        match reqwest::header::HeaderValue::from_str(&user_agent.join(" ")) {
            Ok(value) => builder = builder.user_agent(value),
            Err(_) => problems.push("`user_agent(…)` holds what no header can carry".to_owned()),
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
            Some(Proxy::At(url)) => match reqwest::Proxy::all(url.as_str()) {
                Ok(proxy) => builder = builder.proxy(proxy),
                Err(_) => {
                    problems.push(format!("`{}` is not the address of a proxy", presentable(url)));
                }
            },
        }
        #[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc", feature = "native-tls"))]
        for pem in &self.root_certificates {
            match reqwest::Certificate::from_pem_bundle(pem) {
                Ok(certificates) if !certificates.is_empty() => {
                    builder = builder.tls_certs_merge(certificates);
                }
                _ => problems.push("`root_certificates(…)` has no certificate as PEM".to_owned()),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        builder.build().map_err(|error| {
            let error = TransportError::from_reqwest("setting up HTTPS", 1, error);
            vec![format!("no client can be built: {error}")]
        })
    }

    /// The options about a client of our own that were given.
    fn given(&self) -> Vec<&'static str> {
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
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }
}

/// Without the password of a proxy.
impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = self.proxy.as_ref().map(|proxy| match proxy {
            Proxy::At(url) => presentable(url),
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
            .finish_non_exhaustive()
    }
}

/// rustls wants one crypto provider for the whole process. A program that has installed
/// its own keeps it.
fn install_crypto() {
    #[cfg(feature = "rustls-ring")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may have been quicker: then that one serves.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}
