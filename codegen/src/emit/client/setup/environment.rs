//! Environment variables of a client.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::docs;
use crate::ir::{Api, Server};

/// The environment variables of a client.
struct Variables<'a> {
    /// Those of credentials.
    credentials: Vec<&'a str>,
    /// Those of the server URL and of server variables.
    address: Vec<&'a str>,
    /// Whether some credentials have no environment variable.
    has_others: bool,
}

/// Returns the environment variables of a client, if the OpenAPI document names any.
fn variables(api: &Api) -> Option<Variables<'_>> {
    let credentials: Vec<&str> =
        api.security_schemes.iter().filter_map(|scheme| scheme.env.as_deref()).collect();
    let mut address: Vec<&str> = Vec::new();
    let operation_servers = api.operation_servers().into_iter().flatten();
    for server in [&api.server].into_iter().chain(&api.more_servers).chain(operation_servers) {
        let Server { env, variables, .. } = server;
        let of_variables = variables.iter().filter_map(|variable| variable.env.as_deref());
        for name in env.as_deref().into_iter().chain(of_variables) {
            if !address.contains(&name) {
                address.push(name);
            }
        }
    }
    let has_others = api.security_schemes.iter().any(|scheme| scheme.env.is_none());
    let is_any = !credentials.is_empty() || !address.is_empty();
    is_any.then_some(Variables { credentials, address, has_others })
}

/// Returns `from_env` of the client.
pub(super) fn from_env(api: &Api) -> Option<TokenStream> {
    let variables = variables(api)?;
    let comment = variables.comment("[`ClientBuilder`]");
    let body = match variables.credentials.is_empty() {
        true => quote!(Self::builder().env_from(|name| std::env::var(name).ok()).build()),
        false => quote! {
            let mut builder = Self::builder().env_from(|name| std::env::var(name).ok());
            builder.config.require_credentials();
            builder.build()
        },
    };
    Some(quote! {
        #comment
        pub fn from_env() -> Result<Self, Error> {
            #body
        }
    })
}

/// Returns `from_env` of the blocking client.
pub(in crate::emit::client) fn blocking_from_env(api: &Api) -> Option<TokenStream> {
    let comment = variables(api)?.comment("[`ClientBuilder`](super::ClientBuilder)");
    Some(quote! {
        #comment
        pub fn from_env() -> Result<Self, Error> {
            Self::new(super::Client::from_env()?)
        }
    })
}

/// Returns `env_from` of the builder, which reads any environment.
pub(super) fn env_from(api: &Api) -> Option<TokenStream> {
    let Variables { credentials, address, .. } = variables(api)?;
    let what = match (credentials.is_empty(), address.is_empty()) {
        (true, _) => "the server address",
        (_, true) => "credentials",
        _ => "credentials and the server address",
    };
    let summary = format!("Sets {what} from environment variables.");
    let lookup = "`lookup` returns the value of a variable, or `None` if it is not set.";
    let comment = docs::comment([summary.as_str(), lookup]);
    Some(quote! {
        #comment
        pub fn env_from(mut self, lookup: impl Fn(&str) -> Option<String>) -> Self {
            self.config.env(lookup);
            self
        }
    })
}

impl Variables<'_> {
    /// Returns the documentation of `from_env`. `builder` is a link to the builder.
    fn comment(&self, builder: &str) -> docs::Docs {
        let credentials = match self.credentials.len() {
            0 => None,
            1 => Some(format!("the credential ({})", list(&self.credentials))),
            _ => Some(format!("credentials ({})", list(&self.credentials))),
        };
        let address = (!self.address.is_empty())
            .then(|| format!("the server address ({})", list(&self.address)));
        let parts: Vec<String> = credentials.into_iter().chain(address).collect();
        let variables = format!("The variables set {}.", parts.join(" and "));
        let others = match self.credentials.is_empty() {
            true => format!("Use {builder} to set credentials."),
            false => format!("Use {builder} to set other credentials."),
        };
        let errors = match self.credentials.len() {
            0 => "Returns an error if a value is invalid.",
            1 => "Returns an error if the credential is not set, or a value is invalid.",
            _ => "Returns an error if no credential is set, or a value is invalid.",
        };
        let summary = "Creates a client from environment variables.";
        let mut comment = docs::comment([summary, variables.as_str()]);
        comment = comment.note(self.has_others, &others);
        comment.0.extend(docs::Docs::lines(["", "# Errors", errors]).0);
        comment
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| docs::code(name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::{Config, Input, Source};

    /// Generates the clients for a server and two security schemes, given as YAML.
    fn client(server: &str, schemes: &str) -> String {
        let spec = format!(
            "openapi: 3.0.3
info: {{ title: Credentials, version: '1' }}
servers: [{server}]
paths:
  /a:
    get: {{ operationId: a, security: [{{ one: [] }}, {{ two: [] }}], responses: {{ '204': {{ description: A. }} }} }}
components: {{ securitySchemes: {{ {schemes} }} }}
"
        );
        let mut config = Config::default();
        config.client.blocking = true;
        let output = crate::generate(&Input::new(Source::new("credentials.yaml", spec), config));
        let files = output.map(|output| output.files).map_err(|errors| errors.render(false));
        let file = |path: &str| Ok(files.as_ref()?.get(path).unwrap_or_default().to_owned());
        let both: Result<String, &String> =
            file("client.rs").and_then(|client| Ok(client + &file("blocking.rs")?));
        both.unwrap_or_else(|errors| errors.clone())
    }

    #[test]
    fn documentation_of_from_env_matches_the_variables() {
        let plain = "{ url: 'https://a.example' }";
        let address =
            "{ url: 'https://{r}.example', variables: { r: { default: a, x-env-name: R } } }";
        let unnamed = "{ type: http, scheme: bearer }";
        let named = |env: &str| format!("{{ type: http, scheme: bearer, x-env-name: {env} }}");
        let schemes = |one: &str, two: &str| format!("one: {one}, two: {two}");

        let none = client(plain, &schemes(unnamed, unnamed));
        assert!(none.contains("pub fn builder()"), "{none}");
        assert!(!none.contains("from_env") && !none.contains("env_from"), "{none}");

        let only_address = client(address, &schemes(unnamed, unnamed));
        for expected in [
            "/// The variables set the server address (`R`).",
            "/// Use [`ClientBuilder`] to set credentials.",
            "/// Returns an error if a value is invalid.",
            "/// Sets the server address from environment variables.",
        ] {
            assert!(only_address.contains(expected), "{expected}: {only_address}");
        }
        assert!(!only_address.contains("require_credentials"), "{only_address}");

        let one = client(plain, &schemes(&named("ONE"), unnamed));
        for expected in [
            "/// The variables set the credential (`ONE`).",
            "/// Use [`ClientBuilder`] to set other credentials.",
            "/// Returns an error if the credential is not set, or a value is invalid.",
            "require_credentials",
        ] {
            assert!(one.contains(expected), "{expected}: {one}");
        }

        let both = client(address, &schemes(&named("ONE"), &named("TWO")));
        for expected in [
            "/// The variables set credentials (`ONE`, `TWO`) and the server address (`R`).",
            "/// Returns an error if no credential is set, or a value is invalid.",
        ] {
            assert!(both.contains(expected), "{expected}: {both}");
        }
        assert!(!both.contains("other credentials"), "{both}");
        assert_eq!(both.matches("pub fn from_env() -> Result<Self, Error>").count(), 2);
    }
}
