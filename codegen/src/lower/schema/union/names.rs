//! Names of variants whose types have no name: their title, kind, values or properties.

use crate::ir::{Shape, Type};
use crate::lower::context::state::Context;
use crate::lower::schema::classify::any_schema;
use openapiv3::{AnySchema, ReferenceOr, Schema, SchemaKind, Type as SchemaType};
use serde_json::Value;
use std::borrow::Cow;

/// Returns the inline schemas among alternatives.
pub(super) fn inline_schemas(members: &[ReferenceOr<Schema>]) -> Vec<Cow<'_, AnySchema>> {
    let inline = members.iter().filter_map(ReferenceOr::as_item);
    inline.map(|member| any_schema(&member.schema_kind)).collect()
}

/// Returns the name of an inline schema among others: its kind, or the value that only it has.
pub(super) fn inline_name(plain: &AnySchema, inline: &[Cow<'_, AnySchema>]) -> Option<String> {
    let count = |is: &dyn Fn(&AnySchema) -> bool| inline.iter().filter(|other| is(other)).count();
    let is_only = |is: &dyn Fn(&AnySchema) -> bool| count(is) == 1;
    let has_enums = count(&|other| other.enumeration.iter().any(Value::is_string)) > 1;
    match (plain.typ.as_deref(), plain.enumeration.as_slice()) {
        (Some("string"), [Value::String(only)]) if has_enums => Some(only.clone()),
        (Some("string"), [_, ..]) => Some("string".to_owned()),
        (Some("integer"), [_, ..]) => Some("integer".to_owned()),
        (Some("array"), []) if is_only(&|other| other.typ.as_deref() == Some("array")) => {
            Some("list".to_owned())
        }
        _ if is_only(&has_alternatives) && has_alternatives(plain) => Some("choice".to_owned()),
        _ if !plain.properties.is_empty() => {
            let constant = plain.properties.values().find_map(constant_of);
            let is_only = is_only(&|other| !other.properties.is_empty());
            let only = || is_only.then(|| "object".to_owned());
            constant.or_else(only).or_else(|| distinctive_property(plain, inline))
        }
        _ => base_name(plain, inline),
    }
}

fn has_alternatives(plain: &AnySchema) -> bool {
    !plain.any_of.is_empty() || !plain.one_of.is_empty()
}

/// Returns the name of the property that only one of several inline schemas has, if there is one; a
/// required one is preferred.
fn distinctive_property(plain: &AnySchema, inline: &[Cow<'_, AnySchema>]) -> Option<String> {
    let is_distinctive = |name: &&String| {
        plain.properties.contains_key(*name)
            && inline.iter().filter(|other| other.properties.contains_key(*name)).count() == 1
    };
    plain.required.iter().chain(plain.properties.keys()).find(is_distinctive).cloned()
}

/// Returns the name of the schema that an inline schema extends, if no other one does.
fn base_name(plain: &AnySchema, inline: &[Cow<'_, AnySchema>]) -> Option<String> {
    fn base(plain: &AnySchema) -> Option<&str> {
        let mut references = plain.all_of.iter().filter_map(|member| match member {
            ReferenceOr::Reference { reference } => reference.rsplit('/').next(),
            ReferenceOr::Item(_) => None,
        });
        references.next()
    }
    let own = base(plain)?;
    let is_same = |other: &&Cow<'_, AnySchema>| base(other) == Some(own);
    (inline.iter().filter(is_same).count() == 1).then(|| own.to_owned())
}

/// Returns the only value of a string.
fn constant_of(property: &ReferenceOr<Box<Schema>>) -> Option<String> {
    let kind = &property.as_item()?.schema_kind;
    if matches!(kind, SchemaKind::Type(SchemaType::Object(_) | SchemaType::Array(_))) {
        return None;
    }
    let plain = any_schema(kind);
    match plain.enumeration.as_slice() {
        [Value::String(only)] => Some(only.clone()),
        _ => None,
    }
}

/// Returns the title of an inline schema.
pub(super) fn title_of(schema: &ReferenceOr<Schema>) -> Option<String> {
    schema.as_item()?.schema_data.title.clone().filter(|title| !title.trim().is_empty())
}

/// Returns a name for lists and maps that also names their elements: `Strings`, `IntegerLists`.
pub(super) fn plural_name(context: &Context<'_>, shape: &Shape) -> String {
    let element = |ty: &Type| match &ty.shape {
        Shape::Named(id) => context.types.def(*id).name.0.clone(),
        shape => element_name(context, shape),
    };
    match shape {
        Shape::List(item) => plural(&element(item)),
        Shape::Map(value) => format!("{}Map", element(value)),
        shape => shape_name(shape).to_owned(),
    }
}

fn element_name(context: &Context<'_>, shape: &Shape) -> String {
    match shape {
        Shape::List(item) => {
            let inner = match &item.shape {
                Shape::Named(id) => context.types.def(*id).name.0.clone(),
                shape => element_name(context, shape),
            };
            format!("{inner}List")
        }
        shape => shape_name(shape).to_owned(),
    }
}

fn plural(name: &str) -> String {
    match name.as_bytes() {
        [.., b's' | b'x' | b'h'] => format!("{name}es"),
        [.., before, b'y'] if !b"aeiou".contains(before) => {
            format!("{}ies", &name[..name.len() - 1])
        }
        _ => format!("{name}s"),
    }
}

/// Returns the name of a variant whose type has no name.
pub(super) fn shape_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::String => "String",
        Shape::Timestamp => "Timestamp",
        Shape::Date => "Date",
        Shape::Boolean => "Boolean",
        Shape::Base64 | Shape::Base64Url => "Bytes",
        Shape::Integer(_) => "Integer",
        Shape::Number => "Number",
        Shape::Blob => "File",
        Shape::Json | Shape::Named(_) => "Json",
        Shape::JsonObject => "Object",
        Shape::List(_) => "List",
        Shape::Tuple(_) => "Tuple",
        Shape::Map(_) => "Map",
    }
}
