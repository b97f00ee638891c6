//! The client and its builder.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::{Emit, docs, double, environment, operation, syntax, tags, text};
use crate::ir::{Api, Credential, SecurityScheme, Server, ServerVariable, TestDoubleNames};

/// What an address does where operations have servers of their own.
const OVERRIDE: &str = "Sends to this address, whatever the description says. Operations that have \
    servers of their own go there, too; if those are relative, they lie on the host of this one.";

/// The file of the client.
pub(super) fn client(emit: Emit<'_>) -> TokenStream {
    let module = syntax::path(emit.module);
    let api = emit.api;
    let operations: Vec<_> = tags::untagged(api).collect();
    let needed = operations.iter().flat_map(|operation| operation::required_types(emit, operation));
    let uses = emit.uses(needed, None);
    let requests = operations.iter().flat_map(|operation| operation::call_names(operation));
    let imports =
        (!operations.is_empty()).then(|| quote!(use #module::operations::{#(#requests),*};));
    let methods = operations.iter().map(|operation| {
        let comment = docs::of_method(operation);
        operation::client_method(emit, operation, &comment, None)
    });
    let title = format!("A client of {}. Clones share their connections.", api.title);
    let comment = docs::comment([title.as_str()]);
    let statics = statics(emit);
    let setters = setters(emit);
    let (from_env, env_from) = (environment::from_env(api), environment::env_from(api));
    let (config, choice) = (config(emit), choice(emit));
    let base_url = match api.operation_servers().as_slice() {
        [] => quote!(#[doc = " Sends to this address, whatever the description says."]),
        _ => docs::comment([OVERRIDE]).to_token_stream(),
    };
    let unused = unused(api, operations.is_empty());
    let Carrier { import, field, ty, built, from_double } = carrier(emit);
    quote! {
        use #module::Error;
        #import
        #(#uses)*
        #imports

        #statics

        #comment
        #[derive(Clone, Debug)]
        pub struct Client {
            #unused
            pub(super) #field: #ty,
        }

        impl Client {
            #from_env

            /// A client whose keys and address are given by hand.
            pub fn builder() -> ClientBuilder {
                ClientBuilder { config: #config }
            }

            #from_double

            #(#methods)*
        }

        /// Builds a [`Client`].
        #[derive(Clone, Debug)]
        #[must_use = "a builder does nothing until it is built"]
        pub struct ClientBuilder {
            config: rt::Config,
        }

        impl ClientBuilder {
            #env_from

            #setters

            #choice

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
                Ok(Client { #field: #built })
            }
        }
    }
}

/// What stands above the field that only operations use, where there may be none.
fn unused(api: &Api, all_are_tagged: bool) -> Option<TokenStream> {
    if api.operations.is_empty() {
        return Some(quote!(#[expect(dead_code, reason = "there are no operations")]));
    }
    let features = api.tags.iter().map(|tag| &tag.feature);
    all_are_tagged.then(|| {
        quote! {
            #[cfg_attr(
                not(any(#(feature = #features),*)),
                allow(dead_code, reason = "no operations are chosen")
            )]
        }
    })
}

/// What a client makes its calls by.
struct Carrier {
    import: Option<TokenStream>,
    field: TokenStream,
    ty: TokenStream,
    built: TokenStream,
    from_double: Option<TokenStream>,
}

/// The transport alone or, where there are doubles, either.
fn carrier(emit: Emit<'_>) -> Carrier {
    let Some(doubles) = &emit.api.test_doubles else {
        return Carrier {
            import: None,
            field: quote!(transport),
            ty: quote!(rt::Transport),
            built: quote!(self.config.build()?),
            from_double: None,
        };
    };
    let TestDoubleNames { operations, boxed_operations: boxed, .. } = doubles;
    let module = syntax::path(emit.module);
    let gate = double::gate(emit.api);
    let dynamic = match emit.api.test_doubles_feature() {
        None => quote!(dyn #boxed),
        Some(_) => quote!(Double),
    };
    // Without the feature, what stands for doubles has no values.
    let double = emit.api.test_doubles_feature().map(|feature| {
        quote! {
            #[cfg(feature = #feature)]
            type Double = dyn #boxed;
            #[cfg(not(feature = #feature))]
            type Double = rt::NoDouble;
        }
    });
    Carrier {
        import: Some(quote!(#gate use #module::double::{#boxed, #operations}; #double)),
        field: quote!(carrier),
        ty: quote!(rt::Carrier<#dynamic>),
        built: quote!(rt::Carrier::Api(self.config.build()?)),
        from_double: Some(quote! {
            /// A client whose calls a test double answers.
            #gate
            pub fn from_double(double: impl #operations + 'static) -> Self {
                Self { carrier: rt::Carrier::Double(rt::Arc::new(double)) }
            }
        }),
    }
}

fn statics(emit: Emit<'_>) -> TokenStream {
    let usual = server(&emit.api.server);
    let more = emit.api.more_servers.iter().map(server);
    let more = (!emit.api.more_servers.is_empty()).then(|| {
        quote! {
            /// The other servers of the description.
            static MORE_SERVERS: &[rt::Server] = &[#(#more),*];
        }
    });
    let lists = emit.api.operation_servers();
    let of_operations = lists.iter().map(|servers| {
        let servers = servers.iter().map(server);
        quote!(&[#(#servers),*])
    });
    let of_operations = (!lists.is_empty()).then(|| {
        quote! {
            /// The servers of operations that have their own.
            static OPERATION_SERVERS: &[&[rt::Server]] = &[#(#of_operations),*];
        }
    });
    let schemes = emit.api.security_schemes.iter().map(|scheme| {
        let SecurityScheme { id, name, env, .. } = scheme;
        let (credential, env, setter) =
            (credential(&scheme.credential), option(env.as_deref()), text(&name.0));
        quote!(rt::Scheme { id: #id, credential: #credential, env: #env, setter: #setter })
    });
    quote! {
        const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

        static SERVER: rt::Server = #usual;

        #more

        #of_operations

        static SCHEMES: &[rt::Scheme] = &[#(#schemes),*];
    }
}

/// A server as data.
fn server(server: &Server) -> TokenStream {
    let url = text(&server.url);
    let env = option(server.env.as_deref());
    let variables = server.variables.iter().map(|variable| {
        let ServerVariable { wire, default, values, env, .. } = variable;
        let env = option(env.as_deref());
        quote!(rt::ServerVariable { name: #wire, default: #default, values: &[#(#values),*], env: #env })
    });
    quote!(rt::Server { url: #url, variables: &[#(#variables),*], env: #env })
}

/// What a client is configured from.
fn config(emit: Emit<'_>) -> TokenStream {
    let more = !emit.api.more_servers.is_empty();
    let of_operations = !emit.api.operation_servers().is_empty();
    let servers = (more || of_operations).then(|| {
        let more = if more { quote!(MORE_SERVERS) } else { quote!(&[]) };
        let of_operations = if of_operations { quote!(OPERATION_SERVERS) } else { quote!(&[]) };
        quote!(.servers(#more, #of_operations))
    });
    quote!(rt::Config::new(&SERVER, SCHEMES, USER_AGENT) #servers)
}

/// The method that chooses among several servers.
fn choice(emit: Emit<'_>) -> Option<TokenStream> {
    let api = emit.api;
    let servers = [&api.server].into_iter().chain(&api.more_servers).enumerate();
    let servers = servers.map(|(i, server)| {
        let about = server.docs.as_deref().and_then(|docs| docs.trim().lines().next());
        match about {
            Some(about) => format!("- {i}: `{}`, {about}", server.url),
            None => format!("- {i}: `{}`", server.url),
        }
    });
    let list: Vec<String> = servers.collect();
    let comment = docs::comment([
        "Sends to another server of the description, which has these; 0 is the usual one:",
        &list.join("\n"),
    ]);
    (!api.more_servers.is_empty()).then(|| {
        quote! {
            #comment
            pub fn server(mut self, place: usize) -> Self {
                self.config.server(place);
                self
            }
        }
    })
}

pub(super) fn credential(credential: &Credential) -> TokenStream {
    let key = |place: TokenStream, name: &str| quote!(rt::Credential::ApiKey { place: rt::Place::#place, name: #name });
    match credential {
        Credential::Header(name) => key(quote!(Header), name),
        Credential::Query(name) => key(quote!(Query), name),
        Credential::Cookie(name) => key(quote!(Cookie), name),
        Credential::Bearer => quote!(rt::Credential::Bearer),
        Credential::Basic => quote!(rt::Credential::Basic),
    }
}

fn option(value: Option<&str>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

fn setters(emit: Emit<'_>) -> TokenStream {
    let api = emit.api;
    let schemes = emit.api.security_schemes.iter().enumerate().map(|(i, scheme)| {
        let index = Literal::usize_unsuffixed(i);
        let name = &scheme.name;
        let fallback = format!("The key of the security scheme `{}`.", scheme.id);
        let format =
            (scheme.credential == Credential::Basic).then_some("It is given as `user:password`.");
        let comment = docs::comment(
            [docs::text_or(scheme.docs.as_deref(), &fallback)].into_iter().chain(format),
        );
        quote! {
            #comment
            pub fn #name(mut self, value: impl Into<String>) -> Self {
                self.config.credential(#index, value.into());
                self
            }
        }
    });
    let variables = emit.api.variables.iter().map(|variable| {
        let (name, wire) = (&variable.name, text(&variable.wire));
        let fallback = format!("The part `{}` of the address.", variable.wire);
        let default = match variable.default == format!("{{{}}}", variable.wire) {
            true => "It must be given: the description has no value for it.".to_owned(),
            false => format!("It is `{}` unless this says otherwise.", variable.default),
        };
        let is_usual = api.server.variables.iter().any(|usual| usual.wire == variable.wire);
        let elsewhere = (!is_usual).then_some("It is part of other addresses than the usual one.");
        let texts = [docs::text_or(variable.docs.as_deref(), &fallback), &default];
        let comment = docs::comment(texts.into_iter().chain(elsewhere));
        quote! {
            #comment
            pub fn #name(mut self, value: impl Into<String>) -> Self {
                self.config.variable(#wire, value.into());
                self
            }
        }
    });
    quote!(#(#schemes)* #(#variables)*)
}
