//! Selected operations.

use std::collections::BTreeMap;

use openapiv3::{Operation, Parameter, ReferenceOr};
use serde::Deserialize;
use serde_json::Value;

use super::filter::Filter;
use super::methods::{Method, item_of, methods_of};
use super::resolve::{object_at, resolve, typed};
use super::webhooks::{self, SelectedWebhook};
use crate::config::Config;
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::spec::Document;
use crate::text::child;

/// The selected operations and webhooks.
pub(crate) struct Selection {
    /// Number of operations in the document.
    pub(crate) defined: usize,
    /// Number of selected operations, including invalid ones.
    pub(crate) selected: usize,
    /// Selected operations, including invalid ones, as [`SelectedOperation::key`].
    pub(crate) all: Vec<String>,
    pub(crate) operations: Vec<SelectedOperation>,
    /// Selected webhooks, and callbacks of the operations.
    pub(crate) webhooks: Vec<SelectedWebhook>,
}

/// An operation with its parameters, including those of its path item.
pub(crate) struct SelectedOperation {
    pub(crate) id: String,
    /// Its key in the path item: in lower case, or the name of an additional method.
    pub(crate) method: String,
    /// The method as it is sent.
    pub(crate) wire_method: String,
    pub(crate) path: String,
    pub(crate) pointer: String,
    pub(crate) operation: Operation,
    pub(crate) parameters: Vec<(Parameter, String)>,
}

impl SelectedOperation {
    /// Returns the key that identifies an operation.
    pub(crate) fn key(method: &str, path: &str) -> String {
        format!("{method} {path}")
    }

    /// Returns the pointer of its path item.
    pub(crate) fn item(&self) -> &str {
        item_of(&self.pointer)
    }
}

/// Reads the operations that the configuration selects. Other operations are not checked.
pub(crate) fn select(
    document: &Document,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Selection {
    let mut filter = Filter::new(config);
    let mut selection = Selection {
        defined: 0,
        selected: 0,
        all: Vec::new(),
        operations: Vec::new(),
        webhooks: Vec::new(),
    };
    let mut ids = BTreeMap::new();
    for key in document.keys("/paths").filter(|key| !key.starts_with("x-")) {
        let savepoint = diagnostics.savepoint();
        let Some(item) = object_at(document, &child("/paths", key), diagnostics) else {
            if config.skip_unsupported {
                diagnostics.downgrade_since(savepoint);
            }
            continue;
        };
        let path = &path_of(key);
        for method in methods_of(document, &item, diagnostics) {
            let Some(value) = document.get(&method.pointer) else {
                continue;
            };
            selection.defined += 1;
            if !filter.selects(Some((&method.wire, path)), value) {
                continue;
            }
            selection.selected += 1;
            selection.all.push(SelectedOperation::key(&method.key, path));
            if path != key {
                let location = Location::Pointer(child("/paths", key));
                diagnostics.report(location, messages::invalid_path(key, path));
            }
            let savepoint = diagnostics.savepoint();
            let selected = read(document, path, method, &item, diagnostics);
            if config.skip_unsupported && diagnostics.has_error_since(savepoint) {
                diagnostics.downgrade_since(savepoint);
            } else if let Some(mut selected) = selected {
                check_id(&mut ids, &mut selected, diagnostics);
                selection.operations.push(selected);
            }
        }
    }
    let savepoint = diagnostics.savepoint();
    let is_selected = |operation: &Value| filter.selects(None, operation);
    selection.webhooks = webhooks::webhooks(document, is_selected, diagnostics);
    for SelectedOperation { id, pointer, .. } in &selection.operations {
        selection.webhooks.extend(webhooks::callbacks(document, id, pointer, diagnostics));
    }
    if config.skip_unsupported {
        diagnostics.downgrade_since(savepoint);
    }
    let savepoint = diagnostics.savepoint();
    filter.report(diagnostics);
    let is_empty = selection.selected == 0 && selection.webhooks.is_empty();
    // An option that matches nothing was reported, and is the reason.
    if is_empty && selection.defined > 0 && !diagnostics.has_error_since(savepoint) {
        let message = messages::empty_selection(selection.defined);
        diagnostics.report(Location::Config(0..0), message);
    }
    selection
}

/// Returns the path of a key. Some documents omit the leading slash.
fn path_of(key: &str) -> String {
    if key.starts_with('/') { key.to_owned() } else { format!("/{key}") }
}

fn read(
    document: &Document,
    path: &str,
    Method { key: method, wire, pointer }: Method,
    item: &str,
    diagnostics: &mut Diagnostics,
) -> Option<SelectedOperation> {
    let operation = operation(document, &pointer, diagnostics)?;
    let shared_pointer = child(item, "parameters");
    let shared: Vec<ReferenceOr<Parameter>> = match document.get(&shared_pointer) {
        Some(_) => typed(document, &shared_pointer, diagnostics)?,
        None => Vec::new(),
    };
    let own_pointer = child(&pointer, "parameters");
    let own =
        operation.parameters.iter().cloned().enumerate().map(|(i, p)| (p, child(&own_pointer, i)));
    let shared = shared.into_iter().enumerate().map(|(i, p)| (p, child(&shared_pointer, i)));
    let mut parameters: Vec<(Parameter, String)> = Vec::new();
    for (parameter, at) in shared.chain(own) {
        let Some((parameter, at)) = resolve(document, parameter, &at, diagnostics) else {
            continue;
        };
        // A parameter of the operation replaces one of its path with the same name and location.
        match parameters.iter_mut().find(|(known, _)| identity(known) == identity(&parameter)) {
            Some(known) => *known = (parameter, at),
            None => parameters.push((parameter, at)),
        }
    }
    let id =
        operation.operation_id.clone().unwrap_or_else(|| SelectedOperation::key(&method, path));
    Some(SelectedOperation {
        id,
        method,
        wire_method: wire,
        path: path.to_owned(),
        pointer,
        operation,
        parameters,
    })
}

/// Returns the operation at a pointer without the fields that are read separately: `openapiv3` does
/// not support references in callbacks, and rejects many common forms of servers.
fn operation(
    document: &Document,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Operation> {
    const SEPARATE: [&str; 2] = ["callbacks", "servers"];
    // Only a reference without a target was not replaced.
    object_at(document, pointer, diagnostics).filter(|at| at == pointer)?;
    let entries = document.get(pointer)?.as_object();
    let Some(entries) = entries.filter(|all| SEPARATE.iter().any(|key| all.contains_key(*key)))
    else {
        return typed(document, pointer, diagnostics);
    };
    let rest = entries.iter().filter(|(key, _)| !SEPARATE.contains(&key.as_str()));
    let rest: Value = rest.map(|(key, value)| (key.clone(), value.clone())).collect();
    // Callbacks are read separately, too.
    for key in entries.keys().filter(|key| *key != "callbacks") {
        for (at, message) in document.recovered(&child(pointer, key)) {
            diagnostics.report(Location::Pointer(at), message);
        }
    }
    match Operation::deserialize(rest) {
        Ok(operation) => Some(operation),
        Err(error) => {
            diagnostics.report(Location::pointer(pointer), messages::invalid_structure(error));
            None
        }
    }
}

/// Returns the location and name, which identify a parameter.
fn identity(parameter: &Parameter) -> (u8, &str) {
    let location = match parameter {
        Parameter::Path { .. } => 0,
        Parameter::Query { .. } => 1,
        Parameter::Header { .. } => 2,
        Parameter::Cookie { .. } => 3,
    };
    (location, &parameter.parameter_data_ref().name)
}

/// Replaces a duplicate id by the method and path, as for operations without an id. This name does
/// not depend on which other operations exist or are selected.
fn check_id(
    ids: &mut BTreeMap<String, String>,
    selected: &mut SelectedOperation,
    diagnostics: &mut Diagnostics,
) {
    let this = format!("{} {}", selected.wire_method, selected.path);
    let Some(other) = ids.get(&selected.id) else {
        ids.insert(selected.id.clone(), this);
        return;
    };
    let unique = format!("{} {}", selected.method, selected.path);
    let location = Location::Pointer(child(&selected.pointer, "operationId"));
    let message = messages::duplicate_operation_id(other, this, &selected.id, &unique);
    diagnostics.report(location, message);
    selected.id = unique;
}
