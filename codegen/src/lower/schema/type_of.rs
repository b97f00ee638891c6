//! The type of a schema where it is used. Structs, enums and unions are named types, which are
//! only registered here; other types are inline.

use crate::diagnostics::{Location, messages};
use crate::ir::{Shape, Type, TypeId};
use crate::lower::context::combinations::SchemaPart;
use crate::lower::context::state::Context;
use crate::lower::schema::all_of::{combine, leaves_of, only_nullable, parts_of};
use crate::lower::schema::at::At;
use crate::lower::schema::classify::{SchemaClass, any_schema, classify, is_named_type};
use crate::lower::schema::combine::Combined;
use crate::lower::schema::constraints::constraints_of;
use crate::select::target_or_nothing;
use crate::text::child;
use crate::text::pointer::unescape;
use openapiv3::{AdditionalProperties, AnySchema, MediaType, ReferenceOr, Schema};

/// Returns the type of a schema or a reference.
pub(crate) fn type_of(context: &mut Context<'_>, schema: &ReferenceOr<Schema>, at: At<'_>) -> Type {
    let ty = match schema {
        ReferenceOr::Reference { reference } => type_of_reference(context, reference, at),
        ReferenceOr::Item(schema) => type_of_schema(context, schema, at),
    };
    context.types.uses.note(at.pointer, &ty);
    ty
}

pub(crate) fn type_of_boxed(
    context: &mut Context<'_>,
    schema: &ReferenceOr<Box<Schema>>,
    at: At<'_>,
) -> Type {
    let ty = match schema {
        ReferenceOr::Reference { reference } => type_of_reference(context, reference, at),
        ReferenceOr::Item(schema) => type_of_schema(context, schema, at),
    };
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
        None => Type::plain(Shape::Json),
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
            context.diagnostics.report(location, messages::unresolved_schema(reference));
            Type::plain(Shape::Json)
        }
        None => Type::plain(Shape::Json),
    }
}

/// Returns the type of an inline schema.
pub(crate) fn type_of_schema(context: &mut Context<'_>, schema: &Schema, at: At<'_>) -> Type {
    let plain = any_schema(&schema.schema_kind);
    let mut ty = match classify(&plain) {
        class @ SchemaClass::Other => {
            report_unchecked(context, &class, &plain, at);
            inline(context, &plain, at)
        }
        SchemaClass::Merge => type_of_parts(context, parts_of(&plain, at), at),
        _ => Type::plain(Shape::Named(context.type_at(at.pointer, at.suggested))),
    };
    ty.nullable |= schema.schema_data.nullable;
    ty
}

/// Returns the type of a value that several schemas describe. It is inline if it needs no name.
pub(crate) fn type_of_parts(context: &mut Context<'_>, parts: Vec<SchemaPart>, at: At<'_>) -> Type {
    let nullable = parts.iter().any(only_nullable);
    let mut ty = match combine(context, &parts, at.pointer) {
        Combined::Same(part) => type_of(context, &part.schema, At { pointer: &part.pointer, ..at }),
        Combined::Plain(schema, pointer) if !is_named_type(&schema) => {
            inline(context, &schema, At { pointer: &pointer, ..at })
        }
        Combined::Untyped(shape) => {
            report_contradiction(context, at);
            Type::plain(shape)
        }
        _ => Type::plain(Shape::Named(type_at_parts(context, parts, at))),
    };
    ty.nullable |= nullable;
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

pub(crate) fn report_contradiction(context: &mut Context<'_>, at: At<'_>) {
    let location = Location::Pointer(child(at.pointer, "allOf"));
    context.diagnostics.report(location, messages::contradictory_all_of());
}

/// Returns the type of a scalar, a list, a map or free-form JSON.
pub(crate) fn inline(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Type {
    let mut ty = Type::plain(inline_shape(context, schema, at));
    ty.constraints = constraints_of(context, &ty.shape, schema, at);
    ty
}

fn inline_shape(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Shape {
    if context.index.files.contains(at.pointer) {
        return Shape::Blob;
    }
    match schema.typ.as_deref() {
        Some("string") => match schema.format.as_deref() {
            Some("date-time") => Shape::Timestamp,
            Some("date") => Shape::Date,
            _ => Shape::String,
        },
        Some("integer") => match schema.format.as_deref() {
            Some("int32") => Shape::Int32,
            Some("uint64") => Shape::Uint64,
            // All values within the bounds must fit.
            _ if schema.maximum.is_some_and(|maximum| maximum > i64::MAX as f64) => {
                let is_unsigned = schema.minimum.is_some_and(|minimum| minimum >= 0.0);
                if is_unsigned { Shape::Uint64 } else { Shape::Number }
            }
            _ => Shape::Int64,
        },
        Some("number") => Shape::Number,
        Some("boolean") => Shape::Boolean,
        Some("array") => list_shape(context, schema, at),
        Some("object") => map_shape(context, schema, at),
        None if schema.items.is_some() => list_shape(context, schema, at),
        None if schema.additional_properties.is_some() => map_shape(context, schema, at),
        None => {
            if schema.not.is_some() {
                let location = Location::pointer(child(at.pointer, "not"));
                context.diagnostics.report(location, messages::untyped_negation());
            }
            Shape::Json
        }
        Some(other) => {
            let location = Location::pointer(child(at.pointer, "type"));
            context.diagnostics.report(location, messages::unknown_type(other));
            Shape::Json
        }
    }
}

fn list_shape(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Shape {
    let pointer = child(at.pointer, "items");
    let suggested = format!("{} item", at.suggested);
    let item = match &schema.items {
        Some(items) => {
            type_of_boxed(context, items, At { pointer: &pointer, suggested: &suggested })
        }
        None => Type::plain(Shape::Json),
    };
    Shape::List(Box::new(item))
}

fn map_shape(context: &mut Context<'_>, schema: &AnySchema, at: At<'_>) -> Shape {
    match &schema.additional_properties {
        Some(AdditionalProperties::Schema(values)) => {
            let pointer = child(at.pointer, "additionalProperties");
            let suggested = format!("{} value", at.suggested);
            let value = type_of(context, values, At { pointer: &pointer, suggested: &suggested });
            match value.shape {
                // A map of any values is a free-form object.
                Shape::Json => Shape::JsonObject,
                _ => Shape::Map(Box::new(value)),
            }
        }
        _ => Shape::JsonObject,
    }
}

/// Reports constraints that the type cannot express.
pub(crate) fn report_unchecked(
    context: &mut Context<'_>,
    class: &SchemaClass,
    schema: &AnySchema,
    at: At<'_>,
) {
    let has_counts = schema.min_properties.is_some() || schema.max_properties.is_some();
    let (keyword, message) = match class {
        SchemaClass::Struct if has_counts => {
            let key =
                if schema.min_properties.is_some() { "minProperties" } else { "maxProperties" };
            (key, messages::property_count(key))
        }
        SchemaClass::Other
            if !schema.enumeration.is_empty() && schema.typ.as_deref() != Some("boolean") =>
        {
            ("enum", messages::untyped_enum())
        }
        _ => return,
    };
    context.diagnostics.report(Location::Pointer(child(at.pointer, keyword)), message);
}

/// Returns the name for a type at a referenced pointer: its tokens, without those that are OpenAPI
/// keywords.
fn name_of(pointer: &str) -> Option<String> {
    const BETWEEN: [&str; 16] = [
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
