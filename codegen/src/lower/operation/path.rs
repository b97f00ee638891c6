//! Paths of operations: their braces, and the parameters that replace them.
//!
//! Real documents use more syntax in paths than OpenAPI allows. `{path+}` spans several segments,
//! `{id:\d+}` restricts the value, `{?a,b}` repeats query parameters, and a `#` only separates
//! operations with the same path. After a `?` comes a query: `action=list` is always sent, and
//! `id={id}` is a query parameter, whatever location it declares. All of these are supported. If
//! the names in braces and the parameters do not match, a warning reports how they are interpreted.

use crate::config::Target;
use crate::diagnostics::{Location, messages};
use crate::lower::context::state::Context;
use crate::select::SelectedOperation;
use openapiv3::Parameter as SpecParameter;
use std::collections::BTreeMap;

/// The path of an operation as it is sent.
pub(crate) struct Path {
    /// The path with parameter names in braces, and its query: the constant entries and the
    /// required parameters.
    pub(crate) template: String,
    /// The braces in it.
    pub(crate) slots: Vec<Slot>,
}

/// A pair of braces in a path.
pub(crate) struct Slot {
    /// The name in the braces or, in the query, before them.
    pub(crate) wire: String,
    /// The index of the parameter that replaces it; absent if none is declared.
    pub(crate) parameter: Option<usize>,
    /// Whether it spans several segments.
    pub(crate) is_segments: bool,
    /// Whether it is in the query of the path.
    pub(crate) is_query: bool,
}

/// A piece of a path.
enum Piece<'p> {
    Literal(&'p str),
    Braces(&'p str),
}

/// Warns of operations with the same method and path shape: a server dispatches all such requests
/// to the first of them.
pub(crate) fn report_shadowed(context: &mut Context<'_>, selected: &[SelectedOperation]) {
    if matches!(context.config.layout.target, Target::Client) {
        return;
    }
    let mut known = BTreeMap::new();
    for operation in selected {
        let key = (&operation.wire_method, shape(&operation.path));
        if let Some(first) = known.get(&key) {
            let location = Location::pointer(&operation.pointer);
            let message = messages::conflicting_paths(first, &operation.id);
            context.diagnostics.report(location, message);
        } else {
            known.insert(key, operation.id.clone());
        }
    }
}

/// Parses the path of an operation.
pub(crate) fn operation_path(context: &mut Context<'_>, selected: &SelectedOperation) -> Path {
    let full_path = selected.path.split('#').next().unwrap_or_default();
    let mut path = Path { template: String::new(), slots: Vec::new() };
    let before = split_outside(full_path, '?').next().unwrap_or_default();
    for piece in pieces(before) {
        match piece {
            Piece::Literal(literal) => path.template.push_str(literal),
            // Query parameters are added where they have a value.
            Piece::Braces(names) if names.starts_with(['?', '&']) => {
                check_query(context, selected, names);
            }
            Piece::Braces(name) => {
                let slot = slot(selected, name);
                path.template.push_str(&format!("{{{}}}", slot.wire));
                if !path.slots.iter().any(|known| known.wire == slot.wire) {
                    path.slots.push(slot);
                }
            }
        }
    }
    let query = split_outside(full_path.get(before.len() + 1..).unwrap_or_default(), '&');
    let query = query.filter_map(|entry| query_entry(context, selected, entry, &mut path));
    let query = query.collect::<Vec<_>>().join("&");
    if !query.is_empty() {
        path.template.extend(["?", &query]);
    }
    match_misspelled(context, selected, &mut path);
    report_unfilled(context, selected, &path);
    path
}

/// Parses an entry of the path's query. Returns it if every request has it.
fn query_entry(
    context: &mut Context<'_>,
    selected: &SelectedOperation,
    entry: &str,
    path: &mut Path,
) -> Option<String> {
    let (mut pattern, mut names) = (String::new(), Vec::new());
    for piece in pieces(entry) {
        match piece {
            Piece::Literal(piece) => pattern.push_str(piece),
            Piece::Braces(more) if more.starts_with(['?', '&']) => {
                check_query(context, selected, more);
            }
            Piece::Braces(name) => {
                pattern.push_str(&format!("{{{name}}}"));
                names.push(name);
            }
        }
    }
    let Some(name) = names.first() else {
        return Some(pattern).filter(|pattern| !pattern.is_empty());
    };
    let key = pattern.split_once("={").map(|(key, _)| key).filter(|key| !key.contains('{'));
    let wire = key.filter(|key| pattern == format!("{key}={{{name}}}"));
    let parameter = wire.and_then(|wire| in_query(selected, name, wire));
    let is_taken = path.slots.iter().any(|slot| {
        let is_same = slot.is_query && wire == Some(slot.wire.as_str());
        is_same || parameter.is_some() && slot.parameter == parameter
    });
    let Some(wire) = wire.filter(|_| !is_taken) else {
        let location = Location::pointer(&selected.pointer);
        context.diagnostics.report(location, messages::unsupported_path_query(pattern));
        return None;
    };
    let wire = wire.to_owned();
    let declared = parameter.and_then(|at| selected.parameters.get(at));
    let is_required = declared.is_none_or(|(parameter, _)| {
        matches!(parameter, SpecParameter::Path { .. }) || parameter.parameter_data_ref().required
    });
    let entry = is_required.then(|| format!("{wire}={{{wire}}}"));
    path.slots.push(Slot { wire, parameter, is_segments: false, is_query: true });
    entry
}

/// Warns of names in `{?a,b}` that are not query parameters.
fn check_query(context: &mut Context<'_>, selected: &SelectedOperation, names: &str) {
    let names = names.trim_start_matches(['?', '&']).split(',');
    for name in names.map(|name| name.trim().trim_end_matches('*')) {
        let is_there = selected.parameters.iter().any(|(parameter, _)| {
            matches!(parameter, SpecParameter::Query { .. })
                && parameter.parameter_data_ref().name == name
        });
        if !is_there {
            let location = Location::pointer(&selected.pointer);
            context.diagnostics.report(location, messages::missing_query_parameter(name));
        }
    }
}

/// Matches names that differ only in case or punctuation.
fn match_misspelled(context: &mut Context<'_>, selected: &SelectedOperation, path: &mut Path) {
    let plain = |name: &str| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    for i in 0..path.slots.len() {
        if path.slots[i].parameter.is_some() {
            continue;
        }
        let wanted = plain(&path.slots[i].wire);
        let free = |at: &usize| !path.slots.iter().any(|slot| slot.parameter == Some(*at));
        let found = in_path(selected)
            .find(|(at, name)| free(at) && !wanted.is_empty() && plain(name) == wanted);
        if let Some((at, name)) = found {
            let message = messages::matched_path_parameter(name, &path.slots[i].wire);
            path.slots[i].parameter = Some(at);
            let location = Location::pointer(&selected.parameters[at].1);
            context.diagnostics.report(location, message);
        }
    }
}

fn report_unfilled(context: &mut Context<'_>, selected: &SelectedOperation, path: &Path) {
    for slot in path.slots.iter().filter(|slot| slot.parameter.is_none()) {
        let message = match slot.is_query {
            true => messages::undeclared_query_parameter(&slot.wire),
            false => messages::undeclared_path_parameter(&slot.wire),
        };
        context.diagnostics.report(Location::pointer(&selected.pointer), message);
    }
    for (at, name) in in_path(selected) {
        if !path.slots.iter().any(|slot| slot.parameter == Some(at)) {
            let location = Location::pointer(&selected.parameters[at].1);
            let message = messages::unused_path_parameter(&selected.path, name);
            context.diagnostics.report(location, message);
        }
    }
}

/// Returns the path with parameter names removed. Two paths with the same shape match the same
/// requests.
fn shape(path: &str) -> String {
    let mut shape = String::new();
    for piece in pieces(path.split('#').next().unwrap_or_default()) {
        match piece {
            Piece::Literal(literal) => shape.push_str(literal),
            Piece::Braces(name) if name.starts_with(['?', '&']) => {}
            Piece::Braces(name) if name.ends_with('+') => shape.push_str("{+}"),
            Piece::Braces(_) => shape.push_str("{}"),
        }
    }
    shape
}

/// Returns the path parameters with their indexes.
fn in_path(selected: &SelectedOperation) -> impl Iterator<Item = (usize, &str)> {
    let all = selected.parameters.iter().enumerate();
    all.filter(|(_, (parameter, _))| matches!(parameter, SpecParameter::Path { .. }))
        .map(|(at, (parameter, _))| (at, parameter.parameter_data_ref().name.as_str()))
}

/// Returns the parameter for an entry of the path's query: by the name in its braces, or else by
/// the key.
fn in_query(selected: &SelectedOperation, name: &str, wire: &str) -> Option<usize> {
    let find = |name: &str| {
        selected.parameters.iter().position(|(parameter, _)| {
            matches!(parameter, SpecParameter::Query { .. })
                && parameter.parameter_data_ref().name == name
        })
    };
    let by_name = in_path(selected).find(|(_, other)| *other == name).map(|(at, _)| at);
    by_name.or_else(|| find(name)).or_else(|| find(wire))
}

/// Parses the content of braces: a parameter name, possibly with modifiers.
fn slot(selected: &SelectedOperation, content: &str) -> Slot {
    let parameter = |name: &str| in_path(selected).find(|(_, n)| *n == name).map(|(at, _)| at);
    let is_segments = content.ends_with(['+', '*']) || content.starts_with('+');
    if let Some(at) = parameter(content) {
        return Slot {
            wire: content.to_owned(),
            parameter: Some(at),
            is_segments,
            is_query: false,
        };
    }
    // The name alone, without the pattern of `{id:\d+}`.
    let name = content.split(':').next().unwrap_or_default().trim_matches(['+', '*', ' ']);
    let is_segments = is_segments && !content.contains(':');
    let wire = if is_segments { format!("{name}+") } else { name.to_owned() };
    Slot { parameter: parameter(name), wire, is_segments, is_query: false }
}

/// Splits a path at a separator, except within braces.
fn split_outside(path: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    path.split(move |c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == separator && depth == 0
    })
}

/// Splits a path into literals and braces. Nested braces, as in patterns, belong to the outer ones.
fn pieces(path: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let mut depth = 1;
        let end = after.char_indices().find(|(_, c)| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0
        });
        let Some((end, _)) = end else { break };
        pieces.push(Piece::Literal(before));
        pieces.push(Piece::Braces(&after[..end]));
        rest = &after[end + 1..];
    }
    pieces.push(Piece::Literal(rest));
    pieces
}
