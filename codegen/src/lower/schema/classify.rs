//! What kind of type a schema becomes, depending on its keywords.

use openapiv3::Type as SchemaType;
use openapiv3::{AnySchema, SchemaKind, VariantOrUnknownOrEmpty};
use serde_json::Value;
use std::borrow::Cow;

/// What a schema becomes.
pub(crate) enum SchemaClass {
    Struct,
    Enum,
    Union,
    /// The members of `allOf`, merged.
    Merge,
    /// No named type.
    Other,
}

/// Returns what a schema becomes.
pub(crate) fn classify(schema: &AnySchema) -> SchemaClass {
    let string = schema.typ.as_deref().is_none_or(|typ| typ == "string");
    let integer = schema.typ.as_deref().is_none_or(|typ| typ == "integer");
    let all_are = |is: fn(&Value) -> bool| {
        schema.enumeration.iter().any(is)
            && schema.enumeration.iter().all(|value| is(value) || value.is_null())
    };
    if !schema.all_of.is_empty() {
        SchemaClass::Merge
    } else if !schema.one_of.is_empty() || !schema.any_of.is_empty() {
        SchemaClass::Union
    } else if !schema.properties.is_empty() {
        SchemaClass::Struct
    } else if (string && all_are(Value::is_string)) || (integer && all_are(Value::is_i64)) {
        SchemaClass::Enum
    } else {
        SchemaClass::Other
    }
}

/// Returns whether a schema becomes a named type.
pub(crate) fn is_named_type(schema: &AnySchema) -> bool {
    !matches!(classify(schema), SchemaClass::Other)
}

/// Returns whether a schema is an enum of strings.
pub(crate) fn is_string_enum(schema: &AnySchema) -> bool {
    schema.typ.as_deref().is_none_or(|typ| typ == "string")
        && matches!(classify(schema), SchemaClass::Enum)
}

/// Returns whether a schema does not restrict the values of its type.
pub(crate) fn is_unrestricted(schema: &AnySchema) -> bool {
    let mut bare = schema.clone();
    bare.typ = None;
    if matches!(bare.additional_properties, Some(openapiv3::AdditionalProperties::Any(true))) {
        bare.additional_properties = None;
    }
    bare == AnySchema::default()
}

/// Converts a schema to the `openapiv3` type that has all keywords. `openapiv3` has a separate type
/// for each kind of schema, and uses this one only for mixed schemas.
pub(crate) fn any_schema(kind: &SchemaKind) -> Cow<'_, AnySchema> {
    let mut any = AnySchema::default();
    match kind {
        SchemaKind::Any(any) => return Cow::Borrowed(any),
        SchemaKind::OneOf { one_of } => any.one_of.clone_from(one_of),
        SchemaKind::AllOf { all_of } => any.all_of.clone_from(all_of),
        SchemaKind::AnyOf { any_of } => any.any_of.clone_from(any_of),
        SchemaKind::Not { not } => any.not = Some(not.clone()),
        SchemaKind::Type(SchemaType::String(string)) => {
            any.typ = Some("string".to_owned());
            any.format = format_name(&string.format);
            any.pattern.clone_from(&string.pattern);
            any.min_length = string.min_length;
            any.max_length = string.max_length;
            any.enumeration = string.enumeration.iter().map(|value| value.clone().into()).collect();
        }
        SchemaKind::Type(SchemaType::Number(number)) => {
            any.typ = Some("number".to_owned());
            any.format = format_name(&number.format);
            any.minimum = number.minimum;
            any.maximum = number.maximum;
            any.multiple_of = number.multiple_of;
            any.enumeration = number.enumeration.iter().map(|value| (*value).into()).collect();
            any.exclusive_minimum = number.exclusive_minimum.then_some(true);
            any.exclusive_maximum = number.exclusive_maximum.then_some(true);
        }
        SchemaKind::Type(SchemaType::Integer(integer)) => {
            any.typ = Some("integer".to_owned());
            any.format = format_name(&integer.format);
            any.minimum = integer.minimum.map(|n| n as f64);
            any.maximum = integer.maximum.map(|n| n as f64);
            any.multiple_of = integer.multiple_of.map(|n| n as f64);
            any.enumeration = integer.enumeration.iter().map(|value| (*value).into()).collect();
            any.exclusive_minimum = integer.exclusive_minimum.then_some(true);
            any.exclusive_maximum = integer.exclusive_maximum.then_some(true);
        }
        SchemaKind::Type(SchemaType::Boolean(boolean)) => {
            any.typ = Some("boolean".to_owned());
            any.enumeration = boolean.enumeration.iter().map(|value| (*value).into()).collect();
        }
        SchemaKind::Type(SchemaType::Object(object)) => {
            any.typ = Some("object".to_owned());
            any.properties.clone_from(&object.properties);
            any.required.clone_from(&object.required);
            any.additional_properties.clone_from(&object.additional_properties);
            any.min_properties = object.min_properties;
            any.max_properties = object.max_properties;
        }
        SchemaKind::Type(SchemaType::Array(array)) => {
            any.typ = Some("array".to_owned());
            any.items.clone_from(&array.items);
            any.min_items = array.min_items;
            any.max_items = array.max_items;
            any.unique_items = array.unique_items.then_some(true);
        }
    }
    Cow::Owned(any)
}

/// Returns the name of a format, known to `openapiv3` or not.
fn format_name<T: serde::Serialize>(format: &VariantOrUnknownOrEmpty<T>) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Item(known) => {
            serde_json::to_value(known).ok()?.as_str().map(str::to_owned)
        }
        VariantOrUnknownOrEmpty::Unknown(name) => Some(name.clone()),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}
