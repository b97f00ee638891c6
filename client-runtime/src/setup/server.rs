//! Where an API is served: the servers of a description, their variables, and which of them an
//! operation goes to.

use std::collections::BTreeMap;

use reqwest::Url;

use crate::outcome::error::ConfigError;

/// A server of a description.
#[derive(Debug)]
pub struct Server {
    /// The address, with variables in braces. One without a host is relative to the usual one.
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

/// The values of variables, each with where it comes from. One of a name counts for every
/// server that has it.
pub(crate) type Values = BTreeMap<&'static str, (String, String)>;

impl Server {
    /// The address with its variables filled in, and everything that is wrong with them.
    pub(crate) fn address(&self, values: &Values, env: Option<&str>) -> (String, Vec<String>) {
        let mut problems = Vec::new();
        let mut address = self.url.to_owned();
        for variable in self.variables {
            let (value, from) = match values.get(variable.name) {
                Some((value, from)) => (value.as_str(), from.as_str()),
                None => (variable.default, ""),
            };
            if !variable.values.is_empty() && !variable.values.contains(&value) {
                problems.push(format!(
                    "unknown {} `{value}`{from}; known are {}. For any other address, give it whole{}",
                    variable.name,
                    variable.values.join(", "),
                    env.map_or(" with `.base_url(…)`".to_owned(), |env| format!(" as {env}")),
                ));
            }
            address = address.replace(&format!("{{{}}}", variable.name), value);
        }
        (address, problems)
    }
}

/// The addresses of a client: the usual one, and those of operations that have servers of their
/// own. One that cannot be used is an error of the calls that need it.
#[derive(Debug)]
pub(crate) struct Addresses {
    usual: Result<Url, ConfigError>,
    own: Vec<Result<Url, ConfigError>>,
}

impl Addresses {
    /// The usual one alone.
    pub(crate) fn new(usual: Result<Url, ConfigError>) -> Self {
        Self { usual, own: Vec::new() }
    }

    /// Adds the server of some operations; one without a host lies on that of the usual one. A
    /// caller who has replaced the usual address means
    /// all calls, so that only what is relative to it is still told apart.
    pub(crate) fn add(&mut self, server: Option<&Server>, values: &Values, is_replaced: bool) {
        let Some(server) = server.filter(|server| !is_replaced || !is_whole(server.url)) else {
            self.own.push(self.usual.clone());
            return;
        };
        let (address, problems) = server.address(values, None);
        let own = match &self.usual {
            _ if !problems.is_empty() => Err(ConfigError::all(problems)),
            _ if is_whole(&address) => parse(&address).map_err(|reason| {
                ConfigError::new(format!(
                    "`{}` is not an address to send to: {reason}",
                    presentable(&address)
                ))
            }),
            Ok(usual) => Ok(below(usual, &address)),
            Err(error) => Err(error.clone()),
        };
        self.own.push(own);
    }

    /// The address of a request.
    pub(crate) fn of(&self, own: Option<usize>) -> Result<&Url, ConfigError> {
        let address = own.and_then(|own| self.own.get(own)).unwrap_or(&self.usual);
        address.as_ref().map_err(Clone::clone)
    }

    /// The usual address as it is shown.
    pub(crate) fn shown(&self) -> &str {
        self.usual.as_ref().map_or("", Url::as_str)
    }
}

/// Whether an address names a host.
fn is_whole(address: &str) -> bool {
    address.contains("://")
}

/// An address on the host of another; below it, if it does not begin with a slash.
fn below(usual: &Url, address: &str) -> Url {
    let mut url = usual.clone();
    match address.strip_prefix('/') {
        Some(_) => url.set_path(address),
        None => {
            let folder = usual.path().trim_end_matches('/');
            url.set_path(&format!("{folder}/{}", address.trim_start_matches("./")));
        }
    }
    url
}

/// An address that requests can be sent to.
pub(crate) fn parse(address: &str) -> Result<Url, String> {
    if address.contains(['{', '}']) {
        return Err("a variable in it has no value".to_owned());
    }
    if !is_whole(address) {
        return Err("it must begin with `https://` or `http://` and a host".to_owned());
    }
    let url: Url = address.parse().map_err(|error| format!("{error}"))?;
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
