//! Which operations are generated: those that the configuration names by tag, id or path.

use std::collections::BTreeMap;

use openapiv3::{Operation, Parameter, ReferenceOr};
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use super::webhooks::{self, SelectedWebhook};
use super::{resolve, target, typed};
use crate::config::{Config, report_no_match};
use crate::diagnostic::{Diagnostics, Place, code};
use crate::source::{Document, child};

pub(super) const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The selected operations that can be read, and how many there are in all and were selected.
pub(crate) struct Selection {
    pub(crate) defined: usize,
    pub(crate) selected: usize,
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

/// Reads the operations that the configuration selects; the rest is not looked at.
pub(crate) fn select(
    document: &Document,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Selection {
    let mut filter = Filter::new(config);
    let mut selection =
        Selection { defined: 0, selected: 0, operations: Vec::new(), webhooks: Vec::new() };
    let mut ids = BTreeMap::new();
    for key in document.keys("/paths").filter(|key| !key.starts_with("x-")) {
        let mark = diagnostics.mark();
        let Some(item) = path_item(document, key, diagnostics) else {
            if config.skip_unsupported {
                diagnostics.take_back(mark);
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
            if !filter.takes(Some(path), value) {
                continue;
            }
            selection.selected += 1;
            if path != key {
                let message = format!("`{key}` is taken for `{path}`");
                let place = Place::Pointer(child("/paths", key));
                diagnostics.warning(&code::ODD_PATH, place, message);
            }
            let mark = diagnostics.mark();
            let selected = read(document, path, method, &item, diagnostics);
            if config.skip_unsupported && diagnostics.has_error_since(mark) {
                diagnostics.take_back(mark);
            } else if let Some(mut selected) = selected {
                check_id(&mut ids, &mut selected, diagnostics);
                selection.operations.push(selected);
            }
        }
    }
    let mark = diagnostics.mark();
    let takes = |operation: &Value| filter.takes(None, operation);
    selection.webhooks = webhooks::webhooks(document, takes, diagnostics);
    for SelectedOperation { id, pointer, .. } in &selection.operations {
        selection.webhooks.extend(webhooks::callbacks(document, id, pointer, diagnostics));
    }
    if config.skip_unsupported {
        diagnostics.take_back(mark);
    }
    filter.report(diagnostics);
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
    let id = operation.operation_id.clone().unwrap_or_else(|| format!("{method} {path}"));
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
            diagnostics.error(&code::BAD_SHAPE, Place::pointer(pointer), error.to_string());
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
    let message = format!(
        "{other} and {this} are both `{}`: the latter is called `{apart}` here",
        selected.id
    );
    let place = Place::Pointer(child(&selected.pointer, "operationId"));
    diagnostics.warning(&code::DUPLICATE_OPERATION, place, message);
    selected.id = apart;
}

/// The configuration's selection, and which parts of it have selected something.
struct Filter<'a> {
    config: &'a Config,
    used: Vec<&'a Spanned<String>>,
}

impl<'a> Filter<'a> {
    fn new(config: &'a Config) -> Self {
        Self { config, used: Vec::new() }
    }

    fn takes(&mut self, path: Option<&str>, operation: &Value) -> bool {
        let select = &self.config.select;
        let tags: Vec<&str> =
            operation["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let id = operation["operationId"].as_str();
        let matching: Vec<&Spanned<String>> = [
            select
                .tags
                .iter()
                .filter(|tag| tags.contains(&tag.get_ref().as_str()))
                .collect::<Vec<_>>(),
            select.operations.iter().filter(|name| id == Some(name.get_ref())).collect(),
            select
                .paths
                .iter()
                .filter(|prefix| path.is_some_and(|path| is_under(path, prefix.get_ref())))
                .collect(),
        ]
        .concat();
        let all = select.tags.is_empty() && select.operations.is_empty() && select.paths.is_empty();
        let takes = all || !matching.is_empty();
        self.used.extend(matching);
        takes
    }

    fn report(&self, diagnostics: &mut Diagnostics) {
        let select = &self.config.select;
        let kinds = [
            ("operation with the tag", &select.tags),
            ("operation with the id", &select.operations),
            ("operation under the path", &select.paths),
        ];
        for (what, options) in kinds {
            let unused = |option: &&Spanned<String>| {
                !self.used.iter().any(|used| std::ptr::eq(*used, *option))
            };
            for option in options.iter().filter(unused) {
                report_no_match(what, option, diagnostics);
            }
        }
    }
}

/// Whether a path is another, or lies below it.
fn is_under(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
