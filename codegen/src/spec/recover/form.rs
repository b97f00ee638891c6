//! The JSON type that OpenAPI gives each key, and what a value of another type is read as.

use serde_json::Value;

use crate::diagnostics::{Message, messages};
use crate::spec::structure::Kind;

/// What stands under a key.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Text,
    Flag,
    /// A flag that is a number in OpenAPI 3.1.
    FlagOrNumber,
    Number,
    /// A natural number.
    Count,
    Object,
    List,
    /// A list whose elements are texts.
    Texts,
    /// An object with `url`, which documentation alone needs.
    Link,
}

/// How a value fits its form.
pub(super) enum Fit {
    AsItIs,
    /// It was converted. The function creates the message from the key.
    Converted(fn(&str) -> Message),
    /// It says nothing.
    Absent,
    /// It can only be left out; what it would have to be is told.
    Useless(&'static str),
}

/// The form of a key; none where any is right, or where the key is looked at elsewhere.
pub(super) fn wanted(kind: Kind, key: &str) -> Option<Form> {
    use Form::{Count, Flag, FlagOrNumber, Link, List, Number, Object, Text, Texts};
    Some(match (kind, key) {
        (_, "description" | "summary") | (Kind::Schema, "title" | "format" | "pattern") => Text,
        (_, "externalDocs") => Link,
        (_, "deprecated") => Flag,
        (Kind::Schema, "nullable" | "readOnly" | "writeOnly" | "uniqueItems") => Flag,
        (Kind::Schema, "exclusiveMinimum" | "exclusiveMaximum") => FlagOrNumber,
        (Kind::Schema, "multipleOf" | "minimum" | "maximum") => Number,
        (
            Kind::Schema,
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties",
        ) => Count,
        (Kind::Schema, "properties") => Object,
        (Kind::Schema, "required") => Texts,
        (Kind::Schema, "allOf" | "anyOf" | "oneOf" | "enum") => List,
        (Kind::Parameter, "name" | "in") => Text,
        (Kind::Parameter | Kind::Header, "required" | "explode") => Flag,
        (Kind::Parameter, "allowReserved" | "allowEmptyValue") => Flag,
        (Kind::Parameter | Kind::Header, "style") => Text,
        (Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => Object,
        (Kind::Parameter | Kind::Header | Kind::Body | Kind::Response, "content") => Object,
        (Kind::Body, "required") => Flag,
        (Kind::Response | Kind::Encoding, "headers") => Object,
        (Kind::MediaType, "encoding") => Object,
        (Kind::Encoding, "contentType" | "style") => Text,
        (Kind::Encoding, "explode" | "allowReserved") => Flag,
        (Kind::Operation, "operationId") => Text,
        (Kind::Operation, "tags") => Texts,
        (Kind::Operation, "requestBody" | "responses" | "callbacks") => Object,
        (Kind::Operation | Kind::Description, "security") => List,
        (Kind::Operation | Kind::PathItem | Kind::Description, "servers") => List,
        (Kind::SecurityScheme, "type" | "in" | "name" | "scheme" | "bearerFormat") => Text,
        (Kind::Server, "url") => Text,
        (Kind::Server, "variables") => Object,
        _ => return None,
    })
}

impl Form {
    /// Makes a value fit, where it is clear what is meant.
    pub(super) fn fit(self, value: &mut Value) -> Fit {
        if value.is_null() {
            return Fit::Absent;
        }
        match self {
            Self::Text => text(value),
            Self::Flag => flag(value),
            Self::FlagOrNumber if value.is_number() => Fit::AsItIs,
            Self::FlagOrNumber => flag(value),
            Self::Number => number(value),
            Self::Count => count(value),
            Self::Object => object(value),
            Self::List => list(value),
            Self::Texts => texts(value),
            Self::Link => match value.get("url") {
                Some(Value::String(_)) => Fit::AsItIs,
                _ => Fit::Absent,
            },
        }
    }
}

/// A number or `true` where a text stands is a text without quotes: nothing is lost.
fn text(value: &mut Value) -> Fit {
    match value {
        Value::String(_) => Fit::AsItIs,
        Value::Bool(_) | Value::Number(_) => {
            *value = value.to_string().into();
            Fit::AsItIs
        }
        _ => Fit::Useless("string"),
    }
}

fn flag(value: &mut Value) -> Fit {
    let flag = match value {
        Value::Bool(_) => return Fit::AsItIs,
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => true,
            "false" | "no" | "off" | "0" | "" => false,
            _ => return Fit::Useless("boolean"),
        },
        Value::Number(number) if number.as_u64() == Some(1) => true,
        Value::Number(number) if number.as_u64() == Some(0) => false,
        _ => return Fit::Useless("boolean"),
    };
    *value = flag.into();
    Fit::Converted(match flag {
        true => |key| messages::converted_to_boolean(key, true),
        false => |key| messages::converted_to_boolean(key, false),
    })
}

fn number(value: &mut Value) -> Fit {
    match value {
        Value::Number(_) => Fit::AsItIs,
        Value::String(text) => match text.trim().parse::<serde_json::Number>() {
            Ok(number) => {
                *value = number.into();
                Fit::Converted(|key| messages::converted_to_number(key))
            }
            Err(_) => Fit::Useless("number"),
        },
        _ => Fit::Useless("number"),
    }
}

fn count(value: &mut Value) -> Fit {
    let fit = number(value);
    if matches!(fit, Fit::Useless(_)) || value.is_u64() {
        return fit;
    }
    match value.as_f64() {
        // `3.0` and `1e3` are natural numbers. The next below what no list is as long as does as well.
        Some(number) if number >= 0.0 && number.fract() == 0.0 => {
            *value = (number.min(u32::MAX.into()) as u64).into();
            fit
        }
        _ => Fit::Useless("non-negative integer"),
    }
}

fn object(value: &mut Value) -> Fit {
    match value {
        Value::Object(_) => Fit::AsItIs,
        // Some languages have one form for the empty list and the empty object.
        Value::Array(items) if items.is_empty() => {
            *value = serde_json::json!({});
            Fit::AsItIs
        }
        _ => Fit::Useless("object"),
    }
}

fn list(value: &mut Value) -> Fit {
    match value {
        Value::Array(_) => Fit::AsItIs,
        Value::Object(entries) if entries.is_empty() => Fit::Absent,
        _ => {
            *value = vec![value.take()].into();
            Fit::Converted(|key| messages::converted_to_array(key))
        }
    }
}

fn texts(value: &mut Value) -> Fit {
    if value.is_boolean() {
        return Fit::Useless("array of strings");
    }
    let fit = list(value);
    if let Value::Array(items) = value {
        items.retain_mut(|item| !item.is_null() && matches!(text(item), Fit::AsItIs));
    }
    fit
}
