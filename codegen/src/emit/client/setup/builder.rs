//! The builder of a client.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{environment, servers};
use crate::emit::context::Context;
use crate::emit::docs;
use crate::ir::{Api, Credential};

/// The documentation of `base_url` if operations have their own servers.
const OVERRIDE: &str = "Sends to this address, whatever the description says. Operations that have \
    servers of their own go there, too; if those are relative, they lie on the host of this one.";

/// Returns the builder of a client. `built` is the client that it builds from its configuration.
pub(super) fn builder(context: Context<'_>, built: &TokenStream) -> TokenStream {
    let env_from = environment::env_from(context.api);
    let (credentials, variables) = (credentials(context.api), variables(context.api));
    let server = servers::setter(context);
    let base_url = match context.api.operation_servers().as_slice() {
        [] => quote!(#[doc = " Sends to this address, whatever the description says."]),
        _ => docs::comment([OVERRIDE]).to_token_stream(),
    };
    quote! {
        /// Builds a [`Client`].
        #[derive(Clone, Debug)]
        #[must_use = "a builder does nothing until it is built"]
        pub struct ClientBuilder {
            config: rt::Config,
        }

        impl ClientBuilder {
            #env_from

            #(#credentials)*

            #(#variables)*

            #server

            #base_url
            pub fn base_url(mut self, value: impl Into<String>) -> Self {
                self.config.base_url(value.into());
                self
            }

            /// When a call is tried again, and after how long; `RetryPolicy::none()` for never.
            pub fn retry(mut self, value: rt::RetryPolicy) -> Self {
                self.config.retry(value);
                self
            }

            /// How long one try of a call may take, from connecting to the last byte of the
            /// answer; 30 seconds unless this says otherwise.
            pub fn timeout(mut self, value: rt::Duration) -> Self {
                self.config.timeout(value);
                self
            }

            /// Slows calls down before the API refuses them.
            pub fn rate_limiter(mut self, value: rt::RateLimiter) -> Self {
                self.config.rate_limiter(value);
                self
            }

            /// How the client connects: time limits, proxies, certificates, compression, or a
            /// client of reqwest that was put together elsewhere.
            pub fn http(mut self, value: rt::HttpOptions) -> Self {
                self.config.http(value);
                self
            }

            /// Calls this with each try of each call, before it is sent.
            pub fn on_request(
                mut self,
                hook: impl Fn(&rt::Attempt<'_>) + Send + Sync + 'static,
            ) -> Self {
                self.config.on_request(hook);
                self
            }

            /// Calls this with what came of each try of each call.
            pub fn on_answer(
                mut self,
                hook: impl Fn(&rt::Attempt<'_>, &rt::AttemptOutcome<'_>) + Send + Sync + 'static,
            ) -> Self {
                self.config.on_answer(hook);
                self
            }

            /// The finished client.
            ///
            /// # Errors
            /// Fails with everything that is wrong with the address and the keys.
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
        let fallback = format!("The key of the security scheme `{}`.", scheme.id);
        let format =
            (scheme.credential == Credential::Basic).then_some("It is given as `user:password`.");
        let comment = docs::comment(
            [docs::docs_or(scheme.docs.as_deref(), &fallback)].into_iter().chain(format),
        );
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
        let fallback = format!("The part `{}` of the address.", variable.wire);
        let default = match variable.default == format!("{{{}}}", variable.wire) {
            true => "It must be given: the description has no value for it.".to_owned(),
            false => format!("It is `{}` unless this says otherwise.", variable.default),
        };
        let is_default = api.server.variables.iter().any(|other| other.wire == variable.wire);
        let note = (!is_default).then_some("It is part of other addresses than the usual one.");
        let paragraphs = [docs::docs_or(variable.docs.as_deref(), &fallback), &default];
        let comment = docs::comment(paragraphs.into_iter().chain(note));
        quote! {
            #comment
            pub fn #name(mut self, value: impl Into<String>) -> Self {
                self.config.variable(#wire, value.into());
                self
            }
        }
    })
}
