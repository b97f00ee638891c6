//! Paths and operations.

use serde_json::{Map, Value, json};

use super::bodies::{BodyParameter, body_kind};
use super::moves::{At, Location};
use super::state::{Upgrade, media_types};
use super::{bodies, parameters, responses, servers};
use crate::spec::structure::Kind;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// Upgrades a path. Its parameters in a body become part of the body of each operation.
pub(super) fn path_item<'a>(upgrade: &mut Upgrade<'a>, value: &Value, at: &At) -> Value {
    let Value::Object(entries) = value else { return value.clone() };
    if let Some(reference) = entries.get("$ref").and_then(Value::as_str) {
        upgrade.refers(at.old.0, reference, Kind::PathItem);
    }
    let mut shared = Vec::new();
    let mut upgraded = Map::new();
    if entries.contains_key("parameters") {
        let parameters = self::parameters(upgrade, value, at, &mut shared);
        upgraded.insert("parameters".to_owned(), parameters);
    }
    for (key, value) in entries.iter().filter(|(key, _)| *key != "parameters") {
        let value = match METHODS.contains(&key.as_str()) {
            true => self::operation(upgrade, value, &at.child(key), &shared),
            false => value.clone(),
        };
        upgraded.insert(key.clone(), value);
    }
    upgraded.into()
}

/// Upgrades an operation of a path with these parameters in a body.
pub(super) fn operation<'a>(
    upgrade: &mut Upgrade<'a>,
    value: &Value,
    at: &At,
    shared: &[BodyParameter<'a>],
) -> Value {
    let Value::Object(entries) = value else { return value.clone() };
    if let Some(reference) = entries.get("$ref").and_then(Value::as_str) {
        upgrade.refers(at.old.0, reference, Kind::Operation);
        return value.clone();
    }
    let lists = |key: &str| media_types(entries.get(key));
    let consumes = lists("consumes").unwrap_or_else(|| upgrade.consumes.clone());
    let produces = lists("produces").unwrap_or_else(|| upgrade.produces.clone());
    let mut own = Vec::new();
    let parameters = self::parameters(upgrade, value, at, &mut own);
    // A parameter of the operation replaces the same one of its path, and its body any other.
    let replaces = |own: &BodyParameter<'_>, shared: &BodyParameter<'_>| {
        own.kind == shared.kind && (own.name() == shared.name() || is_body(own))
    };
    let inherited = shared.iter().filter(|one| !own.iter().any(|own| replaces(own, one)));
    let bodies: Vec<BodyParameter<'a>> = inherited.cloned().chain(own.iter().cloned()).collect();
    let body =
        bodies::request_body(upgrade, &bodies, at.new_child("requestBody"), at.old.0, &consumes);
    let mut upgraded = Map::new();
    for (key, value) in entries {
        match (key.as_str(), value) {
            ("consumes" | "produces" | "schemes", _) => {}
            ("parameters", _) => {
                if parameters != json!([]) {
                    upgraded.insert(key.clone(), parameters.clone());
                }
            }
            ("responses", Value::Object(responses)) => {
                let at = at.child("responses");
                let responses = responses.iter().map(|(status, response)| {
                    let at = at.child(status);
                    let response = match status.starts_with("x-") {
                        true => response.clone(),
                        false => responses::response(upgrade, response, &at, &produces),
                    };
                    (status.clone(), response)
                });
                upgraded.insert(key.clone(), responses.collect::<Map<_, _>>().into());
            }
            _ => drop(upgraded.insert(key.clone(), value.clone())),
        }
    }
    if let Some(body) = body {
        upgraded.insert("requestBody".to_owned(), body);
    }
    if let Some(schemes) = lists("schemes") {
        let at = at.moved("schemes", "servers");
        let servers = servers::servers_of(upgrade, &schemes, &at);
        if !servers.is_empty() {
            upgrade.moves.copied(&at);
            upgraded.insert("servers".to_owned(), servers.into());
        }
    }
    upgraded.into()
}

/// Upgrades a list of parameters. Those in a body are moved to the given list.
fn parameters<'a>(
    upgrade: &mut Upgrade<'a>,
    value: &Value,
    at: &At,
    bodies: &mut Vec<BodyParameter<'a>>,
) -> Value {
    let at = at.child("parameters");
    let items = match value.get("parameters") {
        None => return json!([]),
        Some(Value::Array(items)) => items,
        Some(other) => return other.clone(),
    };
    let mut upgraded = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let listed = at.old_child(i);
        if let Some(body) = self::body_parameter(upgrade, listed) {
            bodies.push(body);
            continue;
        }
        let at = at.moved(i, upgraded.len());
        if at.old != at.new {
            upgrade.moves.moved(&at);
        }
        upgraded.push(parameters::parameter(upgrade, item, &at));
    }
    upgraded.into()
}

/// Returns the parameter at a location if it is part of a body.
fn body_parameter<'a>(upgrade: &Upgrade<'a>, listed: Location) -> Option<BodyParameter<'a>> {
    let (location, value) = upgrade.follow(listed.clone())?;
    let kind = body_kind(value)?;
    Some(BodyParameter { kind, value, location, listed })
}

fn is_body(parameter: &BodyParameter<'_>) -> bool {
    parameter.kind == super::bodies::BodyKind::Body
}
