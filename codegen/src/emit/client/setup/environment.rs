//! What a client takes from environment variables: of a description that names none, nothing.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::docs;
use crate::ir::{Api, Server};

/// The names of the variables that a client looks at.
struct Variables<'a> {
    /// Those of keys.
    keys: Vec<&'a str>,
    /// Those of the address and of parts of it.
    address: Vec<&'a str>,
    /// Whether there are keys without one.
    has_others: bool,
}

/// The variables of a description, if there are any.
fn variables(api: &Api) -> Option<Variables<'_>> {
    let keys: Vec<&str> =
        api.security_schemes.iter().filter_map(|scheme| scheme.env.as_deref()).collect();
    let mut address: Vec<&str> = Vec::new();
    let of_operations = api.operation_servers().into_iter().flatten();
    for server in [&api.server].into_iter().chain(&api.more_servers).chain(of_operations) {
        let Server { env, variables, .. } = server;
        let of_parts = variables.iter().filter_map(|variable| variable.env.as_deref());
        for name in env.as_deref().into_iter().chain(of_parts) {
            if !address.contains(&name) {
                address.push(name);
            }
        }
    }
    let has_others = api.security_schemes.iter().any(|scheme| scheme.env.is_none());
    let is_any = !keys.is_empty() || !address.is_empty();
    is_any.then_some(Variables { keys, address, has_others })
}

/// `from_env` of a client, which builds it from the environment of the process.
pub(super) fn from_env(api: &Api) -> Option<TokenStream> {
    let variables = variables(api)?;
    let comment = variables.comment("[`ClientBuilder`]");
    let body = match variables.keys.is_empty() {
        true => quote!(Self::builder().env_from(|name| std::env::var(name).ok()).build()),
        false => quote! {
            let mut builder = Self::builder().env_from(|name| std::env::var(name).ok());
            builder.config.require_keys();
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

/// `from_env` of the client that blocks.
pub(in crate::emit::client) fn blocking_from_env(api: &Api) -> Option<TokenStream> {
    let comment = variables(api)?.comment("[`ClientBuilder`](super::ClientBuilder)");
    Some(quote! {
        #comment
        pub fn from_env() -> Result<Self, Error> {
            Self::new(super::Client::from_env()?)
        }
    })
}

/// `env_from` of the builder, which takes any environment.
pub(super) fn env_from(api: &Api) -> Option<TokenStream> {
    let Variables { keys, address, .. } = variables(api)?;
    let what = match (keys.is_empty(), address.is_empty()) {
        (true, _) => "the address",
        (_, true) => "keys",
        _ => "keys and address",
    };
    let text = format!("Takes {what} from an environment: for each name its value, if it is set.");
    let comment = docs::comment([text.as_str()]);
    Some(quote! {
        #comment
        pub fn env_from(mut self, lookup: impl Fn(&str) -> Option<String>) -> Self {
            self.config.env(lookup);
            self
        }
    })
}

impl Variables<'_> {
    /// The comment of `from_env`. The builder is named as a link names it.
    fn comment(&self, builder: &str) -> docs::Docs {
        let keys = match self.keys.len() {
            0 => None,
            1 => Some(format!("its key ({})", list(&self.keys))),
            _ => Some(format!("its keys ({})", list(&self.keys))),
        };
        let address =
            (!self.address.is_empty()).then(|| format!("its address ({})", list(&self.address)));
        let parts: Vec<String> = keys.into_iter().chain(address).collect();
        let summary = format!("A client with {} from environment variables.", parts.join(" and "));
        let others = match self.keys.is_empty() {
            true => format!("Keys are given to {builder}."),
            false => format!("Other keys are given to {builder}."),
        };
        let errors = match self.keys.len() {
            0 => "Fails where a value cannot be used.",
            1 => "Fails where the key is not set, or a value cannot be used.",
            _ => "Fails where none of the keys is set, or a value cannot be used.",
        };
        let mut comment = docs::comment([summary.as_str()]).note(self.has_others, &others);
        comment.0.extend(docs::Docs::lines(["", "# Errors", errors]).0);
        comment
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::{Config, Input, Source};

    /// The client of a description with this server and these schemes, on lines of their own.
    fn client(server: &str, schemes: &str) -> String {
        let spec = format!(
            "openapi: 3.0.3
info: {{ title: Keys, version: '1' }}
servers: [{server}]
paths:
  /a:
    get: {{ operationId: a, security: [{{ one: [] }}, {{ two: [] }}], responses: {{ '204': {{ description: A. }} }} }}
components: {{ securitySchemes: {{ {schemes} }} }}
"
        );
        let mut config = Config::default();
        config.client.blocking = true;
        let output = crate::generate(&Input::new(Source::new("keys.yaml", spec), config));
        let files = output.map(|output| output.files).map_err(|found| found.render(false));
        let text = |path: &str| Ok(files.as_ref()?.get(path).unwrap_or_default().to_owned());
        let both: Result<String, &String> =
            text("client.rs").and_then(|client| Ok(client + &text("blocking.rs")?));
        both.unwrap_or_else(|told| told.clone())
    }

    #[test]
    fn what_is_said_of_the_environment_is_so() {
        let plain = "{ url: 'https://a.example' }";
        let address =
            "{ url: 'https://{r}.example', variables: { r: { default: a, x-env-name: R } } }";
        let key = "{ type: http, scheme: bearer }";
        let named = |env: &str| format!("{{ type: http, scheme: bearer, x-env-name: {env} }}");
        let of = |one: &str, two: &str| format!("one: {one}, two: {two}");

        let nothing = client(plain, &of(key, key));
        assert!(nothing.contains("pub fn builder()"), "{nothing}");
        assert!(!nothing.contains("from_env") && !nothing.contains("env_from"), "{nothing}");

        let keyless = client(address, &of(key, key));
        assert!(keyless.contains("A client with its address (`R`) from environment variables."));
        assert!(keyless.contains("/// Keys are given to [`ClientBuilder`]."));
        assert!(keyless.contains("/// Fails where a value cannot be used."), "{keyless}");
        assert!(keyless.contains("/// Takes the address from an environment"));
        assert!(!keyless.contains("require_keys"), "{keyless}");

        let one = client(plain, &of(&named("ONE"), key));
        assert!(one.contains("A client with its key (`ONE`) from environment variables."), "{one}");
        assert!(
            one.contains("/// Other keys are given to [`ClientBuilder`].")
                && one.contains("require_keys")
        );
        assert!(one.contains("/// Fails where the key is not set"), "{one}");

        let both = client(address, &of(&named("ONE"), &named("TWO")));
        let text = "A client with its keys (`ONE`, `TWO`) and its address (`R`) from environment";
        assert!(both.contains(text), "{both}");
        assert!(
            both.contains("Fails where none of the keys is set") && !both.contains("are given to")
        );
        assert_eq!(both.matches("pub fn from_env() -> Result<Self, Error>").count(), 2);
    }
}
