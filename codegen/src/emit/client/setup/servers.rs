//! The servers and security schemes of a client.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::emit::docs;
use crate::emit::operation::metadata;
use crate::ir::{Api, SecurityScheme, Server, ServerVariable};

/// Returns the static data of servers and security schemes.
pub(super) fn statics(context: Context<'_>) -> TokenStream {
    let default = server(&context.api.server);
    let more = context.api.more_servers.iter().map(server);
    let more = (!context.api.more_servers.is_empty()).then(|| {
        quote! {
            /// The non-default servers.
            static MORE_SERVERS: &[rt::Server] = &[#(#more),*];
        }
    });
    let lists = context.api.operation_servers();
    let of_operations = lists.iter().map(|servers| {
        let servers = servers.iter().map(server);
        quote!(&[#(#servers),*])
    });
    let of_operations = (!lists.is_empty()).then(|| {
        quote! {
            /// The servers of operations that have their own servers.
            static OPERATION_SERVERS: &[&[rt::Server]] = &[#(#of_operations),*];
        }
    });
    let schemes = context.api.security_schemes.iter().map(|scheme| {
        let SecurityScheme { id, name, env, .. } = scheme;
        let (credential, env, setter) =
            (metadata::credential(&scheme.credential), option(env.as_deref()), &name.0);
        quote!(rt::Scheme { id: #id, credential: #credential, env: #env, setter: #setter })
    });
    quote! {
        const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

        static SERVER: rt::Server = #default;

        #more

        #of_operations

        static SCHEMES: &[rt::Scheme] = &[#(#schemes),*];
    }
}

/// Returns a server as static data.
fn server(server: &Server) -> TokenStream {
    let url = &server.url;
    let env = option(server.env.as_deref());
    let variables = server.variables.iter().map(|variable| {
        let ServerVariable { wire, default, values, env, .. } = variable;
        let env = option(env.as_deref());
        quote!(rt::ServerVariable { name: #wire, default: #default, values: &[#(#values),*], env: #env })
    });
    quote!(rt::Server { url: #url, variables: &[#(#variables),*], env: #env })
}

/// Returns the initial configuration of a client.
pub(super) fn config(context: Context<'_>) -> TokenStream {
    let more = !context.api.more_servers.is_empty();
    let of_operations = !context.api.operation_servers().is_empty();
    let servers = (more || of_operations).then(|| {
        let more = if more { quote!(MORE_SERVERS) } else { quote!(&[]) };
        let of_operations = if of_operations { quote!(OPERATION_SERVERS) } else { quote!(&[]) };
        quote!(.servers(#more, #of_operations))
    });
    let names = (!selectable_names(context.api).is_empty()).then(|| {
        let document = names(context.api.document_servers());
        let lists = context.api.operation_servers();
        let of_operations = lists.iter().map(|servers| names(servers.iter()));
        quote!(.server_names(#document, &[#(#of_operations),*]))
    });
    quote!(rt::Config::new(&SERVER, SCHEMES, USER_AGENT) #servers #names)
}

/// Returns the names of a list of servers; empty for one without a name.
fn names<'a>(servers: impl Iterator<Item = &'a Server>) -> TokenStream {
    let names = servers.map(|server| server.name.as_deref().unwrap_or_default());
    quote!(&[#(#names),*])
}

/// Returns the different names of all servers, if there is a choice between servers.
fn selectable_names(api: &Api) -> Vec<&str> {
    let lists = api.operation_servers();
    let is_choice = !api.more_servers.is_empty() || lists.iter().any(|servers| servers.len() > 1);
    let mut names: Vec<&str> = Vec::new();
    let servers = api.document_servers().chain(lists.into_iter().flatten());
    for server in servers.filter(|_| is_choice) {
        let name = server.name.as_deref().filter(|name| !names.contains(name));
        names.extend(name);
    }
    names
}

/// Returns the methods that select one of several servers: by index and, if they have names, by name.
pub(super) fn setters(context: Context<'_>) -> TokenStream {
    let (by_index, by_name) = (by_index(context), by_name(context));
    quote!(#by_index #by_name)
}

fn by_index(context: Context<'_>) -> Option<TokenStream> {
    let api = context.api;
    let servers = api.document_servers().enumerate();
    let servers = servers.map(|(i, server)| {
        let meaning = server.docs.as_deref().and_then(|docs| docs.trim().lines().next());
        let name = server.name.as_deref().map(|name| format!(" ({})", docs::code(name)));
        let server = format!("{}{}", docs::code(&server.url), name.unwrap_or_default());
        match meaning {
            Some(meaning) => format!("- {i}: {server}: {meaning}"),
            None => format!("- {i}: {server}"),
        }
    });
    let list: Vec<String> = servers.collect();
    let comment = docs::comment([
        "Selects a server of the spec by its index. Defaults to 0. The servers are:",
        &list.join("\n"),
    ]);
    (!api.more_servers.is_empty()).then(|| {
        quote! {
            #comment
            pub fn server(mut self, index: usize) -> Self {
                self.config.server(index);
                self
            }
        }
    })
}

/// Returns the method that selects a server by name, if there is a choice between names.
fn by_name(context: Context<'_>) -> Option<TokenStream> {
    let names = selectable_names(context.api);
    if names.is_empty() {
        return None;
    }
    let list: Vec<String> = names.into_iter().map(docs::code).collect();
    let summary = format!("Selects a server of the spec by its name: {}.", list.join(", "));
    let has_own = !context.api.operation_servers().is_empty();
    let note = "Operations with their own servers use the one with this name, if they have it.";
    let comment = docs::comment([summary.as_str()].into_iter().chain(has_own.then_some(note)));
    Some(quote! {
        #comment
        pub fn server_named(mut self, name: impl Into<String>) -> Self {
            self.config.server_named(name.into());
            self
        }
    })
}

fn option(value: Option<&str>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}
