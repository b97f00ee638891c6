//! The builder of a client.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{environment, servers};
use crate::emit::context::Context;
use crate::emit::docs;
use crate::ir::{Api, Credential};

/// The documentation of `base_url`.
const BASE_URL: &str = "Sets the base URL, which replaces the servers of the spec.";

/// The documentation of `base_url` if operations have their own servers.
const OVERRIDE: &str = "The base URL also replaces the servers of single operations. If those are \
    relative, they are resolved against the host of the base URL.";

/// Returns the builder of a client. `built` is the client that it builds from its configuration.
pub(super) fn builder(context: Context<'_>, built: &TokenStream) -> TokenStream {
    let env_from = environment::env_from(context.api);
    let (credentials, variables) = (credentials(context.api), variables(context.api));
    let servers = servers::setters(context);
    let has_overrides = !context.api.operation_servers().is_empty();
    let base_url = docs::comment([BASE_URL].into_iter().chain(has_overrides.then_some(OVERRIDE)));
    quote! {
        /// A builder for a [`Client`].
        #[derive(Clone, Debug)]
        #[must_use = "a builder does nothing until it is built"]
        pub struct ClientBuilder {
            config: rt::Config,
        }

        impl ClientBuilder {
            #env_from

            #(#credentials)*

            #(#variables)*

            #servers

            #base_url
            pub fn base_url(mut self, value: impl Into<String>) -> Self {
                self.config.base_url(value.into());
                self
            }

            /// Sets the retry policy. Use `RetryPolicy::none()` to disable retries.
            pub fn retry(mut self, value: rt::RetryPolicy) -> Self {
                self.config.retry(value);
                self
            }

            /// Sets the timeout of a single attempt, from connecting to the last byte of the
            /// response. Defaults to 30 s.
            pub fn timeout(mut self, value: rt::Duration) -> Self {
                self.config.timeout(value);
                self
            }

            /// Sets a rate limiter, which delays requests before the API would reject them.
            pub fn rate_limiter(mut self, value: rt::RateLimiter) -> Self {
                self.config.rate_limiter(value);
                self
            }

            /// Sets the HTTP options: connection timeouts, proxies, certificates, compression, or
            /// an existing reqwest client.
            pub fn http(mut self, value: rt::HttpOptions) -> Self {
                self.config.http(value);
                self
            }

            /// Registers a callback that runs before every attempt.
            pub fn on_request(
                mut self,
                hook: impl Fn(&rt::Attempt<'_>) + Send + Sync + 'static,
            ) -> Self {
                self.config.on_request(hook);
                self
            }

            /// Registers a callback that runs after every attempt, with its outcome.
            pub fn on_response(
                mut self,
                hook: impl Fn(&rt::Attempt<'_>, &rt::AttemptOutcome<'_>) + Send + Sync + 'static,
            ) -> Self {
                self.config.on_response(hook);
                self
            }

            /// Builds the client.
            ///
            /// # Errors
            /// Returns an error if the server address or a credential is invalid. It lists every
            /// problem.
            pub fn build(self) -> Result<Client, Error> {
                Ok(#built)
            }
        }
    }
}

/// Returns the setters of credentials.
fn credentials(api: &Api) -> impl Iterator<Item = TokenStream> {
    api.security_schemes.iter().enumerate().map(|(i, scheme)| {
        let index = Literal::usize_unsuffixed(i);
        let name = &scheme.name;
        let (credential, is_basic) = match scheme.credential {
            Credential::Header(_) | Credential::Query(_) | Credential::Cookie(_) => {
                ("API key", false)
            }
            Credential::Bearer => ("bearer token", false),
            Credential::Basic => ("user name and password", true),
        };
        let summary =
            format!("Sets the {credential} of the security scheme {}.", docs::code(&scheme.id));
        let comment = docs::comment([summary.as_str()].into_iter().chain(scheme.docs.as_deref()))
            .deprecated(scheme.deprecated);
        if is_basic {
            return quote! {
                #comment
                pub fn #name(
                    mut self,
                    user: impl Into<String>,
                    password: impl Into<String>,
                ) -> Self {
                    self.config.basic(#index, &user.into(), &password.into());
                    self
                }
            };
        }
        quote! {
            #comment
            pub fn #name(mut self, value: impl Into<String>) -> Self {
                self.config.credential(#index, value.into());
                self
            }
        }
    })
}

/// Returns the setters of server variables.
fn variables(api: &Api) -> impl Iterator<Item = TokenStream> {
    api.variables.iter().map(move |variable| {
        let (name, wire) = (&variable.name, &variable.wire);
        let summary = format!("Sets the server variable {}.", docs::code(wire));
        let default = match variable.default == format!("{{{wire}}}") {
            true => "It is required, since the spec has no value for it.".to_owned(),
            false => format!("Defaults to {}.", docs::code(&variable.default)),
        };
        let is_default = api.server.variables.iter().any(|other| other.wire == variable.wire);
        let note = (!is_default).then_some("Only used by non-default servers.");
        let paragraphs = [summary.as_str()].into_iter().chain(variable.docs.as_deref());
        let comment = docs::comment(paragraphs.chain([default.as_str()]).chain(note));
        quote! {
            #comment
            pub fn #name(mut self, value: impl Into<String>) -> Self {
                self.config.variable(#wire, value.into());
                self
            }
        }
    })
}
