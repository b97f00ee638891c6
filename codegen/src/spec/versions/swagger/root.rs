//! The fields of the document itself: servers, components and security schemes.

use serde_json::{Map, Value, json};

use super::bodies::{BodyKind, body_kind};
use super::moves::{At, Location, as_upgraded};
use super::state::{Upgrade, media_types, object_at};
use super::{bodies, operations, parameters, responses, schemas, servers};
use crate::text::child;

/// The version of the upgraded document.
const VERSION: &str = "3.0.3";

/// Upgrades the OpenAPI document.
pub(super) fn root(upgrade: &mut Upgrade<'_>) -> Value {
    let root = upgrade.at(&(0, String::new()));
    let Some(Value::Object(entries)) = root else { return Value::Null };
    let mut upgraded = Map::new();
    upgraded.insert("openapi".to_owned(), VERSION.into());
    upgrade.moves.copied(&At { old: (0, "/swagger".to_owned()), new: (0, "/openapi".to_owned()) });
    for (key, value) in entries {
        match key.as_str() {
            "swagger" | "consumes" | "produces" | "x-ms-paths" => {}
            "host" | "basePath" | "schemes" | "x-ms-parameterized-host" => {
                if !upgraded.contains_key("servers") {
                    self::servers(upgrade, entries, &mut upgraded);
                }
            }
            "paths" | "x-webhooks" => {
                let paths = self::paths(upgrade, key);
                upgraded.insert(key.clone(), paths.into());
            }
            "definitions" | "parameters" | "responses" | "securityDefinitions" => {
                let section = self::section(upgrade, key);
                let components = object_at(&mut upgraded, "components");
                if let (Some((name, entries)), Some(components)) = (section, components) {
                    components.insert(name, entries.into());
                }
            }
            _ => drop(upgraded.insert(key.clone(), value.clone())),
        }
    }
    upgraded.into()
}

/// Returns the entries of a map, which may be a reference to one in a file, and its location.
fn map(upgrade: &Upgrade<'_>, key: &str) -> Option<(Location, Map<String, Value>)> {
    let (location, value) = upgrade.follow((0, child("", key)))?;
    Some((location, value.as_object()?.clone()))
}

fn paths(upgrade: &mut Upgrade<'_>, key: &str) -> Map<String, Value> {
    let mut upgraded = Map::new();
    // Microsoft's paths have a query, and are otherwise as others.
    let sections = if key == "paths" { vec!["paths", "x-ms-paths"] } else { vec![key] };
    for section in sections {
        let Some((location, entries)) = self::map(upgrade, section) else { continue };
        let all = At { old: location.clone(), new: (0, child("", key)) };
        if section == key && all.old != all.new {
            upgrade.moves.moved(&all);
        }
        for (path, item) in entries {
            if upgraded.contains_key(&path) {
                continue;
            }
            let at = all.child(&path);
            if section != key {
                upgrade.moves.moved(&at);
            }
            let mut value = match path.starts_with("x-") {
                true => item,
                false => operations::path_item(upgrade, &item, &at),
            };
            upgrade.rebase(&mut value, location.0, 0);
            upgraded.insert(path, value);
        }
    }
    upgraded
}

/// Upgrades a section of the components. Returns its name in OpenAPI 3.0, and its entries.
fn section(upgrade: &mut Upgrade<'_>, key: &str) -> Option<(String, Map<String, Value>)> {
    let (location, entries) = self::map(upgrade, key)?;
    let pointer = as_upgraded(&child("", key));
    let all = At { old: location.clone(), new: (0, pointer.clone()) };
    upgrade.moves.moved(&all);
    let name = crate::text::pointer::last(&pointer);
    let mut upgraded = Map::new();
    for (name, value) in entries {
        let at = all.child(&name);
        let mut value = match key {
            "definitions" => schemas::schema(upgrade, &value, &at),
            "responses" => responses::response(upgrade, &value, &at, &upgrade.produces.clone()),
            "securityDefinitions" => security_scheme(&value),
            _ => {
                let target = upgrade.follow(at.old.clone()).map(|(_, value)| value);
                match target.and_then(body_kind) {
                    None => parameters::parameter(upgrade, &value, &at),
                    // References to a form are replaced by its properties.
                    Some(BodyKind::Form) => continue,
                    Some(BodyKind::Body) => {
                        if value.get("$ref").is_none() {
                            bodies::shared_body(upgrade, &at.old, &value);
                        }
                        continue;
                    }
                }
            }
        };
        upgrade.rebase(&mut value, location.0, 0);
        upgraded.insert(name, value);
    }
    (!upgraded.is_empty()).then_some((name, upgraded))
}

fn servers(
    upgrade: &mut Upgrade<'_>,
    entries: &Map<String, Value>,
    upgraded: &mut Map<String, Value>,
) {
    let first = ["host", "x-ms-parameterized-host", "basePath", "schemes"];
    let first = first.iter().find(|key| entries.contains_key(**key)).unwrap_or(&"host");
    let at = At { old: (0, child("", first)), new: (0, "/servers".to_owned()) };
    upgrade.moves.copied(&at);
    let schemes = media_types(entries.get("schemes")).unwrap_or_default();
    let schemes_at = At { old: (0, "/schemes".to_owned()), new: at.new.clone() };
    let servers = servers::servers_of(upgrade, &schemes, &schemes_at);
    if !servers.is_empty() {
        upgraded.insert("servers".to_owned(), servers.into());
    }
}

/// Upgrades a security scheme. Unknown ones stay as they are.
fn security_scheme(value: &Value) -> Value {
    let mut upgraded = value.clone();
    let Value::Object(entries) = &mut upgraded else { return upgraded };
    match entries.get("type").and_then(Value::as_str) {
        Some("basic") => {
            entries.insert("type".to_owned(), "http".into());
            entries.insert("scheme".to_owned(), "basic".into());
        }
        Some("oauth2") => {
            let flow = match entries.shift_remove("flow").as_ref().and_then(Value::as_str) {
                Some("accessCode") => "authorizationCode".to_owned(),
                Some("application") => "clientCredentials".to_owned(),
                Some(other) => other.to_owned(),
                None => "implicit".to_owned(),
            };
            let mut of_flow = Map::new();
            for key in ["authorizationUrl", "tokenUrl", "scopes"] {
                of_flow.extend(entries.shift_remove(key).map(|value| (key.to_owned(), value)));
            }
            of_flow.entry("scopes").or_insert_with(|| json!({}));
            entries.insert("flows".to_owned(), json!({ flow: of_flow }));
        }
        _ => {}
    }
    upgraded
}
