//! Responses: their schema becomes that of each media type that the operation produces.

use serde_json::{Map, Value, json};

use super::moves::At;
use super::state::Upgrade;
use super::{parameters, schemas};
use crate::diagnostics::messages;
use crate::spec::structure::Kind;
use crate::text::media_type::without_parameters;

/// Upgrades a response of an operation that produces these media types.
pub(super) fn response(
    upgrade: &mut Upgrade<'_>,
    value: &Value,
    at: &At,
    produces: &[String],
) -> Value {
    let Value::Object(entries) = value else { return value.clone() };
    if let Some(reference) = entries.get("$ref").and_then(Value::as_str) {
        return self::shared_response(upgrade, value, reference, at, produces);
    }
    let mut upgraded = Map::new();
    for (key, value) in entries {
        match (key.as_str(), value) {
            ("headers", Value::Object(headers)) => {
                let at = at.child("headers");
                let headers = headers.iter().map(|(name, header)| {
                    (name.clone(), parameters::header(upgrade, header, &at.child(name)))
                });
                upgraded.insert("headers".to_owned(), headers.collect::<Map<_, _>>().into());
            }
            ("schema", schema) => {
                let examples = entries.get("examples");
                let content = self::content(upgrade, schema, examples, at, produces);
                upgraded.insert("content".to_owned(), content.into());
            }
            ("examples", _) => {}
            _ => drop(upgraded.insert(key.clone(), value.clone())),
        }
    }
    if !entries.contains_key("schema")
        && let Some(Value::Object(examples)) = entries.get("examples")
        && !examples.is_empty()
    {
        // Without a schema, only examples show that there is a body.
        let content = examples.iter().map(|(media_type, example)| {
            let at = at.moved("examples", "content").child(media_type.as_str());
            upgrade.moves.copied(&At { old: at.old.clone(), new: at.new_child("example") });
            (media_type.clone(), json!({ "example": example }))
        });
        upgraded.insert("content".to_owned(), content.collect::<Map<_, _>>().into());
    }
    upgraded.into()
}

fn content(
    upgrade: &mut Upgrade<'_>,
    schema: &Value,
    examples: Option<&Value>,
    at: &At,
    produces: &[String],
) -> Map<String, Value> {
    let media_types = match produces {
        [] if schemas::is_binary(upgrade, schema, at.old.0) => {
            vec!["application/octet-stream".to_owned()]
        }
        [] => vec!["application/json".to_owned()],
        produces => produces.to_vec(),
    };
    let media_types = upgrade.copied_to(schema, media_types);
    let content = at.moved("examples", "content");
    let mut examples = examples.and_then(Value::as_object).cloned().unwrap_or_default();
    // Messages about the schema follow its first copy.
    for media_type in &media_types {
        let media = At { old: at.old.clone(), new: content.new_child(media_type) };
        upgrade.moves.copied(&media);
        upgrade.moves.moved(&media.child("schema"));
    }
    let upgraded = schemas::schema(upgrade, schema, &at.child("schema"));
    let mut upgraded_content = Map::new();
    for media_type in media_types {
        let media = At { old: at.old.clone(), new: content.new_child(&media_type) };
        let mut entry = json!({ "schema": upgraded });
        let is_own = |key: &String| without_parameters(key) == without_parameters(&media_type);
        if let Some(key) = examples.keys().find(|key| is_own(key)).cloned() {
            let at = At { old: content.old_child(&key), new: media.new_child("example") };
            upgrade.moves.copied(&at);
            entry["example"] = examples.shift_remove(&key).unwrap_or_default();
        }
        upgraded_content.insert(media_type, entry);
    }
    // Usually errors, which are JSON whatever the operation produces.
    for (media_type, example) in examples.iter().filter(|(key, _)| !key.starts_with("x-")) {
        let media = At { old: content.old_child(media_type), new: content.new_child(media_type) };
        upgrade.moves.copied(&media);
        upgrade.moves.copied(&At { old: at.old_child("schema"), new: media.new_child("schema") });
        upgraded_content
            .insert(media_type.clone(), json!({ "schema": upgraded, "example": example }));
        upgrade.note(&media, messages::example_of_other_media_type(media_type));
    }
    upgraded_content
}

/// Keeps a reference to a shared response, unless the operation produces other media types than
/// others do.
fn shared_response(
    upgrade: &mut Upgrade<'_>,
    value: &Value,
    reference: &str,
    at: &At,
    produces: &[String],
) -> Value {
    let target = upgrade.resolve(at.old.0, reference).and_then(|target| upgrade.follow(target));
    let schema = target.as_ref().and_then(|(_, response)| response.get("schema"));
    let (Some((target, response)), Some(schema)) = (&target, schema) else {
        upgrade.refers(at.old.0, reference, Kind::Response);
        return value.clone();
    };
    if produces == upgrade.produces {
        upgrade.refers(at.old.0, reference, Kind::Response);
        return value.clone();
    }
    if !upgrade.budget.take(response, 1) {
        return value.clone();
    }
    // The copy has the same types, and media types of its own.
    let copy = At { old: target.clone(), new: at.new.clone() };
    upgrade.moves.copied(&copy);
    let mut upgraded = self::response(upgrade, response, &copy, produces);
    upgrade.rebase(&mut upgraded, target.0, at.old.0);
    if target.0 == 0 && has_type(schema) {
        let media_type = upgrade.produces.first().map_or("application/json", String::as_str);
        let schema = ["content", media_type, "schema"];
        let pointer = schema
            .iter()
            .fold(upgrade.moves.target(target).1, |pointer, key| crate::text::child(&pointer, key));
        let shared = upgrade.reference(at.old.0, &(0, pointer));
        set_schemas(&mut upgraded, &json!({ "$ref": shared }));
    }
    upgraded
}

/// Returns whether a schema becomes a type with a name.
pub(super) fn has_type(schema: &Value) -> bool {
    let keys = ["properties", "enum", "oneOf", "anyOf", "allOf"];
    schema.get("$ref").is_none() && keys.iter().any(|key| schema.get(key).is_some())
}

/// Replaces the schemas of all media types.
pub(super) fn set_schemas(value: &mut Value, schema: &Value) {
    let content = value.get_mut("content").and_then(Value::as_object_mut);
    for (_, media) in content.into_iter().flatten() {
        media["schema"] = schema.clone();
    }
}
