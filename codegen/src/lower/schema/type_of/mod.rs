//! The type of a schema where it is used. Structs, enums and unions are named types, which are
//! only registered here; other types are inline.
//!
//! | module | responsibility |
//! |---|---|
//! | `integers` | integers that all values fit |
//! | `secrets` | values that are not shown |

mod integers;
pub(crate) mod secrets;

use crate::diagnostics::{Location, messages};
use crate::ir::{Integer, Shape, Tuple, Type, TypeId};
use crate::lower::context::combinations::{SchemaPart, Source};
use crate::lower::context::state::{Context, MAX_DEPTH, MAX_TYPES};
use crate::lower::schema::all_of::{
    combine, leaves_of, only_nullable, parts_of, report_contradiction, report_excess,
};
use crate::lower::schema::at::At;
use crate::lower::schema::classify::{SchemaClass, any_schema, classify, is_named_type};
use crate::lower::schema::combine::Combined;
use crate::lower::schema::constraints::constraints_of;
use crate::lower::schema::constraints::rules::additional_of;
use crate::lower::schema::type_of::integers::wide_integer;
use crate::lower::schema::type_of::secrets::{hide_at, hide_parts};
use crate::select::{suggestion, target_or_nothing};
use crate::text::child;
use crate::text::pointer::unescape;
use openapiv3::{AdditionalProperties, AnySchema, MediaType, ReferenceOr, Schema};
use serde_json::{Value, json};

/// Returns the type of a schema or a reference.
pub(crate) fn type_of(context: &mut Context<'_>, schema: &ReferenceOr<Schema>, at: At<'_>) -> Type {
    let mut ty = match schema {
        ReferenceOr::Reference { reference } => type_of_reference(context, reference, at),
        ReferenceOr::Item(schema) => type_of_schema(context, schema, at),
    };
    hide_at(context, at.pointer, &mut ty);
    context.types.uses.note(at.pointer, &ty);
    ty
}

pub(crate) fn type_of_boxed(
    context: &mut Context<'_>,
    schema: &ReferenceOr<Box<Schema>>,
    at: At<'_>,
) -> Type {
    let mut ty = match schema {
        ReferenceOr::Reference { reference } => type_of_reference(context, reference, at),
        ReferenceOr::Item(schema) => type_of_schema(context, schema, at),
    };
    hide_at(context, at.pointer, &mut ty);
    context.types.uses.note(at.pointer, &ty);
    ty
}

pub(crate) fn type_of_media_type(
    context: &mut Context<'_>,
    media: &MediaType,
    pointer: &str,
    suggested: &str,
) -> Type {
    match &media.schema {
        Some(schema) => {
            type_of(context, schema, At { pointer: &child(pointer, "schema"), suggested })
        }
        None => {
            let ty = Type::plain(Shape::Json);
            context.types.uses.note(pointer, &ty);
            ty
        }
    }
}

pub(crate) fn type_of_reference(context: &mut Context<'_>, reference: &str, at: At<'_>) -> Type {
    match target_or_nothing(context.document, reference, at.pointer, context.diagnostics) {
        Some(Some(target)) => {
            let suggested = name_of(&target).unwrap_or_else(|| at.suggested.to_owned());
            Type::plain(Shape::Named(context.type_at(&target, &suggested)))
        }
        Some(None) => {
            let location = Location::Pointer(child(at.pointer, "$ref"));
            let suggestion = suggestion(context.document, reference);
            context
                .diagnostics
                .report(location, messages::unresolved_schema(reference, suggestion));
            Type::plain(Shape::Json)
        }
        None => Type::plain(Shape::Json),
    }
}

/// Returns the type of an inline schema.
pub(crate) fn type_of_schema(context: &mut Context<'_>, schema: &Schema, at: At<'_>) -> Type {
    let plain = any_schema(&schema.schema_kind);
    let mut ty = match classify(&plain) {
        SchemaClass::Other => inline(context, &plain, &[Source::new(at.pointer)], at),
        SchemaClass::Merge => type_of_parts(context, parts_of(context, &plain, at), at),
        _ => Type::plain(Shape::Named(context.type_at(at.pointer, at.suggested))),
    };
    ty.nullable |= schema.schema_data.nullable;
    ty
}

/// Returns the type of a value that several schemas describe. It is inline if it needs no name.
pub(crate) fn type_of_parts(context: &mut Context<'_>, parts: Vec<SchemaPart>, at: At<'_>) -> Type {
    let nullable = parts.iter().any(only_nullable);
    let known = if context.index.has_secrets { parts.clone() } else { Vec::new() };
    let mut ty = match combine(context, &parts, at.pointer) {
        Combined::Same(part) => type_of(context, &part.schema, At { pointer: &part.pointer, ..at }),
        Combined::Plain(plain) if !is_named_type(&plain.schema) => {
            let at = At { pointer: &plain.pointer, ..at };
            let mut ty = inline(context, &plain.schema, &plain.sources, at);
            ty.nullable = plain.nullable;
            ty
        }
        Combined::Untyped(shape) => {
            report_contradiction(context, at);
            Type::plain(shape)
        }
        Combined::Excessive => {
            report_excess(context, at.pointer);
            Type::plain(Shape::Json)
        }
        _ => Type::plain(Shape::Named(type_at_parts(context, parts, at))),
    };
    ty.nullable |= nullable;
    hide_parts(context, &known, &mut ty);
    ty
}

/// Returns the type of a property that several members declare. If they contradict each other, the
/// last one is used.
pub(crate) fn type_of_property(
    context: &mut Context<'_>,
    parts: Vec<SchemaPart>,
    at: At<'_>,
) -> Type {
    match (combine(context, &parts, at.pointer), parts.last()) {
        (Combined::Untyped(_), Some(last)) => {
            let location = Location::pointer(&last.pointer);
            context.diagnostics.report(location, messages::contradictory_property());
            type_of(context, &last.schema, At { pointer: &last.pointer, ..at })
        }
        _ => type_of_parts(context, parts, at),
    }
}

/// Returns the named type of several schemas. The same schemas always have the same type.
fn type_at_parts(context: &mut Context<'_>, parts: Vec<SchemaPart>, at: At<'_>) -> TypeId {
    let leaves = leaves_of(context, &parts);
    let key: Vec<String> =
        leaves.iter().map(|leaf| format!("{} {}", leaf.pointer, leaf.omitted)).collect();
    let known = context.types.combinations.pointers.get(&key).cloned();
    let pointer = known.unwrap_or_else(|| {
        context.types.combinations.pointers.insert(key, at.pointer.to_owned());
        at.pointer.to_owned()
    });
    context.types.combinations.parts.entry(pointer.clone()).or_insert(parts);
    context.type_at(&pointer, at.suggested)
}

/// Returns the type of a scalar, a list, a map or free-form JSON.
pub(crate) fn inline(
    context: &mut Context<'_>,
    schema: &AnySchema,
    sources: &[Source],
    at: At<'_>,
) -> Type {
    if !context.index.files.contains(at.pointer)
        && let Some(shape) = context.types.of_format(schema, at.pointer)
    {
        let mut ty = Type::plain(shape);
        // All constraints of a type of the user are checked on its JSON.
        let checked = match &ty.shape {
            Shape::Named(_) => Shape::Json,
            shape => shape.clone(),
        };
        *ty.constraints = constraints_of(context, &checked, schema, sources, at);
        return ty;
    }
    let mut ty = Type::plain(inline_shape(context, schema, at));
    *ty.constraints = constraints_of(context, &ty.shape, schema, sources, at);
    if let Shape::List(_) = ty.shape
        && let Some(prefix) = prefix_of(context, at).filter(|prefix| prefix.is_closed)
    {
        let max = prefix.items.len();
        ty.constraints.max_count = Some(ty.constraints.max_count.map_or(max, |n| n.min(max)));
    }
    ty
}

/// Returns the shape of a schema. The number of lists and maps in each other is limited, as for
/// aliases.
fn inline_shape(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Shape {
    if context.nesting == MAX_DEPTH {
        let message = messages::deep_collection(MAX_DEPTH, MAX_TYPES);
        context.diagnostics.report(Location::pointer(at.pointer), message);
        return Shape::Json;
    }
    context.nesting += 1;
    context.deepest = context.deepest.max(context.nesting);
    let shape = shape_of(context, schema, at);
    context.nesting -= 1;
    shape
}

fn shape_of(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Shape {
    if context.index.files.contains(at.pointer) {
        return Shape::Blob;
    }
    match schema.typ.as_deref() {
        Some("string") => match schema.format.as_deref() {
            Some("date-time") => Shape::Timestamp,
            Some("date") => Shape::Date,
            Some("byte" | "base64") => Shape::Base64,
            Some("base64url") => Shape::Base64Url,
            _ => Shape::String,
        },
        Some("integer") => match schema.format.as_deref() {
            Some("int8") => Shape::Integer(Integer::signed(8)),
            Some("int16") => Shape::Integer(Integer::signed(16)),
            Some("int32") => Shape::Integer(Integer::signed(32)),
            Some("uint8") => Shape::Integer(Integer::unsigned(8)),
            Some("uint16") => Shape::Integer(Integer::unsigned(16)),
            Some("uint32") => Shape::Integer(Integer::unsigned(32)),
            Some("uint64") => Shape::Integer(Integer::U64),
            // Their values have any number of digits.
            Some("bigint" | "int128" | "uint128") => Shape::Number,
            format => wide_integer(context, schema, format, at),
        },
        Some("number") => Shape::Number,
        Some("boolean") => Shape::Boolean,
        Some("array") => list_shape(context, schema, at),
        Some("object") => map_shape(context, schema, at),
        None if values_shape(schema).is_some() => values_shape(schema).unwrap_or(Shape::Json),
        // Values of other types are valid, too, and rules check those of these types.
        None if context.config.exact_types => Shape::Json,
        None if schema.items.is_some() => list_shape(context, schema, at),
        None if schema.additional_properties.is_some() => map_shape(context, schema, at),
        None if has_patterns(context, at) => map_shape(context, schema, at),
        None if prefix_of(context, at).is_some() => list_shape(context, schema, at),
        None => Shape::Json,
        Some(other) => {
            let location = Location::pointer(child(at.pointer, "type"));
            context.diagnostics.report(location, messages::unknown_type(other));
            Shape::Json
        }
    }
}

fn has_patterns(context: &Context<'_>, at: At<'_>) -> bool {
    context.document.get(&child(at.pointer, "patternProperties")).is_some()
}

/// The known elements of an array.
struct Prefix<'d> {
    items: &'d [Value],
    /// Whether there are no other elements.
    is_closed: bool,
}

fn prefix_of<'d>(context: &Context<'d>, at: At<'_>) -> Option<Prefix<'d>> {
    let schema = context.document.get(at.pointer)?;
    let items = schema.get("prefixItems")?.as_array().filter(|items| !items.is_empty())?;
    let is_closed = schema.get("items") == Some(&json!({ "not": {} }));
    Some(Prefix { items, is_closed })
}

/// The maximum number of elements that the runtime implements tuples for.
const MAX_ELEMENTS: usize = 8;

/// Returns the shape of an array with known elements: a list if all have the same type, or else a
/// tuple.
fn tuple_shape(
    context: &mut Context<'_>,
    schema: &AnySchema,
    prefix: &Prefix<'_>,
    at: At<'_>,
) -> Shape {
    let count = prefix.items.len();
    let mut types = Vec::new();
    for i in 0..count {
        let pointer = child(&child(at.pointer, "prefixItems"), i);
        let suggested = format!("{} item {}", at.suggested, i + 1);
        let Some(item) = context.typed::<ReferenceOr<Schema>>(&pointer) else { continue };
        types.push(type_of(context, &item, At { pointer: &pointer, suggested: &suggested }));
    }
    let may_be_longer = !prefix.is_closed && schema.max_items.is_none_or(|max| max > count);
    let rest = may_be_longer.then(|| item_type(context, schema, at));
    let is_same = types.iter().chain(&rest).all(|ty| types.first() == Some(ty));
    match types.first() {
        Some(first) if is_same && types.len() == count => Shape::List(Box::new(first.clone())),
        _ if types.len() < count || count > MAX_ELEMENTS => {
            Shape::List(Box::new(Type::plain(Shape::Json)))
        }
        _ => {
            let optional = types.split_off(schema.min_items.unwrap_or(0).min(count));
            Shape::Tuple(Box::new(Tuple { items: types, optional, rest }))
        }
    }
}

/// Returns the shape of values that are all numbers or all booleans.
fn values_shape(schema: &AnySchema) -> Option<Shape> {
    let mut values = schema.enumeration.iter().filter(|value| !value.is_null()).peekable();
    values.peek()?;
    let typ = schema.typ.as_deref();
    if typ.is_none_or(|typ| typ == "boolean") && values.clone().all(Value::is_boolean) {
        return Some(Shape::Boolean);
    }
    (typ.is_none_or(|typ| typ == "number") && values.all(Value::is_number)).then_some(Shape::Number)
}

fn list_shape(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Shape {
    match prefix_of(context, at) {
        Some(prefix) => tuple_shape(context, schema, &prefix, at),
        None => Shape::List(Box::new(item_type(context, schema, at))),
    }
}

/// Returns the type of the elements that have no type of their own.
fn item_type(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Type {
    let pointer = child(at.pointer, "items");
    let suggested = format!("{} item", at.suggested);
    match &schema.items {
        Some(items) => {
            type_of_boxed(context, items, At { pointer: &pointer, suggested: &suggested })
        }
        None => Type::plain(Shape::Json),
    }
}

fn map_shape(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Shape {
    let additional = schema.additional_properties.as_ref();
    match additional_of(context, additional, at.pointer) {
        Some((AdditionalProperties::Schema(values), pointer)) => {
            let suggested = format!("{} value", at.suggested);
            let value = type_of(context, &values, At { pointer: &pointer, suggested: &suggested });
            match value.shape {
                // A map of any values is a free-form object.
                Shape::Json if value.constraints.is_empty() => Shape::JsonObject,
                _ => Shape::Map(Box::new(value)),
            }
        }
        _ => Shape::JsonObject,
    }
}

/// Returns the name for a type at a referenced pointer: its tokens, without those that are OpenAPI
/// keywords.
fn name_of(pointer: &str) -> Option<String> {
    const BETWEEN: [&str; 17] = [
        "$defs",
        "additionalProperties",
        "allOf",
        "anyOf",
        "components",
        "content",
        "definitions",
        "headers",
        "items",
        "oneOf",
        "parameters",
        "paths",
        "properties",
        "requestBodies",
        "responses",
        "schema",
        "schemas",
    ];
    let names = pointer.split('/').filter(|step| {
        let is_media_type = step.contains("~1") && !step.starts_with("~1");
        !step.is_empty() && !is_media_type && !BETWEEN.contains(step)
    });
    let names: Vec<String> = names.map(unescape).collect();
    (!names.is_empty()).then(|| names.join(" "))
}
