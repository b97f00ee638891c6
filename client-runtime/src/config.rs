//! Where a client sends and with which keys: from the environment, a builder, or both.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::auth::{Credentials, Scheme, Secret};
use crate::compression::Compression;
use crate::error::ConfigError;
use crate::hooks::{Attempt, AttemptOutcome, Hooks};
use crate::http::HttpOptions;
use crate::limiter::RateLimiter;
use crate::retry::RetryPolicy;
use crate::transport::Transport;

/// How long a request may take by default, from connecting to the last byte of the answer.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A server of a description.
#[derive(Debug)]
pub struct Server {
    /// The address, with variables in braces.
    pub url: &'static str,
    /// The variables in it.
    pub variables: &'static [ServerVariable],
    /// The environment variable that replaces the whole address.
    pub env: Option<&'static str>,
}

/// A variable in the address of a server.
#[derive(Debug)]
pub struct ServerVariable {
    /// Its name.
    pub name: &'static str,
    /// Its value unless another is given.
    pub default: &'static str,
    /// Its known values; any value where there are none.
    pub values: &'static [&'static str],
    /// The environment variable that holds it.
    pub env: Option<&'static str>,
}

/// What holds for every call of a client.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) limiter: Option<RateLimiter>,
    pub(crate) hooks: Hooks,
    pub(crate) compression: Option<Compression>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: DEFAULT_TIMEOUT,
            retry: RetryPolicy::default(),
            limiter: None,
            hooks: Hooks::default(),
            compression: None,
        }
    }
}

/// The configuration of a client while it is put together. Problems are collected and
/// reported together when it is built.
#[derive(Clone)]
pub struct Config {
    server: &'static Server,
    credentials: Credentials,
    user_agent: &'static str,
    base_url: Option<String>,
    variables: BTreeMap<&'static str, (String, String)>,
    http: HttpOptions,
    settings: Settings,
    problems: Vec<String>,
}

impl Config {
    /// The defaults of a description.
    pub fn new(
        server: &'static Server,
        schemes: &'static [Scheme],
        user_agent: &'static str,
    ) -> Self {
        Self {
            server,
            credentials: Credentials::new(schemes),
            user_agent,
            base_url: None,
            variables: BTreeMap::new(),
            http: HttpOptions::default(),
            settings: Settings::default(),
            problems: Vec::new(),
        }
    }

    /// Takes keys, server variables and the address from an environment. A variable that
    /// is set but empty counts as not set.
    pub fn env(&mut self, lookup: impl Fn(&str) -> Option<String>) {
        let lookup = |name: &str| lookup(name).filter(|value| !value.is_empty());
        for (index, scheme) in self.credentials.schemes().iter().enumerate() {
            if let Some((env, secret)) = scheme.env.and_then(|env| Some((env, lookup(env)?))) {
                self.secret(index, secret, env);
            }
        }
        if let Some(url) = self.server.env.and_then(&lookup) {
            self.base_url = Some(url);
        }
        for variable in self.server.variables {
            if let Some((env, value)) = variable.env.and_then(|env| Some((env, lookup(env)?))) {
                self.variables.insert(variable.name, (value, format!(" (from {env})")));
            }
        }
    }

    /// Notes, as a problem, that an environment holds none of the keys.
    pub fn require_keys(&mut self) {
        let known = self.credentials.schemes();
        if !known.is_empty() && !self.credentials.has_any() && self.problems.is_empty() {
            let ways: Vec<_> =
                known.iter().filter(|s| s.env.is_some()).map(Scheme::how_to_set).collect();
            if !ways.is_empty() {
                self.problems.push(format!(
                    "the environment holds no key: set {}",
                    ways.join(" and, where needed, ")
                ));
            }
        }
    }

    /// Gives the key of a scheme.
    pub fn credential(&mut self, scheme: usize, secret: String) {
        let from = self.credentials.schemes().get(scheme).map_or("the key", |scheme| scheme.setter);
        self.secret(scheme, secret, from);
    }

    /// Gives the value of a server variable.
    pub fn variable(&mut self, name: &'static str, value: String) {
        self.variables.insert(name, (value, String::new()));
    }

    /// Replaces the whole address.
    pub fn base_url(&mut self, url: String) {
        self.base_url = Some(url);
    }

    /// Sets how long a request may take.
    pub fn timeout(&mut self, timeout: Duration) {
        self.settings.timeout = timeout;
    }

    /// Sets when a call is tried again.
    pub fn retry(&mut self, policy: RetryPolicy) {
        self.settings.retry = policy;
    }

    /// Slows calls down before the API refuses them.
    pub fn rate_limiter(&mut self, limiter: RateLimiter) {
        self.settings.limiter = Some(limiter);
    }

    /// Sets how the client connects.
    pub fn http(&mut self, options: HttpOptions) {
        self.http = options;
    }

    /// Adds what is called with every request.
    pub fn on_request(&mut self, hook: impl Fn(&Attempt<'_>) + Send + Sync + 'static) {
        self.settings.hooks.on_request(hook);
    }

    /// Adds what is called with every answer.
    pub fn on_answer(
        &mut self,
        hook: impl Fn(&Attempt<'_>, &AttemptOutcome<'_>) + Send + Sync + 'static,
    ) {
        self.settings.hooks.on_answer(hook);
    }

    /// Puts the transport together.
    pub fn build(mut self) -> Result<Transport, ConfigError> {
        let address = self.address();
        let url = address.and_then(|(address, from)| match parse(&address) {
            Ok(url) => Some(url),
            Err(reason) => {
                self.problems.push(format!(
                    "`{}`{from} is not an address to send to: {reason}",
                    presentable(&address)
                ));
                None
            }
        });
        let http = match self.http.build(self.user_agent) {
            Ok(http) => Some(http),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        };
        match (url, http) {
            (Some(url), Some(http)) if self.problems.is_empty() => {
                let settings = Settings { compression: self.http.compression, ..self.settings };
                Ok(Transport::new(http, url, self.credentials, settings))
            }
            _ => Err(ConfigError::all(self.problems)),
        }
    }

    fn secret(&mut self, scheme: usize, secret: String, from: &str) {
        match Secret::new(secret, from) {
            Ok(secret) => self.credentials.set(scheme, secret),
            Err(problem) => self.problems.push(problem),
        }
    }

    /// The address with its variables filled in, and where it comes from.
    fn address(&mut self) -> Option<(String, String)> {
        if let Some(url) = self.base_url.take() {
            let from = self
                .server
                .env
                .map_or(String::new(), |env| format!(" (from {env} or `.base_url(…)`)"));
            return Some((url, from));
        }
        let mut address = self.server.url.to_owned();
        for variable in self.server.variables {
            let (value, from) = self
                .variables
                .remove(variable.name)
                .unwrap_or_else(|| (variable.default.to_owned(), String::new()));
            if !variable.values.is_empty() && !variable.values.contains(&value.as_str()) {
                self.problems.push(format!(
                    "unknown {} `{value}`{from}; known are {}. For any other address, give it whole{}",
                    variable.name,
                    variable.values.join(", "),
                    self.server.env.map_or(" with `.base_url(…)`".to_owned(), |env| format!(" as {env}")),
                ));
            }
            address = address.replace(&format!("{{{}}}", variable.name), &value);
        }
        if address.is_empty() || address.starts_with('/') {
            self.problems
                .push("the description names no host: give one with `.base_url(…)`".to_owned());
            return None;
        }
        self.problems.is_empty().then_some((address, String::new()))
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("base_url", &self.base_url.as_deref().map(presentable))
            .field("variables", &self.variables)
            .field("credentials", &self.credentials)
            .field("http", &self.http)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// An address without what people put into addresses although it is secret: a password in
/// front of the host, a key in the query.
pub(crate) fn presentable(address: &str) -> String {
    let (address, query) = match address.split_once(['?', '#']) {
        Some((address, _)) => (address, "?…"),
        None => (address, ""),
    };
    match address.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}{query}"),
        None => format!("{address}{query}"),
    }
}

fn parse(address: &str) -> Result<reqwest::Url, String> {
    if !address.contains("://") {
        return Err("it must begin with `https://` or `http://` and a host".to_owned());
    }
    let url: reqwest::Url = address.parse().map_err(|error| format!("{error}"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("it must begin with `https://` or `http://` and a host".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must not hold a user or password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it must not hold `?` or `#`".to_owned());
    }
    Ok(url)
}
