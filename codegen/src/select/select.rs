//! Reads the operations that the configuration selects.

use std::collections::BTreeMap;

use openapiv3::{Operation, Parameter, ReferenceOr};
use serde::Deserialize;
use serde_json::Value;

use super::filter::Filter;
use super::webhooks::{self, SelectedWebhook};
use super::{resolve, target, typed};
use crate::config::Config;
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::spec::Document;
use crate::text::child;

pub(crate) const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The selected operations that can be read, and how many there are in all and were selected.
pub(crate) struct Selection {
    pub(crate) defined: usize,
    pub(crate) selected: usize,
    /// The selected operations, those that cannot be read included, as [`SelectedOperation::key`].
    pub(crate) all: Vec<String>,
    pub(crate) operations: Vec<SelectedOperation>,
    /// The webhooks that were selected, and the callbacks of the operations.
    pub(crate) webhooks: Vec<SelectedWebhook>,
}

/// An operation with its parameters, those of its path merged in.
pub(crate) struct SelectedOperation {
    pub(crate) id: String,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) pointer: String,
    pub(crate) operation: Operation,
    pub(crate) parameters: Vec<(Parameter, String)>,
}

impl SelectedOperation {
    /// What tells an operation apart from all others.
    pub(crate) fn key(method: &str, path: &str) -> String {
        format!("{method} {path}")
    }
}

/// Reads the operations that the configuration selects; the rest is not looked at.
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
        let mark = diagnostics.savepoint();
        let Some(item) = path_item(document, key, diagnostics) else {
            if config.skip_unsupported {
                diagnostics.downgrade_since(mark);
            }
            continue;
        };
        let path = &path_of(key);
        for method in METHODS {
            let pointer = child(&item, method);
            let Some(value) = document.get(&pointer) else {
                continue;
            };
            selection.defined += 1;
            if !filter.takes(Some((method, path)), value) {
                continue;
            }
            selection.selected += 1;
            selection.all.push(SelectedOperation::key(method, path));
            if path != key {
                let location = Location::Pointer(child("/paths", key));
                diagnostics.report(location, messages::invalid_path(key, path));
            }
            let mark = diagnostics.savepoint();
            let selected = read(document, path, method, &item, diagnostics);
            if config.skip_unsupported && diagnostics.has_error_since(mark) {
                diagnostics.downgrade_since(mark);
            } else if let Some(mut selected) = selected {
                check_id(&mut ids, &mut selected, diagnostics);
                selection.operations.push(selected);
            }
        }
    }
    let mark = diagnostics.savepoint();
    let takes = |operation: &Value| filter.takes(None, operation);
    selection.webhooks = webhooks::webhooks(document, takes, diagnostics);
    for SelectedOperation { id, pointer, .. } in &selection.operations {
        selection.webhooks.extend(webhooks::callbacks(document, id, pointer, diagnostics));
    }
    if config.skip_unsupported {
        diagnostics.downgrade_since(mark);
    }
    let mark = diagnostics.savepoint();
    filter.report(diagnostics);
    let is_empty = selection.selected == 0 && selection.webhooks.is_empty();
    // What selects nothing was told, and is why.
    if is_empty && selection.defined > 0 && !diagnostics.has_error_since(mark) {
        let message = messages::empty_selection(selection.defined);
        diagnostics.report(Location::Config(0..0), message);
    }
    selection
}

/// The path that a key is: some people leave out the slash at its beginning.
fn path_of(key: &str) -> String {
    if key.starts_with('/') { key.to_owned() } else { format!("/{key}") }
}

/// The pointer of a path item, which may be a reference.
fn path_item(document: &Document, path: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let pointer = child("/paths", path);
    match document.get(&child(&pointer, "$ref")).and_then(Value::as_str) {
        Some(reference) => target(document, reference, &pointer, diagnostics),
        None => Some(pointer),
    }
}

fn read(
    document: &Document,
    path: &str,
    method: &'static str,
    item: &str,
    diagnostics: &mut Diagnostics,
) -> Option<SelectedOperation> {
    let pointer = child(item, method);
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
        // An operation's own parameter stands for one of its path with the same name and place.
        match parameters.iter_mut().find(|(known, _)| identity(known) == identity(&parameter)) {
            Some(known) => *known = (parameter, at),
            None => parameters.push((parameter, at)),
        }
    }
    let id = operation.operation_id.clone().unwrap_or_else(|| SelectedOperation::key(method, path));
    Some(SelectedOperation { id, method, path: path.to_owned(), pointer, operation, parameters })
}

/// The operation at a pointer, without what is read apart from it: `openapiv3` knows no
/// references among callbacks, and servers are often written more loosely than it has them.
fn operation(
    document: &Document,
    pointer: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Operation> {
    const APART: [&str; 2] = ["callbacks", "servers"];
    let entries = document.get(pointer)?.as_object();
    let Some(entries) = entries.filter(|all| APART.iter().any(|key| all.contains_key(*key))) else {
        return typed(document, pointer, diagnostics);
    };
    let rest = entries.iter().filter(|(key, _)| !APART.contains(&key.as_str()));
    let rest: Value = rest.map(|(key, value)| (key.clone(), value.clone())).collect();
    match Operation::deserialize(rest) {
        Ok(operation) => Some(operation),
        Err(error) => {
            diagnostics.report(Location::pointer(pointer), messages::invalid_structure(error));
            None
        }
    }
}

/// What makes two parameters the same.
fn identity(parameter: &Parameter) -> (u8, &str) {
    let place = match parameter {
        Parameter::Path { .. } => 0,
        Parameter::Query { .. } => 1,
        Parameter::Header { .. } => 2,
        Parameter::Cookie { .. } => 3,
    };
    (place, &parameter.parameter_data_ref().name)
}

/// An id that another operation has already gives way to the method and the path, as for
/// operations without one: it is the same whatever else is selected or comes to be there.
fn check_id(
    ids: &mut BTreeMap<String, String>,
    selected: &mut SelectedOperation,
    diagnostics: &mut Diagnostics,
) {
    let this = format!("{} {}", selected.method.to_uppercase(), selected.path);
    let Some(other) = ids.get(&selected.id) else {
        ids.insert(selected.id.clone(), this);
        return;
    };
    let apart = format!("{} {}", selected.method, selected.path);
    let location = Location::Pointer(child(&selected.pointer, "operationId"));
    let message = messages::duplicate_operation_id(other, this, &selected.id, &apart);
    diagnostics.report(location, message);
    selected.id = apart;
}
