//! Rules: constraints that no type expresses, as a JSON Schema without references that `validate()`
//! checks on the JSON of a value.

use crate::diagnostics::{Location, messages};
use crate::ir::Shape;
use crate::lower::context::combinations::Source;
use crate::lower::context::state::Context;
use crate::lower::schema::constraints::reader::{
    GENERAL, LISTS, MORE_KEYWORDS, NUMBERS, OBJECTS, Reader, Reason, STRINGS,
};
use crate::select::local_pointer;
use crate::text::child;
use crate::text::pattern::translate;
use openapiv3::AdditionalProperties;
use serde_json::{Map, Value, json};

/// Returns whether the schema at a pointer has constraints that `AnySchema` does not have.
pub(crate) fn has_more_keywords(context: &Context<'_>, pointer: &str) -> bool {
    let schema = context.document.get(pointer).and_then(Value::as_object);
    schema.is_some_and(|schema| MORE_KEYWORDS.iter().any(|key| schema.contains_key(*key)))
}

/// Returns the rules of an object with fields.
pub(crate) fn struct_rules(
    context: &mut Context<'_>,
    sources: &[Source],
    properties: &[&str],
    undeclared: &[String],
) -> Option<String> {
    let mut all = Vec::new();
    if !undeclared.is_empty() {
        all.push(json!({ "required": undeclared }));
    }
    for source in sources {
        all.extend(rules_of(context, source, properties, false, |keyword| match keyword {
            "additionalProperties" | "enum" | "required" => false,
            keyword => GENERAL.contains(&keyword) || OBJECTS.contains(&keyword),
        }));
    }
    all.extend(unevaluated(context, sources, properties));
    joined(all)
}

/// Returns the rules of a value of this shape.
pub(crate) fn shape_rules(
    context: &mut Context<'_>,
    sources: &[Source],
    shape: &Shape,
) -> Option<String> {
    let applies = |keyword: &str| match shape {
        Shape::Json => true,
        Shape::JsonObject | Shape::Map(_) => match keyword {
            "minProperties" | "maxProperties" => false,
            "additionalProperties" => *shape == Shape::JsonObject,
            keyword => GENERAL.contains(&keyword) || OBJECTS.contains(&keyword),
        },
        Shape::List(item) => match keyword {
            // `1` and `1.0` are the same, but not the same JSON.
            "uniqueItems" => item.shape == Shape::Json,
            "contains" => true,
            // More elements of different types than a tuple may have.
            "prefixItems" => item.shape == Shape::Json,
            keyword => GENERAL.contains(&keyword),
        },
        Shape::Tuple(tuple) => match keyword {
            "contains" | "uniqueItems" => true,
            "minItems" | "maxItems" => !tuple.is_exact(),
            keyword => GENERAL.contains(&keyword),
        },
        Shape::Named(_) | Shape::Blob => false,
        _ => GENERAL.contains(&keyword),
    };
    let mut all = Vec::new();
    for source in sources {
        all.extend(rules_of(context, source, &[], *shape == Shape::Json, applies));
    }
    if matches!(shape, Shape::JsonObject | Shape::Map(_)) {
        all.extend(unevaluated(context, sources, &[]));
    }
    joined(all)
}

fn joined(found: Vec<Value>) -> Option<String> {
    let mut all: Vec<Value> = Vec::new();
    for rules in found {
        if !all.contains(&rules) {
            all.push(rules);
        }
    }
    match all.len() {
        0 | 1 => all.pop().map(|rules| rules.to_string()),
        _ => Some(json!({ "allOf": all }).to_string()),
    }
}

/// Returns the rules of one schema. Other schemas of the same value declare properties, too.
fn rules_of(
    context: &mut Context<'_>,
    source: &Source,
    declared: &[&str],
    is_untyped: bool,
    applies: impl Fn(&str) -> bool,
) -> Option<Value> {
    let document = context.document;
    let schema = document.get(&source.pointer)?.as_object()?;
    let is_rule = |keyword: &str| {
        let kinds = [&GENERAL[..], &STRINGS, &NUMBERS, &LISTS, &OBJECTS];
        let is_known = || kinds.iter().any(|keywords| keywords.contains(&keyword));
        keyword != source.omitted
            && keyword != "unevaluatedProperties"
            && (source.alternatives.contains(&keyword) || (applies(keyword) && is_known()))
    };
    let mut rules = Map::new();
    let mut failed = Vec::new();
    for keyword in schema.keys().filter(|key| is_rule(key) && !is_vacuous(schema, key, is_untyped))
    {
        match Reader::new(document).keyword(schema, keyword) {
            Ok(found) => rules.extend(found),
            Err(reason) => failed.push((keyword.clone(), reason)),
        }
    }
    if let Some(Value::Object(names)) = rules.get_mut("properties") {
        names.extend(declared.iter().map(|name| ((*name).to_owned(), Value::Bool(true))));
    }
    // An enum that also lists `null` is nullable.
    if schema.get("nullable") == Some(&Value::Bool(true))
        && let Some(Value::Array(values)) = rules.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    for (keyword, reason) in failed {
        let location = Location::Pointer(child(&source.pointer, &keyword));
        let message = match reason {
            Reason::Pattern(pattern, error) => messages::unsupported_pattern(pattern, error),
            Reason::Unsupported => messages::unsupported_keyword(keyword),
        };
        context.diagnostics.report(location, message);
    }
    (!rules.is_empty()).then_some(Value::Object(rules))
}

/// Returns whether a keyword rejects no value.
fn is_vacuous(schema: &Map<String, Value>, keyword: &str, is_untyped: bool) -> bool {
    match keyword {
        "if" => !schema.contains_key("then") && !schema.contains_key("else"),
        // Otherwise, it is the type of the properties.
        "additionalProperties" if !is_untyped => schema.get(keyword) != Some(&Value::Bool(false)),
        "additionalProperties" => schema.get(keyword) == Some(&Value::Bool(true)),
        "enum" => schema.get(keyword).and_then(Value::as_array).is_some_and(|values| {
            [true, false].iter().all(|value| values.contains(&Value::Bool(*value)))
                && schema.get("type") == Some(&json!("boolean"))
        }),
        "prefixItems" => schema.get(keyword).and_then(Value::as_array).is_some_and(|items| {
            items.iter().all(|item| *item == json!({}) || *item == Value::Bool(true))
        }),
        "uniqueItems" => schema.get(keyword) != Some(&Value::Bool(true)),
        "required" => schema.get(keyword) == Some(&json!([])),
        _ => false,
    }
}

/// Returns the rule of `unevaluatedProperties: false`, which closes an object with the properties of
/// all schemas that describe it.
fn unevaluated(
    context: &mut Context<'_>,
    sources: &[Source],
    properties: &[&str],
) -> Option<Value> {
    let document = context.document;
    let schema = |source: &Source| document.get(&source.pointer)?.as_object();
    let closing = sources.iter().find_map(|source| {
        let limit = schema(source)?.get("unevaluatedProperties")?;
        (*limit != json!({})).then(|| (source.pointer.clone(), limit == &json!({ "not": {} })))
    });
    let (pointer, is_closed) = closing?;
    if is_open_within(context, sources, &pointer) {
        return None;
    }
    let is_open = sources.iter().any(|source| {
        source.omitted == "anyOf"
            || schema(source).is_some_and(|schema| {
                ["if", "dependentSchemas"].iter().any(|key| schema.contains_key(*key))
                    || schema.get("additionalProperties").is_some_and(|it| *it != json!(false))
            })
    });
    if !is_closed || is_open {
        let location = Location::Pointer(child(&pointer, "unevaluatedProperties"));
        context.diagnostics.report(location, messages::unevaluated_properties());
        return None;
    }
    let patterns = sources.iter().filter_map(|source| {
        schema(source)?.get("patternProperties")?.as_object().map(|patterns| patterns.keys())
    });
    let patterns: Map<String, Value> = patterns
        .flatten()
        .filter_map(|pattern| Some((translate(pattern).ok()?, Value::Bool(true))))
        .collect();
    let declared: Map<String, Value> =
        properties.iter().map(|name| ((*name).to_owned(), Value::Bool(true))).collect();
    let mut rules = Map::from_iter([("properties".to_owned(), Value::Object(declared))]);
    if !patterns.is_empty() {
        rules.insert("patternProperties".to_owned(), Value::Object(patterns));
    }
    rules.insert("additionalProperties".to_owned(), Value::Bool(false));
    Some(Value::Object(rules))
}

/// Returns whether all properties are evaluated by a schema within another one.
fn is_open_within(context: &Context<'_>, sources: &[Source], pointer: &str) -> bool {
    let document = context.document;
    let members = document.get(&child(pointer, "allOf")).and_then(Value::as_array);
    let targets = members
        .into_iter()
        .flatten()
        .filter_map(|member| member.get("$ref").and_then(Value::as_str).and_then(local_pointer));
    let targets: Vec<String> = targets.chain([format!("{pointer}/")]).collect();
    sources.iter().any(|source| {
        let evaluates = document.get(&child(&source.pointer, "unevaluatedProperties"));
        evaluates == Some(&json!({}))
            && targets.iter().any(|target| {
                source.pointer == *target
                    || (target.ends_with('/') && source.pointer.starts_with(target.as_str()))
            })
    })
}

/// Returns the schema of the properties that have no field, with its pointer.
///
/// If all of them have the same schema, whatever pattern their name matches, it is their type.
/// Otherwise, they are JSON, and rules check them.
pub(crate) fn additional_of(
    context: &mut Context<'_>,
    declared: Option<&AdditionalProperties>,
    pointer: &str,
) -> Option<(AdditionalProperties, String)> {
    let at_additional = child(pointer, "additionalProperties");
    let document = context.document;
    let schema = document.get(pointer).and_then(Value::as_object);
    let patterns = schema.and_then(|schema| schema.get("patternProperties")?.as_object());
    let Some(patterns) = patterns.filter(|patterns| !patterns.is_empty()) else {
        return Some((declared?.clone(), at_additional));
    };
    let mut values = patterns.values();
    let first = values.next()?;
    let is_same = values.all(|value| value == first);
    let is_typed = match schema.and_then(|schema| schema.get("additionalProperties")) {
        Some(Value::Bool(false)) => is_same,
        Some(other) => is_same && other == first,
        None => false,
    };
    if !is_typed {
        return Some((AdditionalProperties::Any(true), at_additional));
    }
    let name = patterns.keys().next()?;
    let at_first = child(&child(pointer, "patternProperties"), name);
    let value = context.typed(&at_first)?;
    Some((AdditionalProperties::Schema(Box::new(value)), at_first))
}
