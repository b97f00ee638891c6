//! Where an API is served: the servers of the description, and of operations and paths that have
//! their own. Read bit by bit, because people write ports as numbers and leave out defaults.

use serde_json::Value;

use super::Lower;
use super::security::{builder_scope, env_name};
use crate::diagnostics::{Location, messages};
use crate::ir::{Api, Name, Server, ServerVariable};
use crate::names::snake_name;
use crate::select::SelectedOperation;
use crate::text::child;

impl Lower<'_> {
    /// The servers of the description; the first is the default one.
    pub(super) fn servers(&mut self) -> (Server, Vec<Server>) {
        let mut servers = self.servers_at("/servers");
        let first = if servers.is_empty() { Server::default() } else { servers.remove(0) };
        (Server { env: self.config.client.base_url_env.clone(), ..first }, servers)
    }

    /// The servers that an operation has for itself, or its path has for its operations.
    pub(super) fn own_servers(&mut self, selected: &SelectedOperation) -> Vec<Server> {
        let item = selected.pointer.rsplit_once('/').map_or("", |(item, _)| item);
        let places = [child(&selected.pointer, "servers"), child(item, "servers")];
        let is_given = |place: &&String| {
            self.document.get(place).and_then(Value::as_array).is_some_and(|all| !all.is_empty())
        };
        let Some(own) = places.iter().find(is_given) else { return Vec::new() };
        // Those of the whole description once more say nothing.
        if self.document.get(own) == self.document.get("/servers") {
            return Vec::new();
        }
        self.servers_at(own)
    }

    fn servers_at(&mut self, pointer: &str) -> Vec<Server> {
        let document = self.document;
        let all = document.get(pointer).and_then(Value::as_array).into_iter().flatten();
        all.enumerate().filter_map(|(i, server)| self.server(server, &child(pointer, i))).collect()
    }

    fn server(&mut self, server: &Value, pointer: &str) -> Option<Server> {
        let Some(url) = server.get("url").and_then(Value::as_str).map(str::trim) else {
            self.diagnostics.report(Location::pointer(pointer), messages::server_without_url());
            return None;
        };
        let mut variables = Vec::new();
        let described = server.get("variables").and_then(Value::as_object).into_iter().flatten();
        for (wire, variable) in described {
            let values = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
            let values: Vec<String> = values.filter_map(text).collect();
            let default = variable.get("default").and_then(text).or_else(|| {
                let location = Location::Pointer(child(&child(pointer, "variables"), wire));
                let message = messages::server_variable_without_default(wire);
                self.diagnostics.report(location, message);
                values.first().cloned()
            });
            variables.push(ServerVariable {
                // Named when all servers are known.
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
                self.diagnostics.report(location, messages::undeclared_server_variable(wire));
                // In braces it is no address, so that whoever does not give it is told.
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
        // Whatever the scheme was of the address that the description came from.
        let scheme = if url.starts_with("//") { "https:" } else { "" };
        Some(Server {
            url: format!("{scheme}{url}"),
            docs: server.get("description").and_then(Value::as_str).map(str::to_owned),
            variables,
            env: None,
        })
    }
}

/// Gives each variable that is not known yet a name, the same in every server.
pub(super) fn name_variables(api: &mut Api) {
    let mut scope = builder_scope();
    api.variables.iter().for_each(|variable| _ = scope.take(&variable.name.0));
    api.security_schemes.iter().for_each(|scheme| _ = scope.take(&scheme.name.0));
    let of_operations = api.operations.iter().flat_map(|operation| &operation.servers);
    let servers = [&api.server].into_iter().chain(&api.more_servers).chain(of_operations);
    for variable in servers.flat_map(|server| &server.variables) {
        if !api.variables.iter().any(|known| known.wire == variable.wire) {
            let name = scope.free_name(&snake_name(&variable.wire));
            api.variables.push(ServerVariable { name, ..variable.clone() });
        }
    }
}

/// The names in the braces of an address.
fn in_braces(url: &str) -> impl Iterator<Item = &str> {
    url.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0))
}

/// A scalar as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
