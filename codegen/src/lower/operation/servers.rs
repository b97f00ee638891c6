//! Servers of the document, of paths and of operations. They are read leniently: many documents
//! write ports as numbers or omit defaults.

use crate::diagnostics::{Location, messages};
use crate::ir::{Name, Server, ServerVariable};
use crate::lower::context::state::Context;
use crate::lower::operation::security::env_name;
use crate::select::SelectedOperation;
use crate::text::child;
use serde_json::Value;

/// Returns the servers of the document; the first one is the default.
pub(crate) fn document_servers(context: &mut Context<'_>) -> (Server, Vec<Server>) {
    let mut servers = servers_at(context, "/servers");
    let first = if servers.is_empty() { Server::default() } else { servers.remove(0) };
    (Server { env: context.config.client.base_url_env.clone(), ..first }, servers)
}

/// Returns the servers of an operation, or else those of its path.
pub(crate) fn operation_servers(
    context: &mut Context<'_>,
    selected: &SelectedOperation,
) -> Vec<Server> {
    let pointers = [child(&selected.pointer, "servers"), child(selected.item(), "servers")];
    let is_given = |pointer: &&String| {
        context.document.get(pointer).and_then(Value::as_array).is_some_and(|all| !all.is_empty())
    };
    let Some(own) = pointers.iter().find(is_given) else { return Vec::new() };
    // A repetition of the document's servers is ignored.
    if context.document.get(own) == context.document.get("/servers") {
        return Vec::new();
    }
    servers_at(context, own)
}

fn servers_at(context: &mut Context<'_>, pointer: &str) -> Vec<Server> {
    let document = context.document;
    let all = document.get(pointer).and_then(Value::as_array).into_iter().flatten();
    let mut servers: Vec<Server> = Vec::new();
    for (i, server) in all.enumerate() {
        let at = child(pointer, i);
        let Some(mut server) = server_of(context, server, &at) else { continue };
        let is_taken =
            |name: &String| servers.iter().any(|other| other.name.as_ref() == Some(name));
        if let Some(name) = server.name.take_if(|name| is_taken(name)) {
            let location = Location::Pointer(child(&at, "name"));
            context.diagnostics.report(location, messages::duplicate_server_name(name));
        }
        servers.push(server);
    }
    servers
}

fn server_of(context: &mut Context<'_>, server: &Value, pointer: &str) -> Option<Server> {
    let Some(url) = server.get("url").and_then(Value::as_str).map(str::trim) else {
        context.diagnostics.report(Location::pointer(pointer), messages::server_without_url());
        return None;
    };
    let mut variables = Vec::new();
    let declared = server.get("variables").and_then(Value::as_object).into_iter().flatten();
    for (wire, variable) in declared {
        let values = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
        let values: Vec<String> = values.filter_map(scalar_string).collect();
        let default = variable.get("default").and_then(scalar_string).or_else(|| {
            let location = Location::Pointer(child(&child(pointer, "variables"), wire));
            let message = messages::server_variable_without_default(wire);
            context.diagnostics.report(location, message);
            values.first().cloned()
        });
        variables.push(ServerVariable {
            // Set by the pass over setters.
            name: Name(String::new()),
            docs: variable.get("description").and_then(Value::as_str).map(str::to_owned),
            default: default.unwrap_or_default(),
            values,
            env: variable.as_object().and_then(env_name),
            wire: wire.clone(),
        });
    }
    for wire in in_braces(url) {
        if !variables.iter().any(|variable| variable.wire == wire) {
            let location = Location::Pointer(child(pointer, "url"));
            context.diagnostics.report(location, messages::undeclared_server_variable(wire));
            // A default in braces makes the URL invalid, so a missing value is reported.
            let default = format!("{{{wire}}}");
            variables.push(ServerVariable {
                name: Name(String::new()),
                docs: None,
                default,
                values: Vec::new(),
                env: None,
                wire: wire.to_owned(),
            });
        }
    }
    // The scheme of the document's own URL is unknown.
    let scheme = if url.starts_with("//") { "https:" } else { "" };
    Some(Server {
        url: format!("{scheme}{url}"),
        name: server
            .get("name")
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty())
            .map(str::to_owned),
        docs: server.get("description").and_then(Value::as_str).map(str::to_owned),
        variables,
        env: None,
    })
}

/// Returns the names in braces in a URL.
fn in_braces(url: &str) -> impl Iterator<Item = &str> {
    url.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0))
}

/// Returns a scalar as a string.
fn scalar_string(value: &Value) -> Option<String> {
    match value {
        Value::String(string) => Some(string.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
