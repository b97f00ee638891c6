//! Operations, and their names.

use crate::diagnostics::messages;
use crate::ir::{Api, FormerOperation, Name, Operation, TypeName};
use crate::lower::context::pending::PagingHint;
use crate::lower::context::state::Context;
use crate::lower::operation::body::request_body;
use crate::lower::operation::parameters::{REQUEST_METHODS, operation_parameters};
use crate::lower::operation::path::operation_path;
use crate::lower::operation::response::headers::error_headers;
use crate::lower::operation::response::responses::responses_of;
use crate::lower::operation::security::security_requirements;
use crate::lower::operation::servers::operation_servers;
use crate::lower::schema::define::read_types;
use crate::names::{Scope, module_name, snake_name, type_name, usable};
use crate::select::SelectedOperation;
use crate::text::child;
use serde_json::Value;

pub(crate) fn lower_operations(
    selected: Vec<SelectedOperation>,
    api: &mut Api,
    context: &mut Context<'_>,
) {
    // Methods that every client has.
    let reserved = ["block_on", "builder", "clone", "from_env", "from_test_double", "new"];
    let mut methods = Scope::with(&reserved);
    let mut modules = Scope::with(&["mod", "operations"]);
    for operation in selected {
        let checkpoint = context.checkpoint();
        let lengths = (api.security_schemes.len(), api.error_bodies.len());
        let lowered = lower_operation(context, &operation, &mut methods, &mut modules, api);
        read_types(context);
        if context.undo_failed(checkpoint) {
            api.security_schemes.truncate(lengths.0);
            api.error_bodies.truncate(lengths.1);
        } else {
            api.operations.extend(lowered);
        }
    }
    take_former_names(context, api, &mut methods);
    api.error_headers = error_headers(context);
}

/// Adds the former names of operations. All other names are known.
fn take_former_names(context: &mut Context<'_>, api: &mut Api, methods: &mut Scope) {
    for operation in &mut api.operations {
        let former = &mut context.options.former_operations;
        let names = former.take(None, &operation.id, methods, context.diagnostics);
        for name in names {
            let plain = name.trim_start_matches("r#");
            let request = type_name(plain);
            let mut types = Vec::new();
            for current in operation.type_names() {
                let Some(suffix) = current.0.strip_prefix(&operation.request.0) else { continue };
                let former = TypeName(format!("{}{suffix}", request.0));
                if former == *current {
                    continue;
                }
                if !context.types.take_name(&former) {
                    let message = messages::name_collision(&former.0, &operation.id);
                    let location = context.options.former_operations.location(plain);
                    context.diagnostics.report(location, message);
                }
                types.push((former, current.clone()));
            }
            operation.former.push(FormerOperation { name: Name(name), types, stream: None });
        }
    }
}

fn lower_operation(
    context: &mut Context<'_>,
    selected: &SelectedOperation,
    methods: &mut Scope,
    modules: &mut Scope,
    api: &mut Api,
) -> Option<Operation> {
    let spec = &selected.operation;
    let name = operation_name(context, selected, methods)?;
    let plain = name.0.trim_start_matches("r#");
    let module = modules.free_name(&module_name(plain));
    let request = context.types.reserve(&type_name(plain));
    let path = operation_path(context, selected);
    let parameters = operation_parameters(context, selected, &path, &request);
    let mut methods = Scope::with(REQUEST_METHODS);
    parameters.iter().for_each(|parameter| _ = methods.take(&parameter.name.0));
    let body = request_body(context, selected, &request, &mut methods);
    let bodies = &mut api.error_bodies;
    let responses = responses_of(context, selected, &request, &mut methods, bodies);
    let (security, scopes) =
        security_requirements(context, spec.security.as_ref(), &selected.pointer, api);
    if let Some(hint) = spec.extensions.get("x-pagination") {
        context.pending.paging_hints.push(PagingHint {
            operation: api.operations.len(),
            hint: hint.clone(),
            pointer: child(&selected.pointer, "x-pagination"),
        });
    }
    let unstable = spec.extensions.get("x-unstable").and_then(|value| match value {
        Value::String(reason) => Some(reason.trim().to_owned()),
        Value::Bool(true) => Some("It may still change.".to_owned()),
        _ => None,
    });
    Some(Operation {
        id: selected.id.clone(),
        pointer: selected.pointer.clone(),
        tag: spec.tags.first().cloned(),
        name,
        former: Vec::new(),
        module,
        request,
        summary: spec.summary.clone(),
        docs: spec.description.clone(),
        deprecated: spec.deprecated,
        unstable,
        method: selected.wire_method.clone(),
        path: path.template,
        servers: operation_servers(context, selected),
        repeatable: is_repeatable(context, selected),
        parameters,
        body,
        output: responses.output,
        accept: responses.accept,
        stream: responses.stream,
        server_output: responses.server_output,
        headers: responses.headers,
        success_statuses: responses.statuses,
        errors: responses.errors,
        error_output: responses.error_output,
        security,
        scopes,
        paging: None,
    })
}

/// Returns whether the method is safe or idempotent (RFC 9110), or the configuration lists the operation.
fn is_repeatable(context: &Context<'_>, selected: &SelectedOperation) -> bool {
    let chosen = &context.config.client.repeatable;
    matches!(
        selected.wire_method.as_str(),
        "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE" | "TRACE" | "QUERY"
    ) || chosen.iter().any(|id| *id.get_ref() == selected.id)
}

fn operation_name(
    context: &mut Context<'_>,
    selected: &SelectedOperation,
    methods: &mut Scope,
) -> Option<Name> {
    match context.options.operations.get(&selected.id) {
        Some(chosen) => {
            let name = Name(usable(chosen));
            if !methods.take(&name.0) {
                let location = context.options.operations.location(&selected.id);
                let message = messages::name_collision(chosen, &selected.id);
                context.diagnostics.report(location, message);
                return None;
            }
            Some(name)
        }
        None if has_slashless_sibling(context, selected) => {
            Some(methods.free_name(&snake_name(&format!("{} slash", selected.id))))
        }
        None if has_lowercase_sibling(context, selected) => {
            Some(methods.free_name(&snake_name(&format!("{} capital", selected.id))))
        }
        None => Some(methods.free_name(&snake_name(&selected.id))),
    }
}

/// Returns whether an operation is named after its path, and the document has the same path in
/// lower case, which would have the same name.
fn has_lowercase_sibling(context: &Context<'_>, selected: &SelectedOperation) -> bool {
    let path = selected.path.to_lowercase();
    let sibling = child(&child("/paths", &path), &selected.method);
    path != selected.path
        && selected.id == SelectedOperation::key(&selected.method, &selected.path)
        && context.document.get(&sibling).is_some()
}

/// Returns whether an operation is named after its path, and the document has the same path without
/// the slash at its end, which would have the same name.
fn has_slashless_sibling(context: &Context<'_>, selected: &SelectedOperation) -> bool {
    let Some(path) = selected.path.strip_suffix('/') else { return false };
    let sibling = child(&child("/paths", path), &selected.method);
    selected.id == SelectedOperation::key(&selected.method, &selected.path)
        && context.document.get(&sibling).is_some()
}
