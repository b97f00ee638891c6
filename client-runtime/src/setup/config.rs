//! Client configuration from the environment, a builder, or both.

use std::fmt;
use std::time::Duration;

use specwright_model::credential::Credential;

use crate::outcome::error::ConfigError;
use crate::resilience::rate_limiter::RateLimiter;
use crate::resilience::retry::RetryPolicy;
use crate::setup::connection::HttpOptions;
use crate::setup::credentials::{Credentials, Scheme, Secret};
use crate::setup::hooks::{Attempt, AttemptOutcome};
use crate::setup::server::{Addresses, Server, Values, parse, presentable};
use crate::setup::settings::Settings;

/// The configuration of a client that is being built. Problems are collected and reported
/// together when the client is built.
#[derive(Clone)]
pub struct Config {
    server: &'static Server,
    /// The other servers of the spec.
    more_servers: &'static [Server],
    /// The servers of operations that declare their own.
    operation_servers: &'static [&'static [Server]],
    /// The names of the servers of the spec; empty for one without a name.
    names: &'static [&'static str],
    /// The names of the servers of operations.
    operation_names: &'static [&'static [&'static str]],
    /// The selected server.
    selection: Selection,
    credentials: Credentials,
    user_agent: &'static str,
    base_url: Option<String>,
    variables: Values,
    http: HttpOptions,
    settings: Settings,
    problems: Vec<String>,
}

impl Config {
    /// Creates a configuration with the defaults of a spec.
    pub fn new(
        server: &'static Server,
        schemes: &'static [Scheme],
        user_agent: &'static str,
    ) -> Self {
        Self {
            server,
            more_servers: &[],
            operation_servers: &[],
            names: &[],
            operation_names: &[],
            selection: Selection::Index(0),
            credentials: Credentials::new(schemes),
            user_agent,
            base_url: None,
            variables: Values::new(),
            http: HttpOptions::default(),
            settings: Settings::default(),
            problems: Vec::new(),
        }
    }

    /// Adds the other servers of the spec, and those of operations that declare their own.
    #[must_use]
    pub fn servers(
        self,
        more_servers: &'static [Server],
        operation_servers: &'static [&'static [Server]],
    ) -> Self {
        Self { more_servers, operation_servers, ..self }
    }

    /// Adds the names of all servers, in the order of the servers.
    #[must_use]
    pub fn server_names(
        self,
        names: &'static [&'static str],
        operation_names: &'static [&'static [&'static str]],
    ) -> Self {
        Self { names, operation_names, ..self }
    }

    /// Reads credentials, server variables and the base URL from an environment. Empty variables
    /// are ignored.
    pub fn env(&mut self, lookup: impl Fn(&str) -> Option<String>) {
        let lookup = |name: &str| lookup(name).filter(|value| !value.is_empty());
        for (index, scheme) in self.credentials.schemes().iter().enumerate() {
            let Some((env, secret)) = scheme.env.and_then(|env| Some((env, lookup(env)?))) else {
                continue;
            };
            if matches!(scheme.credential, Credential::Basic) && !secret.contains(':') {
                self.problems
                    .push(format!("{env} is not a user name and a password: `user:password`"));
                continue;
            }
            self.secret(index, secret, env);
        }
        if let Some(url) = self.server.env.and_then(&lookup) {
            self.base_url = Some(url);
        }
        let of_operations = self.operation_servers.iter().flat_map(|servers| servers.iter());
        let servers = [self.server].into_iter().chain(self.more_servers).chain(of_operations);
        for variable in servers.flat_map(|server| server.variables) {
            if let Some((env, value)) = variable.env.and_then(|env| Some((env, lookup(env)?))) {
                self.variables.insert(variable.name, (value, format!(" (from {env})")));
            }
        }
    }

    /// Adds a problem if the environment provides no credentials.
    pub fn require_credentials(&mut self) {
        let known = self.credentials.schemes();
        if !known.is_empty() && !self.credentials.has_any() && self.problems.is_empty() {
            let settings: Vec<_> =
                known.iter().filter(|s| s.env.is_some()).map(Scheme::how_to_set).collect();
            if !settings.is_empty() {
                self.problems.push(format!(
                    "no credentials found in the environment: set {}",
                    settings.join(" and, where needed, ")
                ));
            }
        }
    }

    /// Sets the credential of a security scheme.
    pub fn credential(&mut self, scheme: usize, secret: String) {
        let from =
            self.credentials.schemes().get(scheme).map_or("the credential", |scheme| scheme.setter);
        self.secret(scheme, secret, from);
    }

    /// Sets the user name and the password of a security scheme.
    pub fn basic(&mut self, scheme: usize, user: &str, password: &str) {
        if user.contains(':') {
            let setter = self.credentials.schemes().get(scheme).map_or("basic", |it| it.setter);
            self.problems.push(format!("the user name of `.{setter}(…)` contains a colon"));
            return;
        }
        self.credential(scheme, format!("{user}:{password}"));
    }

    /// Sets a server variable.
    pub fn variable(&mut self, name: &'static str, value: String) {
        self.variables.insert(name, (value, String::new()));
    }

    /// Selects a server of the spec by its index.
    pub fn server(&mut self, index: usize) {
        self.selection = Selection::Index(index);
    }

    /// Selects a server of the spec by its name, and the servers of operations with that name.
    pub fn server_named(&mut self, name: String) {
        self.selection = Selection::Name(name);
    }

    /// Sets the base URL, which replaces the servers of the spec.
    pub fn base_url(&mut self, url: String) {
        self.base_url = Some(url);
    }

    /// Sets the timeout of a request.
    pub fn timeout(&mut self, timeout: Duration) {
        self.settings.timeout = timeout;
    }

    /// Sets the retry policy.
    pub fn retry(&mut self, policy: RetryPolicy) {
        self.settings.retry = policy;
    }

    /// Sets the rate limiter, which delays calls before the API would reject them.
    pub fn rate_limiter(&mut self, limiter: RateLimiter) {
        self.settings.limiter = Some(limiter);
    }

    /// Sets the connection options.
    pub fn http(&mut self, options: HttpOptions) {
        self.http = options;
    }

    /// Adds a callback that runs before every attempt.
    pub fn on_request(&mut self, hook: impl Fn(&Attempt<'_>) + Send + Sync + 'static) {
        self.settings.hooks.on_request(hook);
    }

    /// Adds a callback that runs after every attempt.
    pub fn on_response(
        &mut self,
        hook: impl Fn(&Attempt<'_>, &AttemptOutcome<'_>) + Send + Sync + 'static,
    ) {
        self.settings.hooks.on_response(hook);
    }

    /// Resolves addresses, credentials and options.
    ///
    /// # Errors
    /// Returns an error with all problems of the configuration.
    pub(crate) fn resolve(mut self) -> Result<Connection, ConfigError> {
        let is_replaced = self.base_url.is_some();
        let selected = self.selected_index();
        let base = match selected.clone() {
            Err(error) if !is_replaced => Err(error),
            selected => self.base_address(selected.unwrap_or_default()),
        };
        let index = selected.clone().unwrap_or_default();
        // If operations declare servers, perhaps none needs the base address.
        let is_optional =
            !self.operation_servers.is_empty() && selected.is_ok_and(|index| index == 0);
        let names_host = !self.server.url.is_empty() && !self.server.url.starts_with('/');
        if let Err(error) = &base
            && (is_replaced || names_host || !is_optional)
        {
            self.problems.extend(error.problems().iter().cloned());
        }
        let mut addresses = Addresses::new(base);
        for (i, servers) in self.operation_servers.iter().enumerate() {
            let names = self.operation_names.get(i).copied().unwrap_or_default();
            let index = self.selection.position(names).unwrap_or(index);
            let server = servers.get(index).or(servers.first());
            addresses.add(server, &self.variables, is_replaced);
        }
        let http = match self.http.build(self.user_agent) {
            Ok(http) => Some(http),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        };
        match http {
            Some(http) if self.problems.is_empty() => {
                let settings = Settings {
                    compression: self.http.compression,
                    size_limits: self.http.size_limits,
                    ..self.settings
                };
                Ok(Connection {
                    http,
                    options: self.http,
                    user_agent: self.user_agent,
                    addresses,
                    credentials: self.credentials,
                    settings,
                })
            }
            _ => Err(ConfigError::all(self.problems)),
        }
    }

    fn secret(&mut self, scheme: usize, secret: String, from: &str) {
        let is_cookie = self.credentials.schemes().get(scheme).is_some_and(Scheme::is_cookie);
        if is_cookie && secret.contains(';') {
            self.problems.push(format!("{from} contains `;`, which ends a cookie"));
            return;
        }
        match Secret::new(secret, from) {
            Ok(secret) => self.credentials.set(scheme, secret),
            Err(problem) => self.problems.push(problem),
        }
    }

    /// Returns the index of the selected server. A name that only servers of operations have selects
    /// the first one.
    fn selected_index(&self) -> Result<usize, ConfigError> {
        let name = match &self.selection {
            Selection::Index(index) => return Ok(*index),
            Selection::Name(name) => name,
        };
        if let Some(index) = self.selection.position(self.names) {
            return Ok(index);
        }
        let of_operations = || self.operation_names.iter().copied().flatten();
        if of_operations().any(|known| known == name) {
            return Ok(0);
        }
        let mut known: Vec<&str> = self.names.iter().chain(of_operations()).copied().collect();
        known.retain(|name| !name.is_empty());
        known.sort_unstable();
        known.dedup();
        let known = known.join("`, `");
        Err(ConfigError::new(format!("no server with the name `{name}`: the spec has `{known}`")))
    }

    /// Returns the address of all operations without their own servers.
    fn base_address(&self, selected: usize) -> Result<reqwest::Url, ConfigError> {
        let env = self.server.env;
        let (address, from) = match &self.base_url {
            Some(url) => {
                let from = env.map(|env| format!(" (from {env} or `.base_url(…)`)"));
                (url.clone(), from.unwrap_or_default())
            }
            None => {
                let server = match selected.checked_sub(1) {
                    None => Some(self.server),
                    Some(index) => self.more_servers.get(index),
                };
                let server = server.ok_or_else(|| {
                    ConfigError::new(format!(
                        "no server with index {selected}: the spec has {} servers",
                        self.more_servers.len() + 1
                    ))
                })?;
                let (address, problems) = server.address(&self.variables, env);
                if !problems.is_empty() {
                    return Err(ConfigError::all(problems));
                }
                if address.is_empty() || address.starts_with('/') {
                    return Err(ConfigError::new(
                        "the spec has no host: set one with `.base_url(…)`",
                    ));
                }
                (address, String::new())
            }
        };
        parse(&address).map_err(|reason| {
            ConfigError::new(format!(
                "invalid base URL `{}`{from}: {reason}",
                presentable(&address)
            ))
        })
    }
}

/// Which servers of a spec a client uses.
#[derive(Clone, Debug)]
enum Selection {
    /// By their index in each list of servers.
    Index(usize),
    /// By their name.
    Name(String),
}

impl Selection {
    /// Returns the index of the server with the selected name.
    fn position(&self, names: &[&str]) -> Option<usize> {
        let Self::Name(name) = self else { return None };
        names.iter().position(|known| known == name && !known.is_empty())
    }
}

/// A valid configuration.
pub(crate) struct Connection {
    pub(crate) http: reqwest::Client,
    pub(crate) options: HttpOptions,
    pub(crate) user_agent: &'static str,
    pub(crate) addresses: Addresses,
    pub(crate) credentials: Credentials,
    pub(crate) settings: Settings,
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
