//! The census of schemas whose values stay JSON without a type of their own.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::super::stack::with_large_stack;
use crate::diagnostics::{Diagnostics, Position};
use crate::ir::{Api, Shape, Type, TypeKind};
use crate::lower::{TypeUses, lower_with_uses};
use crate::spec::{Document, Input};
use crate::text::child;
use crate::text::pointer::{last, parent};
use crate::{select, spec};

/// The schemas of a document whose values stay JSON without a type of their own.
#[derive(Clone, Debug, Serialize)]
pub struct Census {
    /// The number of schemas and parts of schemas whose types were examined.
    pub examined: usize,
    /// The number of locations for each reason.
    pub counts: BTreeMap<UntypedReason, usize>,
    /// The locations, sorted by pointer.
    pub locations: Vec<Untyped>,
}

/// A location whose values stay JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Untyped {
    /// JSON pointer of the schema, or of the media type without one, in the merged document.
    pub pointer: String,
    /// Its position in the input.
    pub position: Option<Position>,
    /// The type in Rust: `Json`, `JsonObject` or `Vec<Json>`.
    #[serde(rename = "type")]
    pub ty: &'static str,
    /// The reason.
    pub reason: UntypedReason,
    /// What would have to change for another type.
    pub blame: Blame,
}

/// What would have to change, so that a location gets a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// The document: it allows any value, or contradicts itself.
    Document,
    /// The configuration, with the option `exact-types`.
    Configuration,
    /// The generator: the document restricts the values, but the type does not.
    Generator,
}

/// The reason why values stay JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UntypedReason {
    /// The schema allows any value.
    AnyValue,
    /// The schema has constraints, but no type.
    NoType,
    /// An object without properties.
    FreeFormObject,
    /// An object whose properties can be anything.
    AnyProperties,
    /// An array without `items`.
    NoItems,
    /// A media type or a parameter without a schema.
    NoSchema,
    /// A reference without a target.
    UnresolvedReference,
    /// A type that JSON Schema does not have.
    UnknownType,
    /// Members of `allOf`, or a schema and its alternatives, that no value fulfils together.
    Contradiction,
    /// An alternative allows any value, and so the union does.
    AnyAlternative,
    /// A reference that leads back to itself, without anything else.
    CircularReference,
    /// The option `exact-types`: without a type, values of all types are valid.
    ExactTypes,
    /// An `enum` of objects or arrays. `validate()` checks them.
    StructuredEnum,
    /// Properties by a pattern of their names.
    PatternProperties,
    /// An array of more known elements than a tuple has.
    LongTuple,
    /// Anything else.
    Other,
}

impl UntypedReason {
    /// Returns what would have to change.
    #[must_use]
    pub fn blame(self) -> Blame {
        match self {
            Self::StructuredEnum | Self::PatternProperties | Self::LongTuple | Self::Other => {
                Blame::Generator
            }
            Self::ExactTypes => Blame::Configuration,
            _ => Blame::Document,
        }
    }

    /// Returns the reason in words, as the end of a sentence that starts with the schema.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AnyValue => "allows any value",
            Self::NoType => "has constraints, but no type",
            Self::FreeFormObject => "is an object without properties",
            Self::AnyProperties => "is an object with any properties",
            Self::NoItems => "is an array without `items`",
            Self::NoSchema => "has no schema",
            Self::UnresolvedReference => "refers to nothing",
            Self::UnknownType => "has an unknown type",
            Self::Contradiction => "contradicts itself",
            Self::AnyAlternative => "has an alternative that allows any value",
            Self::CircularReference => "refers only to itself",
            Self::ExactTypes => "has no type, with `exact-types`",
            Self::StructuredEnum => "is an enum of objects or arrays",
            Self::PatternProperties => "has properties by pattern",
            Self::LongTuple => "has more known elements than a tuple",
            Self::Other => "has no type in Rust",
        }
    }
}

/// Lists the schemas of the selected operations whose values stay JSON, each with the reason.
/// Unsupported operations are skipped with a warning, regardless of the configuration.
///
/// # Errors
/// Returns an error if no part of the document can be read, or if the configuration is invalid.
///
/// ```
/// let spec = r#"
/// openapi: 3.0.3
/// info: { title: Clock, version: "1" }
/// paths:
///   /time:
///     get:
///       operationId: getTime
///       responses:
///         "200":
///           description: The current time.
///           content: { application/json: { schema: { type: object } } }
/// "#;
/// let input = specwright::Input::new(specwright::Source::new("clock.yaml", spec), Default::default());
/// let (census, _) = specwright::untyped(&input).expect("a valid document");
/// assert_eq!(census.locations[0].reason, specwright::UntypedReason::FreeFormObject);
/// assert_eq!(census.locations[0].position.as_ref().map(|at| at.line), Some(11));
/// ```
pub fn untyped(input: &Input) -> Result<(Census, Diagnostics), Diagnostics> {
    with_large_stack(input, || untyped_here(input))
}

fn untyped_here(input: &Input) -> Result<(Census, Diagnostics), Diagnostics> {
    let mut input = input.clone();
    input.config.skip_unsupported = true;
    let mut diagnostics = input.diagnostics();
    let document = spec::load(&input, &mut diagnostics);
    let document = diagnostics.checkpoint(document)?;
    let selection = select::select(&document, &input.config, &mut diagnostics);
    let (api, uses) = lower_with_uses(
        &document,
        selection,
        &input.config,
        &mut diagnostics,
        TypeUses::recorded(),
    );
    let api = diagnostics.checkpoint(Some(api))?;
    let found = found(&document, &api, &uses);
    let pointers: Vec<&str> = found.keys().copied().collect();
    let positions = diagnostics.positions(&pointers);
    let locations: Vec<Untyped> = found
        .into_iter()
        .zip(positions)
        .map(|((pointer, ty), position)| {
            let reason = reason(&document, pointer, input.config.exact_types);
            let pointer = pointer.to_owned();
            Untyped { pointer, position, ty, reason, blame: reason.blame() }
        })
        .collect();
    let mut counts = BTreeMap::new();
    for location in &locations {
        *counts.entry(location.reason).or_default() += 1;
    }
    let examined = uses.recorded_types().count() + api.types.len();
    Ok((Census { examined, counts, locations }, diagnostics))
}

/// Returns the pointers of all schemas whose type is JSON, each with that type.
fn found<'a>(
    document: &Document,
    api: &'a Api,
    uses: &'a TypeUses,
) -> BTreeMap<&'a str, &'static str> {
    let named = api.types.iter().filter(|def| def.replaced.is_none());
    let named = named.filter_map(|def| match &def.kind {
        TypeKind::Alias(ty) => Some((def.pointer.as_str(), ty)),
        _ => None,
    });
    let all = uses.recorded_types().chain(named);
    let untyped = all.filter_map(|(at, ty)| Some((at, untyped_name(document, at, ty)?)));
    let found: BTreeMap<&str, &str> = untyped.collect();
    // The values of a map of anything are a part of it, and undeclared properties of a struct are kept.
    let is_within = |pointer: &str| {
        let holder = parent(parent(pointer));
        // Of an alternative and `null`, one member remains, which is the schema itself.
        let is_only = ["allOf", "anyOf", "oneOf"].iter().any(|keyword| {
            pointer.strip_prefix(holder) == Some(format!("/{keyword}/0").as_str())
                && document.get(&child(&child(holder, keyword), 1)).is_none()
        });
        if is_only && found.contains_key(holder) {
            return true;
        }
        last(pointer) == "additionalProperties"
            && (found.get(parent(pointer)).is_some_and(|ty| *ty == "JsonObject")
                || document.get(&child(parent(pointer), "properties")).is_some())
    };
    let is_listed = |pointer: &str| is_within(pointer) || is_only_reference(document, pointer);
    found.iter().filter(|(at, _)| !is_listed(at)).map(|(at, ty)| (*at, *ty)).collect()
}

/// Returns whether a schema is only a reference, or one next to `null`. Its target is listed instead.
fn is_only_reference(document: &Document, pointer: &str) -> bool {
    let mut at = pointer.to_owned();
    let mut seen = BTreeSet::new();
    let mut is_reference = false;
    while seen.insert(at.clone()) {
        let Some(schema) = document.get(&at) else { return false };
        let target = schema.get("$ref").and_then(Value::as_str).and_then(select::local_pointer);
        at = match (target, only_member(schema)) {
            (Some(target), _) => {
                is_reference = true;
                target
            }
            (None, Some(keyword)) => child(&child(&at, keyword), 0),
            (None, None) => return is_reference,
        };
    }
    // A circular reference has no target.
    false
}

/// Returns the keyword of a schema that consists of one member.
fn only_member(schema: &Value) -> Option<&'static str> {
    let is_only = |keyword: &&str| {
        let members = schema.get(*keyword).and_then(Value::as_array);
        members.is_some_and(|members| members.len() == 1)
    };
    ["allOf", "oneOf", "anyOf"].into_iter().find(|keyword| is_only(keyword))
}

fn untyped_name(document: &Document, at: &str, ty: &Type) -> Option<&'static str> {
    match &ty.shape {
        Shape::Json => Some("Json"),
        Shape::JsonObject => Some("JsonObject"),
        // Elements with a schema have a location of their own.
        Shape::List(item) if item.shape == Shape::Json => {
            document.get(&child(at, "items")).is_none().then_some("Vec<Json>")
        }
        _ => None,
    }
}

/// Keywords that do not restrict a value.
const ANNOTATIONS: [&str; 14] = [
    "$comment",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
    "$schema",
    "$id",
];

fn reason(document: &Document, pointer: &str, exact_types: bool) -> UntypedReason {
    let Some(Value::Object(schema)) = document.get(pointer) else {
        return UntypedReason::AnyValue;
    };
    let has = |key: &str| schema.contains_key(key);
    let list = |key: &str| schema.get(key).and_then(Value::as_array).filter(|all| !all.is_empty());
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = select::local_pointer(reference);
        return match target.is_some_and(|target| document.get(&target).is_some()) {
            true => UntypedReason::CircularReference,
            false => UntypedReason::UnresolvedReference,
        };
    }
    let is_media_type = last(pointer).contains('/') && last(parent(pointer)) == "content";
    if is_media_type || has("in") && has("name") {
        return UntypedReason::NoSchema;
    }
    if let Some(keyword) = document.get(pointer).and_then(only_member) {
        return reason(document, &child(&child(pointer, keyword), 0), exact_types);
    }
    if list("allOf").is_some() {
        return UntypedReason::Contradiction;
    }
    if let Some(members) = list("oneOf").or(list("anyOf")) {
        return match members.iter().any(allows_anything) {
            true => UntypedReason::AnyAlternative,
            false => UntypedReason::Other,
        };
    }
    let values = schema.get("additionalProperties").filter(|values| !allows_anything(values));
    if values.is_some_and(Value::is_object) {
        return reason(document, &child(pointer, "additionalProperties"), exact_types);
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object" | "array") if list("enum").is_some() => UntypedReason::StructuredEnum,
        Some("object") if has("patternProperties") => UntypedReason::PatternProperties,
        Some("object") if has("additionalProperties") => UntypedReason::AnyProperties,
        Some("object") => UntypedReason::FreeFormObject,
        Some("array") if has("prefixItems") => UntypedReason::LongTuple,
        Some("array") => UntypedReason::NoItems,
        Some("string" | "integer" | "number" | "boolean") => UntypedReason::Other,
        Some(_) => UntypedReason::UnknownType,
        None if schema.keys().all(|key| is_annotation(key)) => UntypedReason::AnyValue,
        None if list("enum").is_some() => UntypedReason::StructuredEnum,
        None if exact_types => UntypedReason::ExactTypes,
        None if has("patternProperties") => UntypedReason::PatternProperties,
        None if has("additionalProperties") => UntypedReason::AnyProperties,
        None if has("prefixItems") => UntypedReason::LongTuple,
        None => UntypedReason::NoType,
    }
}

/// Returns whether a schema does not restrict a value.
fn allows_anything(schema: &Value) -> bool {
    match schema {
        Value::Object(schema) => schema.keys().all(|key| is_annotation(key)),
        other => *other == Value::Bool(true),
    }
}

fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
}
