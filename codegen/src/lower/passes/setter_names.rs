//! Names of the setters of the client builder: server variables and security schemes.

use crate::ir::{Api, Name, Server, ServerVariable};
use crate::lower::context::state::Context;
use crate::names::{Scope, snake_name};

/// Methods of every client builder.
const BUILDER_METHODS: &[&str] = &[
    "base_url",
    "build",
    "env_from",
    "from_env",
    "http",
    "new",
    "on_request",
    "on_response",
    "rate_limiter",
    "retry",
    "server",
    "server_named",
    "timeout",
];

/// Names the setters of server variables and security schemes. The variables of the document's
/// servers come first, then the schemes, then the variables of servers of operations.
pub(crate) fn name_setters(api: &mut Api, context: &mut Context<'_>) {
    let mut scope = Scope::with(BUILDER_METHODS);
    let document_servers: Vec<Server> = api.document_servers().cloned().collect();
    add_variables(&document_servers, api, &mut scope);
    for scheme in &mut api.security_schemes {
        let derived = snake_name(&scheme.id);
        let security = &mut context.options.security;
        let name = security.name(&scheme.id, &mut scope, &derived.0, context.diagnostics);
        scheme.name = Name(name);
    }
    let own_servers: Vec<Server> =
        api.operations.iter().flat_map(|operation| &operation.servers).cloned().collect();
    add_variables(&own_servers, api, &mut scope);
}

/// Adds the variables of some servers to those of the API. A variable that several servers have
/// is added once.
fn add_variables(servers: &[Server], api: &mut Api, scope: &mut Scope) {
    for variable in servers.iter().flat_map(|server| &server.variables) {
        if !api.variables.iter().any(|known| known.wire == variable.wire) {
            let name = scope.free_name(&snake_name(&variable.wire));
            api.variables.push(ServerVariable { name, ..variable.clone() });
        }
    }
}
