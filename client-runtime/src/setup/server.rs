//! The servers of a spec, their variables, and the address of each operation.

use std::collections::BTreeMap;

use reqwest::Url;

use crate::outcome::error::ConfigError;

/// A server of a spec.
#[derive(Debug)]
pub struct Server {
    /// The URL, with variables in braces. Without a host, it is relative to the base address.
    pub url: &'static str,
    /// The variables of the URL.
    pub variables: &'static [ServerVariable],
    /// The environment variable that replaces the URL.
    pub env: Option<&'static str>,
}

/// A variable of a server URL.
#[derive(Debug)]
pub struct ServerVariable {
    /// The name.
    pub name: &'static str,
    /// The default value.
    pub default: &'static str,
    /// The allowed values. If empty, any value is allowed.
    pub values: &'static [&'static str],
    /// The environment variable with the value.
    pub env: Option<&'static str>,
}

/// The values of variables by name, each with its origin. They apply to all servers.
pub(crate) type Values = BTreeMap<&'static str, (String, String)>;

impl Server {
    /// Returns the URL with its variables replaced, and their problems.
    pub(crate) fn address(&self, values: &Values, env: Option<&str>) -> (String, Vec<String>) {
        let mut problems = Vec::new();
        let mut address = self.url.to_owned();
        for variable in self.variables {
            let (value, from) = match values.get(variable.name) {
                Some((value, from)) => (value.as_str(), from.as_str()),
                None => (variable.default, ""),
            };
            if !variable.values.is_empty() && !variable.values.contains(&value) {
                problems.push(self.unknown(variable, value, from, env));
            }
            address = address.replace(&format!("{{{}}}", variable.name), value);
        }
        (address, problems)
    }

    /// Returns the problem of a value that the spec does not list, with what to do.
    fn unknown(
        &self,
        variable: &ServerVariable,
        value: &str,
        from: &str,
        env: Option<&str>,
    ) -> String {
        let name = variable.name;
        let list = variable.values.join(", ");
        let mut problem = format!("unknown {name} `{value}`{from}; allowed values: {list}. ");
        if let Some(known) = variable.values.iter().find(|known| **known == site_of(value)) {
            problem.push_str(&format!("Did you mean `{known}`? "));
        }
        let setter = match env {
            Some(env) => format!("set {env}, or call `.base_url(…)`,"),
            None => "call `.base_url(…)`".to_owned(),
        };
        let own = self.url.replace(&format!("{{{name}}}"), value);
        let own = self
            .variables
            .iter()
            .fold(own, |url, other| url.replace(&format!("{{{}}}", other.name), other.default));
        // With a value that is not a list of labels, this would be an address to nowhere.
        if is_host_name(value) && parse(&own).is_ok() {
            problem.push_str(&format!("If it exists, {setter} to use it all the same: `{own}`"));
        } else {
            problem.push_str(&format!("For another address, {setter} with the full URL"));
        }
        problem
    }
}

/// Returns the value that an address of the API or of its web interface contains.
fn site_of(address: &str) -> String {
    let address = address.trim().to_ascii_lowercase();
    let host = address.split_once("://").map_or(&*address, |(_, host)| host);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let site = ["app.", "api.", "www."].iter().find_map(|prefix| host.strip_prefix(prefix));
    site.unwrap_or(host).to_owned()
}

/// Returns whether a value is plausible as the name of a host in a domain.
fn is_host_name(value: &str) -> bool {
    let is_label = |label: &str| {
        let is_edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        label.len() < 64
            && label.bytes().all(is_inner)
            && is_edge(label.bytes().next())
            && is_edge(label.bytes().last())
    };
    value.len() < 254 && value.contains('.') && value.split('.').all(is_label)
}

/// The addresses of a client: the base address, and those of operations with their own servers.
/// An invalid address is an error of the calls that use it.
#[derive(Debug)]
pub(crate) struct Addresses {
    base: Result<Url, ConfigError>,
    own: Vec<Result<Url, ConfigError>>,
}

impl Addresses {
    /// Creates addresses with only a base address.
    pub(crate) fn new(base: Result<Url, ConfigError>) -> Self {
        Self { base, own: Vec::new() }
    }

    /// Adds the server of some operations. A relative URL is resolved against the base address. If
    /// the caller replaced the base address, it also replaces absolute URLs of operations.
    pub(crate) fn add(&mut self, server: Option<&Server>, values: &Values, is_replaced: bool) {
        let Some(server) = server.filter(|server| !is_replaced || !is_absolute(server.url)) else {
            self.own.push(self.base.clone());
            return;
        };
        let (address, problems) = server.address(values, None);
        let own = match &self.base {
            _ if !problems.is_empty() => Err(ConfigError::all(problems)),
            _ if is_absolute(&address) => parse(&address).map_err(|reason| {
                ConfigError::new(format!(
                    "invalid server URL `{}`: {reason}",
                    presentable(&address)
                ))
            }),
            Ok(base) => Ok(join(base, &address)),
            Err(error) => Err(error.clone()),
        };
        self.own.push(own);
    }

    /// Returns the address of a request.
    pub(crate) fn get(&self, own: Option<usize>) -> Result<&Url, ConfigError> {
        let address = own.and_then(|own| self.own.get(own)).unwrap_or(&self.base);
        address.as_ref().map_err(Clone::clone)
    }

    /// Returns the base address for display.
    pub(crate) fn shown(&self) -> &str {
        self.base.as_ref().map_or("", Url::as_str)
    }
}

/// Returns whether an address has a scheme and host.
fn is_absolute(address: &str) -> bool {
    address.contains("://")
}

/// Resolves a relative address: against the host if it begins with a slash, else below the path.
fn join(base: &Url, address: &str) -> Url {
    let mut url = base.clone();
    match address.strip_prefix('/') {
        Some(_) => url.set_path(address),
        None => {
            let folder = base.path().trim_end_matches('/');
            url.set_path(&format!("{folder}/{}", address.trim_start_matches("./")));
        }
    }
    url
}

/// Parses a base URL.
pub(crate) fn parse(address: &str) -> Result<Url, String> {
    if address.contains(['{', '}']) {
        return Err("a variable has no value".to_owned());
    }
    if !is_absolute(address) {
        return Err("must begin with `https://` or `http://` and a host".to_owned());
    }
    let url: Url = address.parse().map_err(|error| format!("{error}"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("must begin with `https://` or `http://` and a host".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a user name or password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not contain `?` or `#`".to_owned());
    }
    Ok(url)
}

/// Returns an address without possible secrets: user information and the query.
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
