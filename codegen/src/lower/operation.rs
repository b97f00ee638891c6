//! Operations, and their names.

use serde_json::Value;

use super::Lower;
use super::pending::PagingHint;
use crate::diagnostics::messages;
use crate::ir::{Api, ErrorBody, Name, Operation};
use crate::names::{Scope, module_name, snake_name, type_name, usable};
use crate::select::SelectedOperation;
use crate::text::child;

impl Lower<'_> {
    pub(super) fn operations(&mut self, selected: Vec<SelectedOperation>, api: &mut Api) {
        // Methods of the client that are there whatever the description has.
        self.find_files();
        let own = ["block_on", "builder", "clone", "from_double", "from_env", "new"];
        let mut methods = Scope::with(&own);
        let mut modules = Scope::with(&["mod", "operations"]);
        let mut bodies = Vec::new();
        for operation in selected {
            let mark = (
                self.diagnostics.savepoint(),
                self.types.len(),
                api.security_schemes.len(),
                bodies.len(),
                self.pending.len(),
            );
            let lowered = self.operation(&operation, &mut methods, &mut modules, &mut bodies, api);
            self.read_types();
            if self.config.skip_unsupported && self.diagnostics.has_error_since(mark.0) {
                self.diagnostics.downgrade_since(mark.0);
                self.types.truncate(mark.1);
                self.uses.truncate(mark.1);
                self.pending.truncate(mark.4, mark.1);
                api.security_schemes.truncate(mark.2);
                bodies.truncate(mark.3);
            } else {
                api.operations.extend(lowered);
            }
        }
        api.error_bodies = bodies;
        api.error_headers = self.error_headers();
    }

    fn operation(
        &mut self,
        selected: &SelectedOperation,
        methods: &mut Scope,
        modules: &mut Scope,
        bodies: &mut Vec<ErrorBody>,
        api: &mut Api,
    ) -> Option<Operation> {
        let spec = &selected.operation;
        let name = self.operation_name(selected, methods)?;
        let plain = name.0.trim_start_matches("r#");
        let module = modules.free_name(&module_name(plain));
        let request = self.types.reserve(&type_name(plain));
        let path = self.path(selected);
        let parameters = self.parameters(selected, &path, &request);
        let body = self.body(selected, &request);
        let answers = self.answers(selected, &request, &parameters, bodies);
        let security = self.security(spec.security.as_ref(), &selected.pointer, api);
        if let Some(hint) = spec.extensions.get("x-pagination") {
            self.pending.paging_hints.push(PagingHint {
                operation: api.operations.len(),
                hint: hint.clone(),
                pointer: child(&selected.pointer, "x-pagination"),
            });
        }
        let unstable = spec.extensions.get("x-unstable").and_then(|value| match value {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Bool(true) => Some("It may still change.".to_owned()),
            _ => None,
        });
        Some(Operation {
            id: selected.id.clone(),
            tag: spec.tags.first().cloned(),
            name,
            module,
            request,
            summary: spec.summary.clone(),
            docs: spec.description.clone(),
            deprecated: spec.deprecated,
            unstable,
            method: selected.method.to_uppercase(),
            path: path.text,
            servers: self.own_servers(selected),
            repeatable: self.is_repeatable(selected),
            parameters,
            body,
            output: answers.output,
            accept: answers.accept,
            stream: answers.stream,
            server_output: answers.served,
            headers: answers.headers,
            success_statuses: answers.statuses,
            errors: answers.errors,
            security,
            paging: None,
        })
    }

    /// By its method (RFC 9110: safe or idempotent), or by the configuration.
    fn is_repeatable(&self, selected: &SelectedOperation) -> bool {
        let chosen = &self.config.client.repeatable;
        matches!(selected.method, "get" | "head" | "options" | "put" | "delete" | "trace")
            || chosen.iter().any(|id| *id.get_ref() == selected.id)
    }

    fn operation_name(
        &mut self,
        selected: &SelectedOperation,
        methods: &mut Scope,
    ) -> Option<Name> {
        match self.names.operations.get(&selected.id) {
            Some(chosen) => {
                let name = Name(usable(chosen));
                if !methods.take(&name.0) {
                    let location = self.names.operations.location(&selected.id);
                    let message = messages::name_collision(chosen, &selected.id);
                    self.diagnostics.report(location, message);
                    return None;
                }
                Some(name)
            }
            None => Some(methods.free_name(&snake_name(&selected.id))),
        }
    }
}
