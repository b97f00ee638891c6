//! JSON types of the fields of OpenAPI objects, and conversions to them.

use serde_json::Value;

use crate::diagnostics::{Message, messages};
use crate::spec::structure::Kind;

/// JSON type of a field.
#[derive(Clone, Copy)]
pub(super) enum FieldType {
    String,
    Boolean,
    /// A boolean in OpenAPI 3.0, a number in 3.1.
    BooleanOrNumber,
    Number,
    NonNegativeInteger,
    Object,
    Array,
    StringArray,
    /// An object with a `url`, which is used only in documentation.
    ExternalDocs,
}

/// Result of the conversion of a value.
pub(super) enum Fit {
    /// The value is valid, or was converted without loss.
    Unchanged,
    /// The value was converted. The function creates the message from the key.
    Converted(fn(&str) -> Message),
    /// The value has no content.
    Absent,
    /// The value cannot be converted to this type.
    Mistyped(&'static str),
}

/// Returns the type of a field, if it has a fixed one that is checked here.
pub(super) fn expected(kind: Kind, key: &str) -> Option<FieldType> {
    use FieldType::{
        Array, Boolean, BooleanOrNumber, ExternalDocs, NonNegativeInteger, Number, Object, String,
        StringArray,
    };
    Some(match (kind, key) {
        (_, "description" | "summary") | (Kind::Schema, "title" | "format" | "pattern") => String,
        (_, "externalDocs") => ExternalDocs,
        (_, "deprecated") => Boolean,
        (Kind::Schema, "nullable" | "readOnly" | "writeOnly" | "uniqueItems") => Boolean,
        (Kind::Schema, "exclusiveMinimum" | "exclusiveMaximum") => BooleanOrNumber,
        (Kind::Schema, "multipleOf" | "minimum" | "maximum") => Number,
        (
            Kind::Schema,
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties",
        ) => NonNegativeInteger,
        (Kind::Schema, "properties") => Object,
        (Kind::Schema, "required") => StringArray,
        (Kind::Schema, "allOf" | "anyOf" | "oneOf" | "enum") => Array,
        (Kind::Parameter, "name" | "in") => String,
        (Kind::Parameter | Kind::Header, "required" | "explode") => Boolean,
        (Kind::Parameter, "allowReserved" | "allowEmptyValue") => Boolean,
        (Kind::Parameter | Kind::Header, "style") => String,
        (Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => Object,
        (Kind::Parameter | Kind::Header | Kind::Body | Kind::Response, "content") => Object,
        (Kind::Body, "required") => Boolean,
        (Kind::Response | Kind::Encoding, "headers") => Object,
        (Kind::MediaType, "encoding") => Object,
        (Kind::Encoding, "contentType" | "style") => String,
        (Kind::Encoding, "explode" | "allowReserved") => Boolean,
        (Kind::Operation, "operationId") => String,
        (Kind::Operation, "tags") => StringArray,
        (Kind::Operation, "requestBody" | "responses" | "callbacks") => Object,
        (Kind::Operation | Kind::Document, "security") => Array,
        (Kind::Operation | Kind::PathItem | Kind::Document, "servers") => Array,
        (Kind::SecurityScheme, "type" | "in" | "name" | "scheme" | "bearerFormat") => String,
        (Kind::Server, "url") => String,
        (Kind::Server, "variables") => Object,
        _ => return None,
    })
}

impl FieldType {
    /// Converts a value to this type, if the intent is clear.
    pub(super) fn fit(self, value: &mut Value) -> Fit {
        if value.is_null() {
            return Fit::Absent;
        }
        match self {
            Self::String => string(value),
            Self::Boolean => boolean(value),
            Self::BooleanOrNumber if value.is_number() => Fit::Unchanged,
            Self::BooleanOrNumber => boolean(value),
            Self::Number => number(value),
            Self::NonNegativeInteger => non_negative_integer(value),
            Self::Object => object(value),
            Self::Array => array(value),
            Self::StringArray => string_array(value),
            Self::ExternalDocs => match value.get("url") {
                Some(Value::String(_)) => Fit::Unchanged,
                _ => Fit::Absent,
            },
        }
    }
}

/// A number or boolean is a string without quotes.
fn string(value: &mut Value) -> Fit {
    match value {
        Value::String(_) => Fit::Unchanged,
        Value::Bool(_) | Value::Number(_) => {
            *value = value.to_string().into();
            Fit::Unchanged
        }
        _ => Fit::Mistyped("string"),
    }
}

fn boolean(value: &mut Value) -> Fit {
    let boolean = match value {
        Value::Bool(_) => return Fit::Unchanged,
        Value::String(string) => match string.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => true,
            "false" | "no" | "off" | "0" | "" => false,
            _ => return Fit::Mistyped("boolean"),
        },
        Value::Number(number) if number.as_u64() == Some(1) => true,
        Value::Number(number) if number.as_u64() == Some(0) => false,
        _ => return Fit::Mistyped("boolean"),
    };
    *value = boolean.into();
    Fit::Converted(match boolean {
        true => |key| messages::converted_to_boolean(key, true),
        false => |key| messages::converted_to_boolean(key, false),
    })
}

fn number(value: &mut Value) -> Fit {
    match value {
        Value::Number(_) => Fit::Unchanged,
        Value::String(string) => match string.trim().parse::<serde_json::Number>() {
            Ok(number) => {
                *value = number.into();
                Fit::Converted(|key| messages::converted_to_number(key))
            }
            Err(_) => Fit::Mistyped("number"),
        },
        _ => Fit::Mistyped("number"),
    }
}

fn non_negative_integer(value: &mut Value) -> Fit {
    let fit = number(value);
    if matches!(fit, Fit::Mistyped(_)) || value.is_u64() {
        return fit;
    }
    match value.as_f64() {
        // `3.0` and `1e3` are integers. Larger limits than `u32::MAX` make no difference.
        Some(number) if number >= 0.0 && number.fract() == 0.0 => {
            *value = (number.min(u32::MAX.into()) as u64).into();
            fit
        }
        _ => Fit::Mistyped("non-negative integer"),
    }
}

fn object(value: &mut Value) -> Fit {
    match value {
        Value::Object(_) => Fit::Unchanged,
        // Some languages serialize an empty object as an empty array.
        Value::Array(items) if items.is_empty() => {
            *value = serde_json::json!({});
            Fit::Unchanged
        }
        _ => Fit::Mistyped("object"),
    }
}

fn array(value: &mut Value) -> Fit {
    match value {
        Value::Array(_) => Fit::Unchanged,
        Value::Object(entries) if entries.is_empty() => Fit::Absent,
        _ => {
            *value = vec![value.take()].into();
            Fit::Converted(|key| messages::converted_to_array(key))
        }
    }
}

fn string_array(value: &mut Value) -> Fit {
    if value.is_boolean() {
        return Fit::Mistyped("array of strings");
    }
    let fit = array(value);
    if let Value::Array(items) = value {
        items.retain_mut(|item| !item.is_null() && matches!(string(item), Fit::Unchanged));
    }
    fit
}
