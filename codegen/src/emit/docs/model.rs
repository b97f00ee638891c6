//! Documentation of models.

use super::comment::{Docs, comment, docs_or, wire_name};
use super::markdown::code;
use crate::ir::{EnumValue, Field, Presence, TypeDef};

/// Returns the documentation of a type.
pub(in crate::emit) fn type_definition(def: &TypeDef) -> Docs {
    let upstream = def.schema_name.as_deref();
    let fallback = match upstream {
        Some(name) => format!("The schema {}.", code(name)),
        None => format!("The schema at {}.", code(&def.pointer)),
    };
    let docs = comment([docs_or(def.docs.as_deref(), &fallback)]);
    match upstream.filter(|name| *name != def.name.0) {
        Some(name) => docs.alias(name),
        None => docs,
    }
    .deprecated(def.deprecated)
}

/// Returns the documentation of a value of an enum. If its variant has another name, the value can
/// still be searched.
pub(in crate::emit) fn enum_value(value: &EnumValue) -> Docs {
    let searched = |name: &str| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let docs = Docs::lines([code(&value.wire)]);
    let is_found = searched(&value.wire) == searched(&value.name.0);
    if is_found { docs } else { docs.alias(&value.wire) }
}

/// Returns the documentation of a property. `inherited` is that of its type, if the property is
/// only a reference.
pub(in crate::emit) fn field(field: &Field, inherited: Option<&str>) -> Docs {
    property(field, inherited, &format!("The property {}.", code(&field.wire)))
}

/// Returns the documentation of the setter of a property.
pub(in crate::emit) fn setter(field: &Field, inherited: Option<&str>) -> Docs {
    property(field, inherited, &format!("Sets the property {}.", code(&field.wire)))
}

fn property(field: &Field, inherited: Option<&str>, fallback: &str) -> Docs {
    let docs = docs_or(field.docs.as_deref(), docs_or(inherited, fallback));
    let is_optional = field.presence == Presence::Optional && field.constant.is_none();
    let default = field
        .default
        .as_ref()
        .filter(|_| is_optional)
        .map(|default| format!("Defaults to {} on the server.", code(default)));
    let wire = wire_name("JSON property", &field.name, &field.wire).filter(|_| docs != fallback);
    let more = [default.as_deref(), wire.as_deref()].into_iter().flatten();
    comment([docs].into_iter().chain(more)).deprecated(field.deprecated)
}
